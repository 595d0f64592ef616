"""The sets: three of nasty chats, generated chats of held-out families, development files of the shared material.

Each source of the shared material marks only some kinds of identifiers (its README says which); its findings of other
kinds are left out of the precision. Texts longer than a paragraph stay whole: that is how both engines meet them.
"""

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path

from anonymise_parts.records import DIRECT, Absent, EvalSet, Example, Gathered, Mark
from tests.support.nasty_chats import FILE, LATE_FILE, LATER_FILE, read_nasty_chats

_NAMES = frozenset({"PERSON", "LOCATION", "ORG"})
CHAT, PROSE = "chat", "prose"

SOURCES: dict[str, tuple[str, frozenset[str]]] = {
    "multidogo": (CHAT, frozenset({"PERSON", "LOCATION", "ZIP", "EMAIL", "ID", "CARD", "PHONE", "ADDRESS"})),
    "sgd_services": (CHAT, frozenset({"PERSON", "LOCATION", "ADDRESS", "PHONE"})),
    "presidio_v2": (
        PROSE,
        _NAMES | {"ADDRESS", "ZIP", "CARD", "DATE", "EMAIL", "URL", "PHONE", "IP", "IBAN", "NRP", "ID"},
    ),
    "inlegal": (PROSE, _NAMES | {"ID"}),
    "uner_ewt": (PROSE, _NAMES),
    "sec_filings": (PROSE, _NAMES),
    "wnut17": (PROSE, _NAMES),
    "btc": (PROSE, _NAMES | {"USERNAME"}),
}
"""Name of the development file → kind and the labels that it marks; TAB has measures of its own (``tab``)."""

GENERATED = Path(__file__).resolve().parents[3] / "models" / "recipes" / "language" / "held_out.jsonl"
"""Written by the recipe of the pipeline."""

_SKIPPED_LABELS = frozenset({"MISC", "QUANTITY"})
"""Titles, products, amounts: marked by some sources, identifying nobody."""


def gather(folder: Path | None, wanted: tuple[str, ...], limit: int) -> Gathered:
    """Return the wanted sets, of each at most ``limit`` texts, and those that are not to be had.

    Args:
        folder: ``data/pii`` of the shared material, None when there is none.
        wanted: names of sets; empty for all.
        limit: of a longer set every n-th text is taken, so that all its parts are met.
    """
    makers: dict[str, Callable[[], EvalSet]] = {"nasty": nasty, "late": late, "later": later, "generated": generated}
    for name in SOURCES:
        makers[name] = lambda name=name: source(folder, name)  # type: ignore[misc]
    sets: list[EvalSet] = []
    absent: list[Absent] = []
    for name, make in makers.items():
        if wanted and name not in wanted:
            continue
        try:
            sets.append(_thinned(make(), limit))
        except OSError as error:
            absent.append(Absent(name, f"{type(error).__name__}: {error}"))
    return Gathered(tuple(sets), tuple(absent))


def nasty() -> EvalSet:
    """Return the hand-written set."""
    return _hand_written("nasty", FILE, may_be_shown=True)


def late() -> EvalSet:
    """Return the second hand-written set; its misses are not shown, so that nothing is mended after it."""
    return _hand_written("late", LATE_FILE, may_be_shown=False)


def later() -> EvalSet:
    """Return the third hand-written set, written before the second pipeline was trained; for measuring alone."""
    return _hand_written("later", LATER_FILE, may_be_shown=False)


def generated() -> EvalSet:
    """Return chats drawn from sentence families that training never sees, typed as people type."""
    examples = []
    for number, line in enumerate(GENERATED.read_text(encoding="utf-8").splitlines(), start=1):
        record = json.loads(line)
        marks = (Mark(s["start"], s["end"], s["label"], s["label"] in DIRECT) for s in record["spans"])
        examples.append(Example(f"generated:{number}", record["text"], tuple(marks)))
    return EvalSet("generated", CHAT, tuple(examples), may_be_shown=True)


def source(folder: Path | None, name: str) -> EvalSet:
    """Return the development part of a source of the shared material.

    Raises:
        FileNotFoundError: it is not there.
    """
    kind, annotated = SOURCES[name]
    paths = [] if folder is None else sorted(folder.glob(f"{name}_dev.jsonl*"))
    if not paths:
        raise FileNotFoundError(f"no {name}_dev.jsonl; VESTIBULE_SHARED or --data names the shared material")
    return EvalSet(name, kind, tuple(_examples(paths[0], name)), annotated)


def _hand_written(name: str, file: Path, *, may_be_shown: bool) -> EvalSet:
    examples = (
        Example(
            f"{name}:{line.number}",
            line.text,
            tuple(Mark(mark.start, mark.end, mark.label, mark.is_direct) for mark in line.marks),
        )
        for line in read_nasty_chats(file)
    )
    return EvalSet(name, CHAT, tuple(examples), may_be_shown=may_be_shown)


def _examples(path: Path, name: str) -> Iterator[Example]:
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()
    for number, line in enumerate(text.splitlines(), start=1):
        record = json.loads(line)
        spans = (span for span in record["spans"] if span["label"] not in _SKIPPED_LABELS)
        marks = tuple(Mark(s["start"], s["end"], s["label"], s["label"] in DIRECT) for s in spans)
        either = (span for span in record["spans"] if span["label"] in _SKIPPED_LABELS)
        yield Example(
            f"{name}:{number}",
            record["text"],
            (*marks, *(Mark(span["start"], span["end"], None, is_direct=False) for span in either)),
        )


def _thinned(found: EvalSet, limit: int) -> EvalSet:
    step = max(1, -(-len(found.examples) // limit))
    return EvalSet(found.name, found.kind, found.examples[::step], found.annotated, found.may_be_shown)
