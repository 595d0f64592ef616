"""All presenters of one open desk, wired to each other; no widgets, so a desk can be driven without a window."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal, Slot

from app.domain.conversation import Origin, Thread
from app.domain.ids import OFFICE, ConversationId, PersonId
from app.ui.answers.presenter import AnswersPresenter
from app.ui.background import BackgroundRunner
from app.ui.components.veil import person_line
from app.ui.composer.drafting import DraftingPresenter
from app.ui.composer.presenter import ComposerPresenter
from app.ui.composer.sending import Outgoing, SendingPresenter
from app.ui.inbox.presenter import InboxPresenter
from app.ui.palette.search import SearchPresenter
from app.ui.shell.steps import Step, StepKeeper
from app.ui.thread.presenter import OpenThread, ThreadPresenter

if TYPE_CHECKING:
    from app.services.desk import Desk
    from app.services.proposing.service import ProposalService

PREPARE_MS = 600
"""After the last change, before drafts are prepared in the background."""


class DeskPresenters(QObject):
    """Owns the presenters and the way of changes: store thread → signal → what is shown."""

    #: A new conversation is in the inbox; argument: its id.
    started = Signal(object)
    #: A new conversation could not be stored; argument: the exception.
    start_failed = Signal(object)
    _changed = Signal(str)

    def __init__(
        self,
        desk: "Desk",
        runner: BackgroundRunner,
        now_ms: Callable[[], int],
        *,
        undo_ms: int,
        prepares_drafts: bool = True,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.desk = desk
        self.runner = runner
        self.now_ms = now_ms
        conversations = desk.conversations
        self.steps = StepKeeper(self)
        self.inbox = InboxPresenter(conversations, runner, now_ms, self)
        self.conversation = ThreadPresenter(
            conversations,
            runner,
            self,
            channel_of=lambda cid: desk.channel.thread(cid),  # noqa: PLW0108  built when it is first needed
        )
        self.drafting = DraftingPresenter(None, self)
        self.sending = SendingPresenter(conversations, runner, self.steps, undo_ms, _sending_words, self)
        self.composer = ComposerPresenter(conversations, runner, self.drafting, self.sending, self._has_script, self)
        self.search = SearchPresenter(conversations, runner, self)
        self.answers = AnswersPresenter(desk.answers, runner, self.steps, self)
        self._proposals: ProposalService | None = None
        self._prepares_drafts = prepares_drafts
        self._prepare = QTimer(self, singleShot=True, interval=PREPARE_MS)
        self._prepare.timeout.connect(self._prepare_now)
        self._prepared: frozenset[tuple[ConversationId, int]] = frozenset()
        self._connect()
        self._unsubscribe = conversations.on_change(self._changed.emit)

    def begin(self) -> None:
        """Read the inbox for the first time."""
        self.inbox.refresh()
        self.answers.refresh()

    def use_proposals(self, proposals: "ProposalService | None") -> None:
        """The model became usable, or stopped being so."""
        self._proposals = proposals
        self.drafting.use(proposals)
        self._prepared = frozenset()
        self._prepare.start()

    @property
    def proposals(self) -> "ProposalService | None":
        """What makes proposals and notes; None while no model runs."""
        return self._proposals

    def name_of(self, person_id: PersonId | None) -> str | None:
        """The name of somebody of the office; "You" for the person at the desk."""
        if person_id is None:
            return None
        if person_id == self.desk.person.person_id:
            return _tr("You")
        return next(
            (person.display_name for person in self.desk.people if person.person_id == person_id), _tr("Somebody else")
        )

    def start_conversation(self, name: str, origin: Origin, text: str) -> None:
        """Put a phone call, a walk-in or a pasted text into the inbox."""
        self.runner.run(
            self.desk.conversations.start, name, origin, text, done=self.started.emit, failed=self.start_failed.emit
        )

    def receive(self, conversation_id: ConversationId, text: str) -> None:
        """Write down what the visitor of an open conversation said next."""
        self.runner.run(
            self.desk.conversations.receive,
            conversation_id,
            text,
            done=lambda _event: self.started.emit(conversation_id),
            failed=self.start_failed.emit,
        )

    def _has_script(self, thread: Thread) -> bool:
        """On the store thread: whether the emergency list finds words that nobody has answered yet."""
        from app.services.interlock.lists import unanswered  # noqa: PLC0415  not before the inbox is painted
        from app.services.proposing.service import turns_of  # noqa: PLC0415

        return self.desk.interlock.interlock.script_for(unanswered(turns_of(thread))) is not None

    def settle(self) -> None:
        """Store what is unsaved, stop drafts and let held replies go (before a lock)."""
        self.drafting.stop_all()
        self.composer.flush()
        self.answers.flush()
        self.steps.settle_all()

    def detach(self) -> None:
        """Hear no more changes and start nothing any more."""
        self._unsubscribe()
        for timer in self.findChildren(QTimer):
            timer.stop()

    def _connect(self) -> None:
        self._changed.connect(self._on_changed)
        self.conversation.thread_ready.connect(
            lambda opened: self.composer.show(opened.thread, is_fresh=opened.is_fresh)
        )
        self.conversation.closed.connect(self.composer.clear)
        self.conversation.step_done.connect(lambda words, undo: self.steps.take(Step(words, undo)))
        self.inbox.rows_refreshed.connect(self._on_rows_refreshed)

    def _on_thread_ready(self, opened: OpenThread) -> None:
        self.composer.show(opened.thread, is_fresh=opened.is_fresh)

    @Slot(str)
    def _on_changed(self, conversation_id: str) -> None:
        self.inbox.refresh_soon()
        if conversation_id == OFFICE:
            self.answers.refresh_soon()
            # Proposals that rest on an answer which was changed or withdrawn are made again.
            self._prepared = frozenset()
            self._prepare.start()
        if conversation_id in {OFFICE, self.conversation.open_id}:
            self.conversation.refresh_soon()

    def _on_rows_refreshed(self) -> None:
        model = self.inbox.model
        rows = [model.at(place) for place in range(min(model.rowCount(), 60))]
        waiting = frozenset(
            (row.conversation_id, row.last_activity_ms)
            for row in rows
            if row.oldest_unanswered_ms is not None and not row.has_proposal
        )
        if waiting - self._prepared:
            self._prepared = self._prepared | waiting
            self._prepare.start()

    def _prepare_now(self) -> None:
        if self._proposals is not None and self._prepares_drafts:
            self._proposals.prepare_waiting()


def _sending_words(outgoing: Outgoing) -> str:
    return _tr("Reply to {name} leaves").format(name=person_line(outgoing.contact_name, 40))


def _tr(text: str) -> str:
    return QCoreApplication.translate("desk", text)
