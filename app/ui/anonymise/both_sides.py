"""Both sides of the page: written piece by piece, scrolled in step, one mark chosen on both."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.services.anonymising.view_records import LeavingThread
from app.ui.anonymise.side import Side
from app.ui.anonymise.state import Chosen, Place, Selected
from app.ui.components import SectionHeader
from app.ui.theme import Space, active

PIECE_MESSAGES = 12
"""Messages written on each side between two turns of the event loop; about 5 ms."""


class BothSides(QWidget):
    """Lays out the sides and keeps them together."""

    #: Another mark is chosen, or none; argument: ``Chosen`` or None.
    chosen_changed = Signal(object)
    #: Enter was pressed on a mark of what would leave; argument: ``Chosen``.
    who_wanted = Signal(object)
    #: Everything is written.
    written = Signal()

    def __init__(self, now_ms: Callable[[], int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.here = Side(self.tr("As it was written"), is_leaving=False, now_ms=now_ms)
        self.leaving = Side(self.tr("What would leave"), is_leaving=True, now_ms=now_ms)
        self.chosen: Chosen | None = None
        self._thread: LeavingThread | None = None
        self._written = 0
        self._place: Place | None = None
        self._is_following = False
        self._headings: list[SectionHeader] = []
        self._pieces = QTimer(self, interval=0)
        self._pieces.timeout.connect(self._write_piece)
        self._lay_out()
        for side, other in ((self.here, self.leaving), (self.leaving, self.here)):
            side.step = partial(self._step_on, side)
            side.chosen_changed.connect(lambda chosen, other=other: self._on_chosen(chosen, other))
            bar = side.verticalScrollBar()
            bar.valueChanged.connect(lambda _value, side=side, other=other: self._on_scrolled(side, other))
        self.here.opened.connect(lambda: self._go_over(self.leaving))
        self.leaving.opened.connect(self._on_opened)

    @property
    def is_writing(self) -> bool:
        """Whether there is still something to write."""
        return self._pieces.isActive()

    def show_thread(self, thread: LeavingThread, place: Place | None = None) -> None:
        """Show a conversation; the cursor goes back to ``place``, or to the first mark."""
        self._thread, self._written, self._place = thread, 0, place
        for side in (self.here, self.leaving):
            side.begin()
        self._choose(None)
        self._write_piece()

    def clear(self) -> None:
        """Show nothing."""
        self._pieces.stop()
        self._thread = None
        for side in (self.here, self.leaving):
            side.begin()
        self._choose(None)

    def place(self) -> Place | None:
        """Return where the cursor is, to come back to."""
        if self.chosen is not None:
            return Place(self.chosen.message.event_id, self.chosen.mark.start)
        selected = self.here.selected()
        return None if selected is None else Place(selected.message.event_id, selected.start)

    def selected(self) -> Selected | None:
        """Return the words that are selected in the original."""
        return self.here.selected()

    def step(self, step: int) -> bool:
        """Go to the next mark, or the one before; False when there is none."""
        return self._step_on(self.leaving if self.leaving.hasFocus() else self.here, step)

    def _step_on(self, side: Side, step: int) -> bool:
        here = side.textCursor().selectionStart()
        firsts = side.firsts()
        is_on = side.chosen_at(here)
        if is_on is not None:
            here = side.first_unit_of(is_on) or here
        later = [first for first in firsts if (first > here if step > 0 else first < here)]
        if not later:
            return False
        side.put_cursor(later[0] if step > 0 else later[-1])
        return True

    def set_roomy(self, *, is_roomy: bool) -> None:
        """Name the sides where there is room; in a low window their places say which is which."""
        for heading in self._headings:
            heading.setVisible(is_roomy)
        for side in (self.here, self.leaving):
            side.set_roomy(is_roomy=is_roomy)

    def changeEvent(self, event: QEvent) -> None:
        """Write anew in another look."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and self._thread is not None:
            self.show_thread(self._thread, self.place())

    # -- private ------------------------------------------------------------------------------------------------

    def _write_piece(self) -> None:
        assert self._thread is not None
        messages = self._thread.messages
        piece = messages[self._written : self._written + PIECE_MESSAGES]
        for side in (self.here, self.leaving):
            side.write(piece)
        self._written += len(piece)
        if self._written < len(messages):
            self._pieces.start()
            return
        self._pieces.stop()
        self._go_back()
        self.written.emit()

    def _go_back(self) -> None:
        """Put the cursor where it was; at the first mark when the page is new."""
        unit = None if self._place is None else self.here.unit_at(self._place.event_id, self._place.start)
        firsts = self.here.firsts()
        if unit is not None:
            self.here.put_cursor(unit)
        elif firsts:
            self.here.put_cursor(firsts[0])

    def _on_chosen(self, chosen: Chosen | None, other: Side) -> None:
        self._choose(chosen)
        if chosen is not None:
            self._is_following = True  # the side with the cursor stays where it is
            other.bring_into_view(chosen)
            self._is_following = False

    def _choose(self, chosen: Chosen | None) -> None:
        if chosen != self.chosen:
            self.chosen = chosen
            for side in (self.here, self.leaving):
                side.show_chosen(chosen)
        self.chosen_changed.emit(chosen)

    def _go_over(self, other: Side) -> None:
        if self.chosen is not None:
            unit = other.first_unit_of(self.chosen)
            other.setFocus(Qt.FocusReason.OtherFocusReason)
            if unit is not None:
                other.put_cursor(unit)

    def _on_opened(self) -> None:
        if self.chosen is not None:
            self.who_wanted.emit(self.chosen)
            self._go_over(self.here)

    def _on_scrolled(self, side: Side, other: Side) -> None:
        """Bring the other side to the same message, as far into it."""
        if self._is_following or not side.isVisible():
            return
        message = side.first_seen()
        if message < 0 or message >= self._written:
            return
        (top, bottom), (other_top, other_bottom) = side.room_of(message), other.room_of(message)
        share = min(1.0, max(0.0, side.verticalScrollBar().value() - top) / max(1.0, bottom - top))
        self._is_following = True
        other.verticalScrollBar().setValue(round(other_top + share * (other_bottom - other_top)))
        self._is_following = False

    def _lay_out(self) -> None:
        look, row = active(), QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look.px(Space.M))
        for title, side in ((self.tr("AS IT WAS WRITTEN"), self.here), (self.tr("WHAT WOULD LEAVE"), self.leaving)):
            column = QVBoxLayout()
            column.setSpacing(look.px(Space.XS))
            self._headings.append(SectionHeader(title))
            column.addWidget(self._headings[-1])
            paper = QFrame()
            paper.setProperty("surface", "card")
            inside = QVBoxLayout(paper)
            inside.setContentsMargins(1, 1, 1, 1)
            inside.addWidget(side)
            column.addWidget(paper, 1)
            row.addLayout(column, 1)
