"""Writes messages with their marks into a text document, and knows where everything stands in it.

Only ``insertText`` is used, never markup: whatever a visitor writes stays text. Places in the document are counted in
UTF-16 units, as Qt does; marks in code points of their message.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QTextBlockFormat, QTextCharFormat, QTextCursor, QTextDocument

from app.domain.conversation import Party
from app.services.anonymising.view_records import LeavingMark, LeavingMessage
from app.ui.anonymise.groups import marked
from app.ui.anonymise.signs import place_of, shown, unit_of
from app.ui.anonymise.state import Chosen, Selected
from app.ui.inbox.ages import clock_words
from app.ui.theme import Role, Space, TextStyle, active


@dataclass(frozen=True, slots=True)
class Placed:
    """One message in the document: where its head and its words begin, and its marks in units of the document."""

    message: LeavingMessage
    head: int
    start: int
    words: str
    ranges: tuple[tuple[int, int], ...]

    def selected(self, first: int, end: int) -> Selected | None:
        """Return the words between two places, without spaces around them; None when there are none."""
        if end <= self.start:
            return None
        start = place_of(self.words, max(0, first - self.start))
        stop = place_of(self.words, end - self.start)
        words = self.message.text[start:stop]
        start += len(words) - len(words.lstrip())
        stop -= len(words) - len(words.rstrip())
        return Selected(self.message, start, stop) if start < stop else None


class Placing:
    """Where the messages and marks of one side stand, in order."""

    def __init__(self) -> None:
        self._placed: list[Placed] = []
        self._heads: list[int] = []

    def __len__(self) -> int:
        return len(self._placed)

    def add(self, placed: Placed) -> None:
        """Remember one more message."""
        self._placed.append(placed)
        self._heads.append(placed.head)

    def head_of(self, message: int) -> int | None:
        """Return where the head of a message begins; None behind the last."""
        return self._heads[message] if message < len(self._heads) else None

    def number_at(self, unit: int) -> int:
        """Return the number of the message at a place; -1 when there is none."""
        return bisect_right(self._heads, unit) - 1

    def message_at(self, unit: int) -> Placed | None:
        """Return the message at a place."""
        number = self.number_at(unit)
        return self._placed[number] if number >= 0 else None

    def chosen_at(self, unit: int) -> Chosen | None:
        """Return the mark at a place."""
        placed = self.message_at(unit)
        if placed is None:
            return None
        for mark, (first, end) in zip(placed.message.marks, placed.ranges, strict=True):
            if first <= unit < end:
                return Chosen(placed.message, mark)
        return None

    def range_of(self, chosen: Chosen) -> tuple[int, int] | None:
        """Return where a mark stands."""
        for placed in self._placed:
            if placed.message.event_id == chosen.message.event_id:
                for mark, found in zip(placed.message.marks, placed.ranges, strict=True):
                    if mark.start == chosen.mark.start:
                        return found
        return None

    def unit_at(self, event_id: str, place: int) -> int | None:
        """Return where the code point ``place`` of a message stands."""
        for placed in self._placed:
            if placed.message.event_id == event_id:
                return placed.start + unit_of(placed.words, min(place, len(placed.words)))
        return None

    def firsts(self) -> list[int]:
        """Return where each mark begins, in order."""
        return [first for placed in self._placed for first, _end in placed.ranges]


class Writer:
    """Appends messages to one document."""

    def __init__(
        self, document: QTextDocument, placing: Placing, now_ms: Callable[[], int], *, is_leaving: bool
    ) -> None:
        self._document = document
        self._placing = placing
        self._now_ms = now_ms
        self._is_leaving = is_leaving

    def write(self, messages: Sequence[LeavingMessage]) -> None:
        """Append messages."""
        cursor = QTextCursor(self._document)
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.beginEditBlock()
        for message in messages:
            self._write_one(cursor, message)
        cursor.endEditBlock()

    def _write_one(self, cursor: QTextCursor, message: LeavingMessage) -> None:
        look, is_first = active(), not len(self._placing)
        if not is_first:
            cursor.insertBlock()
        head = cursor.position()
        cursor.setBlockFormat(_block(look.px(0 if is_first else Space.L), 100))
        cursor.insertText(self._head_words(message), _chars(TextStyle.SMALL, Role.INK_FAINT))
        cursor.insertBlock(_block(look.px(2), 132))
        plain = _chars(TextStyle.BODY, Role.INK)
        words = shown(message.leaving if self._is_leaving else message.text)
        start, done, ranges = cursor.position(), 0, []
        for mark in message.marks:
            begin, end = self._range(mark)
            cursor.insertText(words[done:begin], plain)
            first = cursor.position()
            cursor.insertText(words[begin:end], marked(plain, mark.label, look))
            ranges.append((first, cursor.position()))
            done = end
        cursor.insertText(words[done:], plain)
        self._placing.add(Placed(message, head, start, words, tuple(ranges)))

    def _head_words(self, message: LeavingMessage) -> str:
        who = _tr("Visitor") if message.party is Party.VISITOR else _tr("Office")
        return who if self._is_leaving else f"{who}   {clock_words(message.wall_ms, self._now_ms())}"

    def _range(self, mark: LeavingMark) -> tuple[int, int]:
        return (mark.out_start, mark.out_end) if self._is_leaving else (mark.start, mark.end)


def _block(top_px: int, line_percent: int) -> QTextBlockFormat:
    block = QTextBlockFormat()
    block.setTopMargin(top_px)
    block.setLineHeight(line_percent, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    return block


def _chars(style: TextStyle, ink: Role) -> QTextCharFormat:
    form, look = QTextCharFormat(), active()
    form.setFont(look.font(style))
    form.setForeground(look.colour(ink))
    return form


def _tr(text: str) -> str:
    return QCoreApplication.translate("anonymise", text)
