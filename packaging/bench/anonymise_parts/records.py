"""What is measured: texts with marks, and what an engine found in them. Offsets are half-open code points."""

from dataclasses import dataclass, field

DIRECT = frozenset({"PERSON", "ADDRESS", "PHONE", "EMAIL", "ID", "CARD", "IBAN", "USERNAME", "URL", "IP"})
"""Labels that identify by themselves: names, numbers, addresses, e-mail, telephone."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One identifier as somebody marked it; ``label`` None: found or not, both are right."""

    start: int
    end: int
    label: str | None
    is_direct: bool


@dataclass(frozen=True, slots=True)
class Example:
    """One text; ``name`` says where it stands (a set and a line), for reports that may not quote."""

    name: str
    text: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class EvalSet:
    """Texts of one origin.

    ``annotated`` are the labels that its makers marked; findings with another one are neither right nor wrong. None:
    everything is marked. ``may_be_shown`` is False where real people stand in it.
    """

    name: str
    kind: str
    examples: tuple[Example, ...]
    annotated: frozenset[str] | None = None
    may_be_shown: bool = False

    @property
    def words(self) -> int:
        """How many words the texts hold, counted between spaces."""
        return sum(len(example.text.split()) for example in self.examples)


@dataclass(frozen=True, slots=True)
class Found:
    """One finding of an engine; ``score`` from 0 to 1 as the engine gives it."""

    start: int
    end: int
    label: str
    score: float


@dataclass(frozen=True, slots=True)
class Absent:
    """A set that could not be read, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Gathered:
    """All sets of a run."""

    sets: tuple[EvalSet, ...] = ()
    absent: tuple[Absent, ...] = field(default=())
