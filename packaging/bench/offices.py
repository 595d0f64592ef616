"""The evaluation offices: answers and questions that no training has seen, and the rule that marks a proposal right.

An office is a folder::

    office.json      {"name": "…", "sector": "clinic" | "law"}
    answers/*.md     approved answers, as ``vestibule knowledge import`` reads them
    questions.jsonl  {"id", "kind": "answerable" | "unanswerable" | "refusal", "question", "answer": stem or null,
                     "facts": ["17:30", "green door"]}

``facts`` are what a right reply has to say: a value counts in any spelling ("5:15 pm" is "17:15"), other words as they
stand. Everything is invented. The questions were written by hand, in the wording of people who write to a front desk.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.domain.office import Sector
from app.domain.proposal import Article, Proposal, ProposalAction
from app.knowledge import read_folder
from app.services.facts import FactKind, find_facts

OFFICES = Path(__file__).parent / "offices"
ANSWERABLE, UNANSWERABLE, REFUSAL = "answerable", "unanswerable", "refusal"


@dataclass(frozen=True, slots=True)
class Question:
    """One question with what is expected of its proposal."""

    question_id: str
    kind: str
    text: str
    answer: str | None
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EvaluationOffice:
    """One invented office."""

    name: str
    sector: Sector
    articles: tuple[Article, ...]
    questions: tuple[Question, ...]


def read_offices(folder: Path = OFFICES) -> Iterator[EvaluationOffice]:
    """Yield every office, by the name of its folder."""
    for office in sorted(place for place in folder.iterdir() if (place / "office.json").is_file()):
        about = json.loads((office / "office.json").read_text(encoding="utf-8"))
        lines = (office / "questions.jsonl").read_text(encoding="utf-8").splitlines()
        articles = read_folder(office / "answers").articles
        yield EvaluationOffice(office.name, Sector(about["sector"]), articles, tuple(map(_question, lines)))


def read_development() -> Iterator[EvaluationOffice]:
    """Yield the desks on which weights and thresholds are chosen (``models/recipes/desks``), in the same form."""
    from models.recipes.desks import read_desks  # noqa: PLC0415  not needed for the evaluation offices

    for desk in read_desks():
        questions = tuple(
            Question(
                f"{desk.key}-{number:03}",
                UNANSWERABLE if asked.answer is None else ANSWERABLE,
                asked.text,
                asked.answer,
                asked.facts,
            )
            for number, asked in enumerate(desk.questions, start=1)
        )
        yield EvaluationOffice(desk.key, desk.sector, desk.articles, questions)


def is_right(question: Question, proposal: Proposal) -> bool:
    """Tell whether an answerable question got its answer: from the right source, every fact, and none unsupported."""
    if proposal.action is not ProposalAction.PROPOSE or proposal.has_unsupported_fact:
        return False
    cited = {source.article_id for source in proposal.sources}
    return question.answer in cited and all(says(proposal.text, fact) for fact in question.facts)


def says(text: str, fact: str) -> bool:
    """Tell whether ``text`` says a required fact, by its words or by its value."""
    if fact.casefold() in text.casefold():
        return True
    wanted = [one for one in find_facts(fact) if one.kind is not FactKind.NAME]
    said = {value for one in find_facts(text, is_source=True) for value in one.all_values}
    return bool(wanted) and all(one.all_values & said for one in wanted)


def _question(line: str) -> Question:
    raw = json.loads(line)
    return Question(raw["id"], raw["kind"], raw["question"], raw["answer"], tuple(raw["facts"]))
