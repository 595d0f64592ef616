"""Sections: where an answer begins, what it is called, what is left out."""

import pytest

from app.knowledge.markdown import MAX_ARTICLE_CHARS
from app.knowledge.markdown import MAX_TITLE_CHARS as MAX_ARTICLE_TITLE_CHARS
from app.language.blocks import Block, BlockKind
from app.language.errors import DocumentError, DocumentFault
from app.language.protocol import MAX_SECTION_CHARS, MAX_SECTIONS, MAX_TITLE_CHARS
from app.language.records import ReadingNote
from app.language.sections import assemble, cut_title

PROSE = "Please tell us a day before your appointment if you cannot come, so that others can be seen."


def heading(text: str, level: int = 1, page: int = 0) -> Block:
    return Block(BlockKind.HEADING, text, level, page)


def text(words: str = PROSE) -> Block:
    return Block(BlockKind.PARAGRAPH, words)


def entry(words: str) -> Block:
    return Block(BlockKind.ITEM, f"- {words}")


def titles(*blocks: Block) -> list[str]:
    return [section.title for section in assemble(blocks)[0]]


def test_limits_agree_with_what_an_article_may_hold() -> None:
    assert (MAX_SECTION_CHARS, MAX_TITLE_CHARS) == (MAX_ARTICLE_CHARS, MAX_ARTICLE_TITLE_CHARS)


def test_headings_of_two_levels_begin_sections_and_deeper_ones_stay_inside() -> None:
    sections, notes = assemble(
        [
            heading("Fees"),
            text("One."),
            heading("Copies", 2, page=3),
            text("Two."),
            heading("Colour", 3),
            text("Three."),
        ]
    )
    assert [(one.title, one.body, one.page) for one in sections] == [
        ("Fees", "One.", 0),
        ("Copies", "Two.\n\n### Colour\n\nThree.", 3),
    ]
    assert notes == ()


def test_a_second_level_is_named_with_its_chapter_when_there_are_several() -> None:
    blocks = (heading("Fees"), heading("Children", 2), text(), heading("Visits"), heading("Children", 2), text())
    assert titles(*blocks) == ["Fees: Children", "Visits: Children"]


def test_entries_of_a_list_stand_together() -> None:
    sections, _ = assemble([heading("Bring"), text("Please bring:"), entry("card"), entry("photo"), text("Thank you.")])
    assert sections[0].body == "Please bring:\n\n- card\n- photo\n\nThank you."


def test_a_document_without_headings_is_one_section_under_its_title() -> None:
    assert titles(Block(BlockKind.TITLE, "Parking"), text(), text()) == ["Parking"]
    assert titles(text()) == [""]


def test_a_letterhead_is_left_out_and_said() -> None:
    sections, notes = assemble([text("Linden Street 5, Springfield"), heading("Parking"), text()])
    assert [one.title for one in sections] == ["Parking"]
    assert notes == (ReadingNote.OPENING_LEFT_OUT,)


def test_real_text_in_front_of_the_first_heading_is_kept() -> None:
    assert titles(text(), heading("Parking"), text()) == ["", "Parking"]


def test_a_heading_without_text_is_no_answer() -> None:
    assert titles(heading("Empty"), heading("Parking"), text(), heading("End")) == ["Parking"]


def test_a_long_title_is_cut_between_words() -> None:
    title = cut_title("word " * 40)
    assert len(title) <= MAX_TITLE_CHARS
    assert title.endswith("word…")
    assert len(cut_title("x" * 500)) == MAX_TITLE_CHARS
    assert assemble([heading("word " * 40), text()])[1] == (ReadingNote.TITLES_CUT,)


@pytest.mark.parametrize(
    ("blocks", "code"),
    [
        ([], DocumentFault.NO_TEXT),
        ([heading("Only a heading")], DocumentFault.NO_TEXT),
        ([text("...")], DocumentFault.NO_TEXT),
        ([text("word " * (MAX_SECTION_CHARS // 4))], DocumentFault.TOO_MUCH_TEXT),
        ([heading("A"), text()] * (MAX_SECTIONS + 1), DocumentFault.TOO_MUCH_TEXT),
        ([heading("A"), text("word " * 7_000)] * 100, DocumentFault.TOO_MUCH_TEXT),
    ],
)
def test_what_is_no_answer_is_refused(blocks: list[Block], code: DocumentFault) -> None:
    with pytest.raises(DocumentError) as caught:
        assemble(blocks)
    assert caught.value.code is code
