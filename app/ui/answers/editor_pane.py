"""The right of the answers' page: the form that an answer is written on, and its buttons. Decides nothing."""

from collections.abc import Callable
from datetime import date
from itertools import pairwise

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from app.domain.fill_in import fields_of
from app.domain.ids import ArticleId
from app.services.answer_days import months_later
from app.services.answer_form import AnswerForm
from app.services.errors import AnswerFault
from app.ui.answers.background_pane import BackgroundPane
from app.ui.answers.day_field import DayField
from app.ui.answers.presenter import OpenAnswer
from app.ui.answers.preview import Preview
from app.ui.answers.words import fault_words
from app.ui.components import Banner, Button, ButtonKind, CheckBox, EmptyState, SectionHeader, Text, Tone, announce
from app.ui.components.untrusted import readable, readable_line
from app.ui.composer.field_marks import FieldHighlighter
from app.ui.theme import IconName, Space, TextStyle, active

_SIDE_BY_SIDE_PX = 720
"""From this width on the preview stands beside the text, else below it."""

_FOUR_COLUMNS_PX = 760
_COLUMN_PX = 980
_BODY_PX = 210
_REVIEW_MONTHS = (3, 6, 12)


class _Body(QPlainTextEdit):
    """Plain text; what is pasted is cleaned of signs that steer the screen."""

    def insertFromMimeData(self, source: object) -> None:
        """Paste plain, clean, bounded text."""
        text = getattr(source, "text", str)()
        self.textCursor().insertText(readable(text, 40_000))


class AnswerEditor(QWidget):
    """Emits the form as it is typed, and wishes."""

    #: Something was typed; argument: the whole ``AnswerForm``.
    edited = Signal(object)
    #: The answer is to be approved.
    save_wanted = Signal()
    #: The changes are to be discarded.
    discard_wanted = Signal()
    #: A new answer with this text is wanted.
    duplicate_wanted = Signal()
    #: The answer is to be taken out of use.
    withdraw_wanted = Signal()
    #: The withdrawn answer is to be brought back.
    restore_wanted = Signal()
    #: In a tight window: back to the list.
    back_wanted = Signal()

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._is_filling = False
        self._form = AnswerForm(ArticleId(""))
        self._is_old = False
        self.setProperty("surface", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._build_fields()
        self.background = BackgroundPane()
        self._banner = Banner(Tone.CAUTION, "")
        self._banner.hide()
        self._empty = EmptyState(IconName.ANSWERS, "", "")
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._build_empty())
        self._stack.addWidget(self._build_page())
        self._order_keys()
        self._connect()
        self.show_open(None)

    def show_open(self, opened: OpenAnswer | None) -> None:
        """Fill the form with another answer; None shows how to begin."""
        self._banner.hide()
        self._stack.setCurrentIndex(0 if opened is None else 1)
        if opened is None:
            self._form = AnswerForm(ArticleId(""))
            return
        is_other = opened.form.article_id != self._form.article_id
        self._fill(opened.form)
        if is_other:
            self.background.clear()
            self._area.verticalScrollBar().setValue(0)
        self.show_state(opened)

    def show_state(self, opened: OpenAnswer) -> None:
        """Buttons and words follow what was typed and stored."""
        is_old, is_gone = opened.answer is not None, opened.is_withdrawn
        self._save.setText(self.tr("Approve and save") if opened.is_changed or not is_old else self.tr("Approve again"))
        self._save.setVisible(not is_gone)
        self._restore.setVisible(is_gone)
        self._discard.setVisible(opened.is_changed)
        self._discard.setText(self.tr("Discard changes") if is_old else self.tr("Discard"))
        self._is_old = is_old
        self._withdraw.setVisible(is_old and not is_gone)
        self._state.setText(self._state_words(opened))
        self.background.setVisible(is_old)
        self._duplicate.setVisible(is_old and self._is_wide)
        for field in (self.title, self.body, self._code, *self._days):
            field.setEnabled(not is_gone)
        for choice in (self._internal, *self._quick):
            choice.setEnabled(not is_gone)

    def show_refusal(self, fault: AnswerFault) -> None:
        """Say why it was not taken, and go there."""
        title, text = fault_words(fault)
        self._banner.show_words(Tone.CAUTION, title, text)
        self._banner.show()
        announce(self, f"{title}. {text}", is_urgent=True)
        target: QWidget = {
            AnswerFault.TITLE_EMPTY: self.title,
            AnswerFault.TITLE_TOO_LONG: self.title,
            AnswerFault.CODE_MALFORMED: self._code,
            AnswerFault.CODE_TAKEN: self._code,
            AnswerFault.ENDS_BEFORE_IT_BEGINS: self._until.line,
            AnswerFault.DAY_UNREADABLE: self._unreadable_day(),
        }.get(fault, self.body)
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._area.ensureWidgetVisible(target)

    @property
    def form_area(self) -> QWidget:
        """What stands above the buttons."""
        return self._area

    def show_back(self, *, is_shown: bool) -> None:
        """In a tight window there is a way back to the list."""
        self._back.setVisible(is_shown)

    def focus_title(self) -> None:
        """Bring the keyboard to where writing begins: the title of a new answer, the text of another."""
        target = self.body if self.title.text().strip() else self.title
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def form(self) -> AnswerForm:
        """What stands in the fields now."""
        return AnswerForm(
            self._form.article_id,
            self.title.text(),
            self.body.toPlainText(),
            self._code.text(),
            self._from.text(),
            self._until.text(),
            self._review.text(),
            is_internal=self._internal.isChecked(),
            origin=self._form.origin,
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the width."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the look."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_pair"):
            self._highlighter.rehighlight()
            self._fit()

    # -- building ----------------------------------------------------------------------------------------------

    def _build_fields(self) -> None:
        self.title = QLineEdit()
        self.title.setAccessibleName(self.tr("Title"))
        self.title.setMaxLength(400)
        self.title.setPlaceholderText(self.tr("What the answer is about, for example “Opening hours”"))
        self.body = _Body()
        self.body.setAccessibleName(self.tr("Text of the answer"))
        self.body.setTabChangesFocus(True)
        self.body.setPlaceholderText(
            self.tr(
                "What may be said to a visitor. Paragraphs, lists with “- ”. Fields like {name} are filled in later."
            )
        )
        self._highlighter = FieldHighlighter(self.body.document())
        self._preview = Preview(self.tr("Preview"))
        self._code = QLineEdit()
        self._code.setAccessibleName(self.tr("Short code"))
        self._code.setMaxLength(60)
        self._code.setPlaceholderText(self.tr("hours"))
        self._from = DayField(self.tr("Valid from"), self.tr("from now on"), self._today)
        self._until = DayField(self.tr("Valid until"), self.tr("no end"), self._today)
        self._review = DayField(self.tr("Review on"), self.tr("no day set"), self._today)
        self._days = (self._from, self._until, self._review)
        self._internal = CheckBox(self.tr("For the office only: helps the desk, is never quoted to a visitor"))
        self._fields_said = Text("", TextStyle.SMALL, ink="faint", is_wrapping=True)

    def _build_empty(self) -> QWidget:
        self._empty.set_words(
            self.tr("Choose an answer, or press N to write one"),
            self.tr("T tries a question and shows which answers would be offered for it."),
        )
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.addStretch(1)
        column.addWidget(self._empty)
        column.addStretch(2)
        return holder

    def _build_page(self) -> QWidget:
        look = active()
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        sheet = QWidget()
        sheet.setProperty("isScrollBody", "true")
        self._column = QVBoxLayout(sheet)
        self._column.setSpacing(look.px(Space.S))
        self._column.addWidget(self._banner)
        self._column.addWidget(SectionHeader(self.tr("TITLE")))
        self._column.addWidget(self.title)
        self._column.addLayout(self._build_text())
        self._column.addWidget(self._fields_said)
        self._column.addSpacing(look.px(Space.S))
        self._column.addLayout(self._build_facts())
        self._column.addWidget(self._internal)
        self._column.addSpacing(look.px(Space.M))
        self._column.addWidget(self.background)
        self._column.addStretch(1)
        self._area.setWidget(sheet)
        column.addWidget(self._area, 1)
        column.addWidget(self._build_foot())
        return page

    def _build_text(self) -> QBoxLayout:
        look = active()
        self._pair = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._pair.setSpacing(look.px(Space.L))
        left, right = QVBoxLayout(), QVBoxLayout()
        for side, words, widget in (
            (left, self.tr("TEXT"), self.body),
            (right, self.tr("AS A VISITOR READS IT"), self._framed(self._preview)),
        ):
            side.setSpacing(look.px(Space.S))
            side.addWidget(SectionHeader(words))
            side.addWidget(widget, 1)
            self._pair.addLayout(side, 1)
        return self._pair

    def _framed(self, widget: QWidget) -> QWidget:
        self._paper = QFrame()
        self._paper.setProperty("surface", "card")
        inside = QVBoxLayout(self._paper)
        inside.setContentsMargins(*(active().px(Space.M),) * 4)
        inside.addWidget(widget)
        return self._paper

    def _build_facts(self) -> QGridLayout:
        look = active()
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(look.px(Space.L))
        self._facts.setVerticalSpacing(look.px(Space.XS))
        self._quick: list[QWidget] = []
        quick = QHBoxLayout()
        quick.setSpacing(look.px(Space.XS))
        for months in _REVIEW_MONTHS:
            button = Button(self.tr("{months} mo").format(months=months), kind=ButtonKind.PLAIN)
            button.setAccessibleName(self.tr("Review in {months} months").format(months=months))
            button.setToolTip(button.accessibleName())
            button.clicked.connect(lambda _checked=False, months=months: self._review_in(months))
            quick.addWidget(button)
            self._quick.append(button)
        quick.addStretch(1)
        self._cells: list[QWidget] = []
        for words, widget in (
            (self.tr("SHORT CODE"), self._code),
            (self.tr("VALID FROM"), self._from),
            (self.tr("VALID UNTIL"), self._until),
            (self.tr("REVIEW ON"), self._review),
        ):
            cell = QWidget()
            column = QVBoxLayout(cell)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(look.px(Space.XS))
            column.addWidget(SectionHeader(words))
            column.addWidget(widget)
            if widget is self._code:
                column.addWidget(Text(self.tr("typed as /code in a reply"), TextStyle.SMALL, ink="faint"))
            if widget is self._review:
                column.addLayout(quick)
            column.addStretch(1)
            self._facts.addWidget(cell, 0, len(self._cells))
            self._cells.append(cell)
        return self._facts

    def _build_foot(self) -> QWidget:
        look = active()
        foot = QWidget()
        foot.setProperty("surface", "surface")
        foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._foot = QHBoxLayout(foot)
        self._back = Button(self.tr("List"), kind=ButtonKind.PLAIN, icon=IconName.ARROW_LEFT)
        self._save = Button("", kind=ButtonKind.PRIMARY, icon=IconName.CHECK, key_hint="Ctrl+S")
        self._restore = Button(self.tr("Bring back"), kind=ButtonKind.PRIMARY, icon=IconName.UNDO)
        self._discard = Button("", kind=ButtonKind.QUIET)
        self._duplicate = Button(self.tr("Duplicate"), kind=ButtonKind.PLAIN, icon=IconName.COPY)
        self._withdraw = Button(self.tr("Withdraw"), kind=ButtonKind.PLAIN)
        self._state = Text("", TextStyle.SMALL, ink="faint")
        for widget in (self._back, self._save, self._restore, self._discard):
            self._foot.addWidget(widget)
        self._foot.addWidget(self._state, 1)
        self._foot.addWidget(self._duplicate)
        self._foot.addWidget(self._withdraw)
        self._foot.setSpacing(look.px(Space.S))
        self._back.hide()
        return foot

    def _order_keys(self) -> None:
        """Tab goes from the title to the text and on as one reads."""
        fields = (self.title, self.body, self._code, *(day.line for day in self._days), *self._quick, self._internal)
        for before, after in pairwise((*fields, self._save)):
            self.setTabOrder(before, after)

    def _connect(self) -> None:
        self.title.textEdited.connect(lambda _text: self._on_edited())
        self.body.textChanged.connect(self._on_edited)
        self._code.textEdited.connect(lambda _text: self._on_edited())
        self._internal.toggled.connect(lambda _is_on: self._on_edited())
        for day in self._days:
            day.edited.connect(self._on_edited)
        for button, signal in (
            (self._save, self.save_wanted),
            (self._restore, self.restore_wanted),
            (self._discard, self.discard_wanted),
            (self._duplicate, self.duplicate_wanted),
            (self._withdraw, self.withdraw_wanted),
            (self._back, self.back_wanted),
        ):
            button.clicked.connect(lambda _checked=False, signal=signal: signal.emit())

    # -- behaviour ---------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter in a one-line field do nothing else."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            event.accept()
            return
        super().keyPressEvent(event)

    def _fill(self, form: AnswerForm) -> None:
        self._is_filling = True
        self._form = form
        if form.title != self.title.text():
            self.title.setText(form.title)
        if form.body != self.body.toPlainText():
            self.body.setPlainText(form.body)
        if form.short_code != self._code.text():
            self._code.setText(form.short_code)
        for field, text in zip(self._days, (form.valid_from, form.valid_until, form.review_on), strict=True):
            field.set_text(text)
        self._internal.setChecked(form.is_internal)
        self._is_filling = False
        self._show_preview()

    def _on_edited(self) -> None:
        if not self._is_filling:
            self._banner.hide()
            self._show_preview()
            self.edited.emit(self.form())

    def _show_preview(self) -> None:
        text = self.body.toPlainText()
        self._preview.show_text(text)
        names = dict.fromkeys(field.name for field in fields_of(text))
        listed = ", ".join(f"{{{readable_line(name, 40)}}}" for name in list(names)[:8])
        self._fields_said.setText(
            self.tr("To be filled in before sending: {names}").format(names=listed) if names else ""
        )
        self._fields_said.setVisible(bool(names))

    def _review_in(self, months: int) -> None:
        self._review.choose(months_later(self._today(), months))

    def _unreadable_day(self) -> QWidget:
        return next((day.line for day in self._days if day.line.property("isWrong") == "true"), self._review.line)

    def _state_words(self, opened: OpenAnswer) -> str:
        if opened.is_withdrawn:
            return self.tr("Withdrawn: not offered to anybody.")
        if opened.is_changed:
            return self.tr("Not approved yet. Kept, encrypted, until you save or discard it.")
        day = opened.answer.article.approved_on if opened.answer is not None else None
        return self.tr("Approved on {day}").format(day=f"{day:%-d %B %Y}") if day is not None else ""

    @property
    def _is_wide(self) -> bool:
        return self.width() >= active().px(_SIDE_BY_SIDE_PX)

    def _fit(self) -> None:
        look, width = active(), self.width()
        side = max(look.px(Space.XL), (width - look.px(_COLUMN_PX)) // 2)
        self._column.setContentsMargins(side, look.px(Space.M), side, look.px(Space.L))
        self._foot.setContentsMargins(side, look.px(Space.S), side, look.px(Space.S))
        is_wide = self._is_wide
        direction = QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom
        self._pair.setDirection(direction)
        for paper in (self.body, self._paper):
            paper.setMinimumHeight(look.px(_BODY_PX if is_wide else _BODY_PX - 60))
        columns = 4 if width >= look.px(_FOUR_COLUMNS_PX) else 2
        for place, cell in enumerate(self._cells):
            self._facts.addWidget(cell, place // columns, place % columns)
        for column in range(4):
            self._facts.setColumnStretch(column, 1 if column < columns else 0)
        self._state.setVisible(is_wide)
        self._duplicate.setVisible(is_wide and self._is_old)
