"""Documents that want to hurt their reader: by seed, each a known trick or a good document gone wrong."""

import functools
import io
import random
import warnings
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from app.language import DocumentKind
from tests.support.documents import (
    CONTENT_TYPES,
    RELATIONS,
    STYLES,
    WORD,
    Words,
    document_xml,
    lines,
    make_docx,
    make_pdf,
    par,
    run,
    tbl,
)

PROSE = "Please tell us at least 24 hours before your appointment if you cannot come, so that others can be seen. " * 4
GOOD_BODY = par("Cancelling", "berschrift1") + par(PROSE) + tbl([["Service", "Fee"], ["Certificate", "15 EUR"]])
_MIB = 1024 * 1024


@dataclass(frozen=True)
class Hostile:
    """One document and the name of its trick."""

    trick: str
    kind: DocumentKind
    data: bytes


def good_docx() -> bytes:
    """What the mutations begin with."""
    return make_docx(GOOD_BODY, modified="2026-11-02T10:00:00Z")


def good_pdf() -> bytes:
    """What the mutations begin with."""
    page = [Words("Cancelling", size=16, bold=True, y=760), *lines(PROSE)]
    return make_pdf([page] * 3, outline=[("Cancelling", 0)], modified="D:20261102100000")


GOOD_MARKDOWN = f"# Cancelling\n\n{PROSE}\n\n- one\n- two\n\nApproved: 2026-11-02\n".encode()


def hostile(seed: int) -> Hostile:
    """Return the document of a seed; the same each time."""
    chance = random.Random(seed)
    trick, kind, make = _TRICKS[seed % len(_TRICKS)]
    return Hostile(trick, kind, make(chance))


# -- DOCX -------------------------------------------------------------------------------------------------------------


def _docx_flipped(chance: random.Random) -> bytes:
    return _flip(good_docx(), chance)


def _docx_cut(chance: random.Random) -> bytes:
    return _cut(good_docx(), chance)


def _docx_xml_flipped(chance: random.Random) -> bytes:
    return make_docx("", parts={"word/document.xml": _flip(document_xml(GOOD_BODY).encode(), chance)})


def _docx_xml_shuffled(chance: random.Random) -> bytes:
    tags = [piece for piece in document_xml(GOOD_BODY).replace(">", ">\0").split("\0") if piece]
    chance.shuffle(tags)
    return make_docx("", parts={"word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{"".join(tags[:40])}'})


def _docx_bomb(chance: random.Random) -> bytes:
    text = b" " * (chance.randint(25, 40) * _MIB)
    return make_docx("", parts={"word/document.xml": document_xml(par("x")).encode().replace(b"x<", text + b"<")})


def _docx_style_bomb(_chance: random.Random) -> bytes:
    return make_docx(GOOD_BODY, parts={"word/styles.xml": b"\n" * (30 * _MIB) + STYLES.encode()})


def _docx_nested(chance: random.Random) -> bytes:
    data = good_docx()
    for _ in range(chance.randint(1, 4)):
        data = make_docx("", parts={"word/document.xml": data, "inner.docx": data})
    return data


def _docx_laughs(chance: random.Random) -> bytes:
    depth = chance.randint(5, 12)
    entities = '<!ENTITY e0 "ha">' + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, depth))
    xml = (
        document_xml(par("x"))
        .replace("<w:document", f"<!DOCTYPE w [{entities}]><w:document")
        .replace(">x<", f">&e{depth - 1};<")
    )
    return make_docx("", parts={"word/document.xml": xml})


def _docx_outside_entity(_chance: random.Random) -> bytes:
    doctype = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:document'
    xml = document_xml(par("y")).replace("<w:document", doctype).replace(">y<", ">&x;<")
    return make_docx("", parts={"word/document.xml": xml})


def _docx_deep(chance: random.Random) -> bytes:
    depth = chance.randint(150, 50_000)
    tag = chance.choice(["w:p", "w:tbl", "w:ins", "w:sdt", "w:r", "w:txbxContent"])
    return make_docx(f"<{tag}>" * depth + f"</{tag}>" * depth)


def _docx_nested_tables(chance: random.Random) -> bytes:
    depth = chance.randint(10, 39)
    return make_docx("<w:tbl><w:tr><w:tc>" * depth + par(PROSE) + "</w:tc></w:tr></w:tbl>" * depth)


def _docx_many_nodes(chance: random.Random) -> bytes:
    return make_docx(chance.choice(["<w:p/>", "<w:r/>", "<w:tc/>"]) * 450_000)


def _docx_many_entries(chance: random.Random) -> bytes:
    return make_docx(GOOD_BODY, parts={f"word/media/{n}": b"" for n in range(chance.randint(4_001, 6_000))})


def _docx_long_line(chance: random.Random) -> bytes:
    return make_docx(par(chance.choice(["a", "a ", "\u00e4", "<&>"]) * (3 * _MIB)))


def _docx_wide_attribute(_chance: random.Random) -> bytes:
    return make_docx(f'<w:p w:x="{"y" * (5 * _MIB)}">{run("z")}</w:p>')


def _docx_many_attributes(chance: random.Random) -> bytes:
    attributes = " ".join(f'w:a{n}="{chance.random()}"' for n in range(60_000))
    return make_docx(f"<w:p {attributes}>{run('z')}</w:p>")


def _docx_macros(chance: random.Random) -> bytes:
    if chance.random() < 0.5:
        return make_docx(GOOD_BODY, parts={"word/vbaProject.bin": b"\xd0\xcf\x11\xe0"})
    main = CONTENT_TYPES.replace("application/xml", "application/vnd.ms-word.document.macroEnabled.main+xml")
    return make_docx(GOOD_BODY, parts={"[Content_Types].xml": main})


def _docx_paths(chance: random.Random) -> bytes:
    names = [
        "../../etc/cron.d/x",
        "/etc/passwd",
        "C:\\x",
        "word/../word/document.xml",
        "word/document.xml\0.txt",
        "a" * 60_000,
    ]
    data = make_docx(GOOD_BODY, parts={chance.choice(names): b"x"})
    target = chance.choice(["../../../etc/passwd", "/etc/passwd", "http://example.org/x", "word/document.xml"])
    relations = RELATIONS.replace("word/document.xml", target)
    return data if chance.random() < 0.5 else make_docx(GOOD_BODY, parts={"_rels/.rels": relations})


def _docx_twice(_chance: random.Random) -> bytes:
    buffer = io.BytesIO(good_docx())
    with zipfile.ZipFile(buffer, "a") as package, warnings.catch_warnings(action="ignore"):
        package.writestr("word/document.xml", document_xml(par("Another text.")))
    return buffer.getvalue()


def _docx_method(chance: random.Random) -> bytes:
    return make_docx(GOOD_BODY, method=chance.choice([zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, zipfile.ZIP_STORED]))


def _docx_locked(chance: random.Random) -> bytes:
    data = bytearray(good_docx())
    if chance.random() < 0.5:
        return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le") + bytes(2_000)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(mark)
        while place >= 0:
            data[place + offset] |= 1
            place = data.find(mark, place + 1)
    return bytes(data)


def _docx_style_loop(chance: random.Random) -> bytes:
    styles = "".join(
        f'<w:style w:styleId="s{n}"><w:basedOn w:val="s{(n + chance.randint(0, 3)) % 50}"/></w:style>'
        for n in range(50)
    )
    body = "".join(par(PROSE, f"s{n}") for n in range(50))
    return make_docx(body, parts={"word/styles.xml": f'<w:styles xmlns:w="{WORD}">{styles}</w:styles>'})


def _docx_numbers(chance: random.Random) -> bytes:
    value = chance.choice(["-1", "999999999999999999999", "\u0663", "1e9", "", "0x10"])
    body = GOOD_BODY.replace(
        '<w:pStyle w:val="berschrift1"/>',
        f'<w:outlineLvl w:val="{value}"/><w:numPr><w:ilvl w:val="{value}"/><w:numId w:val="{value}"/></w:numPr>',
    )
    size = f'<w:rPr><w:sz w:val="{value}"/></w:rPr>'
    return make_docx(body.replace("<w:r>", f"<w:r>{size}"))


def _docx_turned(chance: random.Random) -> bytes:
    marks = "\u202e\u2066\u200b\u200d\ufeff\u00ad\u2028\ue000"
    text = "".join(f"{word}{chance.choice(marks)} " for word in PROSE.split())
    return make_docx(
        par(f"Title\u202e{text[:20]}", "berschrift1")
        + par(text)
        + par("&#0;", runs="<w:r><w:t>&#0;</w:t></w:r>") * chance.randint(0, 1)
    )


# -- PDF --------------------------------------------------------------------------------------------------------------


def _pdf_flipped(chance: random.Random) -> bytes:
    return _flip(good_pdf(), chance)


def _pdf_cut(chance: random.Random) -> bytes:
    return _cut(good_pdf(), chance)


def _pdf_tokens(chance: random.Random) -> bytes:
    tokens = good_pdf().split(b" ")
    for _ in range(chance.randint(1, 12)):
        tokens[chance.randrange(len(tokens))] = chance.choice(
            [
                b"-1",
                b"99999999999",
                b"0",
                b"null",
                b"[",
                b"<<",
                b">>",
                b"]",
                b"1 0 R",
                b"2 0 R",
                b"1e308",
                b"/Type",
                b"()",
            ]
        )
    return b" ".join(tokens)


def _pdf_table_loop(_chance: random.Random) -> bytes:
    data = good_pdf()
    start = int(data.rsplit(b"startxref\n", 1)[1].split()[0])
    return data.replace(b"/Root 1 0 R", b"/Prev %d /Root 1 0 R" % start)


def _pdf_tree_loop(chance: random.Random) -> bytes:
    kids = chance.choice([b"[2 0 R]", b"[2 0 R 10 0 R]", b"[10 0 R 10 0 R]", b"[99 0 R]", b"[1 0 R]"])
    return make_pdf([[Words(PROSE[:60])]], extra={2: b"<< /Type /Pages /Kids %s /Count 3 >>" % kids})


def _pdf_deep_tree(chance: random.Random) -> bytes:
    depth = chance.randint(20, 3_000)
    extra = {
        100 + n: b"<< /Type /Pages /Parent %d 0 R /Kids [%d 0 R] /Count 1 >>" % (99 + n, 101 + n) for n in range(depth)
    }
    extra[100 + depth] = b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 9 9] >>" % (99 + depth)
    extra[2] = b"<< /Type /Pages /Kids [100 0 R] /Count 1 >>"
    return make_pdf([[Words("x")]], extra=extra)


def _pdf_many_pages(chance: random.Random) -> bytes:
    count = chance.choice([501, 5_000, 2_000_000_000, -5])
    kids = b"10 0 R " * min(max(count, 0), 20_000)
    return make_pdf([[Words("x")]], extra={2: b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count)})


def _pdf_bomb(chance: random.Random) -> bytes:
    filling = chance.choice([b" ", b"q ", b"BT (a) Tj ET ", b"[", b"(", b"0 0 m "])
    data = zlib.compress(filling * (40 * _MIB // len(filling)), 9)
    return make_pdf([[Words("x")]], extra={11: _packed(data)})


def _pdf_double_bomb(_chance: random.Random) -> bytes:
    data = _twice_packed()
    filters = b"<< /Filter [/FlateDecode /FlateDecode] /Length %d >>\nstream\n%s\nendstream" % (len(data), data)
    return make_pdf([[Words("x")]], extra={11: filters})


def _pdf_object_stream(chance: random.Random) -> bytes:
    count = chance.choice([10, 100_000, 2_000_000_000])
    data = zlib.compress(b"".join(b"%d %d " % (n + 50, n) for n in range(min(count, 100_000))) + b"null " * 1000)
    entries = b"/Type /ObjStm /N %d /First %d /Filter /FlateDecode" % (count, chance.choice([0, 10, 2_000_000_000]))
    body = b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(data), data)
    return make_pdf([[Words("x")]], extra={50: body, 1: b"<< /Type /Catalog /Pages 60 0 R >>"})


def _pdf_nesting(chance: random.Random) -> bytes:
    depth = chance.randint(1_000, 200_000)
    return make_pdf([[Words("x")]], extra={1: chance.choice([b"[", b"<< /A "]) * depth})


def _pdf_outline_loop(chance: random.Random) -> bytes:
    first = 12
    targets = {
        first: b"<< /Title (a) /First %d 0 R /Next %d 0 R >>" % (first, first),
        6: b"<< /First %d 0 R /Last %d 0 R /Count %d >>" % (first, first, chance.choice([1, -9, 2_000_000_000])),
    }
    return make_pdf([[Words(PROSE[:60])]], outline=[("a", 0)], extra=targets)


def _pdf_resources_loop(_chance: random.Random) -> bytes:
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /I 7 0 R >> >>"
    paint = b"/I Do " * 50
    body = b"<< %s /Length %d >>\nstream\n%s\nendstream" % (form, len(paint), paint)
    return make_pdf([[Words("x")]], picture=True, extra={7: body})


def _pdf_boxes(chance: random.Random) -> bytes:
    box = chance.choice([b"[0 0 1e30 1e30]", b"[0 0 -5 -5]", b"[0 0 0 0]", b"[nan 0 1 1]", b"[]", b"7"])
    data = good_pdf().replace(b"[0 0 595 842]", box)
    return data.replace(
        b"700.000000 Td", b"%s Td" % chance.choice([b"1e38", b"-1e38", b"nan", b"99999999999999999999"])
    )


def _pdf_sizes(chance: random.Random) -> bytes:
    size = chance.choice([b"0", b"-10", b"1e30", b"1e-30", b"999999"])
    return good_pdf().replace(b"10.000000 Tf", b"%s Tf" % size)


def _pdf_actions(_chance: random.Random) -> bytes:
    catalog = (
        b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.launchURL\\('http://x.example'\\)) >> "
        b"/AA << /WC << /S /Launch /F (/bin/sh) >> >> /Names << /EmbeddedFiles << /Names [] >> >> >>"
    )
    return make_pdf([lines(PROSE)], extra={1: catalog})


def _pdf_locked(_chance: random.Random) -> bytes:
    lock = b"/Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -44 /O (%s) /U (%s) >> /ID [(a) (b)]"
    return make_pdf([lines(PROSE)], trailer=lock % (b"o" * 32, b"u" * 32))


def _pdf_flood(chance: random.Random) -> bytes:
    mark = chance.choice(["\u2022", "x", "-", "1."])
    words = [Words(mark, x=chance.uniform(0, 600), y=chance.uniform(0, 840), size=4) for _ in range(8_000)]
    return make_pdf([words])


def _pdf_long_line(chance: random.Random) -> bytes:
    return make_pdf([[Words(chance.choice(["a", "a ", "- "]) * (2 * _MIB), size=0.5 if chance.random() < 0.5 else 10)]])


# -- Markdown ---------------------------------------------------------------------------------------------------------


def _markdown_flipped(chance: random.Random) -> bytes:
    return _flip(GOOD_MARKDOWN, chance)


def _markdown_long(chance: random.Random) -> bytes:
    return b"# T\n\n" + chance.choice([b"a", b"a ", b"\n", b"#", b"\xc3\xa4", b"\0"]) * (10 * _MIB // 2)


def _markdown_patterns(chance: random.Random) -> bytes:
    pattern = chance.choice(["<!--", "<!-- -->", "**a", "[a](", "_a_", "> ", "# ", "Approved: ", "\\", "<a ", "- "])
    return f"# T\n\n{pattern * (39_000 // len(pattern))}".encode()


def _markdown_turned(chance: random.Random) -> bytes:
    marks = "\u202e\u2066\u200b\ufeff\u2028\0\x1b[31m\udcff"
    text = "".join(f"{word}{chance.choice(marks)} " for word in PROSE.split())
    return f"# T\u202e\n\n{text}".encode("utf-8", "surrogatepass")


def _garbage(chance: random.Random) -> bytes:
    head = chance.choice(
        [b"", b"PK\x03\x04", b"%PDF-1.4\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x7fELF", b"PK\x05\x06"]
    )
    return head + chance.randbytes(chance.randint(0, 20_000))


# -- Mutations --------------------------------------------------------------------------------------------------------


def _flip(data: bytes, chance: random.Random) -> bytes:
    """Change, drop, double or insert a few bytes."""
    found = bytearray(data)
    for _ in range(chance.randint(1, 24)):
        place = chance.randrange(len(found))
        what = chance.random()
        if what < 0.6:
            found[place] = chance.randrange(256)
        elif what < 0.8:
            del found[place : place + chance.randint(1, 40)]
        else:
            found[place:place] = found[place : place + chance.randint(1, 400)]
    return bytes(found)


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


@functools.cache
def _twice_packed() -> bytes:
    return zlib.compress(zlib.compress(bytes(200 * _MIB), 6), 9)


def _packed(data: bytes) -> bytes:
    return b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(data), data)


_DOCX: tuple[Callable[[random.Random], bytes], ...] = (
    _docx_flipped, _docx_cut, _docx_xml_flipped, _docx_xml_shuffled, _docx_bomb, _docx_style_bomb, _docx_nested,
    _docx_laughs, _docx_outside_entity, _docx_deep, _docx_nested_tables, _docx_many_nodes, _docx_many_entries,
    _docx_long_line, _docx_wide_attribute, _docx_many_attributes, _docx_macros, _docx_paths, _docx_twice, _docx_method,
    _docx_locked, _docx_style_loop, _docx_numbers, _docx_turned, _garbage,
)  # fmt: skip
_PDF: tuple[Callable[[random.Random], bytes], ...] = (
    _pdf_flipped, _pdf_cut, _pdf_tokens, _pdf_table_loop, _pdf_tree_loop, _pdf_deep_tree, _pdf_many_pages, _pdf_bomb,
    _pdf_double_bomb, _pdf_object_stream, _pdf_nesting, _pdf_outline_loop, _pdf_resources_loop, _pdf_boxes, _pdf_sizes,
    _pdf_actions, _pdf_locked, _pdf_flood, _pdf_long_line, _garbage,
)  # fmt: skip
_MARKDOWN: tuple[Callable[[random.Random], bytes], ...] = (
    _markdown_flipped, _markdown_long, _markdown_patterns, _markdown_turned, _garbage,
)  # fmt: skip

_TRICKS = tuple(
    (make.__name__.lstrip("_"), kind, make)
    for kind, makers in ((DocumentKind.DOCX, _DOCX), (DocumentKind.PDF, _PDF), (DocumentKind.MARKDOWN, _MARKDOWN))
    for make in makers
)
TRICKS = tuple(trick for trick, _, _ in _TRICKS)
