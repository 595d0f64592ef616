"""What the page of access shows."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.office import Role
from app.domain.walls import Access


@dataclass(frozen=True, slots=True)
class AccessState:
    """``limits_s``: the idle lock of the office by role. ``no_review`` and ``no_limits``: codes of what is missing."""

    accesses: tuple[Access, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict, repr=False)
    limits_s: Mapping[Role, int] = field(default_factory=dict)
    may_see: bool = False
    may_ask: bool = False
    may_review: bool = False
    may_set_limits: bool = False
    is_loaded: bool = False

    @property
    def open_reviews(self) -> int:
        """How many nobody has judged."""
        return sum(access.finding is None for access in self.accesses)
