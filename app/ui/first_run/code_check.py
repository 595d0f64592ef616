"""Proving that the paper works: the person types some groups of it, and the whole must open the recovery slot."""

import secrets
from collections.abc import Mapping, Sequence

ASKED_GROUPS = 3
"""Groups that are typed from the paper; the others are taken from the code that was shown. A person who holds the paper
can read them off, one who does not cannot guess fifteen symbols."""


def split_groups(recovery_code: str) -> tuple[str, ...]:
    """Return the groups of a printed code."""
    return tuple(recovery_code.split("-"))


def choose_groups(count: int) -> tuple[int, ...]:
    """Return the numbers (from 1) of the groups to ask for: random, in rising order, never two the same."""
    return tuple(sorted(secrets.SystemRandom().sample(range(1, count + 1), ASKED_GROUPS)))


def with_typed(groups: Sequence[str], untrusted_typed: Mapping[int, str]) -> str:
    """Return the code in which the typed groups stand in their places (numbers from 1)."""
    pieces = list(groups)
    for number, text in untrusted_typed.items():
        pieces[number - 1] = "".join(text.split()) or "?"
    return "-".join(pieces)
