"""A read-only text whose facts are chips: each can be stood on, looked behind and checked.

Chips are painted by the text and stood on by invisible buttons over them, so that the words stay one text, which can be
selected, copied and read aloud, and the chips are what the keyboard and a screen reader go through.
"""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QMimeData, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QHideEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCursor,
)
from PySide6.QtWidgets import QTextEdit, QWidget

from app.domain.facts import FactMark
from app.domain.proposal import Sentence, SourceRef
from app.ui.components import announce
from app.ui.components.untrusted import readable
from app.ui.composer.chip_painting import CELL_PX, ChipLook, line_rects, paint_chip
from app.ui.composer.fact_chip import FactChip
from app.ui.composer.fact_words import chip_name
from app.ui.composer.marked_letters import NO_BREAK_SPACE, cell_of_chip, letters, set_lines, words_of
from app.ui.composer.pieces import cut
from app.ui.composer.popover import FactPopover
from app.ui.theme import active


class FactText(QTextEdit):
    """Shows a finished text with its marks; knows which fact has the eye."""

    #: Open a source; argument: its number.
    source_wanted = Signal(int)
    #: A fact was checked, or not after all; argument: its place.
    check_wanted = Signal(int)
    #: The eye came to a fact, or left all of them; argument: ``FactMark`` or None.
    fact_shown = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._sources: tuple[SourceRef, ...] = ()
        self._checked: frozenset[int] = frozenset()
        self._chips: list[FactChip] = []
        self._popover: FactPopover | None = None
        self._looked_at: FactChip | None = None
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setCursorWidth(0)
        self.setProperty("isBare", "true")
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setMouseTracking(True)
        self.document().setDocumentMargin(0)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self._lay_chips())

    # -- what is shown -----------------------------------------------------------------------------------------

    def write(
        self,
        text: str,
        sentences: Sequence[Sentence],
        facts: Sequence[FactMark],
        sources: tuple[SourceRef, ...],
        checked: frozenset[int] = frozenset(),
    ) -> None:
        """Show another text from its beginning."""
        self.wipe()
        self._text, self._sources = text, sources
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        set_lines(cursor)
        for piece in cut(text, sentences, facts):
            if piece.fact is not None and not (self._chips and self._chips[-1].place == piece.fact):
                self._add_chip(piece.fact, facts[piece.fact], cursor.position())
            is_bare = piece.is_bare and bool(sources)
            cursor.insertText(readable(text[piece.start : piece.end]), letters(is_unsourced=is_bare))
            if piece.ends_fact:
                cursor.insertText(NO_BREAK_SPACE, cell_of_chip())
            if piece.fact is not None:
                self._chips[-1].end = cursor.position()
            self.write_sources(cursor, piece.sources)
        cursor.endEditBlock()
        self._order_chips()
        self.show_checked(checked)
        self.verticalScrollBar().setValue(0)
        self._lay_chips()

    def wipe(self) -> None:
        """Show nothing."""
        self._look_at(None)
        if any(chip.hasFocus() for chip in self._chips):
            self.setFocus(Qt.FocusReason.OtherFocusReason)  # or Qt would hand the keyboard on, to a button that sends
        for chip in self._chips:
            chip.hide()
            chip.deleteLater()
        self._chips = []
        self._text, self._sources = "", ()
        self.clear()

    def write_sources(self, cursor: QTextCursor, numbers: tuple[int, ...]) -> None:
        """Put the numbers of a sentence's sources after it; a text without numbers leaves this empty."""

    def show_checked(self, checked: frozenset[int]) -> None:
        """Show which facts the person has checked."""
        self._checked = checked
        for chip in self._chips:
            chip.setChecked(chip.place in checked)
        self.viewport().update()
        if self._looked_at is not None:
            self._show_popover(self._looked_at)

    def chips(self) -> tuple[FactChip, ...]:
        """The chips, in the order of the text."""
        return tuple(self._chips)

    def popover(self) -> FactPopover | None:
        """What is shown beside a fact now."""
        return self._popover if self._popover is not None and self._popover.isVisible() else None

    # -- the way of the eye ------------------------------------------------------------------------------------

    def focus_fact(self, place: int) -> bool:
        """Put the keyboard on a fact; False when there is no such chip."""
        chip = next((chip for chip in self._chips if chip.place == place), None)
        if chip is None:
            return False
        self._reveal(chip)
        chip.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True

    def next_to_check(self) -> int | None:
        """The next fact after the one in focus that nobody has checked, round and round; any when all are."""
        here = next((number for number, chip in enumerate(self._chips) if chip.hasFocus()), -1)
        order = [*self._chips[here + 1 :], *self._chips[: here + 1]]
        unchecked = [chip.place for chip in order if chip.place not in self._checked]
        return unchecked[0] if unchecked else next((chip.place for chip in order), None)

    # -- Qt ----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw chips, then the words on them."""
        if self._chips:
            painter = QPainter(self.viewport())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            look = active()
            for chip in self._chips:
                words, cell = self._rects(chip)
                shown = ChipLook(chip.fact, chip.place in self._checked, chip.hasFocus())
                paint_chip(painter, look, shown, words, cell)
            painter.end()
        super().paintEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the width."""
        super().resizeEvent(event)
        self._lay_chips()

    def hideEvent(self, event: QHideEvent) -> None:
        """Take the popover away with the text."""
        super().hideEvent(event)
        self._look_at(None)

    def changeEvent(self, event: QEvent) -> None:
        """A hidden popover of the old look is made anew."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and getattr(self, "_popover", None) is not None:
            self._look_at(None)

    def createMimeDataFromSelection(self) -> QMimeData:
        """Copy the words without what the program put between them."""
        data = QMimeData()
        data.setText(words_of(self.document(), self.textCursor()))
        return data

    # -- steps -------------------------------------------------------------------------------------------------

    def _add_chip(self, place: int, fact: FactMark, start: int) -> None:
        chip = FactChip(place, fact, start, start, chip_name(self._text, fact, self._sources), self.viewport())
        chip.looked_at.connect(lambda is_there, chip=chip: self._on_looked_at(chip, is_there=is_there))
        chip.check_wanted.connect(lambda place=place: self.check_wanted.emit(place))
        chip.passage_wanted.connect(lambda chip=chip: self._open_passage(chip))
        chip.step_wanted.connect(lambda step, chip=chip: self._step_from(chip, step))
        self._chips.append(chip)

    def _order_chips(self) -> None:
        """Tab goes from the text through its chips and on to what follows the text."""
        before: QWidget = self
        for chip in self._chips:
            QWidget.setTabOrder(before, chip)
            before = chip

    def _rects(self, chip: FactChip) -> tuple[list[QRectF], QRectF]:
        """Where the words and the cell of a chip stand now, in the coordinates of the viewport."""
        scrolled = (-self.horizontalScrollBar().value(), -self.verticalScrollBar().value())
        lines = [rect.translated(*scrolled) for rect in line_rects(self.document(), chip.start, chip.end)]
        if not lines:
            return [], QRectF()
        cell = QRectF(lines[-1])
        cell.setLeft(cell.right() - active().px(CELL_PX))
        return lines, cell

    def _lay_chips(self) -> None:
        for chip in self._chips:
            chip.lie_over(self._rects(chip)[0])
        if self._looked_at is not None:
            self._show_popover(self._looked_at)

    def _reveal(self, chip: FactChip) -> None:
        words, _cell = self._rects(chip)
        bar, room = self.verticalScrollBar(), self.viewport().height()
        if words and words[0].top() < 0:
            bar.setValue(bar.value() + int(words[0].top()))
        elif words and words[-1].bottom() > room:
            bar.setValue(bar.value() + int(words[-1].bottom() - room) + 1)

    def _step_from(self, chip: FactChip, step: int) -> None:
        number = self._chips.index(chip) + step
        if 0 <= number < len(self._chips):
            self.focus_fact(self._chips[number].place)

    def _open_passage(self, chip: FactChip) -> None:
        if chip.fact.source_number is not None:
            self.source_wanted.emit(chip.fact.source_number)

    def _on_looked_at(self, chip: FactChip, *, is_there: bool) -> None:
        if chip not in self._chips:
            return
        if is_there:
            self._reveal(chip)
            self._look_at(chip)
            if chip.hasFocus():
                announce(self, chip.accessibleName())
        elif self._looked_at is chip:
            self._look_at(next((other for other in self._chips if other.hasFocus()), None))
        self.viewport().update()

    def _look_at(self, chip: FactChip | None) -> None:
        if chip is not self._looked_at:
            self._looked_at = chip
            self.fact_shown.emit(chip.fact if chip is not None else None)
        if chip is not None:
            self._show_popover(chip)
        elif self._popover is not None:
            self._popover.hide()
            self._popover.deleteLater()
            self._popover = None

    def _show_popover(self, chip: FactChip) -> None:
        words, _cell = self._rects(chip)
        root = self._root()
        if not words or not self.isVisible():
            return
        if self._popover is None or self._popover.parentWidget() is not root:
            self._popover = FactPopover(root)
            self._popover.check_wanted.connect(self._check_looked_at)
            self._popover.passage_wanted.connect(self._open_looked_at)
        corner = self.viewport().mapTo(root, QPoint(0, 0))
        beside = QRect(words[0].toAlignedRect().translated(corner))
        self._popover.show_fact(
            chip.fact,
            self._text[chip.fact.start : chip.fact.end],
            self._sources,
            is_checked=chip.place in self._checked,
            beside=beside,
        )

    def _check_looked_at(self) -> None:
        if self._looked_at is not None:
            self.check_wanted.emit(self._looked_at.place)

    def _open_looked_at(self) -> None:
        if self._looked_at is not None:
            self._open_passage(self._looked_at)

    def _root(self) -> QWidget:
        """What the popover lies over: the whole window, not its frame."""
        window = self.window()
        central = getattr(window, "centralWidget", lambda: None)()
        return central if isinstance(central, QWidget) else window
