"""Sending with a second thought: a reply is held for a few seconds, visibly, and can be recalled with Ctrl+Z.

The hold itself is a durable event of the store; this presenter only owns the clock. If the console dies while a reply
is held, the store turns it back into unsent text at the next unlock, so nothing is sent that was not watched.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.domain.conversation import HeldReply
from app.domain.ids import ConversationId
from app.domain.proposal import Proposal
from app.ui.background import BackgroundRunner
from app.ui.shell.steps import Step, StepKeeper

if TYPE_CHECKING:
    from app.services.conversations.service import ConversationService


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A reply on its way: where to, what, and the proposal it rests on (None when a person wrote it alone)."""

    conversation_id: ConversationId
    contact_name: str
    text: str
    proposal: Proposal | None


class SendingPresenter(QObject):
    """Holds, releases and recalls replies."""

    #: The store has written the hold down; argument: ``Outgoing``.
    held = Signal(object)
    #: The reply is sent; argument: its conversation id.
    released = Signal(object)
    #: The person took it back; arguments: ``Outgoing``, and the whole unsent text that now stands in its composer.
    recalled = Signal(object, str)
    #: It could not be held, released or recalled; arguments: exception, ``Outgoing`` (its text must not be lost).
    failed = Signal(object, object)

    def __init__(
        self,
        conversations: "ConversationService",
        runner: BackgroundRunner,
        steps: StepKeeper,
        undo_ms: int,
        words: Callable[[Outgoing], str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._conversations = conversations
        self._runner = runner
        self._steps = steps
        self._undo_ms = undo_ms
        self._words = words

    def send(self, outgoing: Outgoing) -> None:
        """Hold the reply; it goes out when its undo time has passed."""
        self._runner.run(
            self._conversations.hold_reply,
            outgoing.conversation_id,
            outgoing.text,
            outgoing.proposal,
            done=lambda held: self._on_held(held, outgoing),
            failed=lambda error: self.failed.emit(error, outgoing),
        )

    def _on_held(self, held: HeldReply, outgoing: Outgoing) -> None:
        self._steps.take(
            Step(
                words=self._words(outgoing),
                undo=lambda: self._recall(held, outgoing),
                settle=lambda: self._release(held, outgoing),
                lasts_ms=self._undo_ms,
                is_countdown=True,
            )
        )
        self.held.emit(outgoing)

    def _release(self, held: HeldReply, outgoing: Outgoing) -> None:
        self._runner.run(
            self._conversations.release_reply,
            held.held_id,
            done=lambda _event_id: self.released.emit(outgoing.conversation_id),
            failed=lambda error: self.failed.emit(error, outgoing),
        )

    def _recall(self, held: HeldReply, outgoing: Outgoing) -> None:
        self._runner.run(
            self._conversations.recall_reply,
            held.held_id,
            done=lambda text: self.recalled.emit(outgoing, text),
            failed=lambda error: self.failed.emit(error, outgoing),
        )
