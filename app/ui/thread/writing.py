"""Writes a conversation into a text document, one frame per item, and remembers where everything stands.

Only ``insertText`` is used, never markup: whatever a visitor writes stays text. The page paints sheets, separators and
marks around these frames (``app.ui.thread.page``).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import (
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFrame,
    QTextFrameFormat,
)

from app.domain.channel import ChannelThread
from app.domain.conversation import ItemKind, Party, ThreadItem
from app.domain.ids import EventId, PersonId
from app.ui.components.untrusted import readable, readable_line
from app.ui.components.veil import person_line
from app.ui.inbox.ages import clock_words, day_words, is_same_day
from app.ui.theme import Look, Role, TextStyle
from app.ui.thread.words import delivery_words, file_line, notice_words, provenance_words

PAD_PX = 14
INDENT_PX = 56
GAP_PX = 10


class Rule(Enum):
    """The two lines that run across a thread."""

    DAY = "day"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an item stands in the document."""

    item: ThreadItem
    frame: QTextFrame


@dataclass(frozen=True, slots=True)
class PlacedRule:
    """A separator: its kind and the number of the block that holds its words."""

    rule: Rule
    block: int


class Writer:
    """Appends items to one document."""

    def __init__(
        self,
        document: QTextDocument,
        look: Look,
        now_ms: int,
        name_of: Callable[[PersonId | None], str | None],
        channel: ChannelThread | None = None,
    ) -> None:
        self._channel = channel
        self._name_of = name_of
        self._document = document
        self._look = look
        self._now_ms = now_ms
        self._last: ThreadItem | None = None
        self.items: list[Placed] = []
        self.rules: list[PlacedRule] = []

    def write(self, items: Sequence[ThreadItem], first_unseen: EventId | None) -> None:
        """Append the items, with a day line before each first of a day and one line where the new ones begin."""
        cursor = QTextCursor(self._document)
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.beginEditBlock()
        for item in items:
            if self._last is None or not is_same_day(self._last.wall_ms, item.wall_ms):
                self._write_rule(cursor, Rule.DAY, day_words(item.wall_ms, self._now_ms))
            if item.event_id == first_unseen and self._last is not None:
                self._write_rule(cursor, Rule.NEW, _tr("New since you looked"))
            self._write_item(cursor, item)
            self._last = item
        cursor.endEditBlock()

    def _write_rule(self, cursor: QTextCursor, rule: Rule, words: str) -> None:
        block = QTextBlockFormat()
        block.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        block.setTopMargin(self._look.px(10))
        block.setBottomMargin(self._look.px(6))
        if cursor.position() == 0:
            cursor.setBlockFormat(block)
        else:
            cursor.insertBlock(block)
        ink = Role.ACCENT_INK if rule is Rule.NEW else Role.INK_FAINT
        cursor.insertText(words, self._chars(TextStyle.CAPTION, ink))
        self.rules.append(PlacedRule(rule, cursor.blockNumber()))

    def _write_item(self, cursor: QTextCursor, item: ThreadItem) -> None:
        frame = cursor.insertFrame(self._frame_format(item))
        self._write_head(cursor, item)
        if item.kind is ItemKind.NOTICE:
            words = notice_words(item.text, item.author_name, self._name_of, item.wall_ms)
            cursor.insertText("   " + words, self._chars(TextStyle.SMALL, Role.INK_FAINT))
        else:
            cursor.insertBlock(self._body_block(top_px=4))
            style, ink = TextStyle.BODY, Role.NOTE_INK if item.kind is ItemKind.NOTE else Role.INK
            info = self._channel.files.get(item.event_id) if self._channel is not None else None
            cursor.insertText(
                readable(item.text) if info is None else readable_line(info.name, 255), self._chars(style, ink)
            )
            if info is not None:
                cursor.insertBlock(self._body_block(top_px=2))
                cursor.insertText(file_line(info), self._chars(TextStyle.SMALL, Role.INK_SOFT))
        if item.kind is ItemKind.MESSAGE and item.party is Party.DESK:
            cursor.insertBlock(self._body_block(top_px=8))
            words = _tr("Held for a moment. Ctrl+Z takes it back.") if is_held(item) else self._foot_words(item)
            cursor.insertText(words, self._chars(TextStyle.SMALL, Role.INK_SOFT))
        cursor.setPosition(frame.lastPosition() + 1)
        self._flatten(cursor)
        self.items.append(Placed(item, frame))

    def _foot_words(self, item: ThreadItem) -> str:
        """Where a sent message is now, then how it came to be."""
        came = provenance_words(item.provenance, item.author_name, self._now_ms)
        delivery = self._channel.delivery.get(item.event_id) if self._channel is not None else None
        return came if delivery is None else f"{delivery_words(delivery)}  ·  {came}"

    def _write_head(self, cursor: QTextCursor, item: ThreadItem) -> None:
        cursor.setBlockFormat(self._body_block())
        if item.kind is ItemKind.NOTE:
            cursor.insertText(_tr("Note"), self._chars(TextStyle.SMALL_STRONG, Role.NOTE_INK))
            cursor.insertText("  ·  ", self._chars(TextStyle.SMALL, Role.INK_SOFT))
        if item.kind is not ItemKind.NOTICE:
            ink = Role.NOTE_INK if item.kind is ItemKind.NOTE else Role.INK
            fold = person_line if item.party is Party.VISITOR else readable_line
            cursor.insertText(fold(item.author_name), self._chars(TextStyle.SMALL_STRONG, ink))
            cursor.insertText("   ", self._chars(TextStyle.SMALL, Role.INK_SOFT))
        clock = clock_words(item.wall_ms, item.wall_ms)
        cursor.insertText(
            clock, self._chars(TextStyle.SMALL, Role.INK_SOFT if item.kind is ItemKind.NOTE else Role.INK_FAINT)
        )

        if self._channel is not None and item.event_id in self._channel.early:
            words = "   " + _tr("early: before their browser had proved itself")
            cursor.insertText(words, self._chars(TextStyle.SMALL, Role.CAUTION_INK))

    def _flatten(self, cursor: QTextCursor) -> None:
        """The empty block that Qt puts after a frame takes no room but its gap."""
        block = QTextBlockFormat()
        block.setLineHeight(self._look.px(GAP_PX), QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        cursor.setBlockFormat(block)
        tiny = QTextCharFormat()
        tiny.setFontPointSize(1)
        cursor.setBlockCharFormat(tiny)

    def _frame_format(self, item: ThreadItem) -> QTextFrameFormat:
        look, form = self._look, QTextFrameFormat()
        pad, indent = look.px(PAD_PX), look.px(INDENT_PX)
        form.setPadding(look.px(2) if item.kind is ItemKind.NOTICE else pad)
        form.setBorder(0)
        is_desk = item.party is Party.DESK
        form.setLeftMargin(indent if is_desk else 0)
        form.setRightMargin(0 if is_desk else indent)
        return form

    def _body_block(self, top_px: int = 0) -> QTextBlockFormat:
        block = QTextBlockFormat()
        block.setTopMargin(self._look.px(top_px))
        block.setLineHeight(128, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        return block

    def _chars(self, style: TextStyle, ink: Role) -> QTextCharFormat:
        form = QTextCharFormat()
        form.setFont(self._look.font(style))
        form.setForeground(self._look.colour(ink))
        return form


HELD_PREFIX = "held:"
"""Marks the id of the item that stands for a reply within its undo time."""


def is_held(item: ThreadItem) -> bool:
    """True for a reply that is on its way and can still be taken back."""
    return item.event_id.startswith(HELD_PREFIX)


def _tr(text: str) -> str:
    return QCoreApplication.translate("thread", text)
