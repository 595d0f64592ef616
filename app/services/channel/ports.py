"""What the channel needs of the process that talks to the gateway; ``app.channel.link`` has it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from app.domain.channel import GatewayPlace, LinkPhase, ServedPage

if TYPE_CHECKING:
    from concurrent.futures import Future


class LinkState(Protocol):
    """How the link stands."""

    @property
    def phase(self) -> LinkPhase:
        """Off, dialling, on, waiting for another try, or refused."""

    @property
    def code(self) -> str:
        """Why it waits or was refused."""

    @property
    def retry_at_ms(self) -> int | None:
        """When it is tried again."""

    @property
    def last_contact_ms(self) -> int | None:
        """When the gateway last gave a sign of life."""

    @property
    def page(self) -> ServedPage:
        """What the last look at the page that it serves has found."""


@dataclass(frozen=True, slots=True)
class NoLink:
    """The state while there is no link at all."""

    phase: LinkPhase = LinkPhase.OFF
    code: str = ""
    retry_at_ms: int | None = None
    last_contact_ms: int | None = None
    page: ServedPage = field(default_factory=ServedPage)


class ChannelLink(Protocol):
    """A connection to one gateway that comes and goes by itself.

    Futures fail with a ``ChannelError`` of ``app.channel`` whose ``code`` says why; the caller keeps its outbox.
    Callbacks come on the link's own thread, frames of one mailbox in order.
    """

    @property
    def state(self) -> LinkState:
        """How it stands now."""

    def start(self) -> None:
        """Begin to dial."""

    def stop(self) -> None:
        """Let go, and wait for the end."""

    def hang_up(self) -> None:
        """End this connection, since what it brought cannot be kept; dial again after a while."""

    def on_state(self, callback: Callable[[Any], None], /) -> object:
        """Call ``callback`` with the state after every change of it."""

    def on_frame(self, callback: Callable[[bytes, int, bytes], None], /) -> object:
        """Call ``callback`` with address, seq and frame of whatever comes."""

    def put(self, address: bytes, frame: bytes, /) -> "Future[int]":
        """Send a frame; done when the gateway has it on its disk."""

    def taken(self, address: bytes, seq: int, /) -> "Future[Any]":
        """Say that everything up to ``seq`` is durable here."""

    def open_mailbox(self, address: bytes, token_hash: bytes, until_ms: int, /) -> "Future[Any]":
        """Let somebody with a token in, until then."""

    def close_mailbox(self, address: bytes, /) -> "Future[Any]":
        """Forget a mailbox and all that lies in it."""

    def publish(self, document: bytes, /) -> "Future[Any]":
        """Show patients this office document."""

    def holdings(self) -> "Future[dict[str, Any]]":
        """Return what the gateway holds of this office, all pages in one (``app.domain.post``)."""

    def wipe(self) -> "Future[Any]":
        """Have everything of this office forgotten but its document."""

    def blob_put(self, address: bytes, blob: bytes, index: int, total: int, chunk: bytes, /) -> "Future[Any]":
        """Leave one chunk of a file."""

    def blob_get(self, address: bytes, blob: bytes, index: int, /) -> "Future[tuple[int, bytes]]":
        """Fetch one chunk of a file: how many there are, and the chunk."""

    def blob_drop(self, address: bytes, blob: bytes, /) -> "Future[Any]":
        """Have a file forgotten that has arrived."""


LinkFactory = Callable[[GatewayPlace, bytes, bytes], ChannelLink]
"""Makes the link to a gateway, for an office id (32 B) with its token (32 B)."""
