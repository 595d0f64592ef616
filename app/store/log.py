"""The event log: append, read, and the checks at the door.

Appending is one ``BEGIN IMMEDIATE`` transaction that writes the events and every projection of them, with
``synchronous=FULL``; after the commit the head file moves on. When ``append`` returns, the events are on the disk. A
crash between commit and head leaves the log ahead of the head file; ``open`` walks that tail and accepts it. A log that
is *behind* the head file has lost something that was acknowledged, and is refused.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from threading import RLock
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.domain.events import Event, EventKind, JsonValue
from app.domain.ids import ConversationId, EventId, PersonId, make_ulid
from app.store import chain, tables
from app.store.chain import StoredEvent
from app.store.cipher import BEGIN_IMMEDIATE
from app.store.codec import PLAIN_KINDS, SCHEMA, open_body, seal_body
from app.store.errors import DiskFailedError, StoreBugError, VaultDamagedError, VaultRolledBackError, WalledOffError
from app.store.logged import SELECT_AFTER, Also, LoggedEvent, NewEvent, Tail, walk
from app.store.projections import Projector
from app.store.tombstones import shed_excuse

if TYPE_CHECKING:
    from app.store.open_vault import OpenVault

_RANDOM_BYTES = 10
_SHED_AT_ONCE = 500
_event = tables.event.c
_ALL = select(*tables.event.columns)
_SELECT_TAIL = select(_event.seq, _event.hash, _event.lamport).order_by(_event.seq.desc()).limit(1)
_SELECT_HASH = select(_event.hash).where(_event.seq == bindparam("seq"))
_SELECT_ONE_STREAM = _ALL.where(_event.conversation_id == bindparam("cid")).order_by(_event.seq)
_SELECT_BODIES = select(_event.seq, _event.body).where(_event.seq.in_(bindparam("seqs", expanding=True)))
_SELECT_UNSHED = select(_event.seq).where(
    _event.conversation_id == bindparam("cid"),
    _event.kind != EventKind.ERASED.value,
    func.length(_event.body) != chain.HASH_BYTES,
)
_SELECT_SEQS = select(_event.seq).where(_event.conversation_id == bindparam("cid")).order_by(_event.seq)
_SELECT_SEQ = select(_event.seq).where(_event.event_id == bindparam("event_id"))
_SHED = update(tables.event).where(_event.seq == bindparam("row")).values(body=bindparam("digest"))


class EventLog:
    """Appends to and reads from the log of one open vault. Safe to call from several threads."""

    def __init__(self, vault: "OpenVault") -> None:
        self._vault = vault
        self._engine = vault.connect()
        self._lock = RLock()
        self._is_head_stuck = False

    @classmethod
    def open(cls, vault: "OpenVault") -> "EventLog":
        """Return the log of a vault after comparing it with the head file.

        Raises:
            VaultRolledBackError: acknowledged events are gone, or an older file was put in place.
            VaultDamagedError: the log and the head file tell different stories, or the newest events do not chain.
        """
        log = cls(vault)
        log._compare_with_head()
        return log

    def append(self, events: Sequence[NewEvent], *, now_ms: int, also: Also | None = None) -> tuple[Event, ...]:
        """Write events, in this order, durably and all or nothing.

        ``also`` writes rows of transport (``app.store.channel``) in the same transaction, behind the events and their
        projections; with no events it is a transaction of its own.

        Raises:
            EventFormatError: a body does not fit its kind; nothing was written.
            DiskFullError, DiskFailedError: now or earlier. Nothing is acknowledged any more until the vault is opened
                again and checked (threat-model.md §8, "fsync error then retry").
        """
        if not events and also is None:
            return ()
        with self._lock:
            if self._is_head_stuck:
                raise DiskFailedError("the head file did not follow; reopen the vault")
            logged, rows = self._commit(events, now_ms, also)
            if rows:
                self._is_head_stuck = True
                self._vault.head.advance(rows[-1]["seq"], rows[-1]["hash"], now_ms)
                self._is_head_stuck = False
        return tuple(entry.event for entry in logged)

    def read(self, conversation_id: ConversationId) -> tuple[Event, ...]:
        """Return every event of one stream, oldest first."""
        return tuple(entry.event for entry in self.read_logged(conversation_id))

    def read_logged(self, conversation_id: ConversationId) -> tuple[LoggedEvent, ...]:
        """Return every event of one stream with its place, oldest first."""
        with self._engine.connect() as connection:
            rows = connection.execute(_SELECT_ONE_STREAM, {"cid": conversation_id}).all()
        return tuple(self.logged(StoredEvent(*row)) for row in rows)

    def read_after(self, seq: int, number: int) -> tuple[LoggedEvent, ...]:
        """Return up to ``number`` events that stand behind ``seq``, in order; behind a wall they have no body."""
        with self._engine.connect() as connection:
            rows = connection.execute(SELECT_AFTER, {"seq": seq, "number": number}).all()
        return tuple(self._readable(StoredEvent(*row)) for row in rows)

    def walk_from(self, seq: int, number: int = 1000) -> Iterator[StoredEvent]:
        """Yield what stands behind ``seq`` as it lies on disk, still sealed, reading ``number`` rows at a time."""
        with self._engine.connect() as connection:
            yield from walk(connection, seq, number)

    def shed_conversation(self, conversation_id: ConversationId) -> int:
        """Take the words out of every event of an erased conversation; return how many still had theirs.

        Only the tombstone keeps its body. The chain keeps the digests.
        """
        with self._lock, self._writing() as connection, connection.begin():
            seqs = connection.execute(_SELECT_UNSHED, {"cid": conversation_id}).scalars().all()
            for start in range(0, len(seqs), _SHED_AT_ONCE):
                self._shed(connection, seqs[start : start + _SHED_AT_ONCE])
        return len(seqs)

    def seq_of(self, event_id: EventId) -> int | None:
        """Return where an event stands, or None when there is none of this id."""
        with self._engine.connect() as connection:
            found = connection.execute(_SELECT_SEQ, {"event_id": event_id}).scalar()
        return None if found is None else int(found)

    def seqs_of(self, conversation_id: ConversationId) -> tuple[int, ...]:
        """Return where the events of one stream stand."""
        with self._engine.connect() as connection:
            return tuple(connection.execute(_SELECT_SEQS, {"cid": conversation_id}).scalars())

    def tail(self) -> Tail:
        """Return the end of the log."""
        with self._engine.connect() as connection:
            return self._tail(connection)

    def hash_at(self, seq: int) -> bytes | None:
        """Return the hash of the event at ``seq``; the genesis hash at 0; None where nothing stands."""
        if seq == 0:
            return chain.genesis(self._vault.vault_id)
        with self._engine.connect() as connection:
            found = connection.execute(_SELECT_HASH, {"seq": seq}).scalar()
        return None if found is None else bytes(found)

    # -- appending ----------------------------------------------------------------------------------------------

    def _commit(
        self, events: Sequence[NewEvent], now_ms: int, also: Also | None = None
    ) -> tuple[list[LoggedEvent], list[dict[str, Any]]]:
        self._vault.freshen_keys({event.conversation_id for event in events})
        # A key must be on the disk before the first word that it seals, else a crash would leave words without a key.
        self._vault.keyring.save()
        try:
            with self._writing() as connection, connection.begin():
                tail = self._tail(connection)
                logged, rows = self._seal(events, tail, now_ms)
                if rows:
                    connection.execute(insert(tables.event), rows)
                    self._project(connection, logged)
                if also is not None:
                    also(connection, tuple(entry.event for entry in logged))
        except IntegrityError as error:
            raise StoreBugError("the database refused an event") from error
        return logged, rows

    def _writing(self) -> Connection:
        return self._engine.connect().execution_options(**{BEGIN_IMMEDIATE: True})

    def _project(self, connection: Connection, logged: Sequence[LoggedEvent]) -> None:
        projector = Projector(connection, self._vault.keyring)
        for entry in logged:
            projector.apply(entry.seq, entry.event)
        projector.flush()
        self._shed(connection, projector.superseded)

    def _seal(
        self, events: Sequence[NewEvent], tail: Tail, now_ms: int
    ) -> tuple[list[LoggedEvent], list[dict[str, Any]]]:
        logged, rows, prev_hash = [], [], tail.hash
        for number, new in enumerate(events, start=1):
            event = Event(
                event_id=EventId(make_ulid(now_ms, os.urandom(_RANDOM_BYTES))),
                conversation_id=new.conversation_id,
                actor=PersonId(self._vault.person.person_id),
                lamport=tail.lamport + number,
                wall_ms=now_ms if new.wall_ms is None else new.wall_ms,
                kind=new.kind,
                schema=SCHEMA,
                body=new.body,
            )
            row = self._row(tail.seq + number, prev_hash, event)
            prev_hash = row["hash"]
            logged.append(LoggedEvent(row["seq"], event, is_shed=False))
            rows.append(row)
        return logged, rows

    def _row(self, seq: int, prev_hash: bytes, event: Event) -> dict[str, Any]:
        key = self._key_for(event.conversation_id, event.kind)
        header = {
            "event_id": event.event_id,
            "conversation_id": event.conversation_id,
            "actor": event.actor,
            "lamport": event.lamport,
            "wall_ms": event.wall_ms,
            "kind": event.kind.value,
            "schema": event.schema,
        }
        body = seal_body(
            key, event.body, conversation_id=event.conversation_id, event_id=event.event_id, kind=event.kind
        )
        hash_ = chain.hash_of(prev_hash, **header, body=body)  # type: ignore[arg-type]
        return {"seq": seq, **header, "body": body, "prev_hash": prev_hash, "hash": hash_}

    def _shed(self, connection: Connection, seqs: Sequence[int]) -> None:
        """Take the words out of events that have been replaced; the chain keeps their digests."""
        if seqs:
            found = connection.execute(_SELECT_BODIES, {"seqs": list(seqs)}).all()
            connection.execute(_SHED, [{"row": seq, "digest": chain.body_digest(body)} for seq, body in found])

    # -- reading ------------------------------------------------------------------------------------------------

    def _tail(self, connection: Connection) -> Tail:
        row = connection.execute(_SELECT_TAIL).one_or_none()
        # The newest event has the highest clock, because every writer counts on from the highest it has seen.
        return Tail(0, chain.genesis(self._vault.vault_id), 0) if row is None else Tail(row.seq, row.hash, row.lamport)

    def logged(self, stored: StoredEvent) -> LoggedEvent:
        """Return a stored event with its body opened.

        Raises:
            VaultDamagedError: the body is not the one that was written here.
            UnknownConversationError: its key is gone.
        """
        event = Event(
            event_id=EventId(stored.event_id),
            conversation_id=ConversationId(stored.conversation_id),
            actor=PersonId(stored.actor),
            lamport=stored.lamport,
            wall_ms=stored.wall_ms,
            kind=EventKind(stored.kind),
            schema=stored.schema,
            body={} if stored.is_shed else self._open_body(stored),
        )
        return LoggedEvent(stored.seq, event, stored.is_shed)

    def _readable(self, stored: StoredEvent) -> LoggedEvent:
        """Return a stored event, without its body where a wall hides it."""
        try:
            return self.logged(stored)
        except WalledOffError:
            return self.logged(replace(stored, body=chain.body_digest(stored.body)))

    def _open_body(self, stored: StoredEvent) -> Mapping[str, JsonValue]:
        """Return the body of a stored event that has not been shed."""
        return open_body(
            self._key_for(ConversationId(stored.conversation_id), EventKind(stored.kind)),
            stored.body,
            conversation_id=stored.conversation_id,
            event_id=stored.event_id,
            kind=stored.kind,
            schema=stored.schema,
        )

    def _key_for(self, conversation_id: ConversationId, kind: EventKind) -> bytes:
        """Return the key of a body; a tombstone needs none, and its conversation has none any more."""
        return b"" if kind in PLAIN_KINDS else self._vault.keyring.key_for(conversation_id)

    # -- the head file ------------------------------------------------------------------------------------------

    def _compare_with_head(self) -> None:
        count, head_hash = self._vault.head.expected
        tail = self.tail()
        if tail.seq < count:
            raise VaultRolledBackError
        if count > 0 and self.hash_at(count) != head_hash:
            raise VaultDamagedError("log")
        if tail.seq > count:
            self._accept_tail(count)
            self._vault.head.advance(tail.seq, tail.hash)

    def _accept_tail(self, count: int) -> None:
        """Walk what was committed just before a crash kept the head file from moving on."""
        known = self.hash_at(count)
        assert known is not None
        with self._engine.connect() as connection:
            walked = chain.ChainWalk(known, count, shed_excuse(connection))
            for stored in walk(connection, count):
                if any(walked.step(stored)):
                    raise VaultDamagedError("log")
