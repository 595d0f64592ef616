"""The open conversation: reads it, keeps it fresh, and carries out what a person decides about it. No widgets."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.channel import ChannelThread
from app.domain.conversation import IDENTITY_NOTICE, ConversationState, IdentityMeans, Origin, Thread, Urgency
from app.domain.ids import ConversationId, EventId, PersonId
from app.ui.background import BackgroundRunner

if TYPE_CHECKING:
    from app.services.conversations.service import ConversationService

REFRESH_MS = 40
SEEN_MS = 900
"""A conversation that was only passed with J is not "seen" yet."""


@dataclass(frozen=True, slots=True)
class OpenThread:
    """A thread as it is to be shown.

    ``first_unseen`` stays where it was when the conversation was opened; ``jump_to`` is set once, when a search hit was
    opened; ``is_fresh`` is True on the first showing after opening.
    """

    thread: Thread
    first_unseen: EventId | None
    jump_to: EventId | None
    is_fresh: bool
    channel: ChannelThread | None = None
    """What the patient channel adds; None for a conversation that came through another door."""


class ThreadPresenter(QObject):
    """One conversation at a time."""

    #: The open conversation was read; argument: ``OpenThread``.
    thread_ready = Signal(object)
    #: No conversation is open any more.
    closed = Signal()
    #: A decision was carried out; arguments: words for the person, and a callable that takes it back.
    step_done = Signal(str, object)
    #: Something could not be done; argument: the exception.
    failed = Signal(object)

    def __init__(
        self,
        conversations: "ConversationService",
        runner: BackgroundRunner,
        parent: QObject | None = None,
        *,
        channel_of: Callable[[ConversationId], ChannelThread | None] | None = None,
    ) -> None:
        """Serve one desk; ``channel_of`` reads, off the GUI thread, what the patient channel adds."""
        super().__init__(parent)
        self._channel_of = channel_of
        self._conversations = conversations
        self._runner = runner
        self._open_id: ConversationId | None = None
        self._shown: OpenThread | None = None
        self._jump_to: EventId | None = None
        self._refresh = QTimer(self, singleShot=True, interval=REFRESH_MS)
        self._refresh.timeout.connect(self._read_again)
        self._seen = QTimer(self, singleShot=True, interval=SEEN_MS)
        self._seen.timeout.connect(self._mark_seen)

    @property
    def open_id(self) -> ConversationId | None:
        """The conversation that is open or being opened."""
        return self._open_id

    @property
    def shown(self) -> OpenThread | None:
        """What the view shows now; None until the first answer."""
        return self._shown

    def open(self, conversation_id: ConversationId, jump_to: EventId | None = None) -> None:
        """Show a conversation; opening the one that is open only jumps."""
        self._jump_to = jump_to
        if conversation_id != self._open_id:
            self._open_id, self._shown = conversation_id, None
            self._seen.start()
        self._read_again()

    def close(self) -> None:
        """Show no conversation."""
        self._open_id, self._shown = None, None
        self._seen.stop()
        self.closed.emit()

    def refresh_soon(self) -> None:
        """Read again after the present burst of changes."""
        if self._open_id is not None and not self._refresh.isActive():
            self._refresh.start()

    def assign(self, person_id: PersonId | None, words: str) -> None:
        """Give the conversation to a person, or to nobody."""
        shown = self._shown
        if shown is not None:
            before = shown.thread.assigned_to
            self._do(self._conversations.assign, person_id, words=words, undo=(self._conversations.assign, before))

    def set_urgency(self, urgency: Urgency, words: str) -> None:
        """Raise or lower the urgency."""
        shown = self._shown
        if shown is not None and shown.thread.urgency is not urgency:
            before = shown.thread.urgency
            self._do(
                self._conversations.set_urgency, urgency, words=words, undo=(self._conversations.set_urgency, before)
            )

    def raise_identity(self, means: IdentityMeans | None, words: str) -> None:
        """Record how the desk knows who writes, or take that back."""
        shown = self._shown
        if shown is not None:
            notice = shown.thread.identity
            before = None if notice is None else IdentityMeans(notice.text.removeprefix(IDENTITY_NOTICE))
            raise_it = self._conversations.raise_identity
            self._do(raise_it, means, words=words, undo=(raise_it, before))

    def snooze(self, until_ms: int, words: str) -> None:
        """Set the conversation aside until a moment."""
        self._do(self._conversations.snooze, until_ms, words=words, undo=(self._conversations.reopen,))

    def mark_done(self, words: str) -> None:
        """Finish the conversation."""
        self._do(self._conversations.mark_done, words=words, undo=(self._conversations.reopen,))

    def reopen(self, words: str) -> None:
        """Put a finished or snoozed conversation back into the inbox."""
        shown = self._shown
        if shown is not None and shown.thread.state is not ConversationState.OPEN:
            self._do(self._conversations.reopen, words=words, undo=(self._conversations.mark_done,))

    def add_note(self, text: str, done: Callable[[], None]) -> None:
        """Write a note for colleagues; ``done`` is called when it is durable."""
        if self._open_id is not None:
            self._runner.run(
                self._conversations.add_note, self._open_id, text, done=lambda _event: done(), failed=self.failed.emit
            )

    def _do(self, act: Callable[..., object], *arguments: object, words: str, undo: tuple[object, ...]) -> None:
        conversation_id = self._open_id
        if conversation_id is None:
            return
        take_back, *undo_arguments = undo
        assert callable(take_back)

        def undo_it() -> None:
            self._runner.run(take_back, conversation_id, *undo_arguments, failed=self.failed.emit)

        self._runner.run(
            act,
            conversation_id,
            *arguments,
            done=lambda _result: self.step_done.emit(words, undo_it),
            failed=self.failed.emit,
        )

    def _read_again(self) -> None:
        if self._open_id is not None:
            self._runner.run(self._read, self._open_id, done=self._on_read, failed=self.failed.emit, topic="thread")

    def _read(self, conversation_id: ConversationId) -> tuple[Thread, ChannelThread | None]:
        """On the store thread."""
        thread = self._conversations.thread(conversation_id)
        if self._channel_of is None or thread.origin is not Origin.CHANNEL:
            return thread, None
        return thread, self._channel_of(conversation_id)

    def _on_read(self, read: tuple[Thread, ChannelThread | None]) -> None:
        thread, channel = read
        if thread.conversation_id != self._open_id:
            return
        first_unseen = thread.first_unseen if self._shown is None else self._shown.first_unseen or thread.first_unseen
        shown = OpenThread(thread, first_unseen, self._jump_to, is_fresh=self._shown is None, channel=channel)
        self._shown, self._jump_to = replace(shown, jump_to=None, is_fresh=False), None
        if not self._seen.isActive() and thread.first_unseen is not None:
            self._seen.start()
        self.thread_ready.emit(shown)

    def _mark_seen(self) -> None:
        shown = self._shown
        if self._open_id is None or shown is None:
            return
        if shown.thread.first_unseen is not None:
            self._runner.run(self._conversations.mark_seen, self._open_id, failed=self.failed.emit)
