"""``make bench-anonymise``: our anonymiser beside presidio-analyzer, both on the same spaCy pipeline, in one run.

Recall, precision and F2 by identifiers and by words, the measures of the Text Anonymization Benchmark, what survives
replacing, words per second on one core, milliseconds for a message, memory. Runs in an environment of its own
(``build/bench-anonymise``); nothing is looked up while it measures.

``--pipeline DIR`` measures a pipeline in training, ``--sets nasty tab`` only some sets, ``--show N`` prints misses of
the invented sets, ``--engines ours`` leaves the peer out. Presidio is counted three times: as it comes, with everything
that it says; of that only what it scores at least 0.35, the mark of its own demo; and "wide", with all its recognisers
for our countries switched on.
"""

import argparse
import json
import os
import platform
import sys
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from anonymise_parts import environment  # noqa: E402  the checkout is put on the path first

if __name__ == "__main__":
    environment.enter()

from anonymise_parts import leaks, sets, tab, table  # noqa: E402
from anonymise_parts.children import Child, running  # noqa: E402
from anonymise_parts.engines import OURS, PEER, PEER_WIDE  # noqa: E402
from anonymise_parts.records import EvalSet, Found  # noqa: E402
from anonymise_parts.scoring import Counts, Scores, score  # noqa: E402
from anonymise_parts.speed import Speed, measure_speed  # noqa: E402
from anonymise_parts.worker import WorkerSpeed, measure_worker  # noqa: E402

from app.anonymise.replacing.profiles import Profile  # noqa: E402

PIPELINE = ROOT / "models" / "language" / "en"
SURE = 0.35
PEER_SURE = f"{PEER} ≥ {SURE}"
TAB = "tab"
_SETS = ("nasty", "late", "later", "generated", *sets.SOURCES, TAB)

FoundBy = dict[str, list[list[Found]]]


@dataclass(slots=True)
class Report:
    """What goes into the JSON file."""

    rows: list[dict[str, object]] = field(default_factory=list)
    sets: dict[str, object] = field(default_factory=dict)


def main() -> int:
    """Measure, print, write JSON. Returns 0 even when a target is missed; 2 without a pipeline."""
    arguments = _parse_arguments()
    if not (arguments.pipeline / "config.cfg").is_file():
        print(f"no pipeline in {arguments.pipeline}", file=sys.stderr)
        return 2
    report = Report()
    with ExitStack() as stack:
        children = {name: stack.enter_context(running(name, arguments.pipeline)) for name in arguments.engines}
        gathered = sets.gather(arguments.data, tuple(arguments.sets), arguments.limit)
        for absent in gathered.absent:
            print(f"left out: {absent.name} ({absent.reason})")
        for found_set in gathered.sets:
            _measure_set(report, found_set, children, arguments.show)
        if not arguments.sets or TAB in arguments.sets:
            _measure_tab(report, arguments.data, children)
        if not arguments.skip_speed:
            texts = _texts(gathered.sets, arguments.data)
            _measure_speed(report, texts, children)
            _measure_worker(report, texts, arguments.pipeline)
    _write(report, arguments)
    return 0


def _measure_set(report: Report, found_set: EvalSet, children: dict[str, Child], show: int) -> None:
    found = _with_sure(_find(children, [example.text for example in found_set.examples]))
    scores = {name: score(found_set, findings) for name, findings in found.items()}
    title = f"{found_set.name} ({len(found_set.examples)} texts, {found_set.words} words)"
    _print(table.heading(title, list(scores)), table.set_lines(scores))
    report.sets[found_set.name] = {name: _scores_json(item) for name, item in scores.items()}
    if OURS in found:
        _report_leaks(report, found_set, found[OURS])
        _set_rows(report, found_set, scores[OURS])
        if found_set.may_be_shown and show:
            _show(found_set, scores[OURS], found[OURS], show)


def _measure_tab(report: Report, folder: Path | None, children: dict[str, Child]) -> None:
    try:
        documents = tab.read_documents(folder or Path())
    except FileNotFoundError:
        print(f"left out: {TAB} (no {tab.FILE_NAME}; VESTIBULE_SHARED or --data names the shared material)")
        return
    found = _with_sure(_find(children, [document.text for document in documents]))
    scores = {name: tab.score_tab(documents, findings) for name, findings in found.items()}
    _print(table.heading(f"TAB ({len(documents)} documents)", list(scores)), table.tab_lines(scores))
    report.sets[TAB] = {
        name: {
            part: {key: _counts_json(counts) for key, counts in getattr(item, part).items()}
            for part in ("entities", "mentions", "kinds")
        }
        | {"words": _counts_json(item.words)}
        for name, item in scores.items()
    }
    if OURS in scores:
        for key, target in ((tab.DIRECT, 99), (tab.QUASI, 92)):
            _row(report, f"TAB: entities masked, {key.lower()}", scores[OURS].entities[key].recall, f"≥ {target}")


def _texts(found_sets: tuple[EvalSet, ...], folder: Path | None) -> dict[str, list[str]]:
    """Return chats and prose to be timed: TAB's whole judgments where they are at hand."""
    texts = {
        kind: [e.text for s in found_sets if s.kind == kind for e in s.examples] for kind in (sets.CHAT, sets.PROSE)
    }
    if folder is not None and (folder / tab.FILE_NAME).exists():
        texts[sets.PROSE] = [document.text for document in tab.read_documents(folder)]
    return texts


def _measure_speed(report: Report, texts: dict[str, list[str]], children: dict[str, Child]) -> None:
    speeds = measure_speed(children, texts)
    _print(table.heading("speed (processor time, one core)", list(speeds)), table.speed_lines(speeds))
    report.sets["speed"] = {name: asdict(speed) for name, speed in speeds.items()}
    _speed_rows(report, speeds)


def _measure_worker(report: Report, texts: dict[str, list[str]], pipeline: Path) -> None:
    if not texts[sets.CHAT]:
        return
    speed = measure_worker(pipeline, texts[sets.CHAT], texts[sets.PROSE])
    report.sets["worker"] = asdict(speed)
    _worker_rows(report, speed)


def _find(children: dict[str, Child], texts: list[str]) -> FoundBy:
    return {name: child.find_all(texts) for name, child in children.items()}


def _with_sure(found: FoundBy) -> FoundBy:
    if PEER not in found:
        return found
    return found | {PEER_SURE: [[f for f in findings if f.score >= SURE] for findings in found[PEER]]}


def _report_leaks(report: Report, found_set: EvalSet, found: list[list[Found]]) -> None:
    counted = {profile.value: leaks.count_leaks(found_set, found, profile) for profile in Profile}
    for profile, leak in counted.items():
        where = f"  {' '.join(leak.examples[:8])}" if leak.examples else ""
        print(
            f"  left after {profile:<12} {leak.surviving} of {leak.wanted} direct, "
            f"though found {leak.found_and_surviving}{where}"
        )
    report.sets[f"{found_set.name} leaks"] = {profile: asdict(leak) for profile, leak in counted.items()}


def _set_rows(report: Report, found_set: EvalSet, scores: Scores) -> None:
    if found_set.kind == sets.CHAT:
        _row(report, f"{found_set.name}: recall of direct identifiers", scores.of("direct").recall, "≥ 98")
        if found_set.annotated is None:
            _row(report, f"{found_set.name}: precision", scores.of("all").precision, "≥ 90")


def _speed_rows(report: Report, speeds: dict[str, Speed]) -> None:
    ours = speeds.get(OURS)
    if ours is None:
        return
    for kind, rate in ours.words_per_s.items():
        report.rows.append({"what": f"words/s, {kind}", "value": round(rate), "unit": "words/s", "budget": "≥ 10,000"})
        if PEER in speeds:
            ratio = rate / speeds[PEER].words_per_s[kind]
            report.rows.append({"what": f"against {PEER}, {kind}", "value": ratio, "unit": "times", "budget": "≥ 5"})
            alone = ours.one_by_one[kind] / speeds[PEER].one_by_one[kind]
            report.rows.append({"what": f"the same, {kind}, one by one", "value": alone, "unit": "times", "budget": ""})


def _worker_rows(report: Report, speed: WorkerSpeed) -> None:
    report.rows += [
        {"what": "language worker: one message, p50", "value": speed.message_p50_ms, "unit": "ms", "budget": "≤ 5"},
        {"what": "language worker: one message, p99", "value": speed.message_p99_ms, "unit": "ms", "budget": "≤ 5"},
        {"what": "language worker: its processor time", "value": speed.message_spent_ms, "unit": "ms", "budget": ""},
        {"what": "language worker: all chats and prose", "value": speed.words_per_s, "unit": "words/s", "budget": ""},
        {"what": "language worker: start to first answer", "value": speed.start_s, "unit": "s", "budget": ""},
        {"what": "language worker: peak memory", "value": speed.peak_mb, "unit": "MB", "budget": "≤ 300"},
    ]


def _row(report: Report, what: str, share: float | None, budget: str) -> None:
    if share is not None:
        report.rows.append({"what": what, "value": round(100 * share, 2), "unit": "%", "budget": budget})


def _show(found_set: EvalSet, scores: Scores, found: list[list[Found]], number: int) -> None:
    """Print misses and false hits of an invented set."""
    texts = {example.name: example.text for example in found_set.examples}
    for name, label in scores.missed[:number]:
        print(f"  missed {label:<9} {name}: {texts[name]!r}")
    shown = 0
    for example, findings in zip(found_set.examples, found, strict=True):
        for finding in findings:
            if shown < number and not any(m.start < finding.end and finding.start < m.end for m in example.marks):
                shown += 1
                print(f"  false {finding.label} '{example.text[finding.start : finding.end]}' {example.name}")


def _scores_json(scores: Scores) -> dict[str, object]:
    return {
        "entities": {key: _counts_json(counts) for key, counts in scores.entities.items()},
        "words": _counts_json(scores.words),
        "missed": Counter(label for _, label in scores.missed),
        "wrong": +scores.wrong,
    }


def _counts_json(counts: Counts) -> dict[str, object]:
    return asdict(counts) | {"recall": counts.recall, "precision": counts.precision, "f2": counts.f2}


def _print(head: str, lines: list[str]) -> None:
    print(head)
    print("\n".join(f"{line}" for line in lines), flush=True)


def _write(report: Report, arguments: argparse.Namespace) -> None:
    print("\ntargets")
    for row in report.rows:
        print(f"  {row['what']:<52} {row['value']:>12,.2f} {row['unit']:<8} {row['budget']}")
    head = {"date": time.strftime("%Y-%m-%d"), "machine": platform.platform(), "cores": os.cpu_count()}
    written = head | {"pipeline": arguments.pipeline.name, "rows": report.rows, "sets": report.sets}
    arguments.out.write_text(json.dumps(written, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"\nwritten to {arguments.out}")


def _parse_arguments() -> argparse.Namespace:
    shared = Path(os.environ.get("VESTIBULE_SHARED", ROOT.parent / "shared")) / "data" / "pii"
    parser = argparse.ArgumentParser(prog="make bench-anonymise", description=__doc__)
    parser.add_argument("--pipeline", type=Path, default=PIPELINE, help="a spaCy pipeline (default: the shipped one)")
    parser.add_argument(
        "--data", type=Path, default=shared if shared.is_dir() else None, help="data/pii of the shared material"
    )
    parser.add_argument("--sets", nargs="+", choices=_SETS, default=[], help="only these")
    parser.add_argument("--engines", nargs="+", choices=(OURS, PEER, PEER_WIDE), default=[OURS, PEER, PEER_WIDE])
    parser.add_argument("--limit", type=int, default=2_000, help="texts of each set")
    parser.add_argument("--show", type=int, default=0, help="print that many misses of the invented sets")
    parser.add_argument("--skip-speed", action="store_true", help="leave the timings out")
    parser.add_argument("--out", type=Path, default=Path("bench-anonymise.json"))
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
