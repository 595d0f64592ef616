"""Recall, precision and F2, by whole identifiers and by words.

An identifier is found when each of its letters and digits lies in some finding, whatever that is called: what is hidden
is hidden. A finding is right when it touches a mark. ``?`` marks and, in sources that mark only some kinds, findings of
other kinds count neither way. A word is a run of letters and digits; it counts as found when all of it is covered.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from anonymise_parts.records import EvalSet, Example, Found, Mark

_WORD = re.compile(r"\w+")
ALL, DIRECT, QUASI = "all", "direct", "quasi"


@dataclass(slots=True)
class Counts:
    """Numbers of identifiers and findings."""

    wanted: int = 0
    hit: int = 0
    said: int = 0
    right: int = 0

    @property
    def recall(self) -> float | None:
        """Share of the marks that were found; None where there is none."""
        return self.hit / self.wanted if self.wanted else None

    @property
    def precision(self) -> float | None:
        """Share of the findings that are right; None where there is none."""
        return self.right / self.said if self.said else None

    @property
    def f2(self) -> float | None:
        """Both in one number, recall counting twice as much."""
        recall, precision = self.recall, self.precision
        if recall is None or precision is None or not recall + precision:
            return None
        return 5 * precision * recall / (4 * precision + recall)


@dataclass(slots=True)
class Scores:
    """Scores of one engine on one set: by ``all``, ``direct``, ``quasi`` and each label; ``words`` by words."""

    entities: dict[str, Counts] = field(default_factory=dict)
    words: Counts = field(default_factory=Counts)
    missed: list[tuple[str, str]] = field(default_factory=list)
    """Name of the example and label of each mark that was not found."""
    wrong: Counter[str] = field(default_factory=Counter)

    def of(self, key: str) -> Counts:
        """Return the counts for a label or a group."""
        return self.entities.setdefault(key, Counts())


def score(found_set: EvalSet, found: Sequence[Sequence[Found]]) -> Scores:
    """Return the scores of what was found in each example."""
    scores = Scores()
    for example, findings in zip(found_set.examples, found, strict=True):
        covered = covered_places(findings)
        marks = [mark for mark in example.marks if _is_judged(mark.label, found_set)]
        for mark in marks:
            _count_mark(scores, example, mark, covered)
        for finding in findings:
            _count_finding(scores, example, finding, found_set)
        _count_words(scores.words, example, marks, findings, found_set)
    return scores


def covered_places(findings: Iterable[Found]) -> set[int]:
    """Return every code point that some finding covers."""
    return {place for finding in findings for place in range(finding.start, finding.end)}


def is_covered(text: str, start: int, end: int, covered: set[int]) -> bool:
    """Return whether all letters and digits of the range are covered."""
    return all(place in covered for place in range(start, end) if text[place].isalnum())


def _is_judged(label: str | None, found_set: EvalSet) -> bool:
    return label is not None and (found_set.annotated is None or label in found_set.annotated)


def _count_mark(scores: Scores, example: Example, mark: Mark, covered: set[int]) -> None:
    is_hit = is_covered(example.text, mark.start, mark.end, covered)
    for key in (ALL, DIRECT if mark.is_direct else QUASI, str(mark.label)):
        scores.of(key).wanted += 1
        scores.of(key).hit += is_hit
    if not is_hit:
        scores.missed.append((example.name, str(mark.label)))


def _count_finding(scores: Scores, example: Example, finding: Found, found_set: EvalSet) -> None:
    touched = [mark for mark in example.marks if finding.start < mark.end and mark.start < finding.end]
    if not touched and not _is_judged(finding.label, found_set):
        return
    if touched and all(mark.label is None for mark in touched):
        return
    for key in (ALL, finding.label):
        scores.of(key).said += 1
        scores.of(key).right += bool(touched)
    scores.wrong[finding.label] += not touched


def _count_words(
    counts: Counts, example: Example, marks: Sequence[Mark], findings: Sequence[Found], found_set: EvalSet
) -> None:
    covered = covered_places(findings)
    judged = covered_places(finding for finding in findings if _is_judged(finding.label, found_set))
    either = {p for m in example.marks if m not in marks for p in range(m.start, m.end)}
    wanted = {place for mark in marks for place in range(mark.start, mark.end)}
    for match in _WORD.finditer(example.text):
        places = set(range(*match.span()))
        if places & wanted:
            counts.wanted += 1
            counts.hit += (places & wanted) <= covered
        if places & (judged if not places & wanted else covered) and not places & either:
            counts.said += 1
            counts.right += bool(places & wanted)
