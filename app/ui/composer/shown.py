"""The proposal of the open conversation: asked for, followed, checked, gone back from, thrown away."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.domain.conversation import Thread
from app.domain.ids import ConversationId
from app.domain.prompt import Task
from app.domain.proposal import Proposal, ProposalAction
from app.ui.background import BackgroundRunner
from app.ui.composer.drafting import DraftingPresenter
from app.ui.composer.memory import ProposalMemory
from app.ui.composer.settling import is_emergency, set_aside, settled
from app.ui.composer.standing import ProposalStanding
from app.ui.composer.state import NOTHING, RUNNING, Phase, ProposalState, state_of

if TYPE_CHECKING:
    from app.services.conversations.service import ConversationService


class ShownProposal(QObject):
    """One proposal at most, and the one that the editor's text began as (``base``)."""

    #: The proposal moved on; argument: ``ProposalState``.
    changed = Signal(object)
    #: A proposal ended while its conversation is open, once per proposal; argument: ``ProposalState``.
    ended = Signal(object)
    #: A proposal is about to be asked for.
    asking = Signal()
    #: A proposal was asked for and there is no model.
    model_missing = Signal()
    #: A proposal was asked for in an emergency without a script, where drafting is left to people.
    refused = Signal()
    #: Something could not be stored; argument: the exception.
    failed = Signal(object)

    def __init__(
        self,
        conversations: "ConversationService",
        runner: BackgroundRunner,
        drafting: DraftingPresenter,
        has_script: Callable[[Thread], bool],
        parent: QObject | None = None,
    ) -> None:
        """Serve one desk; ``has_script`` says, off the GUI thread, whether the emergency list knows what to say."""
        super().__init__(parent)
        self._conversations = conversations
        self._runner = runner
        self._drafting = drafting
        self._has_script = has_script
        self._memory = ProposalMemory()
        self._standing = ProposalStanding(conversations, runner, self)
        self._thread: Thread | None = None
        self._scripted: ConversationId | None = None
        self.base: Proposal | None = None
        self.state = NOTHING
        drafting.state_changed.connect(self._on_run_changed)
        drafting.ended.connect(self._on_run_ended)
        self._standing.changed.connect(self._on_standing_changed)
        self._standing.failed.connect(self.failed)

    def follow(self, thread: Thread) -> None:
        """Show what belongs to a thread that was read."""
        self._thread = thread
        running = self._drafting.running(thread.conversation_id)
        if is_emergency(thread):
            if running is not None and self._scripted != thread.conversation_id:
                self._drafting.stop(thread.conversation_id)
            running = None
        self.put(running or settled(thread, self.base, self.state, self._standing.outdated))
        self._standing.look_up(self.base or self.state.proposal)

    def clear(self) -> None:
        """No conversation is open."""
        self._thread, self.base = None, None
        self.put(NOTHING)

    def propose(self, task: Task = Task.REPLY, instruction: str = "") -> None:
        """Ask for a proposal: again, for the first time, or the one that is shown in other words."""
        thread = self._thread
        if thread is None:
            return
        if is_emergency(thread):
            self._runner.run(
                self._has_script, thread, done=lambda has_script: self._request_script(thread, has_script=has_script)
            )
            return
        self._memory.asked(thread.conversation_id, self.state.proposal if task is not Task.REPLY else None)
        self._request(thread.conversation_id, task, instruction)

    def stop(self) -> bool:
        """Stop a running proposal, keeping its words; False when none runs."""
        return self._thread is not None and self._drafting.stop(self._thread.conversation_id)

    def check(self, place: int) -> None:
        """The person checked the fact at this place, or takes that back."""
        if 0 <= place < len(self.state.facts) and self.state.proposal is not None:
            self._memory.toggle(self.state.proposal, place)
            self.put(self.state)

    def go_back(self) -> None:
        """Offer the text again that the rewrite began from."""
        before = self.state.before
        if self._thread is not None and before is not None:
            self._memory.gone_back(self._thread.conversation_id, self.state.proposal)
            self.put(state_of(before))
            self._runner.run(
                self._conversations.record_proposal, self._thread.conversation_id, before, failed=self.failed.emit
            )

    def discard(self, reason: str) -> None:
        """Throw the proposal away and say why."""
        proposal = self.state.proposal
        self.put(NOTHING)
        if self._thread is not None and proposal is not None:
            self._runner.run(
                self._conversations.discard_proposal,
                self._thread.conversation_id,
                proposal.proposal_id,
                reason,
                failed=self.failed.emit,
            )

    def put(self, state: ProposalState) -> None:
        """Show this, with everything that is remembered of it."""
        state = set_aside(state, self._standing.outdated)
        state = self._memory.recall(state, self._thread.conversation_id if self._thread is not None else None)
        if state != self.state:
            self.state = state
            self.changed.emit(state)

    def is_unread(self, text: str) -> bool:
        """True when ``text`` still is the proposal it began as, and a fact of it that no source holds is unchecked."""
        if self.base is None or text.split() != self.base.text.split():
            return False
        return bool(self._memory.recall(state_of(self.base), None).unread)

    def _request(self, conversation_id: ConversationId, task: Task, instruction: str = "") -> None:
        self.asking.emit()
        if not self._drafting.request(conversation_id, task, instruction):
            self.model_missing.emit()

    def _request_script(self, thread: Thread, *, has_script: bool) -> None:
        if not self._is_open(thread.conversation_id):
            return
        if has_script:
            self._scripted = thread.conversation_id
            self._request(thread.conversation_id, Task.REPLY)
        else:
            self.refused.emit()

    def _is_open(self, conversation_id: str) -> bool:
        return self._thread is not None and self._thread.conversation_id == conversation_id

    def _on_standing_changed(self) -> None:
        if self._thread is not None and self._drafting.running(self._thread.conversation_id) is None:
            self.put(settled(self._thread, self.base, self.state, self._standing.outdated))

    def _is_wanted(self, state: ProposalState) -> bool:
        """In an emergency nothing but the fixed script may appear."""
        is_script = state.proposal is not None and state.proposal.action is ProposalAction.URGENT
        return not is_emergency(self._thread) or is_script

    def _on_run_changed(self, conversation_id: str, state: ProposalState) -> None:
        if state.proposal is not None and state.phase not in RUNNING:
            self._memory.arrived(ConversationId(conversation_id), state.proposal)
        if self._is_open(conversation_id) and self._is_wanted(state):
            if state.phase is Phase.PREPARING:
                self.base = None
            self.put(state)

    def _on_run_ended(self, conversation_id: str, state: ProposalState) -> None:
        if self._is_open(conversation_id) and self._is_wanted(state):
            self.ended.emit(self.state)
