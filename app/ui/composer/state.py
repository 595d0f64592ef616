"""What the composer shows of a proposal, as one frozen record per moment."""

from dataclasses import dataclass
from enum import Enum

from app.domain.conversation import ItemKind, Party, Thread
from app.domain.facts import FactMark
from app.domain.ids import EventId
from app.domain.proposal import Proposal, ProposalAction, SourceRef


class Phase(Enum):
    """Where a proposal stands."""

    NONE = "none"
    PREPARING = "preparing"
    STREAMING = "streaming"
    STOPPED = "stopped"
    READY = "ready"
    HAND_OVER = "hand_over"
    URGENT = "urgent"
    REFUSED = "refused"
    STALE = "stale"
    FAILED = "failed"


RUNNING = frozenset({Phase.PREPARING, Phase.STREAMING})
APPROVABLE = frozenset({Phase.READY, Phase.HAND_OVER, Phase.URGENT, Phase.REFUSED})

_PHASE_OF_ACTION = {
    ProposalAction.PROPOSE: Phase.READY,
    ProposalAction.HAND_OVER: Phase.HAND_OVER,
    ProposalAction.URGENT: Phase.URGENT,
    ProposalAction.REFUSE: Phase.REFUSED,
}


@dataclass(frozen=True, slots=True)
class ProposalState:
    """One moment of a proposal.

    ``problem`` is a code whose words the view owns. ``checked`` holds the places of the facts that the person has
    checked, counted in ``proposal.facts``. ``before`` is what a rewrite began from; it can be gone back to.
    """

    phase: Phase
    text: str = ""
    sources: tuple[SourceRef, ...] = ()
    proposal: Proposal | None = None
    problem: str = ""
    checked: frozenset[int] = frozenset()
    before: Proposal | None = None

    @property
    def can_be_approved(self) -> bool:
        """True when one key may send it as it stands."""
        return self.phase in APPROVABLE and self.proposal is not None and bool(self.text.strip())

    @property
    def facts(self) -> tuple[FactMark, ...]:
        """The facts of the text, in its order; none while it is being written."""
        return self.proposal.facts if self.proposal is not None and self.phase in APPROVABLE else ()

    @property
    def to_check(self) -> tuple[int, ...]:
        """Places of the facts that nobody has checked yet."""
        return tuple(place for place in range(len(self.facts)) if place not in self.checked)

    @property
    def unread(self) -> tuple[int, ...]:
        """Places of the facts that stand in no source and were not checked: with one of them nothing is approved."""
        return tuple(place for place in self.to_check if not self.facts[place].is_supported)


NOTHING = ProposalState(Phase.NONE)


def state_of(proposal: Proposal) -> ProposalState:
    """The state that a finished proposal puts the composer in."""
    return ProposalState(_PHASE_OF_ACTION[proposal.action], proposal.text, proposal.sources, proposal)


def state_in(thread: Thread) -> ProposalState:
    """The state that a thread read from the store asks for; an overtaken proposal is set aside, not thrown away."""
    if thread.proposal is None:
        return NOTHING
    state = state_of(thread.proposal)
    newest = newest_message(thread)
    if thread.proposal.based_on is not None and newest is not None and thread.proposal.based_on != newest:
        return ProposalState(Phase.STALE, state.text, state.sources, state.proposal)
    return state


def newest_message(thread: Thread) -> EventId | None:
    """The visitor's latest message."""
    messages = [item for item in thread.items if item.kind is ItemKind.MESSAGE and item.party is Party.VISITOR]
    return messages[-1].event_id if messages else None
