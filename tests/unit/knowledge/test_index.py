"""Finding by words alone the passage that covers a question, and saying when none does; meaning: ``test_meaning``."""

from datetime import date
from threading import Thread

import pytest

from app.knowledge.index import PassageIndex
from app.knowledge.markdown import read_article
from app.knowledge.words import root, terms_of

TEXTS = {
    "parking": "# Parking\n\nPatient parking is free for two hours in the lot behind our building.",
    "hours": "# Opening hours\n\nWe are open Monday to Friday from 8:00 to 17:30 and on Saturday from 9:00 to 12:00.",
    "flu": "# Flu vaccination\n\nFlu vaccinations are given on weekday afternoons; they cost $35 without insurance.",
    "bills": "# Paying an invoice\n\nInvoices are due after 21 days and are paid by card at the desk or by transfer.",
    "closing": "# Summer closing\n\nThe practice stays shut in the second week of August for works on the roof."
    "\n\nValid until: 2026-08-16",
    "waive": "# Waiving a late fee\n\nThe desk lead may waive a late cancellation fee once a year.\n\nInternal: yes",
}


def office(today: date = date(2026, 11, 24)) -> PassageIndex:
    return PassageIndex(
        [read_article(stem, text) for stem, text in TEXTS.items()], today=lambda: today, meaning=lambda: None
    )


def found(question: str, context: tuple[str, ...] = ()) -> list[str]:
    return [hit.passage.article_id for hit in office().best(question, context)]


@pytest.mark.parametrize(
    ("question", "stem"),
    [
        ("Where can I park?", "parking"),
        ("Where do I leave my car when I come in?", "parking"),
        ("Are you open on Saturdays?", "hours"),
        ("When do you close?", "hours"),
        ("oppening hours please", "hours"),
        ("Can I get a jab against flu?", "flu"),
        ("How do I pay my bill?", "bills"),
        ("Hello, my name is Anna Quill and my knee has been bad since Monday. Where can I park?", "parking"),
    ],
)
def test_the_passage_that_covers_the_question_comes_first(question: str, stem: str) -> None:
    assert found(question)[:1] == [stem]


@pytest.mark.parametrize(
    "question",
    ["Do you repair bicycles?", "Thank you so much!", "", "?", "My tomatoes have blight, what shall I do?", '"*" OR ('],
)
def test_what_nothing_covers_gives_nothing(question: str) -> None:
    assert found(question) == []


def test_a_follow_up_is_understood_from_the_messages_before_it() -> None:
    assert found("And on Wednesdays?") == []
    assert found("And how much?", ("Do you do flu jabs?",))[:1] == ["flu"]


def test_an_expired_answer_is_never_returned_and_its_last_day_counts() -> None:
    question = "Is the practice shut in August?"
    assert office(date(2026, 8, 16)).best(question)[0].passage.article_id == "closing"
    assert "closing" not in [hit.passage.article_id for hit in office(date(2026, 8, 17)).search(question)]


def test_internal_answers_are_found_and_can_be_told_apart() -> None:
    index = office()
    hit = index.best("Can you waive the late cancellation fee?")[0]
    assert index.article(hit.passage.article_id).is_internal


def test_looking_around_shows_the_nearest_even_when_nothing_covers() -> None:
    assert [hit.passage.article_id for hit in office().search("card for bicycles")][:1] == ["bills"]


def test_several_threads_may_search_at_once() -> None:
    index = office()
    answers: list[str] = []
    threads = [
        Thread(target=lambda: answers.append(index.best("Where can I park?")[0].passage.article_id)) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == ["parking"] * 8


def test_an_index_of_nothing_finds_nothing() -> None:
    assert PassageIndex([]).best("Where can I park?") == ()


def test_small_talk_holds_no_terms_but_a_name_of_several_words_does() -> None:
    assert terms_of("Hello, could you please tell me?") == ()
    assert terms_of("Thanks. That's very helpful, have a lovely evening!")[:-1] == ()
    assert [term.word for term in terms_of("can I leave my car there")] == ["leave my car"]


def test_roots_meet_on_both_sides() -> None:
    assert root("invoices") == root("invoice")
    assert root("parking") == root("park") == root("parked")
