"""The channel and its gateway: turned on and off, begun and ended with the desk, asked what it holds, emptied."""

from app.domain.channel import (
    GatewayPlace,
    Holdings,
)
from app.domain.events import EventKind
from app.domain.ids import OFFICE
from app.domain.roles import Right, may_read_messages
from app.services.channel.holdings import read_holdings
from app.services.channel.mailboxes import Mailboxes
from app.services.channel.parts import KEEP_UP_MS, ChannelParts
from app.services.channel.ports import LinkFactory


class GatewaySide(ChannelParts):
    """On, off, and what the gateway holds."""

    def use_link(self, factory: LinkFactory, *, carries_itself: bool = True) -> None:
        """Talk to the gateway through what ``factory`` makes; without one the channel stays off the wire.

        With ``carries_itself`` a thread of its own carries; else only ``pump`` does.
        """
        self._line.use(factory, carries_itself=carries_itself)

    def turn_on(self, place: GatewayPlace) -> None:
        """Use a gateway from now on, and begin to talk to it; see ``PlaceBook.turn_on``.

        Raises:
            NotYoursError, ChannelRefusedError: also when there are no keys or no notice yet.
        """
        self._ledger.require(Right.MANAGE_CHANNEL)
        self._keys.standing  # noqa: B018 - refused here when anything is missing
        self._places.turn_on(place)
        self._line.stop()
        self.start()

    def turn_off(self) -> None:
        """Talk to no gateway any more; what waits, waits.

        Raises:
            NotYoursError: not an administrator.
        """
        self._places.turn_off()
        self._line.stop()
        self._tell(OFFICE)

    def start(self) -> bool:
        """Begin to talk to the gateway, when the channel is on, the role may and there is a link; say whether it is so.

        Called by the console after unlocking, and by ``turn_on``.
        """
        if self._line.is_up:
            return True
        place, is_on = self._places.read()
        if not is_on or place is None or not may_read_messages(self._ledger.person.role):
            return False
        is_started = self._line.start(place)
        self._tell(OFFICE)
        return is_started

    def stop(self) -> None:
        """Let go of the gateway; ``turn_off`` remembers it, this does not."""
        self._line.stop()

    def close(self) -> None:
        """Stop, for good."""
        self.stop()
        self._end_listening()

    def keep_up(self) -> None:
        """Renew the card when it is due, tell of what is missing, forget old invitations; not for each frame anew."""
        now_ms = self._ledger.now_ms()
        if 0 <= now_ms - self._kept_up_ms < KEEP_UP_MS:
            return
        self._kept_up_ms = now_ms
        if self._keys.renew_when_due():
            self._line.publish()
        self._receiving.look_after()
        self._invitations.tidy()

    def pump(self) -> None:
        """Do, on this thread and at once, what the courier does by itself."""
        self._line.pump()

    def holdings(self) -> Holdings:
        """Ask the gateway what it holds. Blocks; names are there for roles that may see them.

        Raises:
            NotYoursError: the role sees no controls.
            ChannelRefusedError: it is off, or cannot be asked now.
        """
        if not may_read_messages(self._ledger.person.role):
            self._ledger.require(Right.SEE_CONTROLS)
        found = self._line.ask(lambda link: link.holdings())
        return read_holdings(found, self._ledger)

    def wipe(self) -> int:
        """Have the gateway forget everything of this office but its document; return how many mailboxes that were.

        The mailboxes of conversations and open invitations are made again, empty, and what had not arrived at a patient
        is sent once more.

        Raises:
            NotYoursError, ChannelRefusedError: as ``holdings``; only an administrator.
        """
        self._ledger.require(Right.MANAGE_CHANNEL)
        mailboxes, held = Mailboxes(self._ledger), self._line.ask(lambda link: link.holdings())
        mailboxes.compare(held)
        self._line.ask(lambda link: link.wipe())
        count = len(held["mailboxes"])
        self._ledger.write(OFFICE, EventKind.MAILBOXES_WIPED, count=count)
        mailboxes.compare({"mailboxes": []})
        self._line.wake()
        return count
