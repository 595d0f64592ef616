"""The text of a proposal: grows by word groups while it is written, then shows what rests on what.

While it streams only the new words are appended, so neither the reading place nor a selection moves. When it is
finished its facts become chips and every sentence gets the numbers of its sources; a sentence without one is underlined
with dots.
"""

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QToolTip, QWidget

from app.domain.proposal import Proposal, SourceRef
from app.ui.components.untrusted import readable
from app.ui.composer.chip_painting import line_rects
from app.ui.composer.fact_text import FactText
from app.ui.composer.marked_letters import MARK, NO_BREAK_SPACE, letters, set_lines
from app.ui.composer.state import APPROVABLE, Phase, ProposalState
from app.ui.theme import Role, TextStyle, active

_NUMBER_PAD = 2 * NO_BREAK_SPACE


class ProposalText(FactText):
    """Read-only; tells which source or fact was pointed at."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = ProposalState(Phase.NONE)
        self._numbers: list[tuple[int, int, int]] = []  # number, start, end in the document
        self.setAccessibleName(self.tr("Proposed reply"))

    def show_state(self, state: ProposalState) -> None:
        """Show one moment; a streaming text that only grew is only appended to, a checked fact only painted."""
        before, self._state = self._state, state
        shown = before.text if before.phase in {Phase.STREAMING, Phase.PREPARING} else None
        if state.phase is Phase.STREAMING and shown is not None and state.text.startswith(shown):
            self._append(state.text[len(shown) :])
        elif state.phase in APPROVABLE and state.proposal is not None:
            if before.proposal == state.proposal and before.phase is state.phase:
                self.show_checked(state.checked)
            else:
                self._write_finished(state.proposal, state.checked)
        elif state != before:
            self.wipe()
            self._append(state.text)
            if state.phase is not Phase.STREAMING:
                self.verticalScrollBar().setValue(0)

    def refresh_look(self) -> None:
        """Write everything again in the look in force."""
        state, self._state = self._state, ProposalState(Phase.NONE)
        self.show_state(state)

    def chip_numbers(self) -> tuple[int, ...]:
        """The numbers of the sources after the sentences, in the order of the text."""
        return tuple(number for number, _start, _end in self._numbers)

    def wipe(self) -> None:
        """Show nothing."""
        self._numbers = []
        super().wipe()

    def write_sources(self, cursor: QTextCursor, numbers: tuple[int, ...]) -> None:
        """Put a small numbered box after a sentence for each of its sources."""
        for number in numbers:
            cursor.insertText(NO_BREAK_SPACE, self._number_chars())
            start = cursor.position()
            cursor.insertText(f"{_NUMBER_PAD}{number}{_NUMBER_PAD}", self._number_chars())
            self._numbers.append((number, start, cursor.position()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        if self._numbers:
            look, painter = active(), QPainter(self.viewport())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(look.colour(Role.ACCENT_INK))
            painter.setBrush(look.colour(Role.RAISED))
            for _number, start, end in self._numbers:
                painter.drawRoundedRect(self._number_rect(start, end), look.px(4), look.px(4))
            painter.end()
        super().paintEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show a hand over a number."""
        number = self._number_at(event.position())
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if number else Qt.CursorShape.IBeamCursor)
        super().mouseMoveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open the source of a number."""
        number = self._number_at(event.position())
        if number is not None and event.button() == Qt.MouseButton.LeftButton:
            self.source_wanted.emit(number)
            return
        super().mousePressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """Show the passage of a number."""
        if event.type() == QEvent.Type.ToolTip:
            self._show_tip(event)
            return True
        return super().viewportEvent(event)

    def _append(self, untrusted_text: str) -> None:
        if not untrusted_text:
            return
        bar = self.verticalScrollBar()
        was_at_end = bar.value() >= bar.maximum() - active().px(8)
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        if cursor.position() == 0:
            set_lines(cursor)
        cursor.insertText(readable(untrusted_text), letters())
        if was_at_end:
            bar.setValue(bar.maximum())

    def _write_finished(self, proposal: Proposal, checked: frozenset[int]) -> None:
        self.write(proposal.text, proposal.sentences, proposal.facts, proposal.sources, checked)

    def _number_chars(self) -> QTextCharFormat:
        look, form = active(), QTextCharFormat()
        form.setFont(look.font(TextStyle.CAPTION))
        form.setForeground(look.colour(Role.ACCENT_INK))
        form.setProperty(MARK, True)
        return form

    def _number_rect(self, start: int, end: int) -> QRectF:
        rects = line_rects(self.document(), start, end)
        if not rects:
            return QRectF()
        rect = rects[-1].translated(0, -self.verticalScrollBar().value())
        height = active().px(18)
        middle = rect.center().y() + active().px(1)
        return QRectF(rect.left() + 1, middle - height / 2, rect.width() - 2, height)

    def _number_at(self, point: QPointF) -> int | None:
        found = (n for n, start, end in self._numbers if self._number_rect(start, end).contains(point))
        return next(found, None)

    def _show_tip(self, event: QEvent) -> None:
        position = getattr(event, "pos", lambda: None)()
        if position is None:
            return
        number = self._number_at(QPointF(position))
        words = self._passage(number) if number is not None else self.cursorForPosition(position).charFormat().toolTip()
        QToolTip.showText(self.viewport().mapToGlobal(position), words, self)

    def _passage(self, number: int) -> str:
        source: SourceRef | None = next((source for source in self._state.sources if source.number == number), None)
        return "" if source is None else f"{number} · {readable(source.title, 120)}\n\n{readable(source.quote, 600)}"
