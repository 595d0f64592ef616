"""Headings of documents that mark none."""

from app.language.blocks import Block, BlockKind
from app.language.guessing import Styled, guess_headings
from app.language.records import ReadingNote

PROSE = "Please tell us a day before your appointment if you cannot come, so that others can be seen. " * 2


def line(text: str = PROSE, size: float = 10, *, bold: bool = False) -> Styled:
    return Styled(Block(BlockKind.PARAGRAPH, text), size, bold)


def kinds(*lines: Styled) -> list[tuple[BlockKind, int]]:
    return [(one.block.kind, one.block.level) for one in guess_headings(lines)[0]]


BODY = (BlockKind.PARAGRAPH, 0)


def test_large_lines_are_headings_by_their_size() -> None:
    assert kinds(line("A", 16), line(), line("b", 12), line(), line("B", 16), line()) == [
        (BlockKind.HEADING, 1), BODY, (BlockKind.HEADING, 2), BODY, (BlockKind.HEADING, 1), BODY,
    ]  # fmt: skip


def test_the_one_largest_line_in_front_is_the_title() -> None:
    assert kinds(line("Handbook", 24), line("A", 14), line(), line("B", 14), line()) == [
        (BlockKind.TITLE, 0), (BlockKind.HEADING, 1), BODY, (BlockKind.HEADING, 1), BODY,
    ]  # fmt: skip


def test_bold_lines_are_headings_where_no_line_is_large() -> None:
    lines = (line("Parking", bold=True), line(), line("Hours", bold=True), line())
    assert kinds(*lines) == [(BlockKind.HEADING, 2), BODY, (BlockKind.HEADING, 2), BODY]
    assert guess_headings(lines)[1] == (ReadingNote.HEADINGS_GUESSED,)


def test_a_bold_sentence_is_emphasis() -> None:
    assert kinds(line("Please do not come when you have a fever.", bold=True), line()) == [BODY, BODY]


def test_a_document_in_bold_has_no_bold_headings() -> None:
    assert kinds(line("A", bold=True), line(PROSE[:100] + "x", bold=True), line()) == [BODY, BODY, BODY]


def test_marked_headings_end_the_guessing() -> None:
    marked = Styled(Block(BlockKind.HEADING, "Fees", 1))
    assert guess_headings([marked, line("Large", 20)]) == ([marked, line("Large", 20)], ())


def test_no_lines_are_no_headings() -> None:
    assert guess_headings([]) == ([], ())
