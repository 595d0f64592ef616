"""A summary or hand-over note of the open conversation, with its facts marked against the messages they come from."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from app.domain.prompt import Task
from app.domain.proposal import SourceRef
from app.ui.components import Button, ButtonKind, ProgressLine, Text, announce
from app.ui.composer.fact_text import FactText
from app.ui.composer.words import problem_words
from app.ui.inbox.ages import counted
from app.ui.shell.sheet import Sheet
from app.ui.theme import IconName, Space, TextStyle, active
from app.ui.thread.noting import MarkedNote

_TEXT_PX = 300


class NoteSheet(Sheet):
    """Read it, save it as a note, copy it, or close it; nothing is recorded before it is saved."""

    #: Write this down as a note; argument: its text.
    save_wanted = Signal(str)
    #: Show the message behind a fact; argument: ``SourceRef``.
    source_wanted = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=760)
        self._note: MarkedNote | None = None
        self._checked: frozenset[int] = frozenset()
        self._origin = Text("", TextStyle.SMALL, ink="soft", is_wrapping=True)
        self._doubt = Text("", TextStyle.SMALL, ink="caution", is_wrapping=True)
        self._progress = ProgressLine(self.tr("The note is being written"))
        self._progress.set_fraction(None)
        self.text = FactText()
        self.text.setAccessibleName(self.tr("Text of the note"))
        self.text.check_wanted.connect(self._on_check)
        self.text.source_wanted.connect(self._on_source)
        self._save = Button(self.tr("Save as note"), kind=ButtonKind.PRIMARY, icon=IconName.NOTE, key_hint="Ctrl+Enter")
        self._copy = Button(self.tr("Copy"), icon=IconName.COPY)
        self._close = Button(self.tr("Close"), kind=ButtonKind.PLAIN, key_hint="Esc")
        self._save.clicked.connect(self.submit)
        self._copy.clicked.connect(self._on_copy)
        self._close.clicked.connect(self.close_sheet)
        self._lay_out()

    def wait_for(self, task: Task) -> None:
        """Open the sheet while the note is being written."""
        is_summary = task is Task.SUMMARY
        self._note = None
        self.title.setText(self.tr("Summary") if is_summary else self.tr("Hand-over note"))
        self.setAccessibleName(self.title.text())
        self.text.wipe()
        self._say(self.tr("Reading the conversation…"), "")
        self._show_parts(is_waiting=True)
        self.open(self._close)

    def show_note(self, note: MarkedNote) -> None:
        """Show what came."""
        if not self.isVisible():
            return
        self._note, self._checked = note, frozenset()
        self.text.write(note.text, (), note.facts, note.sources)
        strange = sum(not fact.is_supported for fact in note.facts)
        doubt = self.tr("▲ {facts} in no message of this conversation: check before you rely on it.").format(
            facts=counted(strange, self.tr("fact stands"), self.tr("facts stand"))
        )
        self._say(self._origin_words(note), doubt if strange else "")
        self._show_parts(is_waiting=False)
        self._fit()
        self._save.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self, f"{self.title.text()}. {self._origin.text()}")

    def show_failure(self, code: str) -> None:
        """Say why there is none."""
        if self.isVisible():
            self._say(problem_words(code), "")
            self._progress.hide()
            self._close.setFocus(Qt.FocusReason.OtherFocusReason)

    def submit(self) -> None:
        """Save it as a note."""
        if self._note is not None:
            text = self._note.text
            self.close_sheet()
            self.save_wanted.emit(text)

    def origin(self) -> str:
        """What the sheet says of where the text comes from."""
        return self._origin.text()

    def fit_height(self, room_px: int) -> None:
        """The text scrolls where there is little room."""
        self.text.setFixedHeight(max(active().px(72), min(active().px(_TEXT_PX), room_px - active().px(240))))

    def _origin_words(self, note: MarkedNote) -> str:
        if note.is_extract:
            return self.tr("Put together from the conversation by the program, word for word. Nothing is recorded yet.")
        return self.tr("Written by the model {name} from this conversation. Read it against the messages.").format(
            name=note.model_name or ""
        )

    def _say(self, origin: str, doubt: str) -> None:
        self._origin.setText(origin)
        self._doubt.setText(doubt)
        self._doubt.setVisible(bool(doubt))

    def _show_parts(self, *, is_waiting: bool) -> None:
        self._progress.setVisible(is_waiting)
        self._save.setEnabled(not is_waiting)
        self._copy.setEnabled(not is_waiting)

    def _on_check(self, place: int) -> None:
        self._checked ^= {place}
        self.text.show_checked(self._checked)

    def _on_source(self, number: int) -> None:
        source = self._source(number)
        if source is not None:
            self.source_wanted.emit(source)

    def _source(self, number: int) -> SourceRef | None:
        sources = self._note.sources if self._note is not None else ()
        return next((source for source in sources if source.number == number), None)

    def _on_copy(self) -> None:
        if self._note is not None:
            QApplication.clipboard().setText(self._note.text)
            self._copy.setText(self.tr("Copied"))

    def _lay_out(self) -> None:
        look = active()
        row = QHBoxLayout()
        row.setSpacing(look.px(Space.S))
        for button in (self._save, self._copy, self._close):
            row.addWidget(button)
        row.addStretch(1)
        for widget in (self._origin, self._progress, self.text, self._doubt):
            self.body.addWidget(widget)
        self.body.addLayout(row)
