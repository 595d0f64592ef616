"""What the model is worth: right passages among the first, and questions that nothing covers handed over.

``python -m models.recipes.retrieval.measure`` measures the shipped model on the evaluation and demo offices.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from app.domain.ids import ArticleId
from app.knowledge.folder import read_folder
from app.knowledge.index import PassageIndex
from app.knowledge.meaning import Fusion, MeaningModel, load_meaning
from app.knowledge.vectors import WordVectors
from models.recipes.retrieval.offices import Case, Office

REPOSITORY = Path(__file__).resolve().parents[3]
DEMO = REPOSITORY / "resources" / "demo"
EVALUATION = REPOSITORY / "packaging" / "bench" / "offices"
SHIPPED = REPOSITORY / "models" / "retrieval"
DEMO_DAY = date(2026, 11, 24)
"""Some demo answers expire; the trial must not change with the calendar."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Shares are of ``covered`` and ``uncovered`` questions."""

    covered: int
    first: float
    among_three: float
    kept: float
    """Covered questions for which something was offered."""
    offered_right: float
    """Covered questions for which the right passage was among what was offered."""
    uncovered: int
    handed_over: float


def measure(offices: Sequence[Office], vectors: WordVectors, fusion: Fusion) -> Measured:
    """Return how ``PassageIndex`` does on ``offices``."""
    ranks: list[int] = []
    kept = right = handed = uncovered = 0
    for office in offices:
        index = PassageIndex(office.articles, today=lambda: DEMO_DAY, meaning=lambda: MeaningModel(vectors, fusion))
        for case in office.cases:
            offered = [hit.passage.article_id for hit in index.best(case.question, case.context)]
            if case.answer is None:
                uncovered += 1
                handed += not offered
                continue
            found = list(
                dict.fromkeys(hit.passage.article_id for hit in index.search(case.question, 1000, case.context))
            )
            ranks.append(found.index(case.answer) if case.answer in found else 1000)
            kept += bool(offered)
            right += case.answer in offered
    count = max(len(ranks), 1)
    shares = (sum(rank < 1 for rank in ranks), sum(rank < 3 for rank in ranks), kept, right)
    first, three, kept_share, right_share = (round(number / count, 3) for number in shares)
    return Measured(len(ranks), first, three, kept_share, right_share, uncovered, round(handed / max(uncovered, 1), 3))


def read_office(folder: Path) -> Office:
    """Return the answers of an office without those for staff only, and its trial questions without refusals."""
    articles = tuple(a for a in read_folder(folder / "answers").articles if not a.is_internal)
    lines = (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    records = [record for line in lines if (record := json.loads(line)).get("kind") != "refusal"]
    return Office(
        articles, tuple(Case(r["question"], ArticleId(r["answer"]) if r["answer"] else None) for r in records)
    )


def measure_demo(name: str, vectors: WordVectors, fusion: Fusion) -> Measured:
    """Return the measures on a demo office; nothing was fitted to it."""
    return measure([read_office(DEMO / name)], vectors, fusion)


def main() -> None:
    """Print the measures of the shipped model, one office a line."""
    model = load_meaning(SHIPPED)
    folders = sorted(path.parent for root in (EVALUATION, DEMO) for path in root.glob("*/questions.jsonl"))
    for folder in folders:
        print(folder.name, json.dumps(asdict(measure([read_office(folder)], model.vectors, model.fusion))))


if __name__ == "__main__":
    main()
