"""Which proposals rest on an approved answer that changed since; looked up off the GUI thread."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.domain.ids import ProposalId
from app.domain.proposal import Proposal
from app.ui.background import BackgroundRunner

if TYPE_CHECKING:
    from app.services.conversations.service import ConversationService


class ProposalStanding(QObject):
    """Knows what was looked up last; every reading of the thread looks again."""

    #: A proposal fell, or stands again.
    changed = Signal()
    #: The answers could not be read; argument: the exception.
    failed = Signal(object)

    def __init__(
        self, conversations: "ConversationService", runner: BackgroundRunner, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._conversations = conversations
        self._runner = runner
        self.outdated: frozenset[ProposalId] = frozenset()
        """Proposals that are not to be approved as they stand."""

    def look_up(self, proposal: Proposal | None) -> None:
        """Find out about this one; one without sources rests on nothing that could change."""
        if proposal is not None and proposal.sources:
            self._runner.run(
                self._conversations.proposal_stands,
                proposal,
                done=lambda stands: self._on_found(proposal.proposal_id, stands=stands),
                failed=self.failed.emit,
                topic="standing",
            )

    def _on_found(self, proposal_id: ProposalId, *, stands: bool) -> None:
        if stands is (proposal_id in self.outdated):
            self.outdated = self.outdated ^ {proposal_id}
            self.changed.emit()
