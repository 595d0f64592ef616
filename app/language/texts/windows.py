"""Long texts cut into windows that overlap, so that neither side of the pipe holds more than it must. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

MAX_WINDOW_CHARS: Final = 20_000
"""As much as the finder reads in one piece."""
OVERLAP_CHARS: Final = 1_000
"""Neighbours share at least half of it; longer than any identifier."""
MAX_BATCH_CHARS: Final = 32_000
"""About 6,000 words: half a second of work, and a stop is heeded behind each batch."""
MAX_BATCH_WINDOWS: Final = 128

MAX_TEXT_CHARS: Final = 64_000_000
"""Of one text. Three times the largest document that is read."""

_INVISIBLE: Final = "\u2060"
"""Stands for a lone surrogate on the pipe, which carries UTF-8; the finder reads past both."""


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a text: where it begins in the text, and where the next one does (its own end: there is none)."""

    text: str
    start: int = 0
    until: int = 0

    @property
    def end(self) -> int:
        """Where it ends in the whole text."""
        return self.start + len(self.text)

    @property
    def is_cut(self) -> bool:
        """Whether the text goes on in another window."""
        return self.until < self.end

    def __repr__(self) -> str:
        return f"<Window {self.start} to {self.end}>"


@dataclass(frozen=True, slots=True)
class Placed:
    """A window, and which text of which conversation it belongs to."""

    conversation: int
    text: int
    window: Window


def windows_of(text: str) -> Iterator[Window]:
    """Yield ``text`` in windows; they begin at a space where there is one near."""
    start = 0
    while True:
        end = min(len(text), start + MAX_WINDOW_CHARS)
        following = end if end == len(text) else _cut(text, end)
        yield Window(sendable(text[start:end]), start, following)
        if following == end:
            return
        start = following


def batches_of(conversations: Sequence[Sequence[str]]) -> Iterator[list[Placed]]:
    """Yield the windows of all texts in order, in batches of a bounded size."""
    batch: list[Placed] = []
    chars = 0
    for placed in _placed(conversations):
        size = len(placed.window.text)
        if batch and (chars + size > MAX_BATCH_CHARS or len(batch) == MAX_BATCH_WINDOWS):
            yield batch
            batch, chars = [], 0
        batch.append(placed)
        chars += size
    if batch:
        yield batch


def sendable(text: str) -> str:
    """Return ``text``, as long as before, with an invisible character for each lone surrogate."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return "".join(_INVISIBLE if "\ud800" <= char <= "\udfff" else char for char in text)
    return text


def _placed(conversations: Sequence[Sequence[str]]) -> Iterator[Placed]:
    for number, texts in enumerate(conversations):
        for place, text in enumerate(texts):
            for window in windows_of(text):
                yield Placed(number, place, window)


def _cut(text: str, end: int) -> int:
    space = text.rfind(" ", end - OVERLAP_CHARS, end - OVERLAP_CHARS // 2)
    return space + 1 if space >= 0 else end - OVERLAP_CHARS
