"""What the model's cache holds, and which part of it the next prompt should go on from.

The cache has a few slots, each with the tokens of one prompt and its answer. A thread that grows, or a draft that is
asked for again in other words, finds its beginning in one of them; a conversation that is new takes the slot that was
used longest ago. What two prompts share is evaluated once; what they do not share is never seen by the other.
"""

from collections.abc import Sequence
from typing import Final

MIN_SHARED_TOKENS: Final = 8
"""Shared beyond our own opening words before two prompts are taken for the same conversation, unless one goes on where
the whole of the other ends."""


class CacheShelf:
    """Pure book-keeping; the context moves the real cache. Slots are numbered from 0.

    Args:
        slots: how many prompts are kept.
    """

    def __init__(self, slots: int) -> None:
        self._held: list[list[int]] = [[] for _ in range(slots)]
        self._prompt_lengths: list[int] = [0] * slots
        self._used: list[int] = [0] * slots
        self._clock = 0

    def tokens(self, slot: int) -> list[int]:
        """Return the list of what ``slot`` holds; the context appends to it and cuts it."""
        return self._held[slot]

    def choose(self, prompt: Sequence[int], opening: int) -> tuple[int, int]:
        """Return the slot for ``prompt`` and how many tokens at its beginning are held there.

        Args:
            prompt: all its tokens.
            opening: how many of them are our own opening words, which every prompt shares.
        """
        shared = [_common_beginning(held, prompt) for held in self._held]
        best = max(range(len(shared)), key=lambda slot: (shared[slot], -self._used[slot]))
        enough = min(opening + MIN_SHARED_TOKENS, len(prompt) - 1, self._prompt_lengths[best])
        if shared[best] < enough:
            best = min(range(len(shared)), key=lambda slot: self._used[slot])
        self._clock += 1
        self._used[best] = self._clock
        self._prompt_lengths[best] = len(prompt)
        return best, shared[best]


def _common_beginning(held: Sequence[int], prompt: Sequence[int]) -> int:
    common = 0
    for old, new in zip(held, prompt, strict=False):
        if old != new:
            break
        common += 1
    return common
