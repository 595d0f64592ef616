"""Ids of imported answers: readable, stable, unique, and names that a file could have."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.ids import ArticleId
from app.knowledge.markdown import MAX_STEM_CHARS, read_stem
from app.services.knowledge_import.compare import title_of
from app.services.knowledge_import.naming import section_id


def test_ids_are_made_of_document_and_heading() -> None:
    assert section_id("Fees 2026", "New patients (first visit)?", set()) == "fees-2026.new-patients-first-visit"
    assert section_id("Gebühren", "Öffnungszeiten", set()) == "gebuhren.offnungszeiten"


def test_the_second_of_two_equal_titles_is_numbered() -> None:
    taken: set[ArticleId] = set()
    found = [section_id("a", "Hours", taken) for _ in range(3)]
    assert found == [ArticleId("a.hours"), ArticleId("a.hours-2"), ArticleId("a.hours-3")]


def test_long_and_foreign_titles_keep_apart() -> None:
    assert section_id("a", "x" * 90 + "1", set()) != section_id("a", "x" * 90 + "2", set())
    assert section_id("a", "Часы", set()) != section_id("a", "Цены", set())


@given(st.text(min_size=1, max_size=200), st.text(min_size=1, max_size=200))
def test_every_id_is_stable_and_a_name(stem: str, title: str) -> None:
    found = section_id(stem, title, set())
    assert found == section_id(stem, title, set())
    assert len(found) <= MAX_STEM_CHARS
    assert read_stem(found) == found


def test_a_file_name_can_be_a_title() -> None:
    assert title_of("opening_hours  2026") == "Opening hours 2026"
