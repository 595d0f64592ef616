"""What an answer carries besides its words: short code, days, and whether it is for the office only."""

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.services.answers.days import months_later
from app.services.answers.form import AnswerForm
from app.ui.answers.day_field import DayField
from app.ui.components import Button, ButtonKind, CheckBox, SectionHeader, Text
from app.ui.theme import Space, TextStyle, active

REVIEW_MONTHS = (3, 6, 12)
_MOST_COLUMNS = 4


class FactsRow(QWidget):
    """Four cells that stand in one row or in two, and a box below them."""

    #: Somebody typed, chose or ticked something.
    edited = Signal()

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self.code = QLineEdit()
        self.code.setAccessibleName(self.tr("Short code"))
        self.code.setMaxLength(60)
        self.code.setPlaceholderText(self.tr("hours"))
        self.valid_from = DayField(self.tr("Valid from"), self.tr("from now on"), today)
        self.valid_until = DayField(self.tr("Valid until"), self.tr("no end"), today)
        self.review = DayField(self.tr("Review on"), self.tr("no day set"), today)
        self.internal = CheckBox(self.tr("For the office only: helps the desk, is never quoted to a visitor"))
        self._quick = [self._quick_button(months) for months in REVIEW_MONTHS]
        self._lay_out()
        self.code.textEdited.connect(lambda _text: self.edited.emit())
        self.internal.toggled.connect(lambda _is_on: self.edited.emit())
        for day in self._days:
            day.edited.connect(self.edited)

    def show_form(self, form: AnswerForm) -> None:
        """Show what a form says, without calling it an edit."""
        self.blockSignals(True)
        if form.short_code != self.code.text():
            self.code.setText(form.short_code)
        self.valid_from.set_text(form.valid_from)
        self.valid_until.set_text(form.valid_until)
        self.review.set_text(form.review_on)
        self.internal.setChecked(form.is_internal)
        self.blockSignals(False)

    def review_in(self, months: int) -> None:
        """Set the day of the next review, counted from today."""
        self.review.choose(months_later(self._today(), months))

    def unreadable_day(self) -> QWidget:
        """The first day that cannot be read, else the last."""
        wrong = (day.line for day in self._days if day.line.property("isWrong") == "true")
        return next(wrong, self.review.line)

    def stops(self) -> tuple[QWidget, ...]:
        """Everything that Tab goes through, as one reads."""
        return (self.code, *(day.line for day in self._days), *self._quick, self.internal)

    def set_columns(self, columns: int) -> None:
        """Stand in rows of this many cells."""
        for place, cell in enumerate(self._cells):
            self._grid.addWidget(cell, place // columns, place % columns)
        for column in range(_MOST_COLUMNS):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)

    @property
    def _days(self) -> tuple[DayField, ...]:
        return self.valid_from, self.valid_until, self.review

    def _quick_button(self, months: int) -> Button:
        button = Button(self.tr("{months} mo").format(months=months), kind=ButtonKind.PLAIN)
        button.setAccessibleName(self.tr("Review in {months} months").format(months=months))
        button.setToolTip(button.accessibleName())
        button.clicked.connect(lambda _checked=False: self.review_in(months))
        return button

    def _lay_out(self) -> None:
        look = active()
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(look.px(Space.L))
        self._grid.setVerticalSpacing(look.px(Space.XS))
        quick = QHBoxLayout()
        quick.setSpacing(look.px(Space.XS))
        for button in self._quick:
            quick.addWidget(button)
        quick.addStretch(1)
        said = Text(self.tr("typed as /code in a reply"), TextStyle.SMALL, ink="faint")
        self._cells = [
            self._cell(self.tr("SHORT CODE"), self.code, said),
            self._cell(self.tr("VALID FROM"), self.valid_from),
            self._cell(self.tr("VALID UNTIL"), self.valid_until),
            self._cell(self.tr("REVIEW ON"), self.review, quick),
        ]
        self.set_columns(_MOST_COLUMNS)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(Space.S))
        column.addLayout(self._grid)
        column.addWidget(self.internal)

    def _cell(self, words: str, widget: QWidget, below: QWidget | QHBoxLayout | None = None) -> QWidget:
        cell = QWidget()
        column = QVBoxLayout(cell)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(active().px(Space.XS))
        column.addWidget(SectionHeader(words))
        column.addWidget(widget)
        if isinstance(below, QWidget):
            column.addWidget(below)
        elif below is not None:
            column.addLayout(below)
        column.addStretch(1)
        return cell
