"""Proposals on the questions of the demo offices: is the right answer found, the rest handed over, how long it takes.

Every question goes the console's own path: index, prompt, confined worker, marks, grounding. The questions were written
by people who did not build the index; ``answer: null`` marks those that no approved answer covers.
"""

import json
import os
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from app.config import find_places  # noqa: E402  the checkout is put on the path first
from app.domain.office import Sector  # noqa: E402
from app.domain.prompt import Speaker, Turn  # noqa: E402
from app.domain.proposal import Proposal, ProposalAction, ProposalWarning  # noqa: E402
from app.knowledge import PassageIndex, read_folder  # noqa: E402
from app.services.drafting import Drafter  # noqa: E402
from app.services.models import ModelCatalogue  # noqa: E402
from app.services.opening import running_model  # noqa: E402
from app.services.phrases import load_phrases  # noqa: E402

TODAY = date(2026, 11, 24)
"""The day on which the demo answers were written, so that none of them has run out."""

AMONG = 3
THREADS = 2
CONTEXT_TOKENS = 2_048

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class _Asked:
    question: str
    answer: str | None
    found: tuple[str, ...]
    proposal: Proposal

    @property
    def is_handed_over(self) -> bool:
        return self.proposal.action is ProposalAction.HAND_OVER


def measure() -> list[Row]:
    """Return the figures for both offices, and times over both together."""
    model_file, template = _model()
    asked: dict[Sector, list[_Asked]] = {}
    with running_model(model_file, template, threads=THREADS, context_tokens=CONTEXT_TOKENS) as model:
        for sector in Sector:
            folder = ROOT / "resources" / "demo" / sector.value
            index = PassageIndex(read_folder(folder / "answers").articles, today=lambda: TODAY)
            drafter = Drafter(index, model, load_phrases(ROOT / "resources", sector), frame=model.frame)
            drafter.draft([Turn(Speaker.VISITOR, "What are your opening hours?")])  # pays for loading the file
            asked[sector] = [_ask(index, drafter, line) for line in (folder / "questions.jsonl").open(encoding="utf-8")]
    rows = [row for sector, answers in asked.items() for row in _quality(sector, answers)]
    return rows + _times([item.proposal for answers in asked.values() for item in answers])


def _model() -> tuple[Path, str]:
    """Return the model named by VESTIBULE_MODEL, else the shipped one."""
    named = os.environ.get("VESTIBULE_MODEL")
    if named:
        return Path(named), "chatml"
    places = find_places(os.environ)
    entry = ModelCatalogue(places.models_dir, places.user_models_dir).find("starter")
    return entry.file, entry.template


def _ask(index: PassageIndex, drafter: Drafter, line: str) -> _Asked:
    raw = json.loads(line)
    hits = index.search(raw["question"], 2 * AMONG)
    found = tuple(dict.fromkeys(hit.passage.article_id for hit in hits))[:AMONG]
    return _Asked(raw["question"], raw["answer"], found, drafter.draft([Turn(Speaker.VISITOR, raw["question"])]))


def _quality(sector: Sector, asked: Sequence[_Asked]) -> list[Row]:
    covered = [item for item in asked if item.answer]
    uncovered = [item for item in asked if not item.answer]
    proposed = [item for item in covered if not item.is_handed_over]
    cited = [item for item in proposed if item.answer in {source.article_id for source in item.proposal.sources}]
    own_words = [item for item in proposed if ProposalWarning.FELL_BACK_TO_ANSWER not in item.proposal.warnings]
    name = sector.value
    return [
        _share(f"{name}: right answer found first", sum(item.found[:1] == (item.answer,) for item in covered), covered),
        _share(f"{name}: right answer among {AMONG}", sum(item.answer in item.found for item in covered), covered),
        _share(f"{name}: covered question proposed from the right answer", len(cited), covered),
        _share(f"{name}: covered question handed over", len(covered) - len(proposed), covered),
        _share(f"{name}: uncovered question handed over", sum(item.is_handed_over for item in uncovered), uncovered),
        _share(f"{name}: proposals in the model's own words", len(own_words), proposed),
    ]


def _times(proposals: Sequence[Proposal]) -> list[Row]:
    written = [item for item in proposals if item.first_token_ms is not None]
    first = sorted(item.first_token_ms or 0 for item in written)
    whole = sorted(item.total_ms for item in written)
    return [
        {"what": "first word, median", "value": statistics.median(first), "unit": "ms", "budget": "≤ 150"},
        {"what": "first word, 95 of 100", "value": first[int(0.95 * len(first))], "unit": "ms"},
        {"what": "whole draft, median", "value": statistics.median(whole), "unit": "ms", "budget": "≤ 1,000"},
        {"what": "whole draft, 95 of 100", "value": whole[int(0.95 * len(whole))], "unit": "ms"},
    ]


def _share(what: str, count: int, of: Sequence[object]) -> Row:
    return {"what": f"{what} ({count} of {len(of)})", "value": round(100 * count / max(len(of), 1)), "unit": "%"}
