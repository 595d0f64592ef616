"""A set of conversations before it leaves: what is rare among them is said more broadly, or stays. Pure.

Every conversation is anonymised by itself first; what is left of place, age, profession, condition, origin and date is
then compared over the whole set (``app.anonymise.risk``). Out comes each conversation as it may leave, without the id
that it had, and a report that holds counts and no word.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import Enum
from typing import Final

from app.anonymise.risk import ConversationTraits, RiskReport, RiskRule, assess, read_traits, rewrite
from app.domain.anonymised import RedactedText
from app.services.ports import AnonymisedText

FORMAT: Final = "vestibule/1 anonymised set"
MAX_CONVERSATIONS: Final = 20_000
"""Measured: twice as many take two seconds to compare, and no office releases as many at once."""
MIN_K: Final = 2
MAX_K: Final = 100
DEFAULT_K: Final = 5


class Fate(Enum):
    """What becomes of one conversation of a set."""

    AS_ANONYMISED = "as_anonymised"
    GENERALISED = "generalised"
    """Something of it is said in broader words."""
    RARE = "withheld_rare"
    """It would have to give up too much, so it stays."""
    NOT_ANONYMISED = "withheld_not_anonymised"
    """The anonymiser could not read it."""
    NO_CONSENT = "withheld_no_consent"
    """Its patient has not agreed to that anything but people reads it."""
    EMPTY = "withheld_empty"
    """It holds no message."""

    @property
    def is_leaving(self) -> bool:
        """Whether it may leave."""
        return self in {Fate.AS_ANONYMISED, Fate.GENERALISED}


@dataclass(frozen=True, slots=True)
class Turn:
    """One anonymised message: whose side it is of ("user", "agent" or ""), and what was written."""

    who: str
    original: str = field(repr=False)
    anonymised: AnonymisedText = field(repr=False)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One conversation of a set; ``key`` is its id in the office. ``stays``: why it cannot leave whatever is in it."""

    key: str
    turns: tuple[Turn, ...] = ()
    stays: Fate | None = None


@dataclass(frozen=True, slots=True)
class Released:
    """One conversation as it may leave; no turns when it stays."""

    key: str
    fate: Fate
    turns: tuple[tuple[str, RedactedText], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class ReleasedSet:
    """A whole set, in the order in which it came."""

    conversations: tuple[Released, ...]
    risk: RiskReport
    profile: str

    def count(self, *fates: Fate) -> int:
        """Return how many have one of these fates."""
        return sum(one.fate in fates for one in self.conversations)

    @property
    def leaving(self) -> tuple[Released, ...]:
        """Those that may leave."""
        return tuple(one for one in self.conversations if one.fate.is_leaving)

    def lines(self) -> Iterable[bytes]:
        """Yield what leaves as JSON lines; numbers of this set stand for the ids."""
        for number, one in enumerate(self.leaving, start=1):
            turns = [{"who": who, "text": text} for who, text in one.turns]
            yield (
                json.dumps({"id": f"c{number:05d}", "turns": turns}, ensure_ascii=False).encode("utf-8", "replace")
                + b"\n"
            )

    def report(self) -> Mapping[str, object]:
        """Return the counts, as plain JSON values."""
        risk = self.risk
        return {
            "format": FORMAT,
            "profile": self.profile,
            "k": risk.k,
            "conversations": len(self.conversations),
            "leaving": len(self.leaving),
            "fates": {fate.value: self.count(fate) for fate in Fate},
            "before": asdict(risk.before),
            "after": asdict(risk.after),
            "costs": [
                {"kind": cost.kind.value, "broadened": cost.broadened, "given_up": cost.given_up} for cost in risk.costs
            ],
        }


def release(candidates: Sequence[Candidate], profile: str, k: int = DEFAULT_K) -> ReleasedSet:
    """Return what may leave of a set.

    Raises:
        ValueError: ``k`` is not within ``MIN_K`` and ``MAX_K``, or the set is larger than ``MAX_CONVERSATIONS``.
    """
    if not MIN_K <= k <= MAX_K or len(candidates) > MAX_CONVERSATIONS:
        raise ValueError
    able = [one for one in candidates if one.stays is None and one.turns]
    traits = [_traits(one) for one in able]
    assessment = assess(traits, RiskRule(k))
    done = {}
    for candidate, trait, decision in zip(able, traits, assessment.decisions, strict=True):
        if decision.is_withheld:
            done[id(candidate)] = Released(candidate.key, Fate.RARE)
            continue
        texts = rewrite([turn.anonymised.text for turn in candidate.turns], trait, decision)
        is_broader = any(text != turn.anonymised.text for text, turn in zip(texts, candidate.turns, strict=True))
        turns = tuple((turn.who, text) for turn, text in zip(candidate.turns, texts, strict=True))
        fate = Fate.GENERALISED if is_broader else Fate.AS_ANONYMISED
        done[id(candidate)] = Released(candidate.key, fate, turns)
    released = tuple(done.get(id(one)) or Released(one.key, one.stays or Fate.EMPTY) for one in candidates)
    return ReleasedSet(released, assessment.report, profile)


def _traits(candidate: Candidate) -> ConversationTraits:
    texts = (read_traits(turn.original, turn.anonymised.spans, turn.anonymised.instead) for turn in candidate.turns)
    return ConversationTraits(candidate.key, tuple(texts))
