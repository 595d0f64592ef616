"""The open material (``DATA/pii``, see its README): each source is believed only in the labels that it annotates.

What our own detectors find of other labels is masked, or the model would learn that a date in a tweet is no date.
"""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

from app.anonymise.finder import Finder
from models.recipes.language.marked import Mark, Marked

LEARNT = frozenset(
    {"PERSON", "LOCATION", "ORG", "NRP", "ADDRESS", "ZIP", "DATE", "PHONE", "EMAIL", "ID", "CARD", "USERNAME", "AGE"}
)
"""What the pipeline may say; the rest is the detectors' alone."""

ANNOTATED: dict[str, frozenset[str]] = {
    "btc": frozenset({"PERSON", "LOCATION", "ORG"}),
    "wnut17": frozenset({"PERSON", "LOCATION", "ORG"}),
    "wikigold": frozenset({"PERSON", "LOCATION", "ORG"}),
    "uner_ewt": frozenset({"PERSON", "LOCATION", "ORG"}),
    "sec_filings": frozenset({"PERSON", "LOCATION", "ORG"}),
    "inlegal": frozenset({"PERSON", "LOCATION", "ORG", "ID"}),
    "tab": frozenset({"PERSON", "LOCATION", "ORG", "NRP", "DATE", "ID", "AGE"}),
    "multidogo": frozenset({"PERSON", "LOCATION", "ZIP", "EMAIL", "ID", "CARD", "PHONE", "ADDRESS", "DATE"}),
    "sgd_services": frozenset({"PERSON", "LOCATION", "ADDRESS", "PHONE"}),
    "presidio_v2": frozenset(LEARNT - {"USERNAME"}),
    "presidio_old": frozenset({"PERSON", "LOCATION", "ORG", "ADDRESS", "PHONE", "CARD", "EMAIL"}),
    "pii_syn_nano": frozenset({"PERSON", "EMAIL", "ID"}),
}
EVERY = {"multidogo": 5, "sgd_services": 6}
"""Of chats without any mark only each n-th is read: they are many and alike."""

MAX_PARAGRAPH_CHARS = 600


def read_sources(folder: Path, part: str) -> Iterator[Marked]:
    """Yield the texts of ``part`` ("train" or "dev"), long documents by the paragraph."""
    finder = Finder()
    for source, annotated in ANNOTATED.items():
        for path in sorted(folder.glob(f"{source}_{part}.jsonl*")):
            for number, raw in enumerate(_lines(path)):
                if raw["spans"] or number % EVERY.get(source, 1) == 0:
                    for marked in _paragraphs(_marked(raw, source)):
                        yield _masked(marked, annotated, finder)


def _lines(path: Path) -> Iterator[dict[str, object]]:
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()
    for line in text.splitlines():
        yield json.loads(line)


def _marked(raw: dict[str, object], source: str) -> Marked:
    spans = sorted(raw["spans"], key=lambda span: (span["start"], -span["end"]))  # type: ignore[call-overload]
    marks: list[Mark] = []
    for span in spans:
        if not marks or span["start"] >= marks[-1].end:
            marks.append(Mark(span["start"], span["end"], span["label"] if span["label"] in LEARNT else None))
    return Marked(str(raw["text"]), tuple(marks), source)


def _paragraphs(marked: Marked) -> Iterator[Marked]:
    """Cut at line breaks behind ``MAX_PARAGRAPH_CHARS``, never within a mark."""
    start = 0
    while start < len(marked.text):
        end = len(marked.text)
        if end - start > MAX_PARAGRAPH_CHARS:
            places = [place for place in range(start + MAX_PARAGRAPH_CHARS // 2, end) if marked.text[place] in "\n."]
            cuts = (place + 1 for place in places if not any(m.start <= place < m.end for m in marked.marks))
            end = next(cuts, end)
        marks = tuple(Mark(m.start - start, m.end - start, m.label) for m in marked.marks if start <= m.start < end)
        yield Marked(marked.text[start:end], marks, marked.family)
        start = end


def _masked(marked: Marked, annotated: frozenset[str], finder: Finder) -> Marked:
    kept = tuple(Mark(m.start, m.end, m.label if m.label in annotated else None) for m in marked.marks)
    extra = (
        Mark(span.start, span.end, None)
        for span in finder.find(marked.text)
        if span.label.value not in annotated and not any(span.start < m.end and m.start < span.end for m in kept)
    )
    return Marked(marked.text, tuple(sorted((*kept, *extra), key=lambda m: m.start)), marked.family)
