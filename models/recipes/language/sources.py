"""The open material (``DATA/pii``, see its README): each source is believed only in the labels that it annotates.

What our own detectors find of other labels is masked, or the model would learn that a date in a tweet is no date.
"""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

from app.anonymise.finder import Finder
from models.recipes.language.marked import Mark, Marked

LEARNT = frozenset(
    {"PERSON", "LOCATION", "ORG", "NRP", "ADDRESS", "ZIP", "DATE", "PHONE", "EMAIL", "ID", "CARD", "USERNAME", "AGE",
     "QUANTITY"}
)  # fmt: skip
"""What the pipeline may say; the rest is the detectors' alone."""

ANNOTATED: dict[str, frozenset[str]] = {
    "btc": frozenset({"PERSON", "LOCATION", "ORG"}),
    "wnut17": frozenset({"PERSON", "LOCATION", "ORG"}),
    "wikigold": frozenset({"PERSON", "LOCATION", "ORG"}),
    "uner_ewt": frozenset({"PERSON", "LOCATION", "ORG"}),
    "sec_filings": frozenset({"PERSON", "LOCATION", "ORG"}),
    "inlegal": frozenset({"PERSON", "LOCATION", "ORG", "ID"}),
    "tab": frozenset({"PERSON", "LOCATION", "ORG", "NRP", "DATE", "ID", "AGE", "QUANTITY"}),
    "multidogo": frozenset({"PERSON", "LOCATION", "ZIP", "EMAIL", "ID", "CARD", "PHONE", "ADDRESS", "DATE"}),
    "sgd_services": frozenset({"PERSON", "LOCATION", "ADDRESS", "PHONE"}),
    "presidio_v2": frozenset(LEARNT - {"USERNAME", "QUANTITY"}),
    "presidio_old": frozenset({"PERSON", "LOCATION", "ORG", "ADDRESS", "PHONE", "CARD", "EMAIL"}),
    "pii_syn_nano": frozenset({"PERSON", "EMAIL", "ID"}),
}
EVERY = {"multidogo": 5, "sgd_services": 6}
"""Of chats without any mark only each n-th is read: they are many and alike."""
TIMES = {"tab": 4, "inlegal": 2, "presidio_v2": 3, "presidio_old": 2, "pii_syn_nano": 2, "wikigold": 2, "uner_ewt": 2}
"""How often a source is read in one pass."""
TITLE = re.compile(r"(?:mr|mrs|ms|miss|mx|dr|prof|shri|smt|sri|hon'ble|justice|judge)\b\.?\s*", re.IGNORECASE)
"""Some sources mark titles with the name and others do not: they are not learnt either way."""

MAX_PARAGRAPH_CHARS = 600


def read_sources(folder: Path, part: str) -> Iterator[Marked]:
    """Yield the texts of ``part`` ("train" or "dev"), long documents by the paragraph."""
    finder = Finder()
    for source, annotated in ANNOTATED.items():
        for path in sorted(folder.glob(f"{source}_{part}.jsonl*")):
            for number, raw in enumerate(_lines(path)):
                if raw["spans"] or number % EVERY.get(source, 1) == 0:
                    for marked in _paragraphs(_marked(raw, source)):
                        yield from [masked(marked, annotated, finder)] * (
                            TIMES.get(source, 1) if part == "train" else 1
                        )


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


def masked(marked: Marked, annotated: frozenset[str] | None, finder: Finder) -> Marked:
    """Return the text with a mark of no label on what is not to be believed: labels that the source does not annotate.

    ``annotated`` None: the text is generated and all its marks hold; only what the detectors find elsewhere is masked.
    """
    known = (Mark(m.start, m.end, m.label if annotated is None or m.label in annotated else None) for m in marked.marks)
    kept = tuple(part for mark in known for part in _without_title(mark, marked.text))
    extra = (
        Mark(span.start, span.end, None)
        for span in finder.find(marked.text)
        if (annotated is None or span.label.value not in annotated)
        and not any(span.start < m.end and m.start < span.end for m in kept)
    )
    return Marked(marked.text, tuple(sorted((*kept, *extra), key=lambda m: m.start)), marked.family)


def _without_title(mark: Mark, text: str) -> Iterator[Mark]:
    title = TITLE.match(text, mark.start, mark.end) if mark.label == "PERSON" else None
    if title is not None and title.end() < mark.end:
        yield Mark(mark.start, title.end(), None)
        mark = Mark(title.end(), mark.end, mark.label)
    yield mark
