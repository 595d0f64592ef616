"""What the page of the channel shows."""

from dataclasses import dataclass, field

from app.domain.channel import ChannelStatus, Holdings, InvitationRow, InvitationState, NoticeTexts
from app.domain.office_hours import Hours
from app.ui.channel.alerts import AlertChoices


@dataclass(frozen=True, slots=True)
class ChannelState:
    """``status`` is None until it was read; ``holdings`` until somebody asked the gateway.

    ``no_managing`` is the code of what keeps the person from turning the channel on or off, "" when nothing does;
    ``no_inviting`` the same for invitations. ``problem`` is the code of the last failure.
    """

    status: ChannelStatus | None = None
    invitations: tuple[InvitationRow, ...] = ()
    holdings: Holdings | None = None
    hours: Hours | None = None
    notice: NoticeTexts | None = None
    is_read: bool = False
    alerts: AlertChoices = field(default_factory=AlertChoices)
    no_managing: str = ""
    no_inviting: str = ""
    is_busy: bool = False
    is_asking_gateway: bool = False
    problem: str = ""

    @property
    def is_on(self) -> bool:
        """Whether the channel is turned on."""
        return self.status is not None and self.status.is_on

    @property
    def open_invitations(self) -> tuple[InvitationRow, ...]:
        """Those that can still be used."""
        return tuple(row for row in self.invitations if row.state is InvitationState.OPEN)

    @property
    def held_messages(self) -> int:
        """How many pieces of ciphertext the gateway told it holds."""
        boxes = self.holdings.mailboxes if self.holdings is not None else ()
        return sum(pile.count for box in boxes for pile in (box.to_desk, box.to_patient, box.files))
