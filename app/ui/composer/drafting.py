"""From a request for a proposal to the states the composer shows, across conversations.

A run goes on when the person moves to another conversation; coming back shows where it stands. Words arrive on a thread
of the service and are handed over by a queued signal; the view hears of them at most every ``PACE_MS``.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.domain.ids import ConversationId
from app.domain.prompt import Task
from app.domain.proposal import Proposal, ProposalWarning, SourceRef
from app.ui.composer.state import NOTHING, RUNNING, Phase, ProposalState, state_of

if TYPE_CHECKING:
    from app.services.proposing.rewrites import TaughtModel
    from app.services.proposing.runs import ProposalRun
    from app.services.proposing.service import ProposalService

PACE_MS = 40
"""Word groups: fast enough to read along, slow enough for the eye to find its place (product conventions: 30-60 ms)."""

STALE = "stale"
STOPPED = "stopped"


class _Drafting(QObject):
    """One run and what has come of it so far; the listener that the service calls on its own thread.

    Not owned by any parent: the service may still hold it when the console has lost interest.
    """

    #: The state changed at once, not only by more words.
    changed = Signal()
    #: The run is over.
    ended = Signal()
    _sources = Signal(object)
    _words = Signal(str)
    _ready = Signal(object)
    _failed = Signal(str)

    def __init__(self, conversation_id: ConversationId) -> None:
        super().__init__()
        self.conversation_id = conversation_id
        self.run: ProposalRun | None = None
        self.state = ProposalState(Phase.PREPARING)
        self.was_stopped = False
        # Bound methods of a QObject: Qt queues the call to this object's thread, which a lambda would not get.
        self._sources.connect(self._on_sources)
        self._words.connect(self._on_words)
        self._ready.connect(self._on_ready)
        self._failed.connect(self._on_failed)

    def sources_found(self, sources: Sequence[SourceRef]) -> None:
        """Hear which passages were picked."""
        self._sources.emit(tuple(sources))

    def words_arrived(self, text_so_far: str) -> None:
        """Hear all words so far."""
        self._words.emit(text_so_far)

    def proposal_ready(self, proposal: Proposal) -> None:
        """Hear the finished proposal."""
        self._ready.emit(proposal)

    def proposal_failed(self, problem: object) -> None:
        """Hear that there is none, and why."""
        self._failed.emit(str(getattr(problem, "value", problem)))

    @Slot(object)
    def _on_sources(self, sources: tuple[SourceRef, ...]) -> None:
        self.state = replace(self.state, sources=sources)
        self.changed.emit()

    @Slot(str)
    def _on_words(self, text: str) -> None:
        self.state = ProposalState(Phase.STREAMING, text, self.state.sources)

    @Slot(object)
    def _on_ready(self, proposal: Proposal) -> None:
        self.state = state_of(proposal)
        if self.was_stopped or ProposalWarning.STOPPED_EARLY in proposal.warnings:
            self.state = replace(self.state, phase=Phase.STOPPED)
        self.ended.emit()

    @Slot(str)
    def _on_failed(self, code: str) -> None:
        text, sources = self.state.text, self.state.sources
        if self.was_stopped or code == STOPPED:
            self.state = ProposalState(Phase.STOPPED, text, sources) if text else NOTHING
        else:
            phase = Phase.STALE if code == STALE else Phase.FAILED
            self.state = ProposalState(phase, text, sources, problem=code)
        self.ended.emit()


class DraftingPresenter(QObject):
    """Starts, stops and follows runs; one at most per conversation."""

    #: The state of a conversation's run changed; arguments: conversation id, ``ProposalState``.
    state_changed = Signal(str, object)
    #: A run ended by itself, with a proposal or without; arguments: conversation id, ``ProposalState``.
    ended = Signal(str, object)

    def __init__(self, proposals: "ProposalService | None", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._proposals = proposals
        self._running: dict[ConversationId, _Drafting] = {}
        self._told: dict[ConversationId, ProposalState] = {}
        self._pace = QTimer(self)
        self._pace.setInterval(PACE_MS)
        self._pace.timeout.connect(self._tell)

    @property
    def can_propose(self) -> bool:
        """True when a model is there to ask."""
        return self._proposals is not None

    @property
    def model(self) -> "TaughtModel | None":
        """What knows what the model was taught; None while none runs."""
        return self._proposals

    def use(self, proposals: "ProposalService | None") -> None:
        """Take another service (the model became ready, or was lost)."""
        self._proposals = proposals

    def running(self, conversation_id: ConversationId | None) -> ProposalState | None:
        """The state of a run that is under way in this conversation."""
        drafting = self._running.get(conversation_id) if conversation_id else None
        return drafting.state if drafting else None

    def request(self, conversation_id: ConversationId, task: Task = Task.REPLY, instruction: str = "") -> bool:
        """Ask for a proposal; False when there is no model. A run that is under way is replaced."""
        if self._proposals is None:
            return False
        self._forget(conversation_id)
        drafting = self._running[conversation_id] = _Drafting(conversation_id)
        drafting.changed.connect(self._on_changed)
        drafting.ended.connect(self._on_ended)
        self.state_changed.emit(conversation_id, drafting.state)
        told = {"instruction": instruction} if instruction else {}
        drafting.run = self._proposals.request(conversation_id, drafting, task=task, **told)
        self._pace.start()
        return True

    def stop(self, conversation_id: ConversationId) -> bool:
        """Stop the run and keep its words; False when none is under way."""
        drafting = self._running.get(conversation_id)
        if drafting is None or drafting.run is None:
            return False
        drafting.was_stopped = True
        drafting.run.cancel()
        return True

    def stop_all(self) -> None:
        """Stop everything (before a lock)."""
        for conversation_id in list(self._running):
            self.stop(conversation_id)

    def _on_changed(self) -> None:
        drafting = self.sender()
        if isinstance(drafting, _Drafting) and self._is_current(drafting):
            self.state_changed.emit(drafting.conversation_id, drafting.state)

    def _on_ended(self) -> None:
        drafting = self.sender()
        if isinstance(drafting, _Drafting) and self._is_current(drafting):
            self._forget(drafting.conversation_id)
            self.state_changed.emit(drafting.conversation_id, drafting.state)
            self.ended.emit(drafting.conversation_id, drafting.state)

    def _is_current(self, drafting: _Drafting) -> bool:
        return self._running.get(drafting.conversation_id) is drafting

    def _forget(self, conversation_id: ConversationId) -> None:
        drafting = self._running.pop(conversation_id, None)
        self._told.pop(conversation_id, None)
        if drafting is not None and drafting.run is not None and drafting.state.phase in RUNNING:
            drafting.run.cancel()
        if not self._running:
            self._pace.stop()

    def _tell(self) -> None:
        for conversation_id, drafting in list(self._running.items()):
            if drafting.state.phase is Phase.STREAMING and self._told.get(conversation_id) is not drafting.state:
                self._told[conversation_id] = drafting.state
                self.state_changed.emit(conversation_id, drafting.state)
