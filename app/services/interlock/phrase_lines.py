"""One line of a phrase book: what an office writes, and the sequences of words that it stands for.

::

    {"id": "…", "kind": "…", "phrase": "cant|cannot breathe" | "all_of": ["chest", "pain|hurts"],
     "gap": 2, "examples": ["…"]}

A slot holds the words that may stand there, parted by ``|``; ``_`` joins an alternative of several words. ``all_of``
means its slots in any order. ``gap`` other words may stand between two slots.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations, product
from typing import Any

from app.domain.interlock import EmergencyPhrase

_MAX_SLOTS_IN_ANY_ORDER = 4


@dataclass(frozen=True, slots=True)
class ListedPhrase:
    """One line of a book as the office reads it."""

    phrase: EmergencyPhrase
    wording: str
    examples: tuple[str, ...]


def parse_phrase(raw: Mapping[str, Any]) -> ListedPhrase:
    """Return one line of a book.

    Raises:
        ValueError, KeyError, TypeError: it is no such line.
    """
    in_any_order = raw.get("all_of")
    slots = raw["phrase"].split() if in_any_order is None else list(in_any_order)
    if not slots or (in_any_order is not None and len(slots) > _MAX_SLOTS_IN_ANY_ORDER):
        raise ValueError("a phrase needs words, and few of them when they may stand in any order")
    orders = permutations(slots) if in_any_order is not None else [tuple(slots)]
    variants = tuple(dict.fromkeys(variant for order in orders for variant in _variants(order)))
    phrase = EmergencyPhrase(raw["id"], raw["kind"], variants, raw["gap"])
    return ListedPhrase(phrase, (" + " if in_any_order else " ").join(slots), tuple(raw["examples"]))


def _variants(slots: Sequence[str]) -> Iterator[tuple[tuple[str, ...], ...]]:
    """Yield the sequences of slots of single words that a phrase stands for."""
    choices: list[list[tuple[tuple[str, ...], ...]]] = []
    for slot in slots:
        alternatives = [tuple(alternative.split("_")) for alternative in slot.split("|")]
        single = tuple(words[0] for words in alternatives if len(words) == 1)
        choices.append([(single,)] if single else [])
        choices[-1] += [tuple((word,) for word in words) for words in alternatives if len(words) > 1]
    for choice in product(*choices):
        yield tuple(slot for part in choice for slot in part)
