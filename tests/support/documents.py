"""Small Word and PDF files made from scratch, so that every byte of them is ours to choose."""

import io
import warnings
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
    ' Target="word/document.xml"/></Relationships>'
)
STYLES = (
    f'<w:styles xmlns:w="{WORD}">'
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="berschrift2"><w:name w:val="heading 2"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="berschrift3"><w:name w:val="heading 3"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Haus"><w:name w:val="House heading"/>'
    '<w:basedOn w:val="berschrift1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Verzeichnis1"><w:name w:val="toc 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Versteckt"><w:name w:val="Hidden"/><w:rPr><w:vanish/></w:rPr></w:style>'
    "</w:styles>"
)
NUMBERING = (
    f'<w:numbering xmlns:w="{WORD}">'
    '<w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>'
    '<w:abstractNum w:abstractNumId="8"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/></w:lvl>'
    "</w:abstractNum>"
    '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="8"/></w:num>'
    "</w:numbering>"
)


def run(text: str, properties: str = "") -> str:
    """One run of letters."""
    rpr = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{rpr}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def par(text: str = "", style: str = "", *, runs: str = "", numbering: int | None = None, bold: bool = False) -> str:
    """One paragraph."""
    properties = f"<w:pStyle w:val={quoteattr(style)}/>" if style else ""
    if numbering is not None:
        properties += f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{numbering}"/></w:numPr>'
    inside = runs or (run(text, "<w:b/>" if bold else "") if text else "")
    return f"<w:p><w:pPr>{properties}</w:pPr>{inside}</w:p>"


def tbl(rows: Sequence[Sequence[str]], *, bold_first: bool = False, marked_first: bool = False) -> str:
    """One table; the first row bold, or marked as a heading row."""
    found = []
    for place, row in enumerate(rows):
        is_first = place == 0
        mark = "<w:trPr><w:tblHeader/></w:trPr>" if is_first and marked_first else ""
        cells = "".join(f"<w:tc>{par(cell, bold=is_first and bold_first)}</w:tc>" for cell in row)
        found.append(f"<w:tr>{mark}{cells}</w:tr>")
    return f"<w:tbl>{''.join(found)}</w:tbl>"


def document_xml(body: str) -> str:
    """The main part around a body."""
    return f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'


def make_docx(
    body: str, *, modified: str = "", parts: Mapping[str, str | bytes] | None = None, method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """A whole DOCX; ``parts`` adds to the usual ones or replaces them."""
    everything: dict[str, str | bytes] = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": RELATIONS,
        "word/document.xml": document_xml(body),
        "word/styles.xml": STYLES,
        "word/numbering.xml": NUMBERING,
    }
    if modified:
        everything["docProps/core.xml"] = (
            '<cp:coreProperties xmlns:cp="http://x/cp" xmlns:dcterms="http://purl.org/dc/terms/">'
            f"<dcterms:modified>{modified}</dcterms:modified></cp:coreProperties>"
        )
    everything |= parts or {}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as package, warnings.catch_warnings(action="ignore"):  # names there twice
        for name, data in everything.items():
            package.writestr(name, data)
    return buffer.getvalue()


@dataclass(frozen=True)
class Words:
    """Words painted at one place of a page, in points from its foot."""

    text: str
    x: float = 72
    y: float = 700
    size: float = 10
    bold: bool = False
    mode: int = 0


def make_pdf(
    pages: Sequence[Sequence[Words]],
    *,
    outline: Sequence[tuple[str, int]] = (),
    modified: str = "",
    picture: bool = False,
    extra: Mapping[int, bytes] | None = None,
    trailer: bytes = b"",
) -> bytes:
    """A whole PDF. ``outline`` holds titles and pages (from 0); ``extra`` replaces objects by their number."""
    count = len(pages)
    first_page, first_mark = 10, 10 + 2 * count
    kids = b" ".join(b"%d 0 R" % (first_page + 2 * place) for place in range(count))
    outlines = b"/Outlines 6 0 R" if outline else b""
    objects: dict[int, bytes] = {
        1: b"<< /Type /Catalog /Pages 2 0 R %s >>" % outlines,
        2: b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count),
        3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        4: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
        5: b"<< /Producer (ours) /ModDate (%s) >>" % modified.encode(),
        7: _stream(
            b"/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8", b"x"
        ),
    }
    for place, page in enumerate(pages):
        number = first_page + 2 * place
        objects[number] = (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R /F2 4 0 R >> /XObject << /I 7 0 R >> >> >>" % (number + 1)
        )
        paint = b"".join(map(_paint, page)) + (b"q 500 0 0 700 40 70 cm /I Do Q\n" if picture else b"")
        objects[number + 1] = _stream(b"", paint)
    if outline:
        objects |= _outline(outline, first_page, first_mark)
    return assemble_pdf(objects | dict(extra or {}), trailer)


def assemble_pdf(objects: Mapping[int, bytes], trailer: bytes = b"") -> bytes:
    """Objects with a table of where they stand."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, size = len(out), max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    out += b"".join(
        b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 00000 f \n"
        for number in range(1, size)
    )
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info 5 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)
    return bytes(out)


def _stream(entries: bytes, data: bytes) -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(data), data)


def _paint(words: Words) -> bytes:
    text = words.text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    font = b"/F2" if words.bold else b"/F1"
    place = b"%f %f Td" % (words.x, words.y)
    return b"BT %s %f Tf %d Tr %s (%s) Tj ET\n" % (font, words.size, words.mode, place, text)


def _outline(outline: Sequence[tuple[str, int]], first_page: int, first_mark: int) -> dict[int, bytes]:
    last = first_mark + len(outline) - 1
    found = {6: b"<< /Type /Outlines /First %d 0 R /Last %d 0 R /Count %d >>" % (first_mark, last, len(outline))}
    for place, (title, page) in enumerate(outline):
        number = first_mark + place
        following = b"/Next %d 0 R" % (number + 1) if number < last else b""
        found[number] = b"<< /Title (%s) /Parent 6 0 R %s /Dest [%d 0 R /Fit] >>" % (
            title.encode("cp1252"), following, first_page + 2 * page,
        )  # fmt: skip
    return found


def lines(text: str, *, x: float = 72, y: float = 700, size: float = 10, width_chars: int = 80) -> list[Words]:
    """A paragraph of prose, broken into lines that follow one another at 1.2 times the size."""
    found, line = [], ""
    for word in text.split():
        if len(line) + len(word) >= width_chars:
            found.append(line)
            line = ""
        line = f"{line} {word}".strip()
    found.append(line)
    return [Words(line, x, y - 1.2 * size * place, size) for place, line in enumerate(found)]
