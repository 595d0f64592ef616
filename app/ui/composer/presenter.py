"""What the composer holds for the open conversation: unsent text of both tabs, the proposal, and what each key does.

The store keeps unsent text (encrypted, durable) a moment after every edit and at once when the person turns away, so a
lock, a crash or a kill loses at most the last half second of typing.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.conversation import ComposerTab, Thread, Urgency
from app.domain.ids import ConversationId
from app.domain.prompt import Task
from app.domain.proposal import Proposal, changed_percent
from app.ui.background import BackgroundRunner
from app.ui.composer.drafting import DraftingPresenter
from app.ui.composer.sending import Outgoing, SendingPresenter
from app.ui.composer.state import NOTHING, RUNNING, Phase, ProposalState, newest_message, state_in

if TYPE_CHECKING:
    from app.services.conversations import ConversationService

SAVE_MS = 500
"""From the last edit to the durable save."""

LIKENESS_PERCENT = 60
"""Unsent text that differs less than this from the proposal is an edit of it (after a lock, when memory is gone)."""

WHILE_EDITING = "while_editing"
"""Problem of a stale state: the text in the editor is what was overtaken."""


@dataclass(frozen=True, slots=True)
class ComposerText:
    """Text to put into the editors when a conversation is opened or a reply comes back."""

    reply: str
    note: str


class ComposerPresenter(QObject):
    """Follows the open conversation."""

    #: Other text belongs into the editors; argument: ``ComposerText``.
    text_replaced = Signal(object)
    #: The proposal moved on; argument: ``ProposalState``.
    proposal_changed = Signal(object)
    #: A proposal ended while its conversation is open, once per proposal; argument: ``ProposalState``.
    proposal_ended = Signal(object)
    #: The person chose to edit: show the editor with the proposal's text in it.
    editing_started = Signal()
    #: A proposal is about to be asked for.
    asking = Signal()
    #: A proposal was asked for and there is no model.
    model_missing = Signal()
    #: A proposal was asked for in an emergency, where drafting is left to people.
    refused = Signal()
    #: Something could not be stored; argument: the exception.
    failed = Signal(object)

    def __init__(
        self,
        conversations: "ConversationService",
        runner: BackgroundRunner,
        drafting: DraftingPresenter,
        sending: SendingPresenter,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._conversations = conversations
        self._runner = runner
        self._drafting = drafting
        self._sending = sending
        self._thread: Thread | None = None
        self._texts: dict[ComposerTab, str] = {}
        self._unsaved: set[ComposerTab] = set()
        self._base: Proposal | None = None
        self._state = NOTHING
        self._save = QTimer(self, singleShot=True, interval=SAVE_MS)
        self._save.timeout.connect(self.flush)
        drafting.state_changed.connect(self._on_run_changed)
        drafting.ended.connect(self._on_run_ended)
        sending.recalled.connect(self._on_recalled)
        sending.failed.connect(self._on_sending_failed)

    @property
    def state(self) -> ProposalState:
        """The proposal as it is shown."""
        return self._state

    @property
    def is_editing_proposal(self) -> bool:
        """True while the editor's text began as a proposal."""
        return self._base is not None

    @property
    def is_emergency(self) -> bool:
        """True while an emergency is open: routine drafting stops until a person lowers the urgency."""
        return self._thread is not None and self._thread.urgency is Urgency.EMERGENCY

    def text(self, tab: ComposerTab) -> str:
        """The unsent text of one tab."""
        return self._texts.get(tab, "")

    def show(self, thread: Thread, *, is_fresh: bool) -> None:
        """Follow a thread that was read; texts are only replaced when it is another conversation."""
        if is_fresh:
            self.flush()
            self._texts = {ComposerTab.REPLY: thread.unsent_reply, ComposerTab.NOTE: thread.unsent_note}
            self._base = _base_of(thread)
            self._thread = thread
            self.text_replaced.emit(ComposerText(thread.unsent_reply, thread.unsent_note))
        self._thread = thread
        if self.is_emergency:
            self._drafting.stop(thread.conversation_id)
            self._set_state(NOTHING)
            return
        self._set_state(self._drafting.running(thread.conversation_id) or self._settled(thread))

    def clear(self) -> None:
        """No conversation is open."""
        self.flush()
        self._thread, self._base, self._texts = None, None, {}
        self._set_state(NOTHING)
        self.text_replaced.emit(ComposerText("", ""))

    def edited(self, tab: ComposerTab, text: str) -> None:
        """The person typed."""
        if self._thread is None or text == self.text(tab):
            return
        self._texts[tab] = text
        self._unsaved.add(tab)
        if tab is ComposerTab.REPLY and not text.strip():
            self._base = None
        self._save.start()

    def flush(self) -> None:
        """Store what is unsaved now."""
        self._save.stop()
        unsaved, self._unsaved = self._unsaved, set()
        if self._thread is not None:
            for tab in unsaved:
                self._store_text(self._thread.conversation_id, tab, self.text(tab))

    def propose(self, task: Task = Task.REPLY) -> None:
        """Ask for a proposal, again or for the first time."""
        if self._thread is None:
            return
        if self.is_emergency:
            self.refused.emit()
            return
        self.asking.emit()
        if not self._drafting.request(self._thread.conversation_id, task):
            self.model_missing.emit()

    def stop(self) -> bool:
        """Stop a running proposal, keeping its words; False when none runs."""
        return self._thread is not None and self._drafting.stop(self._thread.conversation_id)

    def edit(self) -> None:
        """Move the proposal's text into the editor; the person's own text there comes first."""
        if self._state.phase in RUNNING or not self._state.text.strip():
            return
        own = self.text(ComposerTab.REPLY).rstrip()
        text = f"{own}\n\n{self._state.text}" if own else self._state.text
        self._base = self._state.proposal
        self._put_reply(text)
        self._set_state(NOTHING)
        self.editing_started.emit()

    def approve(self) -> bool:
        """Send the proposal as it stands, or the text it was edited into; False when there is nothing to send."""
        if self.text(ComposerTab.REPLY).strip():
            return self.send()
        if self._thread is None or not self._state.can_be_approved:
            return False
        state = self._state
        self._set_state(NOTHING)
        self._send(self._thread, state.text, state.proposal)
        return True

    def send(self) -> bool:
        """Send the editor's text; False when it is empty."""
        text = self.text(ComposerTab.REPLY).strip()
        if self._thread is None or not text:
            return False
        base, self._base = self._base, None
        self._put_reply("", is_saved=True)
        self._set_state(NOTHING)
        self._send(self._thread, text, base)
        return True

    def take_note(self) -> str:
        """Return the note to be written down and leave its text in place until ``note_written``."""
        return self.text(ComposerTab.NOTE).strip()

    def note_written(self) -> None:
        """The note is durable: empty its tab."""
        if self._thread is not None:
            self._texts[ComposerTab.NOTE] = ""
            self._store_text(self._thread.conversation_id, ComposerTab.NOTE, "")
            self.text_replaced.emit(ComposerText(self.text(ComposerTab.REPLY), ""))

    def discard(self, reason: str) -> None:
        """Throw the proposal away and say why."""
        proposal = self._state.proposal
        self._set_state(NOTHING)
        if self._thread is not None and proposal is not None:
            self._runner.run(
                self._conversations.discard_proposal,
                self._thread.conversation_id,
                proposal.proposal_id,
                reason,
                failed=self.failed.emit,
            )

    def _settled(self, thread: Thread) -> ProposalState:
        if self._base is not None:
            is_overtaken = self._base.based_on not in {None, newest_message(thread)}
            return ProposalState(Phase.STALE, problem=WHILE_EDITING) if is_overtaken else NOTHING
        if thread.held is not None:
            return NOTHING
        stored = state_in(thread)
        mine = self._state.proposal
        if stored.phase is Phase.NONE and self._state.phase in {Phase.FAILED, Phase.STOPPED, Phase.STALE}:
            return self._state if mine is None or mine.conversation_id == thread.conversation_id else stored
        if mine is not None and stored.proposal is not None and mine.proposal_id == stored.proposal.proposal_id:
            return self._state if stored.phase is not Phase.STALE else stored
        return stored

    def _send(self, thread: Thread, text: str, proposal: Proposal | None) -> None:
        self._sending.send(Outgoing(thread.conversation_id, thread.contact_name, text, proposal))

    def _put_reply(self, text: str, *, is_saved: bool = False) -> None:
        self._texts[ComposerTab.REPLY] = text
        self._unsaved.discard(ComposerTab.REPLY)
        self.text_replaced.emit(ComposerText(text, self.text(ComposerTab.NOTE)))
        if not is_saved:
            self._unsaved.add(ComposerTab.REPLY)
            self._save.start()

    def _store_text(self, conversation_id: ConversationId, tab: ComposerTab, text: str) -> None:
        self._runner.run(self._conversations.save_text, conversation_id, tab, text, failed=self.failed.emit)

    def _set_state(self, state: ProposalState) -> None:
        if state != self._state:
            self._state = state
            self.proposal_changed.emit(state)

    def _is_open(self, conversation_id: str) -> bool:
        return self._thread is not None and self._thread.conversation_id == conversation_id

    def _on_run_changed(self, conversation_id: str, state: ProposalState) -> None:
        if self._is_open(conversation_id) and not self.is_emergency:
            if state.phase is Phase.PREPARING:
                self._base = None
            self._set_state(state)

    def _on_run_ended(self, conversation_id: str, state: ProposalState) -> None:
        if self._is_open(conversation_id) and not self.is_emergency:
            self.proposal_ended.emit(state)

    def _on_recalled(self, outgoing: Outgoing, text: str) -> None:
        if self._is_open(outgoing.conversation_id):
            self._base = outgoing.proposal
            self._texts[ComposerTab.REPLY] = text
            self._unsaved.discard(ComposerTab.REPLY)
            self.text_replaced.emit(ComposerText(text, self.text(ComposerTab.NOTE)))
            self._set_state(NOTHING)
            self.editing_started.emit()

    def _on_sending_failed(self, error: Exception, outgoing: Outgoing) -> None:
        own = self.text(ComposerTab.REPLY).strip()
        if self._is_open(outgoing.conversation_id) and outgoing.text not in own:
            self._base = outgoing.proposal
            self._put_reply(f"{outgoing.text}\n\n{own}" if own else outgoing.text)
            self.editing_started.emit()
        self.failed.emit(error)


def _base_of(thread: Thread) -> Proposal | None:
    proposal = thread.proposal
    if proposal is None or not thread.unsent_reply.strip():
        return None
    return proposal if changed_percent(proposal.text, thread.unsent_reply) < LIKENESS_PERCENT else None
