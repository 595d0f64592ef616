"""The console's end of the post office in memory, in place of the process that talks to a gateway."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.domain.channel import GatewayPlace, LinkPhase, ServedPage
from app.services.channel.ports import LinkFactory
from app.ui.tour.post import TourPost

if TYPE_CHECKING:
    from concurrent.futures import Future


def link_to(post: TourPost) -> LinkFactory:
    """Return what makes a console's link to this post office, whatever address was typed."""

    def make(_place: GatewayPlace, _office_id: bytes, _token: bytes) -> "TourLink":
        return TourLink(post)

    return make


@dataclass(frozen=True, slots=True)
class TourLinkState:
    """How the line to this post office stands; see ``app.services.channel.ports.LinkState``."""

    phase: LinkPhase
    last_contact_ms: int | None = None
    code: str = ""
    retry_at_ms: int | None = None
    page: ServedPage = field(default_factory=ServedPage)


class TourLink:
    """The console's end; implements ``app.services.channel.ports.ChannelLink``."""

    def __init__(self, post: TourPost) -> None:
        self._post = post
        self._is_on = threading.Event()
        self._tell: Callable[[Any], None] = lambda _state: None
        self._frame: Callable[[bytes, int, bytes], None] = lambda *_: None

    @property
    def state(self) -> TourLinkState:
        """On as soon as it was started: nothing is in between that could fail."""
        is_on = self._is_on.is_set()
        return TourLinkState(LinkPhase.ON if is_on else LinkPhase.OFF, self._post.now_ms() if is_on else None)

    def start(self) -> None:
        """Begin to carry."""
        self._is_on.set()
        self._post.do(self._post.hear_desk, self._frame)
        self._post.do(self._tell, self.state)

    def stop(self) -> None:
        """Let go."""
        self._is_on.clear()
        self._post.do(self._post.hear_desk, None).result()

    def hang_up(self) -> None:
        """What could not be kept comes again."""
        self._post.do(self._post.hear_desk, self._frame)

    def on_state(self, callback: Callable[[Any], None], /) -> None:
        """Tell of every change."""
        self._tell = callback

    def on_frame(self, callback: Callable[[bytes, int, bytes], None], /) -> None:
        """Hand over what comes."""
        self._frame = callback

    def put(self, address: bytes, frame: bytes, /) -> "Future[int]":
        """Send a frame to a patient."""
        return self._post.do(lambda: self._post.put(address, frame, to_desk=False))

    def taken(self, address: bytes, seq: int, /) -> "Future[Any]":
        """Say that everything up to ``seq`` is durable here."""
        return self._post.do(lambda: self._post.taken(address, seq, to_desk=True))

    def open_mailbox(self, address: bytes, token_hash: bytes, until_ms: int, /) -> "Future[Any]":
        """Let somebody with a token in."""
        return self._post.do(self._post.open, address, token_hash, until_ms)

    def close_mailbox(self, address: bytes, /) -> "Future[Any]":
        """Forget a mailbox."""
        return self._post.do(self._post.end, address)

    def publish(self, document: bytes, /) -> "Future[Any]":
        """Show patients this office document."""
        return self._post.do(self._post.publish, document)

    def holdings(self) -> "Future[dict[str, Any]]":
        """Return what lies there."""
        return self._post.do(self._post.holdings)

    def wipe(self) -> "Future[Any]":
        """Forget every mailbox."""
        return self._post.do(self._post.wipe)

    def blob_put(self, address: bytes, blob: bytes, index: int, total: int, chunk: bytes, /) -> "Future[Any]":
        """Leave one chunk of a file."""
        return self._post.do(self._post.put_chunk, address, blob, index, total, chunk)

    def blob_get(self, address: bytes, blob: bytes, index: int, /) -> "Future[tuple[int, bytes]]":
        """Fetch one chunk of a file."""
        return self._post.do(self._post.chunk, address, blob, index)

    def blob_drop(self, address: bytes, blob: bytes, /) -> "Future[Any]":
        """Have a file forgotten that has arrived."""
        return self._post.do(self._post.drop, address, blob)
