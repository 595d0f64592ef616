"""Erasing one conversation: what goes, in words; then what was done and what was found, and a certificate to keep."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.services.erasing.service import ErasePreview, Erasure
from app.ui.components import Button, ButtonKind, ProgressLine, Text, UntrustedLabel, person_line
from app.ui.retention.words import going_words, outcome_words, problem_words
from app.ui.shell.sheet import Sheet
from app.ui.theme import IconName, TextStyle

_MAX_HITS = 6


class EraseSheet(Sheet):
    """Asks, works, and says what came of it."""

    #: A person wants the conversation gone; argument: its id.
    erase_wanted = Signal(object)
    #: The certificate is to be saved.
    save_wanted = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=560)
        self._preview: ErasePreview | None = None
        self._what = Text("", TextStyle.STRONG, is_wrapping=True)
        self._words = Text("", TextStyle.BODY, ink="soft", is_wrapping=True)
        self._files = UntrustedLabel("", is_wrapping=True, max_chars=2_000)
        self.progress = ProgressLine(self.tr("Erasing"))
        self.button = Button("", kind=ButtonKind.DANGER, icon=IconName.TRASH)
        self.keep = Button(self.tr("Keep it"), key_hint="Esc")
        self.save = Button(self.tr("Save the certificate…"), kind=ButtonKind.PRIMARY, icon=IconName.SAVE)
        for widget in (self._what, self._words, self._files, self.progress):
            self.body.addWidget(widget)
        row = QHBoxLayout()
        for button in (self.button, self.save, self.keep):
            row.addWidget(button)
        row.addStretch(1)
        self.body.addLayout(row)
        self.keep.clicked.connect(self.close_sheet)
        self.button.clicked.connect(self._on_clicked)
        self.save.clicked.connect(self.save_wanted)

    def ask(self, preview: ErasePreview) -> None:
        """Say what would go, with the keyboard on the button that keeps it."""
        self._preview = preview
        name = person_line(preview.contact_name, 60)
        self._entitle(self.tr("Erase the conversation with {name}?").format(name=name))
        self._what.setText(going_words(preview))
        self._words.setText(
            problem_words("held_by_law")
            if preview.is_held
            else self.tr(
                "First its key is destroyed, so that backups of it are dead too; then its rows, its drafts and all that"
                " the search knows of it. The search is built anew, and every file of this office is searched for words"
                " that are left. Nothing brings it back. A signed certificate, without a word of it, stays."
            )
        )
        self.button.setText(
            self.tr("Erase {count} messages for good").format(count=preview.messages)
            if preview.messages != 1
            else self.tr("Erase 1 message for good")
        )
        self._show(is_asking=True)
        self.button.setEnabled(not preview.is_held)
        self.open(self.keep)

    def wait(self) -> None:
        """Show that it is being done; closing the sheet does not stop it."""
        self._entitle(self.tr("Erasing…"))
        self._words.setText(self.tr("You may close this and go on working."))
        self._show(is_asking=False)
        self.save.hide()
        self.progress.show()
        self.progress.set_fraction(None)
        self._fit()

    def show_outcome(self, erasure: Erasure) -> None:
        """Say what was done and found."""
        self._entitle(self.tr("Erased"))
        self._words.setText(outcome_words(erasure))
        self._show(is_asking=False)
        self._files.set_untrusted("\n".join(str(hit.path) for hit in erasure.hits[:_MAX_HITS]))
        self._files.setVisible(bool(erasure.hits))
        self._fit()
        self.save.setFocus()

    def show_failure(self, code: str) -> None:
        """Say why it could not be done."""
        self._entitle(self.tr("Not erased"))
        self._words.setText(problem_words(code))
        self._show(is_asking=False)
        self.save.hide()
        self._fit()
        self.keep.setFocus()

    @property
    def words(self) -> str:
        """What it says, for tests."""
        return f"{self.title.text()}\n{self._what.text()}\n{self._words.text()}"

    def _entitle(self, title: str) -> None:
        self.title.setText(title)
        self.setAccessibleName(title)

    def _show(self, *, is_asking: bool) -> None:
        self._what.setVisible(is_asking)
        self.button.setVisible(is_asking)
        self.save.setVisible(not is_asking)
        self._files.hide()
        self.progress.hide()
        self.keep.setText(self.tr("Keep it") if is_asking else self.tr("Close"))

    def _on_clicked(self) -> None:
        if self._preview is not None and not self._preview.is_held:
            self.wait()
            self.erase_wanted.emit(self._preview.conversation_id)
