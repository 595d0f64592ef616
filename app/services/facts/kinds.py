"""What a fact is."""

from dataclasses import dataclass, field

from app.domain.facts import FactKind

__all__ = ["Fact", "FactKind"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact. ``start`` and ``end`` are half-open code points; ``value`` is its canonical spelling.

    ``also`` holds further readings: "5:30" may be morning or afternoon, a range of weekdays holds several days.
    """

    kind: FactKind
    start: int
    end: int
    value: str
    also: frozenset[str] = field(default_factory=frozenset)
    unit_end: int = 0
    """Where the unit of a number ends ("14 days"); 0 when it has none."""

    @property
    def all_values(self) -> frozenset[str]:
        """Every reading, led by its kind so that readings of different kinds never meet."""
        return frozenset(f"{self.kind.value}:{value}" for value in {self.value, *self.also})
