"""From pieces of text as a model writes them to groups of words that may be shown."""

from collections.abc import Callable

from app.services.drafting.marks import visible

MIN_INTERVAL_S = 0.04
"""Shown at most every 40 ms: faster flickers and costs the interface time (product conventions, 30 to 60 ms)."""


class WordStream:
    """Collects pieces and passes on the whole words so far, without source marks, not too often.

    Called on the model's thread only. The last words of a text may stay unsaid: the finished proposal follows at once.
    """

    def __init__(self, show: Callable[[str], None], monotonic_s: Callable[[], float]) -> None:
        """Pass words on to ``show``; ``monotonic_s`` is asked for the time at every piece."""
        self._show = show
        self._monotonic_s = monotonic_s
        self._raw = ""
        self._shown = ""
        self._next_s = 0.0

    def add(self, piece: str) -> None:
        """Take the next piece of text."""
        self._raw += piece
        now_s = self._monotonic_s()
        if now_s < self._next_s:
            return
        words = _whole_words(self._raw)
        if len(words) > len(self._shown):
            self._shown = words
            self._next_s = now_s + MIN_INTERVAL_S
            self._show(words)


def _whole_words(raw: str) -> str:
    """Return the visible text up to the last white space, so that no word is shown half-written."""
    end = max(raw.rfind(" "), raw.rfind("\n"))
    return visible(raw[:end]) if end > 0 else ""
