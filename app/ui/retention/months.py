"""The calendar: twelve months, and how many conversations fall due in each."""

from collections.abc import Mapping
from datetime import date

from PySide6.QtCore import QCoreApplication, QDate, QEvent, QLocale, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.ui.components.painting import begin, fill_rounded, follow_look
from app.ui.theme import Radius, Role, Space, TextStyle, active

MONTHS = 12
_ROW = 6
_CELL_HEIGHT_PX = 56


def next_months(today: date) -> tuple[date, ...]:
    """Return the first days of this month and the eleven behind it."""
    first = today.year * 12 + today.month - 1
    return tuple(date((first + step) // 12, (first + step) % 12 + 1, 1) for step in range(MONTHS))


class MonthGrid(QWidget):
    """Two rows of six months; a screen reader hears them as one sentence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: tuple[tuple[date, int], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_counts(self, today: date, counts: Mapping[date, int]) -> None:
        """Show the twelve months from ``today`` on."""
        self._counts = tuple((month, counts.get(month, 0)) for month in next_months(today))
        self.setAccessibleName(QCoreApplication.translate("retention", "What falls due"))
        self.setAccessibleDescription(", ".join(f"{_month(month, 'MMMM yyyy')}: {n}" for month, n in self._counts))
        self.update()

    def words(self) -> str:
        """Return what it shows, for tests."""
        return self.accessibleDescription()

    def sizeHint(self) -> QSize:
        """Return two rows."""
        look = active()
        return QSize(look.px(480), look.px(2 * _CELL_HEIGHT_PX + Space.S))

    def minimumSizeHint(self) -> QSize:
        """Return two narrow rows."""
        return QSize(active().px(240), self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        """Follow the look."""
        super().changeEvent(event)
        follow_look(self, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the months."""
        look, painter = active(), begin(self)
        gap, height = look.px(Space.S), look.px(_CELL_HEIGHT_PX)
        width = (self.width() - gap * (_ROW - 1)) / _ROW
        for place, (month, count) in enumerate(self._counts):
            row, column = divmod(place, _ROW)
            self._draw(painter, QRectF(column * (width + gap), row * (height + gap), width, height), month, count)
        painter.end()

    @staticmethod
    def _draw(painter: QPainter, cell: QRectF, month: date, count: int) -> None:
        look = active()
        fill = Role.ACCENT_WASH if count else Role.SUNKEN
        fill_rounded(painter, cell, look.px(Radius.M), look.colour(fill))
        inner = cell.adjusted(look.px(Space.S), look.px(Space.XS), -look.px(Space.S), -look.px(Space.XS))
        painter.setFont(look.font(TextStyle.CAPTION))
        painter.setPen(look.colour(Role.INK_SOFT))
        name = _month(month, "MMM" if month.month != 1 else "MMM yy")
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop), name)
        painter.setFont(look.font(TextStyle.HEADING))
        painter.setPen(look.colour(Role.INK if count else Role.INK_FAINT))
        number = QLocale().toString(count) if count else "·"
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom), number)


def _month(month: date, form: str) -> str:
    return QLocale().toString(QDate(month.year, month.month, 1), form)
