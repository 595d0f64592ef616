"""A stretch of text that identifies somebody, and why we think so."""

from dataclasses import dataclass
from enum import IntEnum

from app.anonymise.labels import Label


class Ground(IntEnum):
    """What a finding rests on; of two that contradict, the higher one names the text (``merge``)."""

    GUESS = 0
    """A shape alone, or the model of language with little to go by."""
    MODEL = 1
    """The trained pipeline."""
    SHAPE = 2
    """A shape that little else has, or a shape with its usual word beside it."""
    PROOF = 3
    """A check digit that fits, or a shape that nothing else has."""
    KNOWN = 4
    """The office itself knows it: a contact, a deny-list."""


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open range in code points, its label, and how it was found.

    ``why`` is a code such as ``us_ssn`` or ``email.spelled``: the detector's name, and its variant behind a dot. It
    explains the span to a person (the interface owns the words) and holds none of the text.
    """

    start: int
    end: int
    label: Label
    ground: Ground
    why: str

    @property
    def score(self) -> float:
        """How sure the finding is, from 0 to 1, for reports; decisions use ``ground``."""
        return (0.4, 0.7, 0.8, 0.95, 1.0)[self.ground]

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: "Span") -> bool:
        """Return whether the two share at least one character."""
        return self.start < other.end and other.start < self.end
