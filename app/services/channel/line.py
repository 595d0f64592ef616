"""The line to the gateway while a desk is open: the link, what it brings, and the courier for the other way."""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from app.channel.errors import ChannelError
from app.domain.channel import GatewayPlace, HeldBack, LinkPhase
from app.domain.ids import EventId
from app.domain.post_sizes import FrameType
from app.services.channel.conversing import Conversing
from app.services.channel.courier import Courier
from app.services.channel.intake import Intake, Taker
from app.services.channel.office_keys import OfficeKeys
from app.services.channel.ports import ChannelLink, LinkFactory, LinkState, NoLink
from app.services.errors import ChannelFault, ChannelRefusedError
from app.services.ledger import Ledger

if TYPE_CHECKING:
    from concurrent.futures import Future

ANSWER_S = 30.0
_HELLO = bytes([FrameType.HELLO])
_log = logging.getLogger(__name__)


class Line:
    """One office's line. Safe from any thread."""

    def __init__(
        self,
        ledger: Ledger,
        keys: OfficeKeys,
        conversing: Conversing,
        take: Taker,
        on_state: Callable[[], None],
        upkeep: Callable[[], None],
    ) -> None:
        """Serve one desk; ``on_state`` hears of every change, ``upkeep`` runs before each round of the courier."""
        self._ledger = ledger
        self._keys = keys
        self._conversing = conversing
        self._take = take
        self._tell = on_state
        self._upkeep = upkeep
        self._factory: LinkFactory | None = None
        self._carries_itself = True
        self._is_connected = False
        self._link: ChannelLink | None = None
        self._courier: Courier | None = None
        self._intake: Intake | None = None

    @property
    def state(self) -> LinkState:
        """How the link stands."""
        return NoLink() if self._link is None else self._link.state

    @property
    def is_up(self) -> bool:
        """Say whether there is a link, connected or not."""
        return self._link is not None

    def use(self, factory: LinkFactory, *, carries_itself: bool) -> None:
        """Take the link from ``factory`` from now on."""
        self._factory, self._carries_itself = factory, carries_itself

    def start(self, place: GatewayPlace) -> bool:
        """Begin to talk to a gateway; say whether there is a link to talk through."""
        if self._factory is None:
            return False
        self._keys.renew_when_due()
        link = self._factory(place, self._keys.office_id, self._keys.token)
        self._link, self._courier = link, Courier(self._ledger, self._conversing, link, self._upkeep)
        self._intake = Intake(self._take, self._let_go, self._hang_up, self._ledger.now_ms, self._tell)
        self._intake.start(has_thread=self._carries_itself)
        link.on_frame(self._on_frame)
        link.on_state(self._on_state)
        self._courier.start(has_thread=self._carries_itself)
        link.start()
        return True

    def stop(self) -> None:
        """Let go of the gateway, and wait until nothing of it runs any more."""
        link, courier, intake = self._link, self._courier, self._intake
        self._link = self._courier = self._intake = None
        self._is_connected = False
        if link is not None:
            link.stop()
        if courier is not None:
            courier.stop()
        if intake is not None:
            intake.stop()

    @property
    def held_back(self) -> dict[bytes, HeldBack]:
        """Mailboxes of which nothing more is taken for now."""
        return {} if self._intake is None else self._intake.held_back

    def wake(self) -> None:
        """Have the courier look for what waits."""
        if self._courier is not None:
            self._courier.wake()

    def want(self, event_id: EventId) -> None:
        """Fetch a file that waits at the gateway next."""
        if self._courier is not None:
            self._courier.files.want(event_id)
            self._courier.wake()

    def pump(self) -> None:
        """Do one round of the courier on this thread."""
        if self._courier is not None:
            self._upkeep()
            if self._intake is not None:
                self._intake.look_again()
            self._courier.round()

    def publish(self) -> None:
        """Show patients the office's document of now; while the line is down this waits for it."""
        link = self._link
        if link is not None and link.state.phase is LinkPhase.ON:
            link.publish(self._keys.standing.data).add_done_callback(_note_refusal)

    def ask(self, question: "Callable[[ChannelLink], Future[Any]]") -> Any:
        """Return the gateway's answer. Blocks.

        Raises:
            ChannelRefusedError: it is off, or cannot be asked now.
        """
        if self._link is None:
            raise ChannelRefusedError(ChannelFault.IS_OFF)
        try:
            return question(self._link).result(ANSWER_S)
        except (ChannelError, TimeoutError):
            raise ChannelRefusedError(ChannelFault.IS_DOWN) from None

    def _on_frame(self, address: bytes, seq: int, untrusted_frame: bytes) -> None:
        if self._intake is not None:
            self._intake.offer(address, seq, untrusted_frame)

    def _let_go(self, address: bytes, seq: int, frame: bytes) -> None:
        link = self._link
        if link is not None:
            link.taken(address, seq)
        if frame[1:2] == _HELLO and self._courier is not None:
            self._courier.look_again()  # by now the page has claimed the mailbox with a token of its own
        self.wake()

    def _hang_up(self) -> None:
        link = self._link
        if link is not None:
            link.hang_up()

    def _on_state(self, state: LinkState) -> None:
        was_on, self._is_connected = self._is_connected, state.phase is LinkPhase.ON
        if self._is_connected and not was_on:
            if self._intake is not None:
                self._intake.connected()
            self.publish()
            if self._courier is not None:
                self._courier.connected()
        self._tell()


def _note_refusal(done: "Future[Any]") -> None:
    """Log that the gateway did not take the office's document."""
    error = done.exception()
    if error is not None:
        _log.warning("the office's document was not taken: %s", getattr(error, "code", type(error).__name__))
