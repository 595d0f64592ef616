"""Two texts compared word by word. Decides only; no Qt."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum

_WORDS = re.compile(r"\s+|[^\s]+")


class Change(Enum):
    """What became of a stretch of words."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words that share one fate."""

    text: str
    change: Change


def compare(before: str, after: str) -> tuple[tuple[Stretch, ...], tuple[Stretch, ...]]:
    """Return both texts in stretches: the first with what was removed, the second with what was added."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    left: list[Stretch] = []
    right: list[Stretch] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        is_kept = tag == "equal"
        if i1 < i2:
            left.append(Stretch("".join(old[i1:i2]), Change.KEPT if is_kept else Change.REMOVED))
        if j1 < j2:
            right.append(Stretch("".join(new[j1:j2]), Change.KEPT if is_kept else Change.ADDED))
    return tuple(left), tuple(right)
