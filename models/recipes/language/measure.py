"""Recall, precision and F2 of whole marks, by any label: a name that is called a place is hidden all the same."""

from collections.abc import Iterable
from dataclasses import dataclass

from spacy.language import Language

from app.anonymise.reading import read
from models.recipes.language.marked import Mark, Marked


@dataclass(frozen=True, slots=True)
class Score:
    """Shares between 0 and 1."""

    recall: float
    precision: float

    @property
    def f2(self) -> float:
        """Recall counts twice as much as precision."""
        both = 4 * self.precision + self.recall
        return 5 * self.precision * self.recall / both if both else 0.0

    def __str__(self) -> str:
        return f"R {self.recall:.3f} P {self.precision:.3f} F2 {self.f2:.3f}"


def measure(nlp: Language, texts: Iterable[Marked]) -> Score:
    """Return how much of the marked text the pipeline covers, and how much of what it covers is marked."""
    wanted = hit = said = right = 0
    for marked in texts:
        reading = read(marked.text)
        doc = nlp(reading.text)
        found = [(reading.starts[e.start_char], reading.ends[e.end_char - 1]) for e in doc.ents]
        covered = {place for start, end in found for place in range(start, end)}
        for mark in marked.marks:
            if mark.label is not None:
                wanted += 1
                hit += _is_covered(mark, covered, marked.text)
        for start, end in found:
            said += 1
            right += any(start < mark.end and mark.start < end for mark in marked.marks)
    return Score(hit / max(wanted, 1), right / max(said, 1))


def _is_covered(mark: Mark, covered: set[int], text: str) -> bool:
    return all(place in covered for place in range(mark.start, mark.end) if text[place].isalnum())
