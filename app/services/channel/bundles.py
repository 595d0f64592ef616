"""Frames of one conversation that are written down together: what they brought, and the session after the last of them.

Each frame is opened behind the one before it in memory; nothing is written until all of them have been. What the vault
would say of a frame once those before it were written, the bundle knows of itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from app.channel.kinds import Kind
from app.channel.received import Duplicate, Received
from app.domain.channel import AlarmKind
from app.domain.events import Event, EventKind
from app.domain.ids import ConversationId, EventId
from app.services.channel.arrivals import Arrivals
from app.services.channel.conversing import Held
from app.services.channel.file_fates import heard_of, leave_again
from app.services.channel.settling import alarm
from app.services.ledger import Ledger
from app.store.channel import outbox
from app.store.channel.outbox import MessageState
from app.store.logged import Also, NewEvent


@dataclass(slots=True)
class Bundle:
    """Give it frames one by one, then have it settled with ``held``, ``arrivals`` and ``also``."""

    ledger: Ledger
    held: Held
    arrivals: Arrivals
    _alsos: list[Also] = field(default_factory=list)
    _covered: dict[bytes, None] = field(default_factory=dict)
    _told: set[EventId] = field(default_factory=set)
    _read: set[bytes] = field(default_factory=set)
    _asked: set[tuple[EventKind, str]] = field(default_factory=set)

    def take(self, frame: bytes) -> Received | Duplicate:
        """Open the next frame.

        Raises:
            FrameRefusedError: it does not hold; the bundle stays as it was.
        """
        now_ms = self.ledger.now_ms()
        session, found = self.held.session.receive(frame, now_ms)
        self.held = Held(replace(self.held.row, last_seen_ms=now_ms), session)
        if isinstance(found, Received):
            with self.ledger.reading() as connection:
                self._note(connection, found)
        return found

    def also(self, connection: Connection, events: tuple[Event, ...]) -> None:
        """Write what the frames changed besides their events, in their order."""
        for one in self._alsos:
            one(connection, events)

    @property
    def cid(self) -> ConversationId:
        """Whose it is."""
        return self.held.cid

    def _note(self, connection: Connection, found: Received) -> None:
        arrivals = self.arrivals
        is_known = self._is_known(connection, found.message_id)
        covered = self._newly_covered(connection, found)
        read = self._newly_read(connection, found)
        fate = None if is_known else self._fate(connection, found)
        if found.asks_for_ack and not is_known:
            before = len(arrivals.events)
            arrivals.take(found.message_id, found.kind, found.content, found.clock)
            if found.is_late and arrivals.has_spoken_since(before):
                arrivals.events.append(alarm(self.cid, AlarmKind.LATE))
        if fate is not None:
            arrivals.events.append(fate)
        if covered:
            self._tell_delivered(connection)
        if read:
            arrivals.events.append(NewEvent(self.cid, EventKind.MESSAGE_READ, {"up_to": read[-1][1]}))
        if found.alarms:
            arrivals.events.append(alarm(self.cid, AlarmKind.FORK))
        self._alsos.append(lambda connection, _events: self._write(connection, found, covered, read, fate))

    def _write(
        self,
        connection: Connection,
        found: Received,
        covered: Sequence[bytes],
        read: Sequence[tuple[bytes, EventId]],
        fate: NewEvent | None,
    ) -> None:
        for chain, height in found.delivered:
            outbox.take_delivered(connection, self.cid, chain, height)
        if found.is_first:
            outbox.forget_answers(connection, self.cid)
        outbox.raise_states(connection, self.cid, covered, MessageState.DELIVERED)
        outbox.raise_states(connection, self.cid, [message_id for message_id, _ in read], MessageState.READ)
        if fate is not None and fate.kind is EventKind.FILE_ASKED:
            leave_again(connection, self.cid, EventId(str(fate.body["event_id"])))

    def _is_known(self, connection: Connection, message_id: bytes) -> bool:
        if any(message_id == noted for noted, _place, _is_early in self.arrivals.noted):
            return True
        return outbox.event_of(connection, self.cid, message_id) is not None

    def _newly_covered(self, connection: Connection, found: Received) -> tuple[bytes, ...]:
        ids = (
            one
            for chain, height in found.delivered
            for one in outbox.peek_delivered(connection, self.cid, chain, height)
        )
        fresh = tuple(one for one in dict.fromkeys(ids) if one not in self._covered)
        self._covered |= dict.fromkeys(fresh)
        return fresh

    def _tell_delivered(self, connection: Connection) -> None:
        whole = outbox.completed_by(connection, self.cid, tuple(self._covered))
        fresh = [event_id for event_id in whole if event_id not in self._told]
        self._told |= set(fresh)
        if fresh:
            self.arrivals.events.append(NewEvent(self.cid, EventKind.MESSAGE_DELIVERED, {"events": list(fresh)}))

    def _newly_read(self, connection: Connection, found: Received) -> tuple[tuple[bytes, EventId], ...]:
        if found.kind is not Kind.READ:
            return ()
        rows = outbox.read_up_to(connection, self.cid, found.content["up_to"], tuple(self._covered))
        fresh = tuple(row for row in rows if row[0] not in self._read)
        self._read |= {message_id for message_id, _ in fresh}
        return fresh

    def _fate(self, connection: Connection, found: Received) -> NewEvent | None:
        fate = heard_of(self.ledger, connection, self.cid, found)
        name = None if fate is None else (fate.kind, str(fate.body["event_id"]))
        if name is None or name in self._asked:
            return None
        self._asked.add(name)
        return fate
