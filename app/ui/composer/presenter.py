"""What the composer holds for the open conversation: unsent text of both tabs, the proposal, and what each key does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.domain.conversation import ComposerTab, Thread
from app.domain.fill_in import fields_of
from app.domain.prompt import Task
from app.domain.proposal import Proposal
from app.ui.background import BackgroundRunner
from app.ui.composer.drafting import DraftingPresenter
from app.ui.composer.sending import Outgoing, SendingPresenter
from app.ui.composer.settling import base_of
from app.ui.composer.shown import ShownProposal
from app.ui.composer.state import NOTHING, RUNNING, ProposalState
from app.ui.composer.unsent import UnsentTexts

if TYPE_CHECKING:
    from app.services.conversations.service import ConversationService


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
    #: A proposal was asked for in an emergency without a script, where drafting is left to people.
    refused = Signal()
    #: It was not approved: a fact that stands in no source was not checked; argument: its place among the facts.
    unread_found = Signal(int)
    #: It was not sent: the editor holds an unchanged proposal with an unread fact; sending again sends it.
    unchanged_found = Signal()
    #: It was not sent: a fill-in field is empty in the editor's text; argument: its name. Sending again sends it.
    unfilled_found = Signal(str)
    #: Something could not be stored; argument: the exception.
    failed = Signal(object)

    def __init__(
        self,
        conversations: "ConversationService",
        runner: BackgroundRunner,
        drafting: DraftingPresenter,
        sending: SendingPresenter,
        has_script: Callable[[Thread], bool],
        parent: QObject | None = None,
    ) -> None:
        """Serve one desk; ``has_script`` says, off the GUI thread, whether the emergency list knows what to say."""
        super().__init__(parent)
        self._sending = sending
        self._sent_unfilled = ""
        self._texts = UnsentTexts(conversations, runner, self)
        self._proposal = ShownProposal(conversations, runner, drafting, has_script, self)
        self._thread: Thread | None = None
        self._was_warned = False
        self._connect()

    @property
    def state(self) -> ProposalState:
        """The proposal as it is shown."""
        return self._proposal.state

    @property
    def followed(self) -> Thread | None:
        """The conversation that is followed."""
        return self._thread

    @property
    def base(self) -> Proposal | None:
        """The proposal that the editor's text began as; None when it is the person's own."""
        return self._proposal.base

    def text(self, tab: ComposerTab) -> str:
        """The unsent text of one tab."""
        return self._texts[tab]

    def show(self, thread: Thread, *, is_fresh: bool) -> None:
        """Follow a thread that was read; texts are only replaced when it is another conversation."""
        self._thread = thread
        if is_fresh:
            self._texts.follow(thread.conversation_id, thread.unsent_reply, thread.unsent_note)
            self._take_base(base_of(thread))
            self._tell_texts()
        self._proposal.follow(thread)

    def clear(self) -> None:
        """No conversation is open."""
        self._thread = None
        self._texts.follow(None)
        self._proposal.clear()
        self._tell_texts()

    def edited(self, tab: ComposerTab, text: str) -> None:
        """The person typed."""
        if self._thread is None or text == self.text(tab):
            return
        self._texts.edited(tab, text)
        if tab is ComposerTab.REPLY and not text.strip():
            self._take_base(None)

    def flush(self) -> None:
        """Store what is unsaved now."""
        self._texts.flush()

    def propose(self, task: Task = Task.REPLY, instruction: str = "") -> None:
        """Ask for a proposal: again, for the first time, or the one that is shown in other words."""
        self._proposal.propose(task, instruction)

    def stop(self) -> bool:
        """Stop a running proposal, keeping its words; False when none runs."""
        return self._proposal.stop()

    def check(self, place: int) -> None:
        """The person checked the fact at this place, or takes that back."""
        self._proposal.check(place)

    def go_back(self) -> None:
        """Offer the text again that the rewrite began from."""
        self._proposal.go_back()

    def discard(self, reason: str) -> None:
        """Throw the proposal away and say why."""
        self._proposal.discard(reason)

    def edit(self) -> None:
        """Move the proposal's text into the editor; the person's own text there comes first."""
        state = self.state
        if state.phase in RUNNING or not state.text.strip():
            return
        own = self.text(ComposerTab.REPLY).rstrip()
        self._take_base(state.proposal)
        self._put_reply(f"{own}\n\n{state.text}" if own else state.text)
        self._proposal.put(NOTHING)
        self.editing_started.emit()

    def approve(self) -> bool:
        """Send the proposal as it stands, or the text it was edited into; False when nothing was sent.

        A text with a fact that stands in no source is not approved before that fact was checked (``unread_found``).
        """
        if self.text(ComposerTab.REPLY).strip():
            return self.send()
        state = self.state
        if self._thread is None or not state.can_be_approved:
            return False
        if state.unread:
            self.unread_found.emit(state.unread[0])
            return False
        if fields_of(state.text):
            self.edit()
            return self._is_filled(self.text(ComposerTab.REPLY).strip())
        self._proposal.put(NOTHING)
        self._send(self._thread, state.text, state.proposal)
        return True

    def send(self) -> bool:
        """Send the editor's text; False when it is empty, or is an unread proposal that nobody changed."""
        text = self.text(ComposerTab.REPLY).strip()
        if self._thread is None or not text:
            return False
        if self._proposal.is_unread(text) and not self._was_warned:
            self._was_warned = True
            self.unchanged_found.emit()
            return False
        if not self._is_filled(text):
            return False
        base = self.base
        self._take_base(None)
        self._texts.hold(ComposerTab.REPLY, "")
        self._tell_texts()
        self._proposal.put(NOTHING)
        self._send(self._thread, text, base)
        return True

    def _is_filled(self, text: str) -> bool:
        """Whether no field waits to be filled in; the same text is stopped once only."""
        fields = fields_of(text)
        if not fields or text == self._sent_unfilled:
            self._sent_unfilled = ""
            return True
        self._sent_unfilled = text
        self.unfilled_found.emit(fields[0].name)
        return False

    def take_note(self) -> str:
        """Return the note to be written down and leave its text in place until ``note_written``."""
        return self.text(ComposerTab.NOTE).strip()

    def note_written(self) -> None:
        """The note is durable: empty its tab."""
        if self._thread is not None:
            self._texts.store(ComposerTab.NOTE, "")
            self._tell_texts()

    def _connect(self) -> None:
        proposal = self._proposal
        proposal.changed.connect(self.proposal_changed)
        proposal.ended.connect(self.proposal_ended)
        proposal.asking.connect(self.asking)
        proposal.model_missing.connect(self.model_missing)
        proposal.refused.connect(self.refused)
        for part in (proposal, self._texts):
            part.failed.connect(self.failed)
        self._sending.recalled.connect(self._on_recalled)
        self._sending.failed.connect(self._on_sending_failed)

    def _take_base(self, base: Proposal | None) -> None:
        self._proposal.base = base
        self._was_warned = False

    def _send(self, thread: Thread, text: str, proposal: Proposal | None) -> None:
        self._sending.send(Outgoing(thread.conversation_id, thread.contact_name, text, proposal))

    def _put_reply(self, text: str) -> None:
        self._texts.hold(ComposerTab.REPLY, text)
        self._tell_texts()
        self._texts.edited(ComposerTab.REPLY, text)

    def _tell_texts(self) -> None:
        self.text_replaced.emit(ComposerText(self.text(ComposerTab.REPLY), self.text(ComposerTab.NOTE)))

    def _on_recalled(self, outgoing: Outgoing, text: str) -> None:
        if self._thread is not None and self._thread.conversation_id == outgoing.conversation_id:
            self._take_base(outgoing.proposal)
            self._was_warned = True  # it was sent once with open eyes
            self._texts.hold(ComposerTab.REPLY, text)
            self._tell_texts()
            self._proposal.put(NOTHING)
            self.editing_started.emit()

    def _on_sending_failed(self, error: Exception, outgoing: Outgoing) -> None:
        own = self.text(ComposerTab.REPLY).strip()
        is_open = self._thread is not None and self._thread.conversation_id == outgoing.conversation_id
        if is_open and outgoing.text not in own:
            self._take_base(outgoing.proposal)
            self._was_warned = True
            self._put_reply(f"{outgoing.text}\n\n{own}" if own else outgoing.text)
            self.editing_started.emit()
        self.failed.emit(error)
