"""From the bytes of a DOCX to a reading."""

from datetime import date
from typing import Final

from app.language.docx.body import BodyReader
from app.language.docx.package import Package
from app.language.docx.styles import Numbering, Styles
from app.language.docx.xml import Node, parse
from app.language.errors import DocumentError, DocumentFault
from app.language.guessing import guess_headings
from app.language.records import Reading, ReadingNote
from app.language.sections import assemble

_RELATIONS: Final = "_rels/.rels"
_CONTENT_TYPES: Final = "[Content_Types].xml"
_DEFAULT_MAIN: Final = "word/document.xml"
_MAIN_RELATION: Final = "/officeDocument"
_ISO_DAY: Final = 10


def read_docx(untrusted_bytes: bytes) -> Reading:
    """Return the sections of a document. Links, pictures, headers and comments are left out; nothing is fetched.

    Raises:
        DocumentError: with the code of what is wrong.
    """
    package = Package(untrusted_bytes)
    main = _main_part(package)
    if b"macroEnabled" in package.read(_CONTENT_TYPES):
        raise DocumentError(DocumentFault.MACROS)
    root = parse(package.read(main))
    body = root.child("body")
    if root.tag != "document" or body is None:
        raise DocumentError(DocumentFault.NOT_THIS_KIND)
    folder = main.rpartition("/")[0]
    reader = BodyReader(
        Styles(_optional(package, f"{folder}/styles.xml")), Numbering(_optional(package, f"{folder}/numbering.xml"))
    )
    blocks, notes = guess_headings(reader.read(body))
    sections, more_notes = assemble([line.block for line in blocks])
    found = {*notes, *more_notes, *reader.notes}
    if package.has_under(f"{folder}/media/"):
        found.add(ReadingNote.PICTURES_LEFT_OUT)
    return Reading(sections, tuple(sorted(found, key=lambda note: note.value)), modified_on=_modified_on(package))


def _main_part(package: Package) -> str:
    """Return the name of the part that holds the text, as the package's relations say."""
    if not (package.has(_RELATIONS) and package.has(_CONTENT_TYPES)):
        raise DocumentError(DocumentFault.NOT_THIS_KIND)
    for relation in parse(package.read(_RELATIONS)).children:
        attributes = relation.attributes
        if attributes.get(":Type", "").endswith(_MAIN_RELATION) and attributes.get(":TargetMode") != "External":
            return attributes.get(":Target", _DEFAULT_MAIN).lstrip("/")
    raise DocumentError(DocumentFault.NOT_THIS_KIND)


def _optional(package: Package, name: str) -> Node | None:
    return parse(package.read(name)) if package.has(name) else None


def _modified_on(package: Package) -> date | None:
    """Return the day on which the document says it was changed last. A hint: nobody vouches for it."""
    core = _optional(package, "docProps/core.xml")
    changed = core.child(":modified") or core.child(":created") if core is not None else None
    try:
        return date.fromisoformat(changed.text.strip()[:_ISO_DAY]) if changed is not None else None
    except ValueError:
        return None
