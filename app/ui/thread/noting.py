"""Summaries and hand-over notes on demand: asked for, marked against the thread, handed to the sheet. No widgets."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.domain.conversation import ItemKind, Thread
from app.domain.facts import FactMark
from app.domain.ids import ArticleId
from app.domain.prompt import Task
from app.domain.proposal import SourceRef
from app.ui.background import BackgroundRunner

if TYPE_CHECKING:
    from app.services.proposing.noting import ThreadNote
    from app.services.proposing.service import ProposalService

MAX_SOURCES = 60
"""Messages that the facts of a note are looked up in, latest first."""


@dataclass(frozen=True, slots=True)
class MarkedNote:
    """A note with its facts; ``sources`` are the messages of the thread, numbered in its order."""

    task: Task
    text: str
    is_extract: bool
    model_name: str | None
    facts: tuple[FactMark, ...]
    sources: tuple[SourceRef, ...]


class NotingPresenter(QObject):
    """One note at a time; a newer wish gives the older one up."""

    #: A note was asked for; argument: ``Task``.
    begun = Signal(object)
    #: The note is here; argument: ``MarkedNote``.
    ready = Signal(object)
    #: There is none; argument: a problem code.
    failed = Signal(str)
    _written = Signal(object)
    _problem = Signal(object)

    def __init__(
        self,
        proposals: "Callable[[], ProposalService | None]",
        thread: Callable[[], Thread | None],
        runner: BackgroundRunner,
        parent: QObject | None = None,
    ) -> None:
        """Ask the service that ``proposals`` returns about the thread that ``thread`` returns."""
        super().__init__(parent)
        self._proposals = proposals
        self._thread = thread
        self._runner = runner
        self._asked: Thread | None = None
        self._run: object | None = None
        self._written.connect(self._on_written)
        self._problem.connect(lambda code: self.failed.emit(str(getattr(code, "value", code))))

    def ask(self, task: Task) -> None:
        """Ask for a note of the open conversation."""
        proposals, thread = self._proposals(), self._thread()
        if thread is None:
            return
        self._asked = thread
        self.begun.emit(task)
        if proposals is None:
            self.failed.emit("no_model")
            return
        self._run = proposals.note(thread.conversation_id, task, self)

    def give_up(self) -> None:
        """Nobody waits any more."""
        run, self._run, self._asked = self._run, None, None
        cancel = getattr(run, "cancel", None)
        if cancel is not None:
            cancel()

    def note_ready(self, note: "ThreadNote") -> None:
        """Hear the note, on a thread of the service."""
        self._written.emit(note)

    def note_failed(self, code: object) -> None:
        """Hear that there is none, on a thread of the service."""
        self._problem.emit(code)

    def _on_written(self, note: "ThreadNote") -> None:
        if self._asked is not None:
            self._runner.run(_mark, note, self._asked, done=self._on_marked, topic="note")

    def _on_marked(self, note: MarkedNote) -> None:
        if self._asked is not None:
            self.ready.emit(note)


def _mark(note: "ThreadNote", thread: Thread) -> MarkedNote:
    """Look every fact of a note up in the messages; on the store thread."""
    from app.services.drafting.fact_marks import check_edit  # noqa: PLC0415  not before the inbox is painted

    sources = message_sources(thread)
    facts = tuple(fact for fact in check_edit(note.text, sources) if not _is_stamp(fact))
    return MarkedNote(note.task, note.text, note.is_extract, note.model_name, facts, sources)


def _is_stamp(fact: FactMark) -> bool:
    """True for who said it and when, which the program wrote itself: only the title of a message holds them."""
    return fact.is_supported and fact.quote_start == fact.quote_end


def message_sources(thread: Thread) -> tuple[SourceRef, ...]:
    """The messages of a thread as numbered sources; the titles name who said it and when."""
    from app.services.proposing.digest import stamp  # noqa: PLC0415  not before the inbox is painted

    messages = [item for item in thread.items if item.kind is ItemKind.MESSAGE]
    numbered = list(enumerate(messages, start=1))[-MAX_SOURCES:]
    return tuple(
        SourceRef(number, ArticleId(item.event_id), f"{item.author_name}, {stamp(item.wall_ms)}", item.text, None)
        for number, item in numbered
    )
