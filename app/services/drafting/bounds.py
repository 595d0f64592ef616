"""The right number in the wrong place: is a value a beginning where its source makes it an end? Pure.

"From 8:00 to 17:30" makes 8:00 a lower bound and 17:30 an upper one; "within 14 days" is an upper bound and "after
14 days" a lower one. A claim that makes a value a bound is wrong when every place of its sources that holds the value
makes it the other one. A value without such words, on either side, is left alone: this check only adds to the others.
"""

import re
from collections.abc import Sequence
from enum import Enum

from app.knowledge.sentences import sentences
from app.services.facts import Fact, FactKind, find_facts

_BOUND_KINDS = frozenset({FactKind.TIME, FactKind.DATE, FactKind.NUMBER, FactKind.AMOUNT, FactKind.PERCENT})
_LOOK_BACK_CHARS = 40
_FILLER = r"(?:\s(?:about|around|the|a|an|the\sage\sof|age|only))*\s?\Z"
_LOWER_CUE = re.compile(
    r"\b(?:from|after|at least|more than|over|above|minimum(?: of)?|no less than|not less than|no earlier than|between"
    r"|not before|starting(?: at)?|starts?(?: at)?|begins?(?: at)?|opens?(?: at)?|older than|longer than|earliest"
    r"(?: at)?)" + _FILLER,
    re.IGNORECASE,
)
_UPPER_CUE = re.compile(
    r"\b(?:until|till|by|before|within|at most|up to|no more than|not more than|less than|fewer than|under|below"
    r"|maximum(?: of)?|no later than|not later than|closes?(?: at)?|ends?(?: at)?|shuts?(?: at)?"
    r"|latest(?: at)?|no longer than)" + _FILLER,
    re.IGNORECASE,
)
_NO_LATER = re.compile(r"\b(?:no|not) later than" + _FILLER, re.IGNORECASE)
_AHEAD = re.compile(
    r"[\w\s-]{0,14}?\s(?:before|ahead|prior|in advance|earlier|beforehand|'?s?'? notice)\b", re.IGNORECASE
)
_SPAN_AFTER = re.compile(r"\s?(?:to|until|till|-|\u2013)\s?\Z", re.IGNORECASE)
_AND = re.compile(r"\s?and\s?\Z", re.IGNORECASE)


class Bound(Enum):
    """What a value is the edge of."""

    LOWER = "lower"
    UPPER = "upper"


def turned_round(claim: str, sources: Sequence[str]) -> list[Fact]:
    """Return the facts of ``claim`` that are a beginning where the sources have an end, or the other way round."""
    held = [(fact, bound) for text in sources for fact, bound in _bounds(text, is_source=True)]
    wrong: list[Fact] = []
    for fact, bound in _bounds(claim, is_source=False):
        if bound is None:
            continue
        places = [other for source_fact, other in held if source_fact.all_values & fact.all_values]
        if places and all(other not in {None, bound} for other in places):
            wrong.append(fact)
    return wrong


def loses_day(claim: str, sources: Sequence[str], thread: Sequence[str]) -> list[Fact]:
    """Return the times of ``claim`` that its sources bind to a day which neither the claim nor the thread names.

    "On Thursday we are open until 20:00" must not become "We are open until 20:00" where other hours stand beside it.
    """
    if _days_of(claim):
        return []
    asked = frozenset(day for text in thread for day in _days_of(text))
    parts = [(_times_of(part), _days_of(part)) for text in sources for part in sentences(text)]
    wrong: list[Fact] = []
    for fact in (fact for fact in find_facts(claim) if fact.kind is FactKind.TIME):
        holding = [(times, days) for times, days in parts if times & fact.all_values]
        has_others = any(times and not times & fact.all_values for times, _ in parts)
        if has_others and holding and all(days and not days & asked for _, days in holding):
            wrong.append(fact)
    return wrong


def _days_of(text: str) -> frozenset[str]:
    facts = (fact for fact in find_facts(text, is_source=True) if fact.kind is FactKind.WEEKDAY)
    return frozenset(value for fact in facts for value in fact.all_values)


def _times_of(text: str) -> frozenset[str]:
    facts = (fact for fact in find_facts(text, is_source=True) if fact.kind is FactKind.TIME)
    return frozenset(value for fact in facts for value in fact.all_values)


def _bounds(text: str, *, is_source: bool) -> list[tuple[Fact, Bound | None]]:
    found: list[tuple[Fact, Bound | None]] = []
    facts = [fact for fact in find_facts(text, is_source=is_source) if fact.kind in _BOUND_KINDS]
    for place, fact in enumerate(facts):
        before = text[max(0, fact.start - _LOOK_BACK_CHARS) : fact.start]
        earlier = facts[place - 1] if place else None
        later = facts[place + 1] if place + 1 < len(facts) else None
        found.append((fact, _bound(text, before, fact, earlier, later)))
    return found


def _bound(text: str, before: str, fact: Fact, earlier: Fact | None, later: Fact | None) -> Bound | None:
    if earlier is not None and earlier.kind is fact.kind and _ends_range(text, earlier, fact):
        return Bound.UPPER
    if _AHEAD.match(text, max(fact.end, fact.unit_end)) and _NO_LATER.search(before):
        return Bound.LOWER
    if _LOWER_CUE.search(before):
        return Bound.LOWER
    if _UPPER_CUE.search(before):
        return Bound.UPPER
    opens = later is not None and later.kind is fact.kind and _SPAN_AFTER.fullmatch(text[fact.end : later.start])
    return Bound.LOWER if opens else None


def _ends_range(text: str, earlier: Fact, fact: Fact) -> bool:
    between = text[earlier.end : fact.start]
    if _SPAN_AFTER.fullmatch(between):
        return True
    head = text[max(0, earlier.start - _LOOK_BACK_CHARS) : earlier.start].casefold()
    return _AND.fullmatch(between) is not None and re.search(r"\bbetween\s?\Z", head) is not None
