"""Blocks: bullets become items, tables become sentences that can stand alone."""

from app.language.blocks import BlockKind, item, paragraph, table


def test_a_bullet_in_front_makes_an_item() -> None:
    for bullet in ("\u2022", "-", "\u2013", "*", "\uf0b7"):
        block = paragraph(f"{bullet} Insurance card")
        assert block is not None
        assert (block.kind, block.text) == (BlockKind.ITEM, "- Insurance card")


def test_a_line_that_looks_like_a_heading_stays_text() -> None:
    block = paragraph("# 7 is our door")
    assert block is not None
    assert (block.kind, block.text) == (BlockKind.PARAGRAPH, "\\# 7 is our door")


def test_nothing_visible_is_no_block() -> None:
    assert paragraph("\u200b \u202e") is None
    assert item("") is None


def test_two_columns_say_item_and_value() -> None:
    rows = [["Service", "Fee"], ["Passport photo", "12 EUR"], ["Copy:", "0.50 EUR"]]
    assert [block.text for block in table(rows, has_heading=True)] == ["- Passport photo: 12 EUR", "- Copy: 0.50 EUR"]


def test_more_columns_are_named_by_the_heading_row() -> None:
    rows = [["Day", "Opens", "Closes"], ["Monday", "8:00", "17:00"], ["Sunday", "", "closed"]]
    assert [block.text for block in table(rows, has_heading=True)] == [
        "- Monday: Opens 8:00, Closes 17:00",
        "- Sunday: Closes closed",
    ]


def test_without_a_heading_row_values_stand_in_a_row() -> None:
    rows = [["Monday", "8:00", "17:00"], ["Tuesday", "9:00", "18:00"]]
    assert [block.text for block in table(rows, has_heading=False)] == [
        "- Monday: 8:00, 17:00",
        "- Tuesday: 9:00, 18:00",
    ]


def test_merged_and_empty_cells_are_said_once() -> None:
    rows = [["Dental", "Dental", "80 EUR"], ["", "", ""], ["Note", "", ""]]
    assert [block.text for block in table(rows, has_heading=False)] == ["- Dental: 80 EUR", "- Note"]


def test_a_table_of_a_heading_row_alone_keeps_it() -> None:
    assert [block.text for block in table([["Service", "Fee"]], has_heading=True)] == ["- Service: Fee"]


def test_a_repr_shows_no_words() -> None:
    assert "Heron" not in repr(paragraph("Heron"))
