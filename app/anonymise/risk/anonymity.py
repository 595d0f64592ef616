"""k-anonymity over a set of conversations: broaden, give up, or withhold, with as little loss as a simple rule allows.

The rule:

1. A conversation's combination is, for each kind, the set of its values as they would be said. Whoever has none left is
   safe: there is nothing to link. Whoever shares it with at least ``k`` - 1 others is safe and is not touched again.
2. While rare ones are left, the kind is chosen whose next broader words leave the fewest rare ones; of equals the one
   that stands first in ``QuasiKind``. All rare ones that have this kind take that step together. Past its broadest
   words a kind is given up.
3. A rare conversation that would have to give up more than ``max_given_up`` kinds is withheld.

Each step makes some rare conversation broader and none more precise, so it ends; the order in which conversations come
in decides nothing. Source: Sweeney, "k-anonymity" (2002); 45 CFR 164.514(b)(1) asks for a "very small" risk.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.anonymise.risk.kinds import QuasiKind
from app.anonymise.risk.report import KindCost, RiskReport, Spread
from app.anonymise.risk.traits import ConversationTraits, Trait

DEFAULT_K = 5
DEFAULT_MAX_GIVEN_UP = 3

Values = tuple[tuple[str, ...], ...]
"""Of one conversation: for each kind in the order of ``QuasiKind`` its values, sorted; empty: nothing is left."""
Levels = Mapping[QuasiKind, int]
"""How many steps broader each kind is said; a kind that is not named stays as it is."""

_PLACES = {kind: place for place, kind in enumerate(QuasiKind)}


class UselessRuleError(ValueError):
    """``k`` below 2 protects nobody, and fewer than no kind cannot be given up: a bug of the caller."""


@dataclass(frozen=True, slots=True)
class RiskRule:
    """``k``: how many conversations must share a combination. ``max_given_up``: more kinds than that, and it stays."""

    k: int = DEFAULT_K
    max_given_up: int = DEFAULT_MAX_GIVEN_UP

    def __post_init__(self) -> None:
        if self.k < 2 or self.max_given_up < 0:  # noqa: PLR2004 - one alone is no crowd
            raise UselessRuleError


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one conversation."""

    key: str
    is_withheld: bool
    levels: Levels


@dataclass(frozen=True, slots=True)
class Assessment:
    """Decisions in the order of the conversations, and the report."""

    decisions: tuple[Decision, ...]
    report: RiskReport


@dataclass(slots=True)
class _State:
    """One conversation while steps are taken."""

    traits: dict[QuasiKind, tuple[Trait, ...]]
    levels: dict[QuasiKind, int] = field(default_factory=dict)
    is_withheld: bool = False
    values: Values = ()

    def at(self, kind: QuasiKind, level: int) -> Values:
        """Return the values if ``kind`` were said at ``level``."""
        place = _PLACES[kind]
        return (*self.values[:place], said_at(self.traits.get(kind, ()), level), *self.values[place + 1 :])

    def has(self, kind: QuasiKind) -> bool:
        """Return whether something of ``kind`` is left."""
        return bool(self.values[_PLACES[kind]])

    @property
    def given_up(self) -> list[QuasiKind]:
        """Kinds of which nothing is left, though something was there."""
        return [kind for kind in self.traits if not self.has(kind)]


def assess(conversations: Sequence[ConversationTraits], rule: RiskRule | None = None) -> Assessment:
    """Return what each conversation must say more broadly, or that it must stay."""
    rule = rule or RiskRule()
    states = [_state_of(conversation) for conversation in conversations]
    before = _spread(states, rule.k)
    while rare := _rare(states, rule.k):
        _step(states, rare, rule)
    decisions = tuple(
        Decision(conversation.key, state.is_withheld, {} if state.is_withheld else dict(state.levels))
        for conversation, state in zip(conversations, states, strict=True)
    )
    withheld = sum(state.is_withheld for state in states)
    return Assessment(decisions, RiskReport(rule.k, before, _spread(states, rule.k), withheld, _costs(states)))


def said_at(traits: Sequence[Trait], level: int) -> tuple[str, ...]:
    """Return the distinct values of traits of one kind at ``level``, sorted; those past their ladder are gone."""
    return tuple(sorted({trait.ladder[level] for trait in traits if level < len(trait.ladder)}))


def _state_of(conversation: ConversationTraits) -> _State:
    by_kind = {kind: tuple(t for t in conversation.all if t.kind is kind and t.ladder) for kind in QuasiKind}
    state = _State({kind: traits for kind, traits in by_kind.items() if traits})
    state.values = tuple(said_at(by_kind[kind], 0) for kind in QuasiKind)
    return state


def _sizes(states: Sequence[_State]) -> Counter[Values]:
    return Counter(state.values for state in states if not state.is_withheld and any(state.values))


def _rare(states: Sequence[_State], k: int) -> list[_State]:
    sizes = _sizes(states)
    return [state for state in states if not state.is_withheld and 0 < sizes[state.values] < k]


def _step(states: Sequence[_State], rare: Sequence[_State], rule: RiskRule) -> None:
    """Broaden the best kind by one step in all rare conversations that have it; withhold where too much would go."""
    rare_ids = {id(state) for state in rare}
    settled = _sizes([state for state in states if id(state) not in rare_ids])
    kinds = [kind for kind in QuasiKind if any(state.has(kind) for state in rare)]
    chosen = min(kinds, key=lambda kind: _left_rare(settled, rare, kind, rule.k))
    for state in rare:
        if state.has(chosen):
            level = state.levels.get(chosen, 0) + 1
            state.values = state.at(chosen, level)
            state.levels[chosen] = level
            state.is_withheld = len(state.given_up) > rule.max_given_up


def _left_rare(settled: Counter[Values], rare: Sequence[_State], kind: QuasiKind, k: int) -> int:
    """Return how many would be rare if ``kind`` went one step."""
    after = [state.at(kind, state.levels.get(kind, 0) + 1) if state.has(kind) else state.values for state in rare]
    sizes = settled + Counter(after)
    return sum(any(values) and sizes[values] < k for values in after)


def _spread(states: Sequence[_State], k: int) -> Spread:
    kept = [state for state in states if not state.is_withheld]
    sizes = _sizes(kept)
    return Spread(
        conversations=len(kept),
        plain=sum(not any(state.values) for state in kept),
        combinations=len(sizes),
        rare=sum(size for size in sizes.values() if size < k),
        smallest=min(sizes.values(), default=0),
    )


def _costs(states: Sequence[_State]) -> tuple[KindCost, ...]:
    kept = [state for state in states if not state.is_withheld]
    costs = [
        KindCost(
            kind,
            broadened=sum(bool(state.levels.get(kind)) and state.has(kind) for state in kept),
            given_up=sum(kind in state.given_up for state in kept),
        )
        for kind in QuasiKind
    ]
    return tuple(
        sorted(
            (cost for cost in costs if cost.broadened or cost.given_up),
            key=lambda cost: (-cost.given_up, -cost.broadened, _PLACES[cost.kind]),
        )
    )
