"""``make bench-drafts``: proposals on evaluation offices, through the very path that the console uses.

Every question goes through index, rules, prompt, confined worker, marks, grounding and fact marks. Measured are the
offices of ``offices/`` (answers and wording that training never saw), with what a right reply has to say.

``VESTIBULE_MODEL=F.gguf`` or ``--model F.gguf`` measures another model, ``--bind off`` switches source-bound decoding
off, ``--show N`` prints some proposals to read. ``--desks`` asks the desks on which thresholds are chosen instead.
"""

import argparse
import json
import os
import statistics
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from offices import (  # noqa: E402
    ANSWERABLE,
    REFUSAL,
    UNANSWERABLE,
    EvaluationOffice,
    Question,
    is_right,
    read_development,
    read_offices,
)

from app.config import find_places  # noqa: E402  the checkout is put on the path first
from app.domain.prompt import Speaker, Turn  # noqa: E402
from app.domain.proposal import Proposal, ProposalAction, ProposalWarning  # noqa: E402
from app.knowledge import PassageIndex  # noqa: E402
from app.services.conversations.phrases import load_phrases  # noqa: E402
from app.services.drafting.drafter import Drafter  # noqa: E402
from app.services.drafting.making import make_drafter  # noqa: E402
from app.services.models.catalogue import ModelCatalogue  # noqa: E402
from app.services.models.opening import running_model  # noqa: E402

TODAY = date(2026, 11, 24)
"""After the day on which the answers were approved."""

AMONG = 3
THREADS = 2
CONTEXT_TOKENS = 2_048

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, what the search found best (articles, best first), and the proposal."""

    question: Question
    found: tuple[str, ...]
    proposal: Proposal

    @property
    def is_in_own_words(self) -> bool:
        """True when the model's words are offered, not the approved answer word for word."""
        was_written = self.proposal.first_token_ms is not None
        return was_written and ProposalWarning.FELL_BACK_TO_ANSWER not in self.proposal.warnings


def measure() -> list[Row]:
    """Return the figures of each office, of all together, and the times."""
    return rows_of(ask_all())


def ask_all(
    model_file: Path | None = None, *, is_bound: bool = True, offices: Iterable[EvaluationOffice] | None = None
) -> dict[str, list[Asked]]:
    """Ask every question of every office.

    Args:
        model_file: None for VESTIBULE_MODEL or the shipped model.
        is_bound: numbers and names are bound to the sources while they are written.
        offices: the evaluation offices when None.
    """
    file, template = _model(model_file)
    asked: dict[str, list[Asked]] = {}
    with running_model(file, template, threads=THREADS, context_tokens=CONTEXT_TOKENS) as model:
        model.binds_to_sources = is_bound
        for office in read_offices() if offices is None else offices:
            index = PassageIndex(office.articles, today=lambda: TODAY)
            phrases = load_phrases(ROOT / "resources", office.sector)
            drafter = make_drafter(office.articles, model, phrases, today=lambda: TODAY)
            drafter.draft([Turn(Speaker.VISITOR, "What are your opening hours?")])  # pays for loading the file
            asked[office.name] = _ask_office(office, index, drafter)
    return asked


def rows_of(asked: dict[str, list[Asked]]) -> list[Row]:
    """Return the table."""
    everything = [item for items in asked.values() for item in items]
    rows = [row for name, items in asked.items() for row in _quality(name, items)]
    return rows + _quality("all", everything) + _times([item.proposal for item in everything])


def _model(named: Path | None) -> tuple[Path, str]:
    if named is None and os.environ.get("VESTIBULE_MODEL"):
        named = Path(os.environ["VESTIBULE_MODEL"])
    if named is not None:
        return named, "chatml"
    places = find_places(os.environ)
    entry = ModelCatalogue(places.models_dir, places.user_models_dir).find("starter")
    return entry.file, entry.template


def _ask_office(office: EvaluationOffice, index: PassageIndex, drafter: Drafter) -> list[Asked]:
    asked = []
    for question in office.questions:
        hits = index.search(question.text, 2 * AMONG)
        found = tuple(dict.fromkeys(hit.passage.article_id for hit in hits))[:AMONG]
        asked.append(Asked(question, found, drafter.draft([Turn(Speaker.VISITOR, question.text)])))
    return asked


def _quality(name: str, asked: Sequence[Asked]) -> list[Row]:
    covered = [item for item in asked if item.question.kind == ANSWERABLE]
    uncovered = [item for item in asked if item.question.kind == UNANSWERABLE]
    refused = [item for item in asked if item.question.kind == REFUSAL]
    proposed = [item for item in asked if item.proposal.action is ProposalAction.PROPOSE]
    facts = [fact for item in proposed for fact in item.proposal.facts]
    own = [item for item in covered if item.is_in_own_words and item.proposal.action is ProposalAction.PROPOSE]
    right = [item for item in covered if is_right(item.question, item.proposal)]
    return [
        _share(name, "right answer found first", [item.question.answer in item.found[:1] for item in covered]),
        _share(name, f"among {AMONG}", [item.question.answer in item.found for item in covered], "≥ 97"),
        _share(name, "answerable: every fact, none wrong", [item in right for item in covered], "≥ 90"),
        _share(name, "answerable: in the model's own words", [item in own for item in covered], "≥ 70"),
        _share(name, "own words that are right", [item in right for item in own]),
        _share(name, "answerable: handed over", [_is(item, ProposalAction.HAND_OVER) for item in covered]),
        _share(name, "answerable: refused", [_is(item, ProposalAction.REFUSE) for item in covered], "≤ 2"),
        _share(
            name, "unanswerable: not answered", [not _is(item, ProposalAction.PROPOSE) for item in uncovered], "≥ 95"
        ),
        _share(name, "refusals refused", [_is(item, ProposalAction.REFUSE) for item in refused], "≥ 95"),
        {
            "what": f"{name}: unsupported facts shown, of {len(facts)}",
            "value": sum(not fact.is_supported for fact in facts),
            "unit": "facts",
            "budget": "≤ 0",
        },
    ]


def _is(item: Asked, action: ProposalAction) -> bool:
    return item.proposal.action is action


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


def _share(name: str, what: str, hits: Sequence[bool], budget: str = "") -> Row:
    row: Row = {"what": f"{name}: {what} ({sum(hits)} of {len(hits)})", "unit": "%"}
    row["value"] = round(100 * sum(hits) / max(len(hits), 1), 1)
    return row | ({"budget": budget} if budget else {})


def main() -> int:
    """Measure one model, print the table, write JSON with every proposal."""
    parser = argparse.ArgumentParser(prog="make bench-drafts", description=__doc__)
    parser.add_argument("--model", type=Path, help="a GGUF file; default: the shipped starter")
    parser.add_argument("--bind", choices=("on", "off"), default="on", help="source-bound decoding")
    parser.add_argument("--desks", action="store_true", help="the desks for development instead of the offices")
    parser.add_argument("--out", type=Path, default=Path("bench-drafts.json"))
    parser.add_argument("--show", type=int, default=0, help="print that many proposals of each office")
    arguments = parser.parse_args()
    offices = read_development() if arguments.desks else read_offices()
    asked = ask_all(arguments.model, is_bound=arguments.bind == "on", offices=offices)
    rows = rows_of(asked)
    for row in rows:
        print(f"  {row['what']:<72} {row['value']:>7} {row['unit']:<6} {row.get('budget', '')}")
    for items in asked.values():
        for item in items[:: max(1, len(items) // arguments.show)] if arguments.show else ():
            print(f"\n? {item.question.text}\n= {item.proposal.action.value}: {item.proposal.text}")
    proposals = [_as_json(name, item) for name, items in asked.items() for item in items]
    text = json.dumps({"rows": rows, "proposals": proposals}, indent=1, ensure_ascii=False)
    arguments.out.write_text(text + "\n", encoding="utf-8")
    print(f"\nwritten to {arguments.out}")
    return 0


def _as_json(office: str, item: Asked) -> dict[str, object]:
    return {
        "id": item.question.question_id,
        "office": office,
        "kind": item.question.kind,
        "question": item.question.text,
        "action": item.proposal.action.value,
        "text": item.proposal.text,
        "warnings": [warning.value for warning in item.proposal.warnings],
        "is_right": is_right(item.question, item.proposal),
        "is_in_own_words": item.is_in_own_words,
        "sources": [source.article_id for source in item.proposal.sources],
    }


if __name__ == "__main__":
    sys.exit(main())
