"""What this desk remembers of proposals beside the store, until it locks: checked facts, and what a rewrite began from.

Both are about reading, not about the conversation, so they are not recorded: the next person reads with their own eyes.
"""

from dataclasses import replace

from app.domain.ids import ConversationId, ProposalId
from app.domain.proposal import Proposal
from app.ui.composer.state import Phase, ProposalState

_LOST = frozenset({Phase.FAILED, Phase.STOPPED})


class ProposalMemory:
    """Knows proposals by their id, so a new one begins unchecked and an old one comes back as it was left."""

    def __init__(self) -> None:
        self._checked: dict[ProposalId, frozenset[int]] = {}
        self._before: dict[ProposalId, Proposal] = {}
        self._asked: dict[ConversationId, Proposal] = {}

    def toggle(self, proposal: Proposal, place: int) -> None:
        """Note that the fact at ``place`` was checked, or that it was not after all."""
        self._checked[proposal.proposal_id] = self._checked.get(proposal.proposal_id, frozenset()) ^ {place}

    def asked(self, conversation_id: ConversationId, before: Proposal | None) -> None:
        """A proposal is asked for: a rewrite of ``before``, or a new one when it is None."""
        if before is None:
            self._asked.pop(conversation_id, None)
        else:
            self._asked[conversation_id] = before

    def arrived(self, conversation_id: ConversationId, proposal: Proposal) -> None:
        """What was asked for is here."""
        before = self._asked.pop(conversation_id, None)
        if before is not None and before.proposal_id != proposal.proposal_id:
            self._before[proposal.proposal_id] = before

    def gone_back(self, conversation_id: ConversationId, rewrite: Proposal | None) -> None:
        """The person took the older text: there is no way further back."""
        self._asked.pop(conversation_id, None)
        if rewrite is not None:
            self._before.pop(rewrite.proposal_id, None)

    def recall(self, state: ProposalState, conversation_id: ConversationId | None) -> ProposalState:
        """The state with everything that is remembered of it."""
        if state.phase in _LOST and conversation_id in self._asked:
            return replace(state, before=self._asked[conversation_id])
        if state.proposal is None:
            return state
        proposal_id = state.proposal.proposal_id
        checked = self._checked.get(proposal_id, frozenset())
        return replace(state, checked=checked, before=self._before.get(proposal_id))
