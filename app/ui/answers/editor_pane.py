"""The right of the answers' page: the form that an answer is written on. Decides nothing."""

from collections.abc import Callable
from datetime import date
from itertools import pairwise

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from app.domain.fill_in import fields_of
from app.domain.ids import ArticleId
from app.services.answers.form import AnswerForm
from app.services.errors import AnswerFault
from app.ui.answers.background_pane import BackgroundPane
from app.ui.answers.facts_row import FactsRow
from app.ui.answers.foot import EditorFoot
from app.ui.answers.preview import Preview
from app.ui.answers.state import OpenAnswer
from app.ui.answers.words import fault_words
from app.ui.components import Banner, EmptyState, SectionHeader, Text, Tone, announce
from app.ui.components.untrusted import readable, readable_line
from app.ui.composer.field_marks import FieldHighlighter
from app.ui.theme import IconName, Space, TextStyle, active

_SIDE_BY_SIDE_PX = 720
"""From this width on the preview stands beside the text, else below it."""

_FOUR_COLUMNS_PX = 760
_COLUMN_PX = 980
_BODY_PX = 210
_LOW_BODY_PX = 150


class _Body(QPlainTextEdit):
    """Plain text; what is pasted is cleaned of signs that steer the screen."""

    def insertFromMimeData(self, source: object) -> None:
        """Paste plain, clean, bounded text."""
        text = getattr(source, "text", str)()
        self.textCursor().insertText(readable(text, 40_000))


class AnswerEditor(QWidget):
    """Emits the form as it is typed; the wishes come from its ``foot``."""

    #: Something was typed; argument: the whole ``AnswerForm``.
    edited = Signal(object)

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_filling = False
        self._form = AnswerForm(ArticleId(""))
        self.setProperty("surface", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._build_fields()
        self.facts = FactsRow(today)
        self.background = BackgroundPane()
        self.foot = EditorFoot()
        self.banner = Banner(Tone.CAUTION, "")
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._build_empty())
        self._stack.addWidget(self._build_page())
        self._order_keys()
        self.title.textEdited.connect(lambda _text: self._on_edited())
        self.body.textChanged.connect(self._on_edited)
        self.facts.edited.connect(self._on_edited)
        self.show_open(None)

    @property
    def form_area(self) -> QWidget:
        """What stands above the buttons."""
        return self._area

    def show_open(self, opened: OpenAnswer | None) -> None:
        """Fill the form with another answer; None shows how to begin."""
        self.banner.hide()
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
        """Buttons and words follow what was typed and stored; a withdrawn answer is read only."""
        self.foot.show_state(opened)
        self.background.setVisible(opened.answer is not None)
        for part in (self.title, self.body, self.facts):
            part.setEnabled(not opened.is_withdrawn)

    def show_refusal(self, fault: AnswerFault) -> None:
        """Say why it was not taken, and go there."""
        title, text = fault_words(fault)
        self.banner.show_words(Tone.CAUTION, title, text)
        self.banner.show()
        announce(self, f"{title}. {text}", is_urgent=True)
        target: QWidget = {
            AnswerFault.TITLE_EMPTY: self.title,
            AnswerFault.TITLE_TOO_LONG: self.title,
            AnswerFault.CODE_MALFORMED: self.facts.code,
            AnswerFault.CODE_TAKEN: self.facts.code,
            AnswerFault.ENDS_BEFORE_IT_BEGINS: self.facts.valid_until.line,
            AnswerFault.DAY_UNREADABLE: self.facts.unreadable_day(),
        }.get(fault, self.body)
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._area.ensureWidgetVisible(target)

    def show_back(self, *, is_shown: bool) -> None:
        """In a tight window there is a way back to the list."""
        self.foot.back.setVisible(is_shown)

    def focus_title(self) -> None:
        """Bring the keyboard to where writing begins: the title of a new answer, the text of another."""
        target = self.body if self.title.text().strip() else self.title
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def form(self) -> AnswerForm:
        """What stands in the fields now."""
        facts = self.facts
        return AnswerForm(
            self._form.article_id,
            self.title.text(),
            self.body.toPlainText(),
            facts.code.text(),
            facts.valid_from.text(),
            facts.valid_until.text(),
            facts.review.text(),
            is_internal=facts.internal.isChecked(),
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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter in a one-line field do nothing else."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            event.accept()
            return
        super().keyPressEvent(event)

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
        self.preview = Preview(self.tr("Preview"))
        self._fields_said = Text("", TextStyle.SMALL, ink="faint", is_wrapping=True)

    def _build_empty(self) -> QWidget:
        empty = EmptyState(
            IconName.ANSWERS,
            self.tr("Choose an answer, or press N to write one"),
            self.tr("T tries a question and shows which answers would be offered for it."),
        )
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.addStretch(1)
        column.addWidget(empty)
        column.addStretch(2)
        return holder

    def _build_page(self) -> QWidget:
        look = active()
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        sheet = QWidget()
        sheet.setProperty("isScrollBody", "true")
        self._column = QVBoxLayout(sheet)
        self._column.setSpacing(look.px(Space.S))
        self._column.addWidget(self.banner)
        self._column.addWidget(SectionHeader(self.tr("TITLE")))
        self._column.addWidget(self.title)
        self._column.addLayout(self._build_text())
        self._column.addWidget(self._fields_said)
        self._column.addSpacing(look.px(Space.S))
        self._column.addWidget(self.facts)
        self._column.addSpacing(look.px(Space.M))
        self._column.addWidget(self.background)
        self._column.addStretch(1)
        self._area.setWidget(sheet)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._area, 1)
        column.addWidget(self.foot)
        return page

    def _build_text(self) -> QBoxLayout:
        look = active()
        self._paper = QFrame()
        self._paper.setProperty("surface", "card")
        inside = QVBoxLayout(self._paper)
        inside.setContentsMargins(*(look.px(Space.M),) * 4)
        inside.addWidget(self.preview)
        self._pair = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._pair.setSpacing(look.px(Space.L))
        for words, widget in ((self.tr("TEXT"), self.body), (self.tr("AS A VISITOR READS IT"), self._paper)):
            side = QVBoxLayout()
            side.setSpacing(look.px(Space.S))
            side.addWidget(SectionHeader(words))
            side.addWidget(widget, 1)
            self._pair.addLayout(side, 1)
        return self._pair

    def _order_keys(self) -> None:
        """Tab goes from the title to the text and on as one reads."""
        for before, after in pairwise((self.title, self.body, *self.facts.stops(), self.foot.save)):
            self.setTabOrder(before, after)

    # -- behaviour ---------------------------------------------------------------------------------------------

    def _fill(self, form: AnswerForm) -> None:
        self._is_filling = True
        self._form = form
        if form.title != self.title.text():
            self.title.setText(form.title)
        if form.body != self.body.toPlainText():
            self.body.setPlainText(form.body)
        self.facts.show_form(form)
        self._is_filling = False
        self._show_preview()

    def _on_edited(self) -> None:
        if not self._is_filling:
            self.banner.hide()
            self._show_preview()
            self.edited.emit(self.form())

    def _show_preview(self) -> None:
        text = self.body.toPlainText()
        self.preview.show_text(text)
        names = list(dict.fromkeys(field.name for field in fields_of(text)))
        listed = ", ".join(f"{{{readable_line(name, 40)}}}" for name in names[:8])
        self._fields_said.setText(self.tr("To be filled in before sending: {names}").format(names=listed))
        self._fields_said.setVisible(bool(names))

    def _fit(self) -> None:
        look, width = active(), self.width()
        side = max(look.px(Space.XL), (width - look.px(_COLUMN_PX)) // 2)
        is_wide = width >= look.px(_SIDE_BY_SIDE_PX)
        self._column.setContentsMargins(side, look.px(Space.M), side, look.px(Space.L))
        self._pair.setDirection(QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom)
        for paper in (self.body, self._paper):
            paper.setMinimumHeight(look.px(_BODY_PX if is_wide else _LOW_BODY_PX))
        self.facts.set_columns(4 if width >= look.px(_FOUR_COLUMNS_PX) else 2)
        self.foot.fit(side, is_wide=is_wide)
