"""What requests about own data bring to the console: a page, two sheets, paper, and one conversation as a PDF."""

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from app.domain.ids import ConversationId
from app.domain.roles import Right
from app.ui.inbox.ages import counted
from app.ui.shell.commander import Commander
from app.ui.shell.commands import CommandId
from app.ui.shell.keymap import KeyMap
from app.ui.shell.pages import PageId
from app.ui.shell.presenters import DeskPresenters
from app.ui.shell.problems import problem_of
from app.ui.shell.window import MainWindow
from app.ui.subjects.presenter import RequestsState, SubjectsPresenter
from app.ui.subjects.words import day_words, detail_words
from app.ui.theme import TextStyle, active

if TYPE_CHECKING:
    from app.compliance.subject_requests import SubjectRequest
    from app.ui.subjects.answer_sheet import AnswerSheet
    from app.ui.subjects.page import SubjectsPage
    from app.ui.subjects.take_sheet import TakeSheet

SAY_SECONDS = 8.0


class SubjectsPart(QObject):
    """Owns what belongs to requests in one window."""

    def __init__(
        self, window: MainWindow, desk: DeskPresenters, keymap: KeyMap, commander: Commander, country: str
    ) -> None:
        super().__init__(window)
        self._window = window
        self._desk = desk
        self._commander = commander
        self._country = country
        self._state = RequestsState()
        self.presenter = SubjectsPresenter(desk.desk, active().font(TextStyle.BODY).family(), self)
        self._connect()
        if desk.desk.why_not(Right.HANDLE_REQUESTS) is None:
            commander.offer_page(PageId.REQUESTS, lambda: self.page)
            keymap.bind(CommandId.REQUEST_TAKE, self.take)
            keymap.bind(CommandId.SAVE_AS_PDF, self.save_open_conversation)

    def close(self) -> None:
        """End the thread."""
        self.presenter.close()

    @cached_property
    def page(self) -> "SubjectsPage":
        """The page, made now if it was not."""
        from app.ui.subjects.page import SubjectsPage  # noqa: PLC0415  needed when it is first shown

        page = SubjectsPage()
        page.entered.connect(self.presenter.refresh)
        page.take.clicked.connect(self.take)
        page.answer_wanted.connect(self.answer)
        self.presenter.state_changed.connect(page.show_state)
        page.show_state(self._state)
        return page

    @cached_property
    def take_sheet(self) -> "TakeSheet":
        """The sheet for a new request."""
        from app.ui.subjects.take_sheet import TakeSheet  # noqa: PLC0415  needed when it is opened

        sheet = TakeSheet(self._window.root)
        sheet.name_wanted.connect(self.presenter.find)
        sheet.request_wanted.connect(lambda kind, ids, means: self.presenter.take(kind, ids, means, self._country))
        self.presenter.found.connect(sheet.show_found)
        self._commander.add_sheet(sheet)
        return sheet

    @cached_property
    def answer_sheet(self) -> "AnswerSheet":
        """The sheet for answering one."""
        from app.ui.subjects.answer_sheet import AnswerSheet  # noqa: PLC0415  needed when it is opened

        sheet = AnswerSheet(self._window.root)
        sheet.copy_wanted.connect(self._on_copy)
        sheet.erase_wanted.connect(self.presenter.erase)
        sheet.finished.connect(self.presenter.finish)
        self._commander.add_sheet(sheet)
        return sheet

    def take(self) -> None:
        """Ask who asks."""
        self.take_sheet.open()

    def answer(self, place: int) -> None:
        """Show what can be done about a request."""
        request = self._state.register[place]
        may_erase = self._desk.desk.why_not(Right.ERASE) is None
        detail = detail_words(request, self._state.today)
        self.answer_sheet.ask(request, self._state.name_of(request), detail, may_erase=may_erase)

    def save_open_conversation(self) -> None:
        """Put the conversation that is open into a PDF."""
        cid = self._desk.conversation.open_id
        if cid is not None:
            self._on_copy((cid,), False, True)

    def save(self, ids: tuple[ConversationId, ...], file: Path, *, has_notes: bool) -> None:
        """Write conversations into a file without asking where."""
        self.presenter.write(ids, file, has_notes=has_notes)

    def _connect(self) -> None:
        presenter = self.presenter
        presenter.state_changed.connect(self._on_state)
        presenter.taken.connect(self._on_taken)
        presenter.written.connect(self._on_written)
        presenter.erased.connect(self._on_erased)
        presenter.failed.connect(self._on_failed)

    def _on_state(self, state: RequestsState) -> None:
        self._state = state

    def _on_copy(self, ids: tuple[ConversationId, ...], is_json: bool, has_notes: bool) -> None:
        kind, name = (self.tr("JSON (*.json)"), "copy.json") if is_json else (self.tr("PDF (*.pdf)"), "copy.pdf")
        chosen, _kind = QFileDialog.getSaveFileName(self._window, self.tr("Where to"), name, kind)
        if chosen:
            self.save(ids, Path(chosen), has_notes=has_notes)

    def _on_taken(self, request: "SubjectRequest") -> None:
        self._say(self.tr("Noted. Answer by {day} ({law}).").format(day=day_words(request.due_on), law=request.law))

    def _on_written(self, file: Path) -> None:
        self._say(self.tr("{file} is written and can be read by anybody who has it.").format(file=file.name))

    def _on_erased(self, count: int) -> None:
        words = self.tr("Erased for good: {count}. The certificate is kept.")
        self._say(words.format(count=counted(count, self.tr("conversation"), self.tr("conversations"))))

    def _on_failed(self, error: Exception) -> None:
        problem = problem_of(error)
        self._say(f"{problem.title}. {problem.text}")

    def _say(self, words: str) -> None:
        self._window.toast.show_message(words, SAY_SECONDS)
