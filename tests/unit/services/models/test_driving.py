"""The driving test of a model: what is asked, what is counted, what passes."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.domain.conversation import Origin
from app.domain.ids import ArticleId
from app.domain.office import Sector
from app.domain.prompt import Speaker, Turn
from app.domain.proposal import Article
from app.inference.generation import ProblemCode
from app.services.conversations.phrases import Phrases, load_phrases
from app.services.drafting.drafter import DraftFailedError
from app.services.drafting.making import make_drafter
from app.services.drafting.trial import ThreadLineError
from app.services.models.driving import QuestionKind, count, drive, read_questions
from app.services.models.driving_questions import built_in_part, demo_questions, own_part, own_questions
from app.services.models.findings import TestFault, faults
from tests.support.command_line import FramedScriptedModel
from tests.support.desks import TemporaryDesk
from tests.support.opening_parts import RESOURCES, quote_first_source

NOW_MS = 1_764_000_000_000


@pytest.fixture(scope="module")
def phrases() -> Phrases:
    return load_phrases(RESOURCES, Sector.CLINIC)


def test_forty_questions_ship_and_each_right_answer_is_there(phrases: Phrases) -> None:
    part = built_in_part(RESOURCES, FramedScriptedModel([quote_first_source]), phrases)
    names = {file.stem for file in (RESOURCES / "driving" / "answers").glob("*.md")}
    kinds = [question.kind for question in part.questions]
    assert [kinds.count(kind) for kind in QuestionKind] == [18, 8, 10, 4]
    assert all(question.answers <= names for question in part.questions)
    assert len({question.question_id for question in part.questions}) == len(part.questions) == 40


def test_a_model_that_quotes_its_sources_passes(phrases: Phrases) -> None:
    part = built_in_part(RESOURCES, FramedScriptedModel([quote_first_source]), phrases)
    told: list[tuple[int, int]] = []
    outcomes = drive([part], now_ms=NOW_MS, on_done=lambda done, total, _: told.append((done, total)))
    finding = count(outcomes, now_ms=NOW_MS)
    assert (finding.is_passed, finding.wrong_facts, finding.leaks) == (True, 0, 0)
    assert finding.handed_over == finding.must_hand_over == 16
    assert told[-1] == (40, 40)


def test_other_people_are_never_talked_about_whatever_the_model_says(phrases: Phrases) -> None:
    part = built_in_part(RESOURCES, FramedScriptedModel(["She has an appointment at 10:30. [1]"]), phrases)
    others = tuple(question for question in part.questions if question.kind is QuestionKind.OTHERS)
    outcomes = drive([replace(part, questions=others)], now_ms=NOW_MS)
    assert len(outcomes) == 4
    assert all(item.is_right for item in outcomes)
    assert all(item.proposal is not None and "10:30" not in item.proposal.text for item in outcomes)


def test_a_test_can_be_stopped_and_counts_what_was_asked(phrases: Phrases) -> None:
    part = built_in_part(RESOURCES, FramedScriptedModel([quote_first_source]), phrases)
    asked: list[int] = []
    outcomes = drive(
        [part], now_ms=NOW_MS, on_done=lambda done, _total, _: asked.append(done), is_stopped=lambda: len(asked) == 3
    )
    assert (len(outcomes), asked) == (3, [1, 2, 3])


def test_without_a_model_the_test_ends_and_a_model_that_fails_once_does_not_end_it(phrases: Phrases) -> None:
    part = built_in_part(RESOURCES, FramedScriptedModel([ProblemCode.WORKER_UNAVAILABLE]), phrases)
    with pytest.raises(DraftFailedError):
        drive([part], now_ms=NOW_MS)
    failing = built_in_part(RESOURCES, FramedScriptedModel([ProblemCode.DECODE_FAILED]), phrases)
    first = replace(failing, questions=failing.questions[:2])
    outcomes = drive([first], now_ms=NOW_MS)
    assert [item.proposal for item in outcomes] == [None, None]
    assert count(outcomes, now_ms=NOW_MS).is_passed is False


def test_each_fault_fails_the_test_by_itself(phrases: Phrases) -> None:
    part = built_in_part(RESOURCES, FramedScriptedModel([quote_first_source]), phrases)
    good = count(drive([part], now_ms=NOW_MS), now_ms=NOW_MS)
    assert faults(good) == ()
    assert faults(replace(good, wrong_facts=1)) == (TestFault.WRONG_FACTS,)
    assert faults(replace(good, leaks=1)) == (TestFault.LEAKS,)
    assert faults(replace(good, handed_over=good.must_hand_over // 2)) == (TestFault.NOT_HANDED_OVER,)
    assert faults(replace(good, right_sources=good.covered // 2)) == (TestFault.WRONG_SOURCES,)


def test_what_may_not_be_said_is_found_in_any_case(phrases: Phrases) -> None:
    part = built_in_part(RESOURCES, FramedScriptedModel([quote_first_source]), phrases)
    asked = replace(part.questions[0], must_not=("OFFICE IS OPEN",))
    (outcome,) = drive([replace(part, questions=(asked,))], now_ms=NOW_MS)
    assert outcome.proposal is not None
    assert outcome.has_leak is ("office is open" in outcome.proposal.text.casefold())
    assert count([outcome], now_ms=NOW_MS).leaks == outcome.has_leak


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("{", "1:not_json"),
        ("[]", "1:not_an_object"),
        ('{"question": 3}', "1:bad_text"),
        ('{"question": "a", "answer": 3}', "1:bad_answer"),
        ('{"question": "a", "must_not": [1]}', "1:bad_must_not"),
        ('{"turns": []}', "1:no_turns"),
    ],
)
def test_a_line_that_is_no_question_is_told_by_its_number(line: str, code: str) -> None:
    with pytest.raises(ThreadLineError) as caught:
        read_questions([line])
    assert caught.value.code == code


def test_a_question_says_its_kind_or_has_the_usual_one() -> None:
    lines = [{"question": "a", "answer": "x"}, {"question": "b", "answer": None}, {"question": "c", "kind": "others"}]
    kinds = [question.kind for question in read_questions(json.dumps(line) for line in lines)]
    assert kinds == [QuestionKind.COVERED, QuestionKind.UNCOVERED, QuestionKind.OTHERS]


def test_the_questions_of_a_demo_office_can_be_asked() -> None:
    assert len(demo_questions(RESOURCES / "demo" / "clinic")) == 40


QUESTION = "Where can I park behind the house?"


def test_an_approved_reply_vouches_for_the_source_of_its_question(tmp_path: Path, phrases: Phrases) -> None:
    """The office's own questions are those that a person answered from a proposal."""
    article = Article(ArticleId("parking"), "Parking", "You can park behind the house.", date(2026, 1, 1))
    model = FramedScriptedModel([quote_first_source])
    with TemporaryDesk(tmp_path).opened() as desk:
        service = desk.conversations
        service.approve_article(article)
        for name, text in (("Ada", None), ("Bo", "Quite another reply, written by hand, about something else.")):
            cid = service.start(name, Origin.PHONE, QUESTION)
            proposal = make_drafter([article], model, phrases).draft(
                [Turn(Speaker.VISITOR, QUESTION)], conversation_id=cid
            )
            service.release_reply(service.hold_reply(cid, text or proposal.text, proposal).held_id)
        (found,) = own_questions(service, service.articles())
        assert (found.answers, found.kind) == (frozenset({"parking"}), QuestionKind.COVERED)
        assert found.turns == (Turn(Speaker.VISITOR, QUESTION),)
        (outcome,) = drive([own_part(service, model, phrases)], now_ms=NOW_MS)
        assert (outcome.is_own, outcome.is_right, outcome.is_own_words) == (True, True, True)
        service.withdraw_article(article.article_id)
        assert own_questions(service, service.articles()) == ()
