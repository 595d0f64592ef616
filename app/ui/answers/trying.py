"""Questions to the answers, off the GUI thread; the index is built again only when answers changed.

A thread of its own does it: building an index takes seconds on a slow machine, and saving must not wait for that.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.services.answers.service import AnswerFilter, AnswerService
from app.services.answers.trial import AnswerTrial, TriedAnswer
from app.ui.background import BackgroundRunner

if TYPE_CHECKING:
    from app.domain.proposal import Article


class TryingPresenter(QObject):
    """Asks one question at a time; only the newest counts."""

    #: A question was tried; arguments: its words, tuple of ``TriedAnswer``.
    tried = Signal(str, object)
    #: It could not be tried; argument: the exception.
    failed = Signal(object)

    def __init__(self, service: AnswerService, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._service = service
        self._runner = BackgroundRunner("answer trial", self)
        self._trial: tuple[tuple[Article, ...], AnswerTrial] | None = None  # touched on the runner's thread only

    def ask(self, question: str) -> None:
        """Try a question."""
        self._runner.run(
            self._ask,
            question,
            done=lambda found: self.tried.emit(question, found),
            failed=self.failed.emit,
            topic="answer trial",
        )

    def close(self) -> None:
        """End the thread."""
        self._runner.close()

    def _ask(self, question: str) -> tuple[TriedAnswer, ...]:
        listed = self._service.list()
        articles = tuple(answer.article for answer in listed.under(AnswerFilter.ALL))
        if self._trial is None or self._trial[0] != articles:
            self._trial = articles, AnswerTrial(articles, listed.day)
        return self._trial[1].ask(question)
