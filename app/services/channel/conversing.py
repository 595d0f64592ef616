"""One conversation between its rows and the protocol: loaded, moved on, written back within one transaction.

Every start of the program sends in a chain of its own, so that no key is used for two contents, whatever a crash, a
clone or a restore brought back (promise P4).
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from nacl.utils import random as random_bytes
from sqlalchemy import Connection

from app.channel.answering import DeskIdentity
from app.channel.desk_session import DeskSession
from app.channel.digests import ID_BYTES
from app.channel.kinds import Content, Kind
from app.domain.events import Event, EventKind
from app.domain.ids import ConversationId
from app.domain.post_sizes import read_envelope
from app.services.channel.contents import OUTGOING, content_of, parts_of
from app.services.channel.facts import read_event
from app.services.channel.office_keys import Standing
from app.services.ledger import Ledger
from app.store.channel import files, outbox
from app.store.channel.outbox import MessageRow, MessageState, OutboxRow
from app.store.channel.peers import PeerRow, read_peer, write_peer

DESKS = 1


@dataclass(frozen=True, slots=True)
class Held:
    """A conversation in hand: its row and its session."""

    row: PeerRow
    session: DeskSession = field(repr=False)

    @property
    def cid(self) -> ConversationId:
        """Whose it is."""
        return self.row.conversation_id


class Conversing:
    """Loads, seals and writes back. Every method runs under the ledger's lock."""

    def __init__(self, ledger: Ledger, standing: Callable[[], Standing]) -> None:
        """Serve one start of the program."""
        self._ledger = ledger
        self._standing = standing
        self.started = random_bytes(ID_BYTES)

    @property
    def identity(self) -> DeskIdentity:
        """Who this desk is."""
        return self._standing().identity

    def load(self, connection: Connection, cid: ConversationId) -> Held | None:
        """Return a conversation, None when it did not come over the channel."""
        row = read_peer(connection, self._ledger.keys, cid)
        if row is None:
            return None
        session = DeskSession.load(row.session, self.identity)
        if row.started != self.started:
            session, row = session.fresh_chain(), replace(row, started=self.started)
        return Held(row, session)

    def write(self, connection: Connection, held: Held) -> None:
        """Seal what waits for this patient, acknowledge what came, ask for a new generation when it is due; save.

        What was sealed in a generation that is over and has not arrived is sealed anew (channel.md §5.4).
        """
        if held.session.is_confirmed:
            outbox.unseal_others(connection, held.cid, [one.name for one in held.session.line.generations])
            held = self._seal_waiting(connection, held)
            held = self._renew_when_due(connection, held)
            while held.session.line.owes_ack:  # one has room for a chain or two; after a reload there may be more
                held = self.post(connection, held, Kind.ACK, {"desks": DESKS})
        write_peer(connection, self._ledger.keys, replace(held.row, session=held.session.dump()))

    def post(
        self, connection: Connection, held: Held, kind: Kind, content: Content, message_id: bytes | None = None
    ) -> Held:
        """Seal one message into the outbox; one with a ``message_id`` was noted before."""
        now_ms = self._ledger.now_ms()
        session, sealed = held.session.send(kind, content, now_ms, message_id=message_id)
        self.put_out(connection, held, sealed.frame, message_id)
        return replace(held, session=session)

    def put_out(self, connection: Connection, held: Held, frame: bytes, message_id: bytes | None = None) -> None:
        """Put a frame into the outbox."""
        envelope = read_envelope(frame)
        row = OutboxRow(
            held.cid, held.row.address, envelope.chain, envelope.number, frame, self._ledger.now_ms(), message_id
        )
        outbox.add_frame(connection, row)

    def note_outgoing(self, connection: Connection, cid: ConversationId, events: tuple[Event, ...]) -> bool:
        """Note which of these events the patient is to be told of; say whether there are any that were not noted."""
        rows = []
        for event in events:
            is_news = event.conversation_id == cid and event.kind in OUTGOING
            if is_news and not outbox.is_outgoing(connection, cid, event.event_id):
                rows += [
                    MessageRow(cid, random_bytes(ID_BYTES), event.event_id, is_ours=True, made_ms=event.wall_ms, part=n)
                    for n in range(parts_of(event))
                ]
        outbox.add_messages(connection, rows)
        return bool(rows)

    def _seal_waiting(self, connection: Connection, held: Held) -> Held:
        for message_id, event_id, part in outbox.unsealed(connection, held.cid):
            event = read_event(self._ledger, connection, event_id)
            if event is None:  # redacted before it left: nobody is waiting for it any more
                outbox.raise_states(connection, held.cid, [message_id], MessageState.READ)
                continue
            if event.kind is EventKind.FILE_SENT and not self._is_uploaded(connection, held, event):
                continue
            kind, content = content_of(event, part, self.identity.signer)
            held = self.post(connection, held, kind, content, message_id)
            outbox.raise_states(connection, held.cid, [message_id], MessageState.SEALED)
        return held

    def _is_uploaded(self, connection: Connection, held: Held, event: Event) -> bool:
        """Whether the gateway has all of a file; the message that names it leaves only then."""
        row = files.file_of(connection, held.cid, event.event_id)
        return row is not None and row.is_done

    def _renew_when_due(self, connection: Connection, held: Held) -> Held:
        current = held.session.line.current
        card_name = self._standing().document.card_name
        is_due = held.session.renewal_due(self._ledger.now_ms(), card_name=card_name)
        if current is None or not is_due or held.row.renewed == current.name:
            return held
        held = self.post(connection, held, Kind.RENEW, {})
        return replace(held, row=replace(held.row, renewed=current.name))
