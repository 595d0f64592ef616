"""The sheet for answering one request: hand it out, erase, and say how it ended."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.compliance.subject_requests import Outcome, SubjectRequest
from app.ui.components import Button, ButtonKind, CheckBox, Text, person_line
from app.ui.components.facts import ButtonRow
from app.ui.inbox.ages import counted
from app.ui.shell.sheet import Sheet
from app.ui.subjects.words import outcome_words
from app.ui.theme import IconName, TextStyle


class AnswerSheet(Sheet):
    """What can be done about one request."""

    #: Everything goes into a file; arguments: ids, whether it is JSON, whether notes go along.
    copy_wanted = Signal(object, bool, bool)
    #: The conversations are to be erased; argument: ids.
    erase_wanted = Signal(object)
    #: It ended; arguments: request id, ``Outcome``.
    finished = Signal(object, object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=600)
        self._request: SubjectRequest | None = None
        self._words = Text("", TextStyle.BODY, ink="soft", is_wrapping=True)
        self.notes = CheckBox(self.tr("With the office's own notes"))
        self.notes.setChecked(True)
        self.pdf = Button(self.tr("As PDF…"), icon=IconName.PRINTER)
        self.json = Button(self.tr("As JSON…"), icon=IconName.SAVE)
        self.erase = Button("", kind=ButtonKind.DANGER, icon=IconName.TRASH)
        self._gone = Text(
            self.tr("The conversations are not there any more."), TextStyle.BODY, ink="soft", is_wrapping=True
        )
        self.outcomes = {outcome: Button(outcome_words(outcome).capitalize()) for outcome in Outcome}
        for widget in (
            self._words,
            self._gone,
            Text(self.tr("Hand out everything that the office holds"), TextStyle.SMALL_STRONG),
            self.notes,
            ButtonRow(self.pdf, self.json, self.erase),
            Text(self.tr("How did it end?"), TextStyle.SMALL_STRONG),
            ButtonRow(*self.outcomes.values()),
        ):
            self.body.addWidget(widget)
        self.pdf.clicked.connect(lambda: self._copy(is_json=False))
        self.json.clicked.connect(lambda: self._copy(is_json=True))
        self.erase.clicked.connect(self._on_erase)
        for outcome, button in self.outcomes.items():
            button.clicked.connect(lambda _checked=False, outcome=outcome: self._finish(outcome))

    def ask(self, request: SubjectRequest, untrusted_name: str, detail: str, *, may_erase: bool) -> None:
        """Show what can be done about a request."""
        self._request = request
        is_there = bool(untrusted_name)
        self.title.setText(person_line(untrusted_name, 60) if is_there else self.tr("A request"))
        self.setAccessibleName(self.title.text())
        self._words.setText(detail)
        count = counted(len(request.conversation_ids), self.tr("conversation"), self.tr("conversations"))
        self.erase.setText(self.tr("Erase {count} for good").format(count=count))
        self.erase.setEnabled(is_there and may_erase)
        self.erase.setToolTip("" if may_erase else self.tr("Erasing takes an administrator."))
        self._gone.setVisible(not is_there)
        for widget in (self.pdf, self.json, self.notes):
            widget.setEnabled(is_there)
        self.open(self.pdf if is_there else next(iter(self.outcomes.values())))

    def _copy(self, *, is_json: bool) -> None:
        if self._request is not None:
            self.copy_wanted.emit(self._request.conversation_ids, is_json, self.notes.isChecked())

    def _on_erase(self) -> None:
        if self._request is not None:
            self.close_sheet()
            self.erase_wanted.emit(self._request.conversation_ids)

    def _finish(self, outcome: Outcome) -> None:
        if self._request is not None:
            self.close_sheet()
            self.finished.emit(self._request.request_id, outcome)
