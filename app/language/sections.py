"""From blocks in reading order to sections, each of which can become one approved answer.

Headings of level 1 and 2 begin a section; deeper ones stay in its body. A heading of level 2 is named with the one
above it ("Fees: New patients") when the document has several of level 1, because it would say too little alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from app.language.blocks import Block, BlockKind
from app.language.errors import DocumentError, DocumentFault
from app.language.protocol import MAX_READING_CHARS, MAX_SECTION_CHARS, MAX_SECTIONS, MAX_TITLE_CHARS
from app.language.records import ReadingNote, Section

MIN_OPENING_WORDS: Final = 12
"""Fewer words in front of the first heading are a letterhead, not an answer."""

SECTION_LEVELS: Final = 2


@dataclass
class _Draft:
    title: str
    page: int
    blocks: list[Block] = field(default_factory=list)

    def body(self) -> str:
        """Return the text: items on lines of their own, everything else apart by blank lines."""
        text = ""
        before: Block | None = None
        for block in self.blocks:
            if before is not None:
                is_list = block.kind is BlockKind.ITEM and before.kind is BlockKind.ITEM
                text += "\n" if is_list else "\n\n"
            text += f"### {_one_line(block.text)}" if block.kind is BlockKind.HEADING else block.text
            before = block
        return text

    def words(self) -> int:
        return sum(len(block.text.split()) for block in self.blocks if block.kind is not BlockKind.HEADING)


def assemble(blocks: Sequence[Block]) -> tuple[tuple[Section, ...], tuple[ReadingNote, ...]]:
    """Return the sections of a document and what there is to say about them.

    Raises:
        DocumentError: NO_TEXT, TOO_MUCH_TEXT (a section, or their number), whatever comes first.
    """
    notes: list[ReadingNote] = []
    drafts = list(_split(blocks))
    if len(drafts) > 1 and not drafts[0].title and 0 < drafts[0].words() < MIN_OPENING_WORDS:
        del drafts[0]
        notes.append(ReadingNote.OPENING_LEFT_OUT)
    drafts = [draft for draft in drafts if draft.words()]
    if any(len(draft.title) > MAX_TITLE_CHARS for draft in drafts):
        notes.append(ReadingNote.TITLES_CUT)
    sections = tuple(Section(cut_title(draft.title), draft.body(), draft.page) for draft in drafts)
    if not any(char.isalnum() for section in sections for char in section.body):
        raise DocumentError(DocumentFault.NO_TEXT)
    sizes = [len(section.body) for section in sections]
    if len(sizes) > MAX_SECTIONS or max(sizes) > MAX_SECTION_CHARS or sum(sizes) > MAX_READING_CHARS:
        raise DocumentError(DocumentFault.TOO_MUCH_TEXT)
    return sections, tuple(notes)


def cut_title(title: str) -> str:
    """Return a title of at most ``MAX_TITLE_CHARS``, cut between words."""
    if len(title) <= MAX_TITLE_CHARS:
        return title
    kept = title[: MAX_TITLE_CHARS - 1]
    head, _, _ = kept.rpartition(" ")
    return f"{(head or kept).rstrip(' ,;:')}…"


def _split(blocks: Iterable[Block]) -> Iterable[_Draft]:
    blocks = list(blocks)
    document = next((_one_line(block.text) for block in blocks if block.kind is BlockKind.TITLE), "")
    has_chapters = sum(block.kind is BlockKind.HEADING and block.level == 1 for block in blocks) > 1
    has_sections = any(block.kind is BlockKind.HEADING and block.level <= SECTION_LEVELS for block in blocks)
    chapter = ""
    draft = _Draft(document if not has_sections else "", blocks[0].page if blocks else 0)
    for block in blocks:
        if block.kind is BlockKind.TITLE:
            continue
        if block.kind is not BlockKind.HEADING or block.level > SECTION_LEVELS:
            draft.blocks.append(block)
            continue
        yield draft
        title = _one_line(block.text)
        if block.level == 1:
            chapter = title
        elif has_chapters and chapter:
            title = f"{chapter}: {title}"
        draft = _Draft(title, block.page)
    yield draft


def _one_line(text: str) -> str:
    return " ".join(text.split()).removeprefix("\\")
