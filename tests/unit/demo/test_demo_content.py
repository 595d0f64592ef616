"""The demo offices hold what they promise: complete, consistent, invented, and reachable at nobody's number."""

import json
import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.domain.office import Sector
from app.knowledge.markdown import read_article

DEMO = Path(__file__).resolve().parents[3] / "resources" / "demo"
OFFICES = tuple(sector.value for sector in Sector)

OLDEST_WAITING_MINUTES = 3 * 24 * 60
ORIGINS = {"phone", "walk_in", "pasted", "imported"}
URGENCIES = {"routine", "soon", "urgent", "emergency"}

#: Anything that could be dialled: American (7 or 10 digits, hyphens) or British (a nought, then 9 or 10 digits).
_DIALLABLE = re.compile(
    r"(?<![\d£$/.-])\+?(?:\(\d{3}\) ?|\d{3}[ -])?\d{3}-\d{4}(?!\d)|(?<!\d)0\d{3,4} ?\d{3} ?\d{3,4}(?!\d)"
)
#: 555-0100 to 555-0199 is kept for fiction in North America; 01632 960xxx and 07700 900xxx by Ofcom in Britain.
_FICTITIOUS = {
    "clinic": re.compile(r"(?:\(406\) )?555-01\d\d"),
    "law": re.compile(r"01632 960\d{3}|07700 900\d{3}"),
}
_ADDRESS_OF_MAIL = re.compile(r"[\w.+-]+@[\w.-]+\w")
_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)


def _office(sector: str) -> dict[str, Any]:
    return json.loads((DEMO / sector / "office.json").read_text(encoding="utf-8"))


def _lines(sector: str, name: str) -> list[dict[str, Any]]:
    text = (DEMO / sector / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def _conversations(sector: str) -> list[dict[str, Any]]:
    return _lines(sector, "conversations.jsonl")


def _answers(sector: str) -> dict[str, str]:
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted((DEMO / sector / "answers").glob("*.md"))}


def _staff(sector: str) -> set[str]:
    return {person["name"] for person in _office(sector)["staff"]}


def _last_words(conversation: dict[str, Any]) -> dict[str, Any]:
    """Return the newest turn that the person outside has written or can see; notes stay in the office."""
    return [turn for turn in conversation["turns"] if turn["who"] != "note"][-1]


def _is_waiting(conversation: dict[str, Any]) -> bool:
    return conversation["state"] == "open" and _last_words(conversation)["who"] == "user"


def _all_text(sector: str) -> str:
    turns = [turn["text"] for conversation in _conversations(sector) for turn in conversation["turns"]]
    questions = [line["question"] for line in _lines(sector, "questions.jsonl")]
    office = (DEMO / sector / "office.json").read_text(encoding="utf-8")
    return "\n".join([office, *_answers(sector).values(), *turns, *questions])


both_offices = pytest.mark.parametrize("sector", OFFICES)


@both_offices
def test_an_office_says_who_and_where_it_is(sector: str) -> None:
    office = _office(sector)
    assert office["sector"] == sector
    assert all(office[key] for key in ("name", "city", "phone", "hours"))
    assert len(office["staff"]) >= 5
    assert all(person["name"] and person["role"] for person in office["staff"])


@both_offices
def test_an_office_has_forty_answers_sixty_conversations_and_forty_questions(sector: str) -> None:
    assert len(_answers(sector)) == 40
    assert len(_conversations(sector)) == 60
    assert len(_lines(sector, "questions.jsonl")) == 40


@both_offices
def test_every_answer_is_one_that_the_program_accepts(sector: str) -> None:
    for stem, text in _answers(sector).items():
        article = read_article(stem, text)
        assert article.body, stem
        assert text.startswith(f"# {article.title}\n\n"), stem
        assert text.endswith("\n"), stem


@both_offices
def test_every_answer_ends_with_the_day_of_its_approval(sector: str) -> None:
    for stem, text in _answers(sector).items():
        last_line = text.rstrip("\n").rsplit("\n", 1)[-1]
        assert last_line.startswith("Approved: "), stem
        assert date(2026, 1, 1) <= date.fromisoformat(last_line.removeprefix("Approved: ")) <= date(2026, 11, 20), stem


@both_offices
def test_no_answer_was_past_its_last_day_when_it_was_approved(sector: str) -> None:
    dated = [article for stem, text in _answers(sector).items() if (article := read_article(stem, text)).valid_until]
    assert len(dated) >= 3
    for article in dated:
        assert article.approved_on is not None
        assert article.valid_until is not None
        assert article.approved_on < article.valid_until, article.article_id


@both_offices
def test_a_few_answers_are_for_staff_only_and_say_so_in_their_title(sector: str) -> None:
    internal = [article for stem, text in _answers(sector).items() if (article := read_article(stem, text)).is_internal]
    assert 3 <= len(internal) <= 4
    assert all(" only: " in article.title for article in internal)


@both_offices
def test_answers_are_short_enough_to_read_and_long_enough_to_help(sector: str) -> None:
    for stem, text in _answers(sector).items():
        body = read_article(stem, text).body
        paragraphs = [block for block in body.split("\n\n") if not block.startswith("- ")]
        assert 1 <= len(paragraphs) <= 3, stem
        assert all(len(block.split()) <= 90 for block in paragraphs), stem
        assert 60 <= len(body.split()) <= 200, stem


@both_offices
def test_titles_and_opening_words_of_answers_do_not_repeat(sector: str) -> None:
    articles = [read_article(stem, text) for stem, text in _answers(sector).items()]
    openings = [" ".join(article.body.split()[:5]) for article in articles]
    assert len({article.title.lower() for article in articles}) == len(articles)
    assert [words for words, times in Counter(openings).items() if times > 1] == []


@both_offices
def test_conversations_have_the_agreed_shape(sector: str) -> None:
    keys = {"id", "contact", "origin", "urgency", "state", "assigned", "turns"}
    for conversation in _conversations(sector):
        assert set(conversation) == keys, conversation["id"]
        assert conversation["origin"] in ORIGINS
        assert conversation["urgency"] in URGENCIES
        assert conversation["state"] in {"open", "snoozed", "done"}
        assert conversation["assigned"] is None or conversation["assigned"] in _staff(sector)
        assert conversation["turns"][0]["who"] == "user", conversation["id"]


@both_offices
def test_turns_carry_text_and_authors_that_work_here(sector: str) -> None:
    staff = _staff(sector)
    for conversation in _conversations(sector):
        for turn in conversation["turns"]:
            assert set(turn) == {"who", "author", "text", "minutes_ago"}
            assert turn["text"] == turn["text"].strip()
            assert 3 <= len(turn["text"]) <= 1_200
            assert turn["author"] in (staff if turn["who"] in {"agent", "note"} else {None}), conversation["id"]


@both_offices
def test_ages_of_turns_fall_from_the_oldest_to_the_newest(sector: str) -> None:
    for conversation in _conversations(sector):
        ages = [turn["minutes_ago"] for turn in conversation["turns"]]
        assert ages == sorted(ages, reverse=True), conversation["id"]
        assert len(set(ages)) == len(ages), conversation["id"]
        assert ages[-1] >= 4, conversation["id"]


@both_offices
def test_about_two_dozen_people_wait_between_four_minutes_and_three_days(sector: str) -> None:
    waiting = [conversation for conversation in _conversations(sector) if _is_waiting(conversation)]
    ages = [_last_words(conversation)["minutes_ago"] for conversation in waiting]
    assert 22 <= len(waiting) <= 26
    assert max(ages) <= OLDEST_WAITING_MINUTES
    assert min(ages) < 30
    assert len(set(ages)) == len(ages)


@both_offices
def test_every_state_and_urgency_occurs_in_the_agreed_number(sector: str) -> None:
    conversations = _conversations(sector)
    states = Counter(conversation["state"] for conversation in conversations)
    urgencies = Counter(conversation["urgency"] for conversation in conversations)
    assert states["snoozed"] == 4
    assert states["done"] >= 20
    assert urgencies["emergency"] == 2
    assert 2 <= urgencies["urgent"] <= 3
    assert {conversation["origin"] for conversation in conversations} == ORIGINS


@both_offices
def test_a_done_or_snoozed_conversation_has_been_answered(sector: str) -> None:
    for conversation in _conversations(sector):
        if conversation["state"] != "open":
            assert any(turn["who"] == "agent" for turn in conversation["turns"]), conversation["id"]


@both_offices
def test_nobody_writes_the_same_message_twice(sector: str) -> None:
    texts = [turn["text"].lower() for conversation in _conversations(sector) for turn in conversation["turns"]]
    openings = Counter(" ".join(text.split()[:6]) for text in texts if len(text.split()) > 6)
    assert [words for words, times in openings.items() if times > 1] == []


@both_offices
def test_voices_range_from_terse_to_long_winded(sector: str) -> None:
    lengths = sorted(len(conversation["turns"][0]["text"].split()) for conversation in _conversations(sector))
    assert lengths[5] <= 16
    assert lengths[-3] >= 60


def test_ids_are_unique_across_both_offices() -> None:
    files = [(sector, name) for sector in OFFICES for name in ("conversations.jsonl", "questions.jsonl")]
    ids = [line["id"] for sector, name in files for line in _lines(sector, name)]
    assert len(set(ids)) == len(ids)
    assert all(line["id"].startswith(f"{sector}-") for sector in OFFICES for line in _conversations(sector))


def test_no_name_repeats_inside_an_office_or_across_the_two() -> None:
    people = [c["contact"] for sector in OFFICES for c in _conversations(sector)]
    people += [name for sector in OFFICES for name in _staff(sector)]
    parts = Counter(part for name in people for part in re.findall(r"[\w'-]{3,}", name))
    assert [name for name, times in Counter(people).items() if times > 1] == []
    assert [part for part, times in parts.items() if times > 1] == []


@both_offices
def test_questions_point_to_answers_that_a_client_may_read(sector: str) -> None:
    answers = _answers(sector)
    for line in _lines(sector, "questions.jsonl"):
        assert set(line) == {"id", "question", "answer"}
        assert line["question"].strip()
        if line["answer"] is not None:
            assert not read_article(line["answer"], answers[line["answer"]]).is_internal, line["id"]


@both_offices
def test_questions_cover_most_answers_and_leave_some_uncovered(sector: str) -> None:
    stems = [line["answer"] for line in _lines(sector, "questions.jsonl")]
    assert 6 <= stems.count(None) <= 12
    assert len(set(stems) - {None}) >= 25


@both_offices
def test_every_telephone_number_is_one_kept_for_fiction(sector: str) -> None:
    numbers = _DIALLABLE.findall(_all_text(sector))
    assert len(numbers) >= 12
    assert [number for number in numbers if not _FICTITIOUS[sector].fullmatch(number)] == []


@pytest.mark.parametrize("number", ["(406) 555-0242", "555-1234", "212-867-5309", "0207 123 4567", "07911 123456"])
def test_a_number_that_could_ring_somewhere_would_be_noticed(number: str) -> None:
    (found,) = _DIALLABLE.findall(f"Please call {number}, thank you.")
    assert found == number
    assert not any(pattern.fullmatch(found) for pattern in _FICTITIOUS.values())


@both_offices
def test_mail_goes_to_example_domains_only_and_nothing_links_to_the_web(sector: str) -> None:
    text = _all_text(sector)
    addresses = _ADDRESS_OF_MAIL.findall(text)
    assert addresses
    assert all(address.endswith(".example.org") for address in addresses)
    assert _LINK.search(text) is None


@both_offices
def test_numbers_of_the_office_agree_between_answers_and_replies(sector: str) -> None:
    """A reply by staff never gives an office line that no approved answer mentions."""
    known = set(_DIALLABLE.findall("\n".join(_answers(sector).values()))) | {_office(sector)["phone"]}
    replies = "\n".join(t["text"] for c in _conversations(sector) for t in c["turns"] if t["who"] == "agent")
    assert set(_DIALLABLE.findall(replies)) <= known


@both_offices
def test_text_is_free_of_hidden_characters_and_typographic_leftovers(sector: str) -> None:
    text = _all_text(sector)
    assert [char for char in text if ord(char) < 32 and char != "\n"] == []
    assert not any(leftover in text for leftover in ("\u200b", "\ufeff", "\u00a0", "TODO", "Lorem", "{{", "\ufffd"))
