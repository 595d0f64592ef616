"""A reply on its way to becoming an approved answer: every personal stretch is shown, and kept or made a field."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from app.domain.ids import ArticleId
from app.services.answers.draft import AnswerDraft
from app.services.answers.form import AnswerForm
from app.ui.answers.preview import Preview
from app.ui.answers.words import why_words
from app.ui.components import Button, ButtonKind, CheckBox, SectionHeader, Text, readable_line
from app.ui.shell.sheet import Sheet
from app.ui.theme import IconName, Space, TextStyle, active

MAX_LIST_PX = 190


class ReplySheet(Sheet):
    """Nothing is saved here: going on opens the text in the editor."""

    #: The person looked at every field and goes on; argument: ``AnswerForm`` without an id.
    confirmed = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=760, is_tall=True)
        self.title.setText(self.tr("Save this reply as an approved answer"))
        self.setAccessibleName(self.title.text())
        self._draft = AnswerDraft("", ())
        self._boxes: list[CheckBox] = []
        self._words = Text("", TextStyle.BODY, ink="soft", is_wrapping=True)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._name = QLineEdit()
        self._name.setAccessibleName(self.tr("Title"))
        self._name.setMaxLength(200)
        self._name.setPlaceholderText(self.tr("What the answer is about"))
        self._preview = Preview(self.tr("The answer"))
        paper = QFrame()
        paper.setProperty("surface", "card")
        inside = QVBoxLayout(paper)
        inside.setContentsMargins(*(active().px(Space.M),) * 4)
        inside.addWidget(self._preview)
        go_on = Button(self.tr("Go on to the editor"), kind=ButtonKind.PRIMARY, icon=IconName.ARROW_RIGHT)
        go_on.clicked.connect(self._go_on)
        self.body.addWidget(self._words)
        self.body.addWidget(self._area)
        self.body.addWidget(SectionHeader(self.tr("TITLE")))
        self.body.addWidget(self._name)
        self.body.addWidget(SectionHeader(self.tr("THE ANSWER")))
        self.body.addWidget(paper, 1)
        self.body.addWidget(go_on, 0, Qt.AlignmentFlag.AlignLeft)

    def show_draft(self, draft: AnswerDraft) -> None:
        """Open on one reply."""
        self._draft = draft
        self._name.clear()
        self._write_list()
        self._show()
        self.open(self._boxes[0] if self._boxes else self._name)

    def taken_back(self) -> frozenset[int]:
        """The places in the draft's guesses that the person wants as they were."""
        return frozenset(place for place, box in enumerate(self._boxes) if not box.isChecked())

    def _write_list(self) -> None:
        look, guesses = active(), self._draft.guesses
        self._words.setText(
            self.tr(
                "What belongs to one person becomes a field. Untick what every visitor may read. Please read the text "
                "once: a name at the head of a sentence can be missed."
            )
            if guesses
            else self.tr("Nothing that looks personal was found. Please read the text once before you go on.")
        )
        holder = QWidget()
        holder.setProperty("surface", "surface")
        holder.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._boxes = []
        for guess in guesses:
            was = readable_line(self._draft.original(guess), 50)
            box = CheckBox(f"{was}   →   {{{guess.field_name}}}   ·   {why_words(guess.why)}")
            box.setChecked(True)
            box.toggled.connect(lambda _is_on: self._show())
            column.addWidget(box)
            self._boxes.append(box)
        column.addStretch(1)
        self._area.setWidget(holder)
        self._area.setVisible(bool(guesses))
        self._area.setFixedHeight(min(look.px(MAX_LIST_PX), holder.sizeHint().height() + look.px(Space.XS)))

    def _show(self) -> None:
        self._preview.show_text(self._draft.body(self.taken_back()))

    def _go_on(self) -> None:
        form = AnswerForm(ArticleId(""), self._name.text(), self._draft.body(self.taken_back()))
        self.close_sheet()
        self.confirmed.emit(form)
