"""The evaluation offices of ``make bench-drafts``: complete, consistent, and marked by a rule that can say no."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from app.domain.facts import FactKind, FactMark
from app.domain.ids import ArticleId, ProposalId
from app.domain.proposal import Proposal, ProposalAction, SourceRef

BENCH = Path(__file__).resolve().parents[3] / "packaging" / "bench"


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench_offices", BENCH / "offices.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["bench_offices"] = module
    spec.loader.exec_module(module)
    return module


offices = _load()
OFFICES = {office.name: office for office in offices.read_offices()}


def test_there_are_three_offices_of_full_size() -> None:
    assert set(OFFICES) == {"dental", "optician", "tenants"}
    for office in OFFICES.values():
        kinds = [question.kind for question in office.questions]
        assert len(office.articles) >= 20
        assert [kinds.count(kind) >= least for kind, least in (("answerable", 60), ("unanswerable", 30))] == [True] * 2
        assert kinds.count("refusal") >= 10


@pytest.mark.parametrize("name", list(OFFICES))
def test_every_required_fact_stands_in_its_answer(name: str) -> None:
    office = OFFICES[name]
    bodies = {article.article_id: article.body for article in office.articles}
    questions = [question for question in office.questions if question.kind == "answerable"]
    missing = [
        (question.question_id, fact)
        for question in questions
        for fact in question.facts
        if fact.casefold() not in bodies[question.answer].casefold()
    ]
    assert missing == []
    assert all(question.facts for question in questions)


@pytest.mark.parametrize(
    ("text", "fact", "is_said"),
    [
        ("We close at 17:15.", "5:15 pm", True),
        ("We close at 17:45.", "5:15 pm", False),
        ("Use the Green Door.", "green door", True),
        ("Use the red door.", "green door", False),
        ("It takes 5 weeks.", "five weeks", True),
        ("It takes 5 days.", "five weeks", False),
    ],
)
def test_a_fact_is_said_by_its_value_or_its_words(text: str, fact: str, is_said: bool) -> None:
    assert offices.says(text, fact) is is_said


def _proposal(text: str, article: str, *, facts: tuple[FactMark, ...] = ()) -> Proposal:
    source = SourceRef(1, ArticleId(article), "", text, None)
    return Proposal(
        ProposalId("p"), None, None, ProposalAction.PROPOSE, text, (), (source,), (), "m", 1, 1, facts=facts
    )


def test_a_reply_is_right_with_the_right_source_every_fact_and_no_unsupported_one() -> None:
    question = offices.Question("q", "answerable", "When do you close?", "hours", ("17:15",))
    assert offices.is_right(question, _proposal("At 5:15 pm.", "hours"))
    assert not offices.is_right(question, _proposal("At 5:15 pm.", "fees"))
    assert not offices.is_right(question, _proposal("Late.", "hours"))
    wrong = FactMark(0, 4, FactKind.TIME, None)
    assert not offices.is_right(question, _proposal("At 5:15 pm.", "hours", facts=(wrong,)))
