"""What the check of rare combinations found and what it cost, in counts; holds nothing of any text."""

from dataclasses import dataclass

from app.anonymise.risk.kinds import QuasiKind


@dataclass(frozen=True, slots=True)
class Spread:
    """How a set of conversations spreads over combinations.

    ``plain`` conversations have nothing left that is looked for; they belong to no combination. ``rare`` ones share
    theirs with fewer than k. ``smallest`` is the size of the smallest combination, 0 where there is none.
    """

    conversations: int
    plain: int
    combinations: int
    rare: int
    smallest: int


@dataclass(frozen=True, slots=True)
class KindCost:
    """What one kind cost: conversations in which it was broadened, and in which it was given up altogether."""

    kind: QuasiKind
    broadened: int
    given_up: int


@dataclass(frozen=True, slots=True)
class RiskReport:
    """``costs``: the kind that cost most comes first; kinds that cost nothing are not listed."""

    k: int
    before: Spread
    after: Spread
    withheld: int
    costs: tuple[KindCost, ...]
