"""Does a proposal say only what its sources say? Pure: texts in, unsupported facts out.

Compared are the things that can hurt when they are wrong: numbers with their units, amounts, percentages, times, dates,
weekdays, telephone numbers, addresses of the net and proper names. Facts are compared by value, not by spelling: "5 pm"
is "17:00", "two hours" is "2 hours", and "Monday to Friday" holds Tuesday. A sentence is also compared as a whole: does
it say no where its source says yes, lose a condition, and does it speak of what its source speaks of (``agreement``)? A
value that is a beginning in the source must not be an end in the proposal (``bounds``), and the words of two names must
not become one name.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.knowledge.words import root
from app.services.drafting.agreement import changes_condition, contradicts, strays
from app.services.drafting.bounds import loses_day, turned_round
from app.services.facts import Fact, FactKind, find_facts
from app.services.facts.names import find_name, joined_names, opening_name


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of a proposal with the texts of the sources it names; none when it names none."""

    text: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A fact that nothing behind its sentence holds; ``claim`` counts sentences from 0."""

    claim: int
    fact: Fact


def unsupported_facts(
    claims: Sequence[Claim], offered: Sequence[str], thread: Sequence[str]
) -> tuple[Unsupported, ...]:
    """Return every fact of a proposal that its sources do not hold.

    A sentence that names sources is held to exactly these: a question like "is it true that you open at 7?" must not
    make 7 true. Only names may come from the thread, because a reply may address its reader. A sentence without
    sources is held to everything that was offered; it is marked as unsourced anyway.

    Args:
        claims: the sentences of the proposal.
        offered: texts of all passages offered to the model, titles included.
        thread: what was said in the conversation.
    """
    names_said = _words(thread)
    missing: list[Unsupported] = []
    for number, claim in enumerate(claims):
        basis = claim.sources or tuple(offered)
        held = frozenset(value for fact in _facts(basis) for value in fact.all_values)
        words = _words(basis) | names_said
        for fact in find_facts(claim.text):
            is_name = fact.kind is FactKind.NAME
            is_held = words.issuperset(fact.value.split("-")) if is_name else bool(held & fact.all_values)
            if not is_held:
                missing.append(Unsupported(number, fact))
        missing += [Unsupported(number, fact) for fact in _wrong_names(claim.text, (*basis, *thread), words)]
        if claim.sources:
            missing += [Unsupported(number, fact) for fact in _disagreements(claim, thread)]
    return tuple(missing)


def _disagreements(claim: Claim, thread: Sequence[str]) -> list[Fact]:
    """Return what is wrong with a sentence as a whole."""
    is_denied = contradicts(claim.text, claim.sources) or changes_condition(claim.text, claim.sources)
    kinds = [FactKind.NEGATION] if is_denied else []
    kinds += [FactKind.WORDING] if strays(_without_facts(claim.text), claim.sources, thread) else []
    misplaced = turned_round(claim.text, claim.sources) + loses_day(claim.text, claim.sources, thread)
    return misplaced + [Fact(kind, 0, len(claim.text), kind.value) for kind in kinds]


def _wrong_names(text: str, held: Sequence[str], words: frozenset[str]) -> list[Fact]:
    """Return names that are sewn together from two, and a first word that is a name which nobody said."""
    wrong = [
        name
        for name in joined_names(text)
        if not any(True for other in held for _ in find_name(name.value.split(" "), other))
    ]
    first = opening_name(text)
    if first is not None and root(first.value) not in {root(word) for word in words}:
        wrong.append(first)
    return wrong


def _without_facts(text: str) -> str:
    """Return ``text`` without its facts: they were compared by value, and "2" is not spelled as "two" is."""
    for fact in reversed(find_facts(text)):
        text = f"{text[: fact.start]} {text[max(fact.end, fact.unit_end) :]}"
    return text


def _facts(texts: Iterable[str]) -> tuple[Fact, ...]:
    return tuple(fact for text in texts for fact in find_facts(text, is_source=True))


def _words(texts: Iterable[str]) -> frozenset[str]:
    words = (word.strip(".'\u2019") for text in texts for word in _letters(text).split())
    return frozenset(word.removesuffix("'s").removesuffix("\u2019s") for word in words)


def _letters(text: str) -> str:
    return "".join(char if char.isalnum() or char in "'\u2019." else " " for char in text.casefold())
