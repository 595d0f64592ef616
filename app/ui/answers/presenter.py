"""The answers' page without widgets: which answers there are, which one is open, what was typed and not saved."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from app.domain.ids import ArticleId
from app.domain.proposal import Article
from app.services.answers.form import AnswerForm, form_of
from app.services.answers.history import AnswerVersion
from app.services.answers.service import Answer, AnswerFilter, AnswerList
from app.services.answers.uses import AnswerUse
from app.services.errors import AnswerFault, InvalidAnswerError
from app.ui.answers.state import AnswersRead, OpenAnswer, typed_only
from app.ui.background import BackgroundRunner
from app.ui.components.untrusted import readable_line
from app.ui.shell.steps import Step, StepKeeper

if TYPE_CHECKING:
    from app.services.answers.service import AnswerService

REFRESH_MS = 40
KEEP_MS = 500
"""After the last keystroke, before the unsaved text is kept in the vault."""


class AnswersPresenter(QObject):
    """Keeps the page equal to the store, and the store equal to what was typed."""

    #: The answers were read again; argument: ``AnswerList`` (texts that were never saved are in it).
    listed = Signal(object)
    #: Another answer is open, or the open one is to be shown anew; argument: ``OpenAnswer``, or None.
    shown = Signal(object)
    #: The form was edited, kept or saved: buttons and words follow; argument: ``OpenAnswer``.
    state_changed = Signal(object)
    #: The open answer was not taken; argument: ``AnswerFault``.
    refused = Signal(object)
    #: The open answer was approved; argument: ``Article``.
    saved = Signal(object)
    #: Where the open answer was used; argument: ``AnswerUse``.
    uses_ready = Signal(object)
    #: What became of the open answer; argument: tuple of ``AnswerVersion``, newest first.
    history_ready = Signal(object)
    #: Something could not be done; argument: the exception.
    failed = Signal(object)

    def __init__(
        self, service: "AnswerService", runner: BackgroundRunner, steps: StepKeeper, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.service = service
        self._runner = runner
        self._steps = steps
        self._list: AnswerList | None = None
        self._unsaved: dict[ArticleId, AnswerForm] = {}
        self._open: OpenAnswer | None = None
        self._refresh = QTimer(self, singleShot=True, interval=REFRESH_MS)
        self._refresh.timeout.connect(self.refresh)
        self._keep = QTimer(self, singleShot=True, interval=KEEP_MS)
        self._keep.timeout.connect(self.flush)

    @property
    def answers(self) -> AnswerList | None:
        """What was read last; None before the first answer of the store."""
        return self._list

    @property
    def open(self) -> OpenAnswer | None:
        """What stands in the editor."""
        return self._open

    @property
    def offered(self) -> tuple[Article, ...]:
        """The answers that may be put into a reply today."""
        if self._list is None:
            return ()
        return tuple(
            answer.article
            for answer in self._list.under(AnswerFilter.ALL)
            if not answer.is_new and answer.article.is_valid_on(self._list.day)
        )

    def refresh_soon(self) -> None:
        """Read again after the present burst of changes."""
        if not self._refresh.isActive():
            self._refresh.start()

    def refresh(self) -> None:
        """Read the answers again."""
        self._runner.run(self._read, done=self._on_read, failed=self.failed.emit, topic="answers")

    def choose(self, article_id: ArticleId) -> None:
        """Open an answer; what was typed of the one before is kept."""
        if self._open is not None and self._open.form.article_id == article_id:
            return
        self.flush()
        answer = self._find(article_id)
        form = self._unsaved.get(article_id) or (form_of(answer.article) if answer is not None else None)
        if form is not None:
            self._show(OpenAnswer(answer if answer and not answer.is_new else None, form))

    def begin_new(self, form: AnswerForm | None = None) -> None:
        """Open an empty form, or one that was filled elsewhere, as a new answer."""
        self.flush()
        fresh = replace(form or AnswerForm(ArticleId("")), article_id=self.service.new_id())
        self._show(OpenAnswer(None, fresh))
        if not fresh.is_empty:
            self._keep.start()

    def duplicate(self) -> None:
        """Begin a new answer with the text of the open one."""
        if self._open is not None:
            title = _tr("Copy of {title}").format(title=readable_line(self._open.form.title, 180))
            self.begin_new(replace(self._open.form, title=title, short_code="", origin=""))

    def edited(self, form: AnswerForm) -> None:
        """The person typed."""
        if self._open is None or form.article_id != self._open.form.article_id or form == self._open.form:
            return
        self._open = replace(self._open, form=form)
        self._keep.start()
        self.state_changed.emit(self._open)

    def flush(self) -> None:
        """Keep what is typed and not saved, now."""
        self._keep.stop()
        opened = self._open
        if opened is None:
            return
        article_id, known = opened.form.article_id, self._unsaved.get(opened.form.article_id)
        if opened.is_changed and known != opened.form:
            self._unsaved = self._unsaved | {article_id: opened.form}
            self._write(self.service.keep_unsaved, opened.form)
        elif not opened.is_changed and known is not None:
            self._unsaved = {key: form for key, form in self._unsaved.items() if key != article_id}
            self._write(self.service.drop_unsaved, article_id)

    def save(self) -> None:
        """Approve what stands in the editor."""
        opened = self._open
        if opened is None:
            return
        self._keep.stop()
        self._runner.run(
            self.service.save,
            opened.form,
            done=lambda article: self._on_saved(article, opened),
            failed=self._on_refused,
        )

    def discard_changes(self) -> None:
        """Go back to the approved text, or forget a new answer; can be undone."""
        opened = self._open
        if opened is None or not opened.is_changed:
            return
        self._keep.stop()
        self._unsaved = {key: form for key, form in self._unsaved.items() if key != opened.form.article_id}
        self._write(self.service.drop_unsaved, opened.form.article_id)
        if opened.answer is not None:
            self._show(replace(opened, form=form_of(opened.answer.article)))
        else:
            self._show(None)
        self._steps.take(Step(_tr("Changes discarded"), lambda: self._bring_back(opened)))

    def withdraw(self) -> None:
        """Take the open answer out of use; can be undone."""
        opened = self._open
        if opened is None or opened.answer is None or opened.is_withdrawn:
            return
        self.flush()
        article_id, title = opened.form.article_id, readable_line(opened.answer.article.title, 60)
        words = _tr("“{title}” is withdrawn").format(title=title)
        self._run(
            self.service.withdraw,
            article_id,
            then=lambda: self._steps.take(Step(words, lambda: self.restore(article_id))),
        )
        self._show(None)

    def restore(self, article_id: ArticleId | None = None) -> None:
        """Bring a withdrawn answer back and open it."""
        if article_id is None and self._open is not None:
            article_id = self._open.form.article_id
        if article_id is not None:
            self._show(None)
            self._run(self.service.restore, article_id, then=lambda: self._open_when_read(article_id))

    def use_version(self, version: AnswerVersion) -> None:
        """Put an earlier version into the editor; it counts when it is saved."""
        if self._open is not None:
            self.edited(form_of(version.article))
            self.shown.emit(self._open)

    def read_on(self) -> None:
        """Read uses and history of the open answer."""
        if self._open is not None and self._open.answer is not None:
            article_id = self._open.form.article_id
            self._runner.run(
                self.service.history,
                article_id,
                done=lambda versions: self._if_open(article_id, self.history_ready, versions),
                failed=self.failed.emit,
                topic="answer history",
            )
            self._read_uses(article_id)

    # -- private -----------------------------------------------------------------------------------------------

    def _read(self) -> AnswersRead:
        return AnswersRead(self.service.list(), self.service.unsaved())

    def _on_read(self, read: AnswersRead) -> None:
        known = {answer.article.article_id for answer in read.answers.answers}
        typed = [typed_only(form) for article_id, form in read.unsaved.items() if article_id not in known]
        self._list = replace(read.answers, answers=(*reversed(typed), *read.answers.answers))
        self._unsaved = read.unsaved
        self.listed.emit(self._list)
        opened = self._open
        if opened is None:
            return
        answer = self._find(opened.form.article_id)
        if answer is not None and not answer.is_new and answer != opened.answer:
            was_changed = opened.is_changed
            form = opened.form if was_changed else form_of(answer.article)
            self._open = OpenAnswer(answer, form)
            self.state_changed.emit(self._open) if was_changed else self._show(self._open)

    def _find(self, article_id: ArticleId) -> Answer | None:
        answers = self._list.answers if self._list is not None else ()
        return next((answer for answer in answers if answer.article.article_id == article_id), None)

    def _show(self, opened: OpenAnswer | None) -> None:
        self._open = opened
        self.shown.emit(opened)
        self.read_on()

    def _bring_back(self, opened: OpenAnswer) -> None:
        self._show(opened)
        self.flush()

    def _on_saved(self, article: Article, opened: OpenAnswer) -> None:
        self._unsaved = {key: form for key, form in self._unsaved.items() if key != article.article_id}
        now = self._open
        if now is not None and now.form.article_id == article.article_id:
            is_same = now.form == opened.form
            self._open = OpenAnswer(Answer(article), form_of(article) if is_same else now.form)
            self._show(self._open) if is_same else self.state_changed.emit(self._open)
        self.saved.emit(article)
        self.refresh()

    def _on_refused(self, error: Exception) -> None:
        self._keep.start()
        if isinstance(error, InvalidAnswerError):
            self.refused.emit(AnswerFault(error.code))
        else:
            self.failed.emit(error)

    def _open_when_read(self, article_id: ArticleId) -> None:
        def show(read: AnswersRead) -> None:
            self._on_read(read)
            self.choose(article_id)

        self._runner.run(self._read, done=show)

    def _write(self, act: Callable[..., object], argument: object) -> None:
        self._runner.run(act, argument, done=lambda _none: self.refresh_soon(), failed=self.failed.emit)

    def _run(self, act: Callable[..., object], argument: object, *, then: Callable[[], object]) -> None:
        def go_on(_result: object) -> None:
            then()

        self._runner.run(act, argument, done=go_on, failed=self.failed.emit)

    def _read_uses(self, article_id: ArticleId) -> None:
        self._runner.run(
            self.service.used_in,
            article_id,
            done=lambda found: self._on_uses(article_id, found),
            failed=self.failed.emit,
            topic="answer uses",
        )

    def _on_uses(self, article_id: ArticleId, found: AnswerUse) -> None:
        self._if_open(article_id, self.uses_ready, found)
        if not found.is_complete and self._open is not None and self._open.form.article_id == article_id:
            self._read_uses(article_id)

    def _if_open(self, article_id: ArticleId, signal: object, value: object) -> None:
        if self._open is not None and self._open.form.article_id == article_id:
            signal.emit(value)  # type: ignore[attr-defined]


def _tr(text: str) -> str:
    return QCoreApplication.translate("answers", text)
