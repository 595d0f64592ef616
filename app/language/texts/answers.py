"""What the child answered, checked against the texts that were sent."""

from collections.abc import Sequence
from typing import Any

from app.anonymise.labels import Label
from app.anonymise.spans import Ground, Span
from app.isolation.child import SupervisedChild
from app.language.texts.errors import TextsError, TextsFault
from app.language.texts.protocol import DONE, FOUND, PROBLEM
from app.language.texts.records import FoundInText
from app.language.texts.windows import Placed


class Answers:
    """The spans of a group of conversations, as they come in."""

    def __init__(self, conversations: Sequence[Sequence[str]]) -> None:
        self._lengths = [[len(text) for text in texts] for texts in conversations]
        self._found: list[list[list[tuple[Span, str]]]] = [[[] for _ in texts] for texts in conversations]
        self.texts_done = 0

    def take(self, child: SupervisedChild, number: int, batch: Sequence[Placed]) -> None:
        """Take the answer to one batch.

        Raises:
            TextsError: the child refused, or says what does not fit.
            FrameError: the child is gone, or says what it may not.
        """
        while True:
            frame = child.read()
            body = frame.body
            if body.get("request") != number:
                raise TextsError(TextsFault.FINDER_FAILED)
            if frame.shape is FOUND:
                for row in body["spans"]:
                    self._add(batch, *row)
            elif frame.shape is DONE and body["windows"] == len(batch):
                self.texts_done += sum(not placed.window.is_cut for placed in batch)
                return
            elif frame.shape is PROBLEM:
                raise TextsError(TextsFault(body["code"]))
            else:
                raise TextsError(TextsFault.FINDER_FAILED)

    def collected(self) -> list[tuple[FoundInText, ...]]:
        """Return everything, in the order of what was sent."""
        return [tuple(_text(rows) for rows in texts) for texts in self._found]

    def _add(self, batch: Sequence[Placed], place: int, start: int, end: int, *rest: Any) -> None:
        """Add one span; it lies behind the last one and within its text."""
        if place >= len(batch):
            raise TextsError(TextsFault.FINDER_FAILED)
        conversation, text = batch[place].conversation, batch[place].text
        label, ground, why, instead = rest
        rows = self._found[conversation][text]
        least = rows[-1][0].end if rows else 0
        if not least <= start < end <= self._lengths[conversation][text]:
            raise TextsError(TextsFault.FINDER_FAILED)
        rows.append((Span(start, end, Label(label), Ground[ground], why), instead))


def _text(rows: Sequence[tuple[Span, str]]) -> FoundInText:
    return FoundInText(tuple(span for span, _ in rows), tuple(instead for _, instead in rows))
