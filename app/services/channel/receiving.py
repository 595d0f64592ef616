"""Taking what the gateway hands over: opened, written down in one transaction, acknowledged, and only then let go.

::

    hello ── an invitation is open at this address ──► conversation, consent, early texts, answer
       └─── the conversation is known              ──► a new generation, or texts that came early once more
    frame ──► event, session after it, acknowledgement
    anything else, and whatever does not hold: counted, nothing changes

Frames that came together are written together: several of one conversation, and of several conversations, in one
transaction, because a commit waits for the disk. What dies between the commit and the gateway's letting go comes once
more, and is known again.
"""

from collections import Counter
from collections.abc import Sequence

from app.channel.errors import FrameRefusedError, HandshakeRefusedError
from app.channel.received import Received
from app.domain.channel import AlarmKind
from app.domain.ids import ConversationId
from app.services.channel.bundles import Bundle
from app.services.channel.conversing import Conversing, Held
from app.services.channel.flood import Brought, Flood
from app.services.channel.hellos import Hellos
from app.services.channel.office_keys import OfficeKeys
from app.services.channel.runs import Incoming, Outcome, Run
from app.services.channel.settling import DAY_MS, Arrived, Settling, TakeRequest, alarm
from app.services.interlock.signing import EmergencyCheck
from app.services.ledger import Ledger
from app.store.channel.invitations import StoredInvitation, invitation_at
from app.store.channel.peers import all_peers, find_peer

_TOLD = {"patient": AlarmKind.CHANGED, "generation": AlarmKind.UNREADABLE, "psk": AlarmKind.UNREADABLE}
"""Refusals of which people must hear: other keys than before; keys that this vault, put back, does not have."""


class Receiving:
    """Takes hellos and frames. Safe from any thread: works under the ledger's lock."""

    def __init__(
        self,
        ledger: Ledger,
        keys: OfficeKeys,
        conversing: Conversing,
        check_emergency: EmergencyCheck,
        take_request: TakeRequest,
    ) -> None:
        self._ledger = ledger
        self._conversing = conversing
        self._settling = Settling(ledger, keys, conversing, check_emergency, take_request)
        self._hellos = Hellos(ledger, keys, conversing, self._settling)
        self._flood = Flood()
        self._swept_ms = -DAY_MS
        self._alarmed_ms: dict[tuple[ConversationId, AlarmKind], int] = {}
        self.refused: Counter[str] = Counter()

    def take_all(self, incoming: Sequence[Incoming]) -> tuple[list[Outcome], list[Arrived]]:
        """Take frames in order; return what became of each, and what they brought for people.

        A mailbox of which one could not be written down is not taken any further; the others go on.

        Raises:
            WorldFailedError, VaultRolledBackError: nothing can be written; the gateway must keep all of them.
        """
        with self._ledger.lock:
            run = Run(self, incoming)
            run.go()
        return run.outcomes, run.arrived

    @property
    def refused_count(self) -> int:
        """How much came that did not hold, consents among it."""
        return sum(self.refused.values()) + self._settling.refused_receipts

    def look_after(self) -> None:
        """Tell, once, of what has been missing for too long; once a day erase what the week has made superfluous."""
        with self._ledger.lock:
            now_ms = self._ledger.now_ms()
            if now_ms - self._swept_ms >= DAY_MS:
                with self._ledger.reading() as connection:
                    self._settling.watched |= set(all_peers(connection))
                self._swept_ms = now_ms
            watched = tuple(self._settling.watched)
        for cid in watched:
            with self._ledger.lock:
                self._settling.look_after(cid, now_ms)

    # -- for a run -----------------------------------------------------------------------------------------------

    def look_up(self, address: bytes) -> tuple[Held | None, StoredInvitation | None]:
        """Return the conversation of a mailbox, or the invitation to it."""
        with self._ledger.reading() as connection:
            cid = find_peer(connection, address)
            if cid is not None:
                return self._conversing.load(connection, cid), None
            return None, invitation_at(connection, self._ledger.keys, address)

    def bundle(self, held: Held) -> Bundle:
        """Return the room for the frames of a conversation."""
        return Bundle(self._ledger, held, self._settling.arrivals(held))

    def take_hello(self, address: bytes, frame: bytes) -> Arrived | None:
        """Take a hello in a transaction of its own; one that does not hold is counted."""
        held, invitation = self.look_up(address)
        try:
            if held is not None:
                self._flood.add(held.cid, Brought.MESSAGE, self._ledger.now_ms())
                return self._hellos.take_again(held, frame)
            return self._hellos.take_first(address, invitation, frame)
        except HandshakeRefusedError as error:
            self.refuse(error.code, held)
            return None

    def take_into(self, bundle: Bundle, frame: bytes) -> None:
        """Take a frame into a bundle; one that does not hold is counted, and a flood counted against its sender."""
        what = Brought.QUIET
        try:
            found = bundle.take(frame)
        except FrameRefusedError as error:
            self.refuse(error.code, bundle.held)
        else:
            what = Brought.MESSAGE if isinstance(found, Received) and found.asks_for_ack else what
            what = what if isinstance(found, Received) else Brought.REPEAT
        self._flood.add(bundle.cid, what, self._ledger.now_ms())

    def full_until_ms(self, cid: ConversationId) -> int | None:
        """Return until when no more of a conversation is taken; people are told, once a day."""
        until_ms = self._flood.until_ms(cid, self._ledger.now_ms())
        if until_ms is not None:
            self._tell(cid, AlarmKind.FLOOD)
        return until_ms

    def settle(self, bundles: Sequence[Bundle]) -> list[Arrived]:
        """Write bundles in one transaction; return what they brought."""
        ready = [self._settling.prepare(one.held, one.arrivals, one.also) for one in bundles]
        return self._settling.commit(ready)

    def refuse(self, code: str, held: Held | None = None) -> None:
        """Count what did not hold; what people must know of a patient whom we know is told to them, once a day."""
        self.refused[code] += 1
        kind = _TOLD.get(code)
        if kind is not None and held is not None:
            self._tell(held.cid, kind)

    def _tell(self, cid: ConversationId, kind: AlarmKind) -> None:
        now_ms = self._ledger.now_ms()
        if now_ms - self._alarmed_ms.get((cid, kind), -DAY_MS) >= DAY_MS:
            self._alarmed_ms[cid, kind] = now_ms
            self._ledger.write_all((alarm(cid, kind),), cid, is_by_visitor=True)
