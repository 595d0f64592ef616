"""What the screens ask of the desk's channel service."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from app.domain.channel import (
    ChannelStatus,
    ChannelThread,
    GatewayPlace,
    Holdings,
    InvitationRow,
    Invite,
    NoticeTexts,
)
from app.domain.conversation import Urgency
from app.domain.ids import ConversationId, EventId
from app.domain.office_hours import Hours


@dataclass(frozen=True, slots=True)
class ChannelSource:
    """Where the service comes from; both block, and are called off the GUI thread."""

    open: "Callable[[], ChannelDesk]"
    """Returns the service, begun where this process has a way to a gateway."""
    is_used: Callable[[], bool]
    """Says, without building anything, whether this office ever turned the channel on."""


class ChannelDesk(Protocol):
    """Blocking; called off the GUI thread. Errors carry a ``code``."""

    def status(self) -> ChannelStatus:
        """How the channel stands."""
        ...

    def make_office_keys(self) -> str:
        """Make keys that are not in force yet; returns the root code in groups, which nothing keeps."""
        ...

    def confirm_office_keys(self, untrusted_code: str, notice: NoticeTexts | None, /) -> object:
        """Put them in force, now that the code was typed back."""
        ...

    def recertify(self, untrusted_code: str, /) -> object:
        """Let the root vouch for the vault's card key again."""
        ...

    def notice(self) -> NoticeTexts | None:
        """What patients read first; None while nobody wrote it."""
        ...

    def set_notice(self, texts: NoticeTexts) -> object:
        """Let them read this."""
        ...

    def turn_on(self, place: GatewayPlace) -> object:
        """Connect to a gateway."""
        ...

    def start(self) -> object:
        """Begin to talk to the gateway, where the channel is on."""
        ...

    def stop(self) -> object:
        """Let go of the gateway for now."""
        ...

    def turn_off(self) -> object:
        """End the connection."""
        ...

    def office_file(self) -> bytes:
        """What IT gives to the gateway."""
        ...

    def invite(self, contact_name: str, language: str) -> Invite:
        """Make an invitation."""
        ...

    def link_of(self, invite_id: str) -> str:
        """The link of an invitation that is still open."""
        ...

    def invitations(self) -> tuple[InvitationRow, ...]:
        """All of them, the newest first."""
        ...

    def revoke(self, invite_id: str) -> object:
        """Take one back."""
        ...

    def holdings(self) -> Holdings:
        """Ask the gateway what it holds."""
        ...

    def wipe(self) -> object:
        """Let the gateway forget everything."""
        ...

    def hours(self) -> Hours | None:
        """When somebody is here; None while nobody said."""
        ...

    def set_hours(self, hours: Hours) -> object:
        """Use these hours."""
        ...

    def thread(self, conversation_id: ConversationId) -> ChannelThread | None:
        """What the channel adds to a conversation; None where it came through another door."""
        ...

    def verify(self, conversation_id: ConversationId) -> object:
        """Note that the safety number was compared."""
        ...

    def end(self, conversation_id: ConversationId, /) -> object:
        """End a conversation; the visitor is told."""
        ...

    def attach(self, conversation_id: ConversationId, name: str, data: bytes) -> object:
        """Send a file."""
        ...

    def attachment(self, event_id: EventId) -> bytes:
        """The bytes of a file, fetched from the gateway where they are still there."""
        ...

    def on_change(self, listener: Callable[[str], None]) -> Callable[[], None]:
        """Hear the stream of every change; returns what ends that."""
        ...

    def on_arrival(self, listener: Callable[[ConversationId, Urgency], None]) -> Callable[[], None]:
        """Hear of what visitors wrote; returns what ends that."""
        ...
