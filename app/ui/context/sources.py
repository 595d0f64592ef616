"""The numbered sources of a proposal; Enter or a click opens the passage."""

from collections.abc import Collection

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from app.domain.facts import FactMark
from app.domain.proposal import SourceRef
from app.ui.components import readable, readable_line
from app.ui.composer.passage import Marked, lay_out, marked
from app.ui.theme import Look, Radius, Role, Size, Space, TextStyle, active

_LINES = 2
_PAD_PX = 10
_AROUND_CHARS = 36


class SourceButton(QAbstractButton):
    """One source: number, title, when it was approved, how it begins."""

    def __init__(self, source: SourceRef, *, is_cited: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.source = source
        self._is_cited = is_cited
        self._title = readable_line(source.title, 80)
        self._quote = readable(source.quote, 400).replace("\n", " ")
        self._fact: FactMark | None = None
        self._origin = self._origin_words()
        self.setAccessibleName(f"{source.number}: {self._title}. {self._origin}")
        self.setAccessibleDescription(self._quote)
        self.setToolTip(self._quote)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_fact(self, fact: FactMark | None) -> None:
        """Mark these words of the quote; None takes the mark away."""
        if fact != self._fact:
            self._fact = fact
            self.update()

    def sizeHint(self) -> QSize:
        """Return the room it would like."""
        look = active()
        small = look.metrics(TextStyle.SMALL).lineSpacing()
        height = look.metrics(TextStyle.SMALL_STRONG).lineSpacing() + (1 + _LINES) * small + look.px(2 * _PAD_PX + 4)
        return QSize(look.px(180), height)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open with Enter; walk with the arrows."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
            return
        if event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Up}:
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the look."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        look, painter = active(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setBrush(look.colour(Role.HOVER if self.underMouse() else Role.RAISED))
        painter.setPen(QPen(look.colour(Role.LINE), 1))
        if self._fact is not None:
            painter.setPen(QPen(look.colour(Role.ACCENT_INK), look.px(1.5)))
        if self.hasFocus():
            painter.setPen(QPen(look.colour(Role.FOCUS), look.px(Size.RING)))
        painter.drawRoundedRect(box, look.px(Radius.M), look.px(Radius.M))
        self._draw_number(painter, box, look)
        self._draw_words(painter, look)
        painter.end()

    def _draw_number(self, painter: QPainter, box: QRectF, look: Look) -> None:
        side, pad = look.px(20), look.px(_PAD_PX)
        spot = QRectF(box.left() + pad, box.top() + pad, side, side)
        painter.setBrush(look.colour(Role.ACCENT if self._is_cited else Role.SURFACE))
        painter.setPen(QPen(look.colour(Role.ACCENT if self._is_cited else Role.LINE_STRONG), 1))
        painter.drawRoundedRect(spot, look.px(4), look.px(4))
        painter.setFont(look.font(TextStyle.CAPTION))
        painter.setPen(look.colour(Role.ON_ACCENT if self._is_cited else Role.INK_SOFT))
        painter.drawText(spot, int(Qt.AlignmentFlag.AlignCenter), str(self.source.number))

    def _draw_words(self, painter: QPainter, look: Look) -> None:
        pad = look.px(_PAD_PX)
        left = pad + look.px(20 + Space.S)
        width = self.width() - left - pad
        place = QPoint(left, pad)
        for text, style, ink in (
            (self._title, TextStyle.SMALL_STRONG, Role.INK),
            (self._origin, TextStyle.SMALL, Role.CAUTION_INK if self.source.is_internal else Role.INK_FAINT),
        ):
            metrics = look.metrics(style)
            painter.setFont(look.font(style))
            painter.setPen(look.colour(ink))
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
            painter.drawText(QPointF(place.x(), place.y() + metrics.ascent()), shown)
            place.setY(place.y() + metrics.lineSpacing())
        metrics = look.metrics(TextStyle.SMALL)
        painter.setPen(look.colour(Role.INK_SOFT))
        top = place.y() + look.px(3)
        painter.setClipRect(QRect(left, top, width, metrics.lineSpacing() * _LINES + 4))
        layout, _lines = lay_out(self._shown_quote(), TextStyle.SMALL, width)
        layout.draw(painter, QPointF(left, top))

    def _shown_quote(self) -> Marked:
        fact = self._fact
        if fact is None:
            return Marked(self._quote)
        quote = self.source.quote.replace("\n", " ")
        return marked(quote, fact.quote_start, fact.quote_end, around_chars=_AROUND_CHARS)

    def _origin_words(self) -> str:
        if self.source.is_internal:
            return self.tr("For the office only")
        if self.source.approved_on is None:
            return self.tr("Approved answer")
        return self.tr("Approved {day}").format(day=f"{self.source.approved_on:%-d %b %Y}")


class SourceList(QWidget):
    """The sources, one button each."""

    #: A source was opened; argument: ``SourceRef``.
    source_opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sources: tuple[SourceRef, ...] = ()
        self._cited: Collection[int] = ()
        self._buttons: list[SourceButton] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(active().px(Space.S))

    def show_sources(self, sources: tuple[SourceRef, ...], cited: Collection[int]) -> None:
        """Show these sources; the same ones are left as they are."""
        if sources == self._sources and set(cited) == set(self._cited):
            return
        self._sources, self._cited = sources, cited
        for button in self._buttons:
            self._column.removeWidget(button)
            button.deleteLater()
        self._buttons = []
        for source in sources:
            button = SourceButton(source, is_cited=source.number in cited)
            button.clicked.connect(lambda _checked=False, source=source: self.source_opened.emit(source))
            self._column.addWidget(button)
            self._buttons.append(button)

    def first(self) -> SourceButton | None:
        """The first source's button."""
        return self._buttons[0] if self._buttons else None

    def button(self, number: int) -> SourceButton | None:
        """The button of one source."""
        return next((button for button in self._buttons if button.source.number == number), None)

    def show_fact(self, fact: FactMark | None) -> SourceButton | None:
        """Mark a fact in the source that holds it; returns that source's button."""
        holder = self.button(fact.source_number) if fact is not None and fact.source_number is not None else None
        for button in self._buttons:
            button.show_fact(fact if button is holder else None)
        return holder

    def focus_next(self) -> SourceButton | None:
        """Move the keyboard to the next source, round and round; returns where it is now."""
        if not self._buttons:
            return None
        place = next((place for place, button in enumerate(self._buttons) if button.hasFocus()), -1)
        target = self._buttons[(place + 1) % len(self._buttons)]
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return target
