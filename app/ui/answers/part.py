"""What the answers bring to the console: a page, its keys, three sheets, and the number in the rail.

Page and sheets are made when they are first needed; until then nothing of the search or the document reader is loaded.
"""

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.domain.conversation import ComposerTab, ItemKind, Party
from app.domain.ids import ArticleId
from app.domain.proposal import Article
from app.services.answers.draft import AnswerDraft
from app.services.answers.form import AnswerForm
from app.services.answers.service import AnswerFilter, AnswerList
from app.services.errors import NoSuchConversationError
from app.ui.components.untrusted import readable_line
from app.ui.composer.completion import AnswerCompletion
from app.ui.composer.field_steps import FieldSteps
from app.ui.shell.commander import Commander
from app.ui.shell.commands import CommandId
from app.ui.shell.keymap import KeyMap
from app.ui.shell.pages import PageId
from app.ui.shell.presenters import DeskPresenters
from app.ui.shell.problems import problem_of
from app.ui.shell.window import MainWindow
from app.ui.shell.wiring import show_problem

if TYPE_CHECKING:
    from app.ui.answers.import_sheet import ImportSheet
    from app.ui.answers.importing import ImportingPresenter
    from app.ui.answers.page import AnswersPage
    from app.ui.answers.reply_sheet import ReplySheet
    from app.ui.answers.try_sheet import TrySheet
    from app.ui.answers.trying import TryingPresenter


class AnswersPart(QObject):
    """Owns what belongs to the answers in one window."""

    def __init__(self, window: MainWindow, desk: DeskPresenters, keymap: KeyMap, commander: Commander) -> None:
        super().__init__(window)
        self._window = window
        self._desk = desk
        self._keymap = keymap
        self._commander = commander
        self._presenter = desk.answers
        self._importing: ImportingPresenter | None = None
        self._trying: TryingPresenter | None = None
        commander.offer_page(PageId.ANSWERS, lambda: self.page)
        self._bind_keys()
        self._presenter.listed.connect(self._show_number)
        self._presenter.failed.connect(lambda error: show_problem(window, error))
        window.conversation.answer_wanted.connect(self.save_as_answer)
        self._steps = FieldSteps(window.composer.reply)
        self.completion = AnswerCompletion(window.composer.reply, self._quotable, self._steps)
        self.note_completion = AnswerCompletion(window.composer.note, lambda: self._presenter.offered)
        desk.composer.unfilled_found.connect(self._on_unfilled)

    def close(self) -> None:
        """End the threads that read documents and try questions."""
        for helper in (self._importing, self._trying):
            if helper is not None:
                helper.close()

    @cached_property
    def page(self) -> "AnswersPage":
        """The page, made now if it was not."""
        from app.ui.answers.wiring import make_page  # noqa: PLC0415  loads the search for passages

        page = make_page(self._presenter, self._commander.open_conversation, self._window.toast.show_message)
        page.list_pane.trial_wanted.connect(self.try_question)
        page.list_pane.import_wanted.connect(self.import_documents)
        return page

    @cached_property
    def trial(self) -> "TrySheet":
        """The sheet for trying a question."""
        from app.ui.answers.try_sheet import TrySheet  # noqa: PLC0415  needed when it is opened
        from app.ui.answers.trying import TryingPresenter  # noqa: PLC0415

        sheet = TrySheet(self._window.root)
        presenter = self._trying = TryingPresenter(self._presenter.service, self)
        sheet.question_changed.connect(presenter.ask)
        sheet.answer_opened.connect(self._open_answer)
        presenter.tried.connect(sheet.show_tried)
        presenter.failed.connect(lambda error: show_problem(self._window, error))
        self._commander.add_sheet(sheet)
        return sheet

    @cached_property
    def reply(self) -> "ReplySheet":
        """The sheet for a reply that becomes an answer."""
        from app.ui.answers.reply_sheet import ReplySheet  # noqa: PLC0415  needed when it is opened

        sheet = ReplySheet(self._window.root)
        sheet.confirmed.connect(self._begin_with)
        self._commander.add_sheet(sheet)
        return sheet

    @cached_property
    def import_sheet(self) -> "ImportSheet":
        """The sheet for importing documents."""
        from app.ui.answers.import_sheet import ImportSheet  # noqa: PLC0415  loads the document reader
        from app.ui.answers.importing import ImportingPresenter  # noqa: PLC0415

        sheet = ImportSheet(self._window.root)
        importing = self._importing = ImportingPresenter(self._desk.desk.conversations, self._desk.runner, self)
        sheet.files_picked.connect(importing.read)
        sheet.take_wanted.connect(importing.take)
        sheet.cancel_wanted.connect(importing.cancel)
        importing.progressed.connect(sheet.show_progress)
        importing.previewed.connect(sheet.show_preview)
        importing.taken.connect(sheet.show_result)
        importing.cancelled.connect(sheet.show_start)
        importing.failed.connect(lambda error: _show_failure(sheet, error))
        self._commander.add_sheet(sheet)
        return sheet

    def write(self) -> None:
        """Bring the keyboard into the editor."""
        if self._presenter.open is not None:
            self.page.write()

    def search(self) -> None:
        """Bring the keyboard to the search box."""
        self.page.search()

    def try_question(self) -> None:
        """Open the sheet for trying a question."""
        self.trial.open()

    def import_documents(self) -> None:
        """Open the import where it stands."""
        self.import_sheet.open()

    def save_as_answer(self, text: str = "") -> None:
        """Begin an answer from a reply of the open conversation: ``text``, or the last one that was sent."""
        shown = self._desk.conversation.shown
        if shown is None:
            return
        own = [item.text for item in shown.thread.items if item.kind is ItemKind.MESSAGE and item.party is Party.DESK]
        wanted = text or (own[-1] if own else "")
        if not wanted:
            self._window.toast.show_message(self.tr("Nothing was sent in this conversation yet."))
            return
        self._desk.runner.run(
            self._presenter.service.draft_from_reply,
            shown.thread.conversation_id,
            wanted,
            done=self._show_draft,
            failed=self._on_draft_failed,
        )

    # -- private -----------------------------------------------------------------------------------------------

    def _bind_keys(self) -> None:
        bind, presenter = self._keymap.bind, self._presenter
        bind(CommandId.SAVE_AS_ANSWER, self.save_as_answer)
        bind(CommandId.ANSWER_NEW, presenter.begin_new)
        bind(CommandId.ANSWER_SAVE, presenter.save)
        bind(CommandId.ANSWER_WRITE, self.write)
        bind(CommandId.ANSWER_NEXT, lambda: self.page.list_pane.step(1))
        bind(CommandId.ANSWER_PREVIOUS, lambda: self.page.list_pane.step(-1))
        bind(CommandId.ANSWER_SEARCH, self.search)
        bind(CommandId.ANSWER_TRY, self.try_question)
        bind(CommandId.ANSWER_IMPORT, self.import_documents)
        bind(CommandId.ANSWER_DUPLICATE, presenter.duplicate)
        bind(CommandId.ANSWER_DISCARD, presenter.discard_changes)
        bind(CommandId.ANSWER_WITHDRAW, presenter.withdraw)

    def _quotable(self) -> list[Article]:
        """What may be put into a reply: internal answers are for notes only."""
        return [article for article in self._presenter.offered if not article.is_internal]

    def _on_unfilled(self, name: str) -> None:
        words = self.tr("{field} is still to be filled in. Ctrl+Enter again sends it as it is.")
        self._window.toast.show_message(words.format(field=f"{{{readable_line(name, 40)}}}"), 6.0)
        self._window.composer.show_tab(ComposerTab.REPLY)
        self._steps.go_to_first()

    def _show_number(self, answers: AnswerList) -> None:
        due = answers.number_of(AnswerFilter.DUE)
        self._window.rail.show_page_number(PageId.ANSWERS, due, self.tr("due for review"))

    def _show_draft(self, draft: AnswerDraft) -> None:
        self.reply.show_draft(draft)

    def _on_draft_failed(self, error: Exception) -> None:
        if not isinstance(error, NoSuchConversationError):
            show_problem(self._window, error)

    def _begin_with(self, form: AnswerForm) -> None:
        self._window.show_page(PageId.ANSWERS)
        self._presenter.begin_new(form)

    def _open_answer(self, article_id: str) -> None:
        self._window.show_page(PageId.ANSWERS)
        self._presenter.choose(ArticleId(article_id))


def _show_failure(sheet: "ImportSheet", error: Exception) -> None:
    from app.services.knowledge_import.words import REFUSALS  # noqa: PLC0415  loaded with the sheet

    problem, code = problem_of(error), str(getattr(error, "code", ""))
    sheet.show_failure(sheet.tr("Nothing was taken in"), REFUSALS.get(code, problem.text))
