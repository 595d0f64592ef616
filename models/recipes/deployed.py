"""Measures of a GGUF through the console's own path: search, prompt, confined worker, marks, grounding.

``python -m models.recipes.deployed --model FILE [--demo DIR] [--show]``. Two kinds of offices: generated ones of
the sector and the kinds that training never saw, whose questions are judged fact by fact, and the demonstration
offices, whose questions name the right answer only. Needs llama.cpp and SQLite; no PyTorch.
"""

import argparse
import json
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from random import Random

from app.domain.ids import ArticleId
from app.domain.office import Sector
from app.domain.prompt import Speaker, Task, Turn
from app.domain.proposal import Article, Proposal, ProposalAction, ProposalWarning
from app.knowledge import PassageIndex, read_folder
from app.services.conversations.phrases import load_phrases
from app.services.drafting.drafter import Drafter
from app.services.models.opening import running_model
from models.recipes.asking import dress
from models.recipes.evaluate import facts_of
from models.recipes.kinds import Kind
from models.recipes.mix import load_kinds
from models.recipes.tasks import draw_passage
from models.recipes.values import person

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
TODAY = date(2026, 11, 24)
"""The day for which the demo answers were written."""
OFFICES_OF_A_SET = 3
BESIDE = 12
"""Answers of trained kinds that stand beside the held-out ones: a search must have something to confuse."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked; ``answer`` is the right article or None, ``wanted`` the sentence of it that answers."""

    text: str
    answer: str | None
    wanted: str = ""


@dataclass(frozen=True, slots=True)
class OfficeSet:
    """One office: its approved answers and the questions put to it."""

    name: str
    articles: tuple[Article, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question with what the console would show."""

    question: Question
    proposal: Proposal

    @property
    def is_handed_over(self) -> bool:
        """Whether the question goes to a person without a proposed answer."""
        return self.proposal.action is not ProposalAction.PROPOSE

    @property
    def is_from_right_answer(self) -> bool:
        """Whether the proposal rests on the article that answers."""
        return self.question.answer in {source.article_id for source in self.proposal.sources}

    @property
    def is_own(self) -> bool:
        """Whether the words are the model's own and not the approved answer that stood in."""
        return not self.is_handed_over and ProposalWarning.FELL_BACK_TO_ANSWER not in self.proposal.warnings

    @property
    def is_right(self) -> bool:
        """Every fact of the answering sentence is said; a sentence without facts must stand there word for word."""
        wanted = facts_of(self.question.wanted)
        said = self.proposal.text
        holds = all(fact in said for fact in wanted) if wanted else self.question.wanted.rstrip(".") in said
        return not self.is_handed_over and self.is_from_right_answer and holds

    @property
    def is_invented(self) -> bool:
        """Whether the text shown holds a number or a name that no source and no message holds."""
        given = " ".join(f"{source.title} {source.quote}" for source in self.proposal.sources) + self.question.text
        return not self.is_handed_over and any(fact not in given for fact in facts_of(self.proposal.text))


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of one set, 0 to 1; ``right`` is None where questions name no wanted sentence."""

    covered: int
    unfound: float
    """Covered questions for which the search offered nothing, so that no model was asked."""
    handed_over: float
    right_answer: float
    right: float | None
    own_words: float
    own_and_right: float | None
    invented: float
    uncovered: int
    uncovered_handed_over: float
    first_word_ms: float
    whole_ms: float


def main() -> None:
    """Print the figures of every set as JSON, and each proposal with ``--show``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--demo", type=Path, default=RESOURCES / "demo", help="folder of the demonstration offices")
    parser.add_argument("--per-fact", type=int, default=1, help="questions asked about each fact of generated offices")
    parser.add_argument("--task", choices=[task.value for task in Task], default=Task.REPLY.value)
    parser.add_argument("--show", action="store_true", help="print each question with its proposal")
    arguments = parser.parse_args()
    with running_model(arguments.model, "chatml", threads=2, context_tokens=2048) as model:
        for name, offices in _sets(arguments.demo, arguments.per_fact).items():
            outcomes = [outcome for office in offices for outcome in _ask(office, model, Task(arguments.task))]
            if arguments.show:
                _show(outcomes)
            print(json.dumps({name: asdict(figures(outcomes))}), flush=True)


def _sets(demo: Path, per_fact: int) -> dict[str, list[OfficeSet]]:
    book = load_kinds()
    seen = tuple({id(kind): kind for kinds in book.training.values() for kind in kinds}.values())
    numbers = range(OFFICES_OF_A_SET)
    return {
        "demonstration offices": [demo_office(demo / sector.value) for sector in Sector],
        "sector held out": [generated_office(Random(f"sector/{n}"), book.held_sector, (), per_fact) for n in numbers],
        "kinds held out": [
            generated_office(rng, book.held_kinds, rng.sample(seen, BESIDE), per_fact)
            for rng in (Random(f"kinds/{n}") for n in numbers)
        ],
    }


def demo_office(folder: Path) -> OfficeSet:
    """Return a demonstration office with its questions."""
    lines = (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    raw = [json.loads(line) for line in lines if line.strip()]
    questions = tuple(Question(item["question"], item["answer"]) for item in raw)
    return OfficeSet(folder.name, tuple(read_folder(folder / "answers").articles), questions)


def generated_office(rng: Random, asked: Sequence[Kind], beside: Sequence[Kind], per_fact: int) -> OfficeSet:
    """Return an office with one answer of each kind; questions are asked about the kinds in ``asked`` only."""
    articles, questions = [], []
    for place, kind in enumerate([*asked, *beside]):
        passage = draw_passage(rng, kind, 4)
        article_id = f"answer-{place}"
        articles.append(Article(ArticleId(article_id), passage.title, passage.source.text, TODAY))
        if place >= len(asked):
            continue
        for fact, sentence in passage.shown:
            for question in rng.sample(fact.questions, min(per_fact, len(fact.questions))):
                text = dress(rng, passage.filler.fill(question), person(rng))
                questions.append(Question(text, article_id, sentence))
        questions += [Question(passage.filler.fill(text), None) for text in rng.sample(kind.uncovered, 1)]
    return OfficeSet("generated", tuple(articles), tuple(questions))


def _ask(office: OfficeSet, model: object, task: Task) -> Iterator[Outcome]:
    sector = Sector(office.name) if office.name in {sector.value for sector in Sector} else Sector.CLINIC
    index = PassageIndex(office.articles, today=lambda: TODAY)
    drafter = Drafter(index, model, load_phrases(RESOURCES, sector))  # type: ignore[arg-type]
    drafter.draft([Turn(Speaker.VISITOR, "What are your opening hours?")])  # pays for loading the file
    for question in office.questions:
        yield Outcome(question, drafter.draft([Turn(Speaker.VISITOR, question.text)], task=task))


def figures(outcomes: Sequence[Outcome]) -> Figures:
    """Return the shares over ``outcomes``."""
    covered = [item for item in outcomes if item.question.answer is not None]
    uncovered = [item for item in outcomes if item.question.answer is None]
    judged = all(item.question.wanted for item in covered)
    written = [item.proposal for item in outcomes if item.proposal.first_token_ms is not None]
    return Figures(
        covered=len(covered),
        unfound=_share([item.is_handed_over and item.proposal.first_token_ms is None for item in covered]),
        handed_over=_share([item.is_handed_over for item in covered]),
        right_answer=_share([item.is_from_right_answer and not item.is_handed_over for item in covered]),
        right=_share([item.is_right for item in covered]) if judged else None,
        own_words=_share([item.is_own for item in covered]),
        own_and_right=_share([item.is_own and item.is_right for item in covered]) if judged else None,
        invented=_share([item.is_invented for item in outcomes]),
        uncovered=len(uncovered),
        uncovered_handed_over=_share([item.is_handed_over for item in uncovered]),
        first_word_ms=statistics.median([item.first_token_ms or 0 for item in written] or [0]),
        whole_ms=statistics.median([item.total_ms for item in written] or [0]),
    )


def _show(outcomes: Sequence[Outcome]) -> None:
    for item in outcomes:
        how = "handed over" if item.is_handed_over else "own" if item.is_own else "fallback"
        fit = "uncovered" if item.question.answer is None else "right answer" if item.is_from_right_answer else "WRONG"
        judged = "" if not item.question.wanted else " RIGHT" if item.is_right else " MISSED"
        print(f"Q {item.question.text}\n  {how} | {fit}{judged} | {item.proposal.text!r}")


def _share(flags: Sequence[bool]) -> float:
    return round(sum(flags) / len(flags), 3) if flags else 0.0


if __name__ == "__main__":
    main()
