"""Requests about others and for what needs identity: refused by rules; what an approved answer may cover is not."""

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.office import Sector
from app.domain.prompt import Speaker, Turn
from app.domain.proposal import ProposalAction
from app.knowledge import PassageIndex, read_article
from app.services.conversations.phrases import Phrases, load_phrases
from app.services.drafting.drafter import Drafter
from app.services.drafting.refusals import LANGUAGES, RefusalBook, Refusals, RefusalsError, load_refusals
from app.services.interlock.phrase_lines import ListedPhrase
from tests.support.scripted_model import ScriptedModel

ROOT = Path(__file__).resolve().parents[4]
RESOURCES = ROOT / "resources"
REFUSALS = {sector: load_refusals(RESOURCES, sector) for sector in Sector}
CLINIC = REFUSALS[Sector.CLINIC]
LISTED = [
    pytest.param(book, line, id=line.phrase.phrase_id)
    for book in CLINIC.books
    for line in (*book.phrases, *book.always)
]
CASES = [
    tuple(line.split("|", 1))
    for line in Path(__file__).with_name("refusal_cases.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
WORDINGS = [
    tuple(line.split("|", 2))
    for line in (ROOT / "tests" / "support" / "refusal_wordings.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
OF_THE_DESK = {
    *("clinic-011", "clinic-025", "clinic-035", "clinic-041", "clinic-045", "clinic-060"),
    *("law-007", "law-010", "law-034", "law-039", "law-044", "law-054"),
}
"""Conversations of the demo offices that ask for their own results, file, bill, papers or the state of their case, and
one (clinic-025) that asks what the neighbour was told."""
ANSWERED_BY_A_REFUSAL = {"My wife asked me to find out when her biopsy appointment is. Can you tell me?"}
"""The approved answer says that nothing is told to relatives, and so does the fixed refusal."""


def kind_of(text: str, refusals: Refusals = CLINIC) -> str:
    hits = refusals.check(text)
    return hits[0].kind if hits else "ok"


@pytest.mark.parametrize(("book", "line"), LISTED)
def test_every_line_finds_its_own_examples(book: RefusalBook, line: ListedPhrase) -> None:
    assert line.examples
    for example in line.examples:
        assert kind_of(example) != "ok", (book.language, example)


@pytest.mark.parametrize("book", CLINIC.books, ids=LANGUAGES)
def test_a_question_for_the_procedure_is_not_refused(book: RefusalBook) -> None:
    refused = [example for line in book.procedures for example in line.examples if kind_of(example) != "ok"]
    assert refused == []


def test_hand_written_cases_are_refused_and_let_pass_as_promised() -> None:
    wanted = [text for kind, text in CASES if kind != "ok"]
    left = [text for kind, text in CASES if kind == "ok"]
    missed = [text for text in wanted if kind_of(text) == "ok"]
    wrong = [text for text in left if kind_of(text) != "ok"]
    assert len(wanted) >= 120
    assert len(left) >= 120
    assert len(missed) <= 0.05 * len(wanted), missed
    assert len(wrong) <= 0.02 * len(left), wrong


def slips(text: str, dice: random.Random) -> str:
    """Return a text with one slip of the finger in one of its longer words."""
    words = text.split(" ")
    long = [place for place, word in enumerate(words) if len(word) >= 6 and word.isalpha()]
    if not long:
        return text
    place = dice.choice(long)
    word = words[place]
    at = dice.randrange(1, len(word) - 1)
    words[place] = dice.choice(
        [word[:at] + word[at + 1 :], word[:at] + word[at + 1] + word[at] + word[at + 2 :], word[:at] + word[at:] + ""]
    )
    return " ".join(words)


def test_a_slip_of_the_finger_changes_little() -> None:
    dice = random.Random(7)
    wanted = [slips(text, dice) for kind, text in CASES if kind != "ok" for _ in range(3)]
    missed = [text for text in wanted if kind_of(text) == "ok"]
    assert len(missed) <= 0.06 * len(wanted), missed


def _lines(sector: Sector, name: str) -> list[dict]:
    file = RESOURCES / "demo" / sector.value / name
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def _visitors() -> Iterator[tuple[str, str]]:
    for sector in Sector:
        for raw in _lines(sector, "conversations.jsonl"):
            yield from ((raw["id"], turn["text"]) for turn in raw["turns"] if turn["who"] == "user")


def test_of_the_demo_conversations_those_are_refused_that_ask_for_their_own_affairs() -> None:
    assert {name for name, text in _visitors() if kind_of(text) != "ok"} == OF_THE_DESK


def test_no_covered_question_of_a_demo_office_is_refused() -> None:
    refused = [
        question["question"]
        for sector in Sector
        for question in _lines(sector, "questions.jsonl")
        if question["answer"] and kind_of(question["question"]) != "ok"
    ]
    assert set(refused) == ANSWERED_BY_A_REFUSAL


def wordings(origin: str) -> tuple[list[str], list[str]]:
    """Return the wordings of a set that are to be refused, and those that are not."""
    chosen = [(kind, text) for name, kind, text in WORDINGS if name == origin]
    return [text for kind, text in chosen if kind != "ok"], [text for kind, text in chosen if kind == "ok"]


def test_hard_wordings_are_refused_and_their_harmless_neighbours_are_not() -> None:
    wanted, left = wordings("tuned")
    missed = [text for text in wanted if kind_of(text) == "ok"]
    wrong = [text for text in left if kind_of(text) != "ok"]
    assert (len(wanted), len(left)) >= (280, 340)
    assert len(missed) <= 0.03 * len(wanted), missed
    assert len(wrong) <= 0.03 * len(left), wrong


def test_of_hard_wordings_never_seen_more_than_half_are_refused_and_next_to_no_harmless_one() -> None:
    """What a list can do: measured 23 of 40, and 0 of 40 harmless ones. The texts stay out of the message."""
    wanted, left = wordings("fresh")
    refused = sum(kind_of(text) != "ok" for text in wanted)
    wrong = sum(kind_of(text) != "ok" for text in left)
    assert refused >= 0.5 * len(wanted)
    assert wrong <= 0.03 * len(left)


def test_what_counts_beside_a_procedure_counts_and_the_rest_does_not() -> None:
    assert kind_of("How do I know whether he has hired you?") == "other_person"
    assert kind_of("How do I get my report?") == "ok"


@pytest.mark.parametrize("sector", list(Sector))
@pytest.mark.parametrize("text", ["Is my wife a patient of yours?", "¿Es mi vecino cliente de ustedes?"])
def test_the_text_is_of_the_sector_and_the_language_and_says_nothing(sector: Sector, text: str) -> None:
    refusal = REFUSALS[sector].text_for([text])
    assert refusal is not None
    assert ("Gracias" in refusal) == (text[0] == "¿")
    assert not any(char.isdigit() for char in refusal)


def test_what_is_about_somebody_else_counts_most_and_the_newest_message_first() -> None:
    other, own = (CLINIC.text_for([text]) for text in ("What did my wife's test say?", "Are my results back?"))
    assert other != own
    assert CLINIC.text_for(["Are my results back? And what did my wife's test say?"]) == other
    assert CLINIC.text_for(["What did my wife's test say?", "Are my results back?"]) == own
    assert CLINIC.text_for(["Where can I park?"]) is None


def test_a_refusal_asks_no_model_and_carries_no_facts() -> None:
    model = ScriptedModel(["We see her on Monday. [1]"])
    index = PassageIndex([read_article("a", "# Results\n\nResults come after three days.")], meaning=lambda: None)
    drafter = Drafter(index, model, load_phrases(RESOURCES, Sector.CLINIC))
    turns = [Turn(Speaker.VISITOR, "What did my husband's results say?")]
    proposal = drafter.draft(turns)
    assert (proposal.action, proposal.sources, proposal.facts) == (ProposalAction.REFUSE, (), ())
    assert proposal.text == CLINIC.text_for([turns[0].text])
    assert model.requests == []
    raised = drafter.draft(turns, identity_is_raised=True)
    assert raised.action is not ProposalAction.REFUSE


def test_an_office_without_a_book_refuses_nothing() -> None:
    index = PassageIndex([read_article("a", "# Parking\n\nParking is free.")], meaning=lambda: None)
    drafter = Drafter(index, ScriptedModel(["[none]"]), Phrases("Somebody will come back to you."))
    assert drafter.draft([Turn(Speaker.VISITOR, "Is my wife a patient?")]).action is ProposalAction.HAND_OVER


def _damage(raw: dict, how: str) -> str:
    if how == "version":
        raw["version"] = 9
    elif how == "kind":
        raw["phrases"][0]["kind"] = "weather"
    elif how == "texts":
        del raw["texts"]["clinic"]["identity"]
    elif how == "list":
        raw["phrases"][0]["phrase"] = "is UNKNOWNLIST patient"
    return json.dumps(raw) if how != "json" else "{"


@pytest.mark.parametrize("how", ["version", "kind", "texts", "list", "json"])
def test_a_damaged_book_is_refused(tmp_path: Path, how: str) -> None:
    folder = tmp_path / "phrases" / "refusals"
    folder.mkdir(parents=True)
    for language in LANGUAGES:
        raw = json.loads((RESOURCES / "phrases" / "refusals" / f"{language}.json").read_text(encoding="utf-8"))
        text = _damage(raw, how) if language == "en" else json.dumps(raw)
        (folder / f"{language}.json").write_text(text, encoding="utf-8")
    with pytest.raises(RefusalsError):
        load_refusals(tmp_path, Sector.CLINIC)


def test_a_long_message_costs_time_in_proportion_to_its_length() -> None:
    assert kind_of("what did my husband say " * 4_000) == "other_person"
