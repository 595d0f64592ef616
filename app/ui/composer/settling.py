"""Which proposal belongs in front of a person, from what the store holds and what is shown. Decides only; no Qt."""

from collections.abc import Set as AbstractSet

from app.domain.conversation import Thread, Urgency
from app.domain.ids import ProposalId
from app.domain.proposal import Proposal, ProposalAction, changed_percent
from app.ui.composer.state import APPROVABLE, NOTHING, Phase, ProposalState, newest_message, state_in

LIKENESS_PERCENT = 60
"""Unsent text that differs less than this from the proposal is an edit of it (after a lock, when memory is gone)."""

WHILE_EDITING = "while_editing"
"""Problem of a stale state: the text in the editor is what was overtaken."""

ANSWER_CHANGED = "answer_changed"
"""Problem of a stale state: an approved answer behind the proposal, or behind the text in the editor, changed since."""

_ENDED = frozenset({Phase.FAILED, Phase.STOPPED, Phase.STALE})


def settled(
    thread: Thread, base: Proposal | None, shown: ProposalState, outdated: AbstractSet[ProposalId] = frozenset()
) -> ProposalState:
    """Return the state for a thread that was read.

    Args:
        thread: as the store has it now.
        base: the proposal that the text in the editor began as, None when it began as the person's own.
        shown: what the composer shows; a failure stays until something better is stored.
        outdated: proposals whose approved answers changed since.
    """
    if is_emergency(thread):
        return _script(thread) if base is None and thread.held is None else NOTHING
    if base is not None:
        is_overtaken = base.based_on not in {None, newest_message(thread)}
        if is_overtaken:
            return ProposalState(Phase.STALE, problem=WHILE_EDITING)
        return ProposalState(Phase.STALE, problem=ANSWER_CHANGED) if base.proposal_id in outdated else NOTHING
    if thread.held is not None:
        return NOTHING
    stored = state_in(thread)
    mine = shown.proposal
    if stored.phase is Phase.NONE and shown.phase in _ENDED:
        return shown if mine is None or mine.conversation_id == thread.conversation_id else stored
    is_same = mine is not None and stored.proposal is not None and mine.proposal_id == stored.proposal.proposal_id
    is_kept = is_same and stored.phase is not Phase.STALE and shown.problem != ANSWER_CHANGED
    return set_aside(shown if is_kept else stored, outdated)


def set_aside(state: ProposalState, outdated: AbstractSet[ProposalId]) -> ProposalState:
    """Return the state, not to be approved when the proposal rests on an answer that changed since."""
    proposal = state.proposal
    if proposal is None or state.phase not in APPROVABLE or proposal.proposal_id not in outdated:
        return state
    return ProposalState(Phase.STALE, state.text, state.sources, proposal, problem=ANSWER_CHANGED)


def is_emergency(thread: Thread | None) -> bool:
    """True while routine drafting stops: until a person lowers the urgency."""
    return thread is not None and thread.urgency is Urgency.EMERGENCY


def base_of(thread: Thread) -> Proposal | None:
    """The proposal that the unsent reply of a thread began as, judged by how like it still is."""
    proposal = thread.proposal
    if proposal is None or not thread.unsent_reply.strip():
        return None
    return proposal if changed_percent(proposal.text, thread.unsent_reply) < LIKENESS_PERCENT else None


def _script(thread: Thread) -> ProposalState:
    """In an emergency only the fixed script is shown; a draft that was there before stays out of sight."""
    state = state_in(thread)
    is_script = state.proposal is not None and state.proposal.action is ProposalAction.URGENT
    return state if is_script and state.phase is Phase.URGENT else NOTHING
