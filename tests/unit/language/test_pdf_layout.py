"""Deciding about lines: pure, on pieces made by hand."""

import pytest

from app.language.pdf.furniture import without_furniture
from app.language.pdf.letters import GAP_BETWEEN_OBJECTS, GAP_IN_OBJECT, Look, PageText, Piece, _Letter, join
from app.language.pdf.paragraphs import join_lines
from app.language.pdf.rows import Row, build_rows

PLAIN = Look(10.0, is_bold=False, is_invisible=False, is_rotated=False)


def piece(text: str, x0: float = 72, y: float = 700, *, size: float = 10) -> Piece:
    return Piece(text, x0, x0 + 5 * len(text), y, size, 0, len(text))


def page(*pieces: Piece, number: int = 1) -> PageText:
    return PageText(number, 595, 842, pieces)


def cells(rows: list[Row]) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in rows]


@pytest.mark.parametrize(
    ("gap", "owners", "pieces"),
    [
        (GAP_BETWEEN_OBJECTS * 10 - 0.1, (1, 2), 1),
        (GAP_BETWEEN_OBJECTS * 10 + 0.1, (1, 2), 2),
        (GAP_BETWEEN_OBJECTS * 10 + 0.1, (1, 1), 1),
        (GAP_IN_OBJECT * 10 + 0.1, (1, 1), 2),
        (-9, (1, 1), 1),
        (-40, (1, 1), 2),
    ],
)
def test_a_wide_gap_or_a_jump_back_begins_a_piece(gap: float, owners: tuple[int, int], pieces: int) -> None:
    letters = [_Letter("a", 100, 105, 700, PLAIN, owners[0]), _Letter("b", 105 + gap, 110 + gap, 700, PLAIN, owners[1])]
    assert len(list(join(iter(letters)))) == pieces


def test_a_raised_or_lowered_digit_stays_on_its_line_and_is_no_plain_digit() -> None:
    small = Look(6.0, is_bold=False, is_invisible=False, is_rotated=False)
    letters = [
        _Letter("5", 100, 108, 700, PLAIN, 1),
        _Letter("3", 108, 111, 704, small, 2),
        _Letter("O", 112, 118, 700, PLAIN, 3),
        _Letter("2", 118, 121, 697, small, 4),
    ]
    assert [one.text for one in join(iter(letters))] == ["5\u00b3O\u2082"]


def test_pieces_side_by_side_are_cells_of_a_row() -> None:
    found = build_rows(page(piece("Monday"), piece("8:00", 200), piece("Tuesday", y=688), piece("9:00", 200, 688)))
    assert cells(found) == [["Monday", "8:00"], ["Tuesday", "9:00"]]


def test_a_piece_that_jumps_back_up_is_the_next_cell_of_a_tall_row() -> None:
    found = build_rows(page(piece("Vaccination"), piece("advice", y=688), piece("28.50", 200), piece("EUR", 200, 688)))
    assert cells(found) == [["Vaccination advice", "28.50 EUR"]]


def test_a_column_of_many_lines_is_no_cell() -> None:
    left = [piece("left side", y=700 - 12 * place) for place in range(10)]
    right = [piece("right side", 300, 700 - 12 * place) for place in range(10)]
    assert all(len(row.cells) == 1 for row in build_rows(page(*left, *right)))


def test_a_bullet_that_is_painted_last_hangs_in_front_of_its_line() -> None:
    found = build_rows(page(piece("first"), piece("second", y=688), piece("\u2022", 60, 688), piece("\u2022", 60)))
    assert [(row.mark, row.text) for row in found] == [("\u2022", "first"), ("\u2022", "second")]


def test_a_number_hangs_in_front_of_words_and_is_a_cell_of_a_table() -> None:
    listed = build_rows(page(piece("come in"), piece("sit down", y=688), piece("1.", 50), piece("2.", 50, 688)))
    assert [(row.mark, row.text) for row in listed] == [("1.", "come in"), ("2.", "sit down")]
    assert cells(build_rows(page(piece("1.", 50), piece("Monday"), piece("8:00", 300)))) == [["1.", "Monday", "8:00"]]
    assert cells(build_rows(page(piece("12."), piece("far away", 400)))) == [["far away"], ["12."]]


def test_a_head_that_was_painted_last_and_a_foot_that_was_first_go() -> None:
    pages = [page(piece("Office", y=10), piece("Title", y=800), piece("Text", y=500), piece("Office", y=830))]
    assert [row.text for row in without_furniture(build_rows(pages[0]), pages)] == ["Title", "Text"]


def test_what_stands_at_the_same_edge_of_three_pages_is_furniture() -> None:
    pages = [
        page(piece("Handbook 2026", y=820), piece(f"Text {n}", y=500), piece(str(n), y=20), number=n) for n in (1, 2, 3)
    ]
    rows = [row for one in pages for row in build_rows(one)]
    assert [row.text for row in without_furniture(rows, pages)] == ["Text 1", "Text 2", "Text 3"]


def test_a_title_at_the_edge_of_one_page_stays() -> None:
    pages = [page(piece("Handbook", y=800), piece("Text", y=500))]
    assert len(without_furniture(build_rows(pages[0]), pages)) == 2


def test_lines_of_a_table_of_contents_go() -> None:
    pages = [page(piece("Fees . . . . . . . . . . 12", y=500), piece("Text", y=400))]
    assert [row.text for row in without_furniture(build_rows(pages[0]), pages)] == ["Text"]


@pytest.mark.parametrize(
    ("texts", "words", "joined"),
    [
        (["appoint-", "ment"], set(), "appointment"),
        (["appoint\u00ad", "ment"], set(), "appointment"),
        (["walk-", "in, please"], {"walk-in"}, "walk-in, please"),
        (["pages 3-", "4"], set(), "pages 3- 4"),
        (["Smith-", "Jones"], set(), "Smith-Jones"),
        (["ends in -"], set(), "ends in -"),
        (["the end\u00ad"], set(), "the end-"),
        (["one", "two"], set(), "one two"),
        ([], set(), ""),
    ],
)
def test_hyphens_at_the_ends_of_lines(texts: list[str], words: set[str], joined: str) -> None:
    assert join_lines(texts, frozenset(words)) == joined
