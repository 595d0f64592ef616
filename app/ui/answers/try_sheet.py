"""Trying a question: which answers would be offered for it, which not, and why."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from app.services.answers.verdict import TriedAnswer, Verdict
from app.ui.answers.words import verdict_words
from app.ui.components import Button, ButtonKind, Card, Chip, Text, Tone, UntrustedLabel, announce, readable_line
from app.ui.shell.sheet import Sheet
from app.ui.theme import IconName, Space, TextStyle, active

PAUSE_MS = 250
"""After the last keystroke, before the question is asked."""

_MARKS = {
    Verdict.OFFERED: (Tone.ACCENT, IconName.CHECK),
    Verdict.INTERNAL: (Tone.NOTE, IconName.EYE_OFF),
    Verdict.NOT_YET: (Tone.CAUTION, IconName.CLOCK),
    Verdict.NO_LONGER: (Tone.CAUTION, IconName.STOP),
    Verdict.BEHIND_OTHERS: (Tone.NEUTRAL, IconName.CHEVRON_DOWN),
    Verdict.NOT_COVERED: (Tone.NEUTRAL, IconName.CLOSE),
}


class TrySheet(Sheet):
    """One line for the question, below it the answers."""

    #: A question was typed; argument: its words.
    question_changed = Signal(str)
    #: An answer is to be opened; argument: its id.
    answer_opened = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=720, is_tall=True)
        self.title.setText(self.tr("Try a question"))
        self.setAccessibleName(self.title.text())
        self.line = QLineEdit()
        self.line.setAccessibleName(self.tr("A question as a visitor would ask it"))
        self.line.setPlaceholderText(self.tr("For example: Where can I park?"))
        self.line.setMaxLength(2_000)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(lambda: self.question_changed.emit(self.line.text()))
        self.line.textChanged.connect(self._on_typed)
        self._words = Text("", TextStyle.BODY, ink="soft", is_wrapping=True)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.body.addWidget(self.line)
        self.body.addWidget(self._words)
        self.body.addWidget(self._area, 1)
        self.show_tried("", ())

    @property
    def answers_shown(self) -> int:
        """How many answers are listed."""
        return self._shown_count

    def open(self, first: QWidget | None = None) -> None:
        """Show the sheet with the question selected."""
        super().open(first or self.line)
        self.line.selectAll()
        self._words.setText(self._summary("", ()))
        self.question_changed.emit(self.line.text())

    def show_tried(self, question: str, tried: tuple[TriedAnswer, ...]) -> None:
        """Show what would become of each answer."""
        look = active()
        self._words.setText(self._summary(question, tried))
        self._shown_count = len(tried)
        holder = QWidget()
        holder.setProperty("surface", "surface")
        holder.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, look.px(Space.S), 0)
        column.setSpacing(look.px(Space.S))
        for one in tried:
            column.addWidget(self._card(one))
        column.addStretch(1)
        self._area.setWidget(holder)
        if question.strip():
            announce(self, self._words.text())

    def _summary(self, question: str, tried: tuple[TriedAnswer, ...]) -> str:
        if not question.strip():
            return self.tr("The console looks through the approved answers as it does before every proposal.")
        offered = sum(one.verdict is Verdict.OFFERED for one in tried)
        if offered == 1:
            return self.tr("1 answer would be offered.")
        if offered:
            return self.tr("{count} answers would be offered.").format(count=offered)
        return self.tr("No answer would be offered: the console would hand this over to a person.")

    def _card(self, one: TriedAnswer) -> Card:
        tone, drawing = _MARKS[one.verdict]
        card = Card("card", Space.M)
        head = QHBoxLayout()
        title = readable_line(one.article.title, 80)
        button = Button(title, kind=ButtonKind.PLAIN)
        button.setToolTip(self.tr("Open this answer"))
        button.setAccessibleName(f"{title}. {verdict_words(one.verdict)}")
        button.clicked.connect(lambda _checked=False: self._open(one.article.article_id))
        head.addWidget(button)
        head.addStretch(1)
        head.addWidget(Chip(verdict_words(one.verdict), tone=tone, icon=drawing))
        card.body.addLayout(head)
        card.body.addWidget(
            UntrustedLabel(one.passage, style=TextStyle.SMALL, ink="soft", is_wrapping=True, max_chars=400)
        )
        return card

    def _on_typed(self, text: str) -> None:
        self._pause.start()
        if text.strip() and not self._shown_count:
            self._words.setText(self.tr("Looking…"))

    def _open(self, article_id: str) -> None:
        self.close_sheet()
        self.answer_opened.emit(article_id)
