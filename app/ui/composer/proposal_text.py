"""The text of a proposal: grows by word groups while it is written, then shows what rests on what.

While it streams only the new words are appended, so neither the reading place nor a selection moves. When it is
finished every sentence gets the chips of its sources; a sentence without one is underlined with dots.
"""

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit, QToolTip, QWidget

from app.domain.proposal import Proposal, Sentence, SourceRef
from app.ui.components.untrusted import readable
from app.ui.composer.state import APPROVABLE, Phase, ProposalState
from app.ui.theme import Role, TextStyle, active

_CHIP_PROPERTY = QTextCharFormat.Property.UserProperty + 1
_NO_BREAK_SPACE = "\u00a0"
_CHIP_PAD = 2 * _NO_BREAK_SPACE


class ProposalText(QTextEdit):
    """Read-only; tells which source was pointed at."""

    #: A chip was clicked; argument: the source's number.
    source_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = ProposalState(Phase.NONE)
        self._chips: list[tuple[int, int, int]] = []  # number, start, end in the document
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setCursorWidth(0)
        self.setProperty("isBare", "true")
        self.setAccessibleName(self.tr("Proposed reply"))
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setMouseTracking(True)
        self.document().setDocumentMargin(0)

    def show_state(self, state: ProposalState) -> None:
        """Show one moment; a streaming text that only grew is only appended to."""
        before, self._state = self._state, state
        shown = before.text if before.phase in {Phase.STREAMING, Phase.PREPARING} else None
        if state.phase is Phase.STREAMING and shown is not None and state.text.startswith(shown):
            self._append(state.text[len(shown) :])
        elif state.phase in APPROVABLE and state.proposal is not None:
            self._write_finished(state.proposal)
        elif state != before:
            self._start_over()
            self._append(state.text)
            if state.phase is not Phase.STREAMING:
                self.verticalScrollBar().setValue(0)

    def refresh_look(self) -> None:
        """Write everything again in the look in force."""
        state, self._state = self._state, ProposalState(Phase.NONE)
        self.show_state(state)

    def chip_numbers(self) -> tuple[int, ...]:
        """The numbers of the chips, in the order of the text."""
        return tuple(number for number, _start, _end in self._chips)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        if self._chips:
            look, painter = active(), QPainter(self.viewport())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(look.colour(Role.ACCENT_INK))
            painter.setBrush(look.colour(Role.RAISED))
            for _number, start, end in self._chips:
                painter.drawRoundedRect(self._chip_rect(start, end), look.px(4), look.px(4))
            painter.end()
        super().paintEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show a hand over a chip."""
        chip = self._chip_at(event.position())
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if chip else Qt.CursorShape.IBeamCursor)
        super().mouseMoveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open the source of a chip."""
        chip = self._chip_at(event.position())
        if chip is not None and event.button() == Qt.MouseButton.LeftButton:
            self.source_wanted.emit(chip)
            return
        super().mousePressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """Show the passage of a chip."""
        if event.type() == QEvent.Type.ToolTip:
            self._show_tip(event)
            return True
        return super().viewportEvent(event)

    def _start_over(self) -> None:
        self._chips = []
        self.clear()

    def _append(self, untrusted_text: str) -> None:
        if not untrusted_text:
            return
        bar = self.verticalScrollBar()
        was_at_end = bar.value() >= bar.maximum() - active().px(8)
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertText(readable(untrusted_text), self._chars())
        if was_at_end:
            bar.setValue(bar.maximum())

    def _write_finished(self, proposal: Proposal) -> None:
        self._start_over()
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        place = 0
        for sentence in proposal.sentences:
            cursor.insertText(readable(proposal.text[place : sentence.start]), self._chars())
            is_bare = not sentence.source_numbers and bool(proposal.sources)
            cursor.insertText(readable(proposal.text[sentence.start : sentence.end]), self._chars(is_unsourced=is_bare))
            self._write_chips(cursor, sentence)
            place = sentence.end
        cursor.insertText(readable(proposal.text[place:]), self._chars())
        cursor.endEditBlock()
        self.verticalScrollBar().setValue(0)

    def _write_chips(self, cursor: QTextCursor, sentence: Sentence) -> None:
        for number in sentence.source_numbers:
            cursor.insertText(_NO_BREAK_SPACE, self._chars())
            start = cursor.position()
            cursor.insertText(f"{_CHIP_PAD}{number}{_CHIP_PAD}", self._chip_chars())
            self._chips.append((number, start, cursor.position()))

    def _chars(self, *, is_unsourced: bool = False) -> QTextCharFormat:
        look, form = active(), QTextCharFormat()
        form.setFont(look.font(TextStyle.BODY))
        form.setForeground(look.colour(Role.INK))
        if is_unsourced:
            form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
            form.setUnderlineColor(look.colour(Role.CAUTION_INK))
            form.setToolTip(self.tr("No source stands behind this sentence"))
        return form

    def _chip_chars(self) -> QTextCharFormat:
        look, form = active(), QTextCharFormat()
        form.setFont(look.font(TextStyle.CAPTION))
        form.setForeground(look.colour(Role.ACCENT_INK))
        return form

    def _chip_rect(self, start: int, end: int) -> QRectF:
        cursor = QTextCursor(self.document())
        cursor.setPosition(start)
        first = self.cursorRect(cursor)
        cursor.setPosition(end)
        last = self.cursorRect(cursor)
        height = active().px(18)
        middle = first.center().y() + active().px(1)
        return QRectF(first.left() + 1, middle - height / 2, last.left() - first.left() - 2, height)

    def _chip_at(self, point: QPointF) -> int | None:
        return next((number for number, start, end in self._chips if self._chip_rect(start, end).contains(point)), None)

    def _show_tip(self, event: QEvent) -> None:
        position = getattr(event, "pos", lambda: None)()
        if position is None:
            return
        number = self._chip_at(QPointF(position))
        words = self._passage(number) if number is not None else self.cursorForPosition(position).charFormat().toolTip()
        QToolTip.showText(self.viewport().mapToGlobal(position), words, self)

    def _passage(self, number: int) -> str:
        source: SourceRef | None = next((source for source in self._state.sources if source.number == number), None)
        return "" if source is None else f"{number} · {readable(source.title, 120)}\n\n{readable(source.quote, 600)}"
