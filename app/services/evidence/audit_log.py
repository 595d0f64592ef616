"""The audit log: who did what and who opened what, without a word of content; signed, checkable, for auditors.

It is the event log itself, seen by its envelopes. Nothing can be written past it, and it cannot be changed without
breaking the hash chain; a checkpoint that somebody took away shows when its end was cut off.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.events import EventKind
from app.domain.roles import Right
from app.services.evidence.checkpoints import (
    Checkpoint,
    CheckpointFormatError,
    key_id,
    parse_checkpoint,
    sign_checkpoint,
)
from app.services.ledger import Ledger
from app.store.audit_query import AuditFilter, read_envelopes, walk_envelopes
from app.store.chain import LogProblem
from app.store.upkeep import Progress, verify_log

if TYPE_CHECKING:
    from app.store.chain import StoredEvent

SIGN_EVERY_MS = 3_600_000
READ_NOTED_EVERY_MS = 15 * 60_000
_ABOUT_A_CONVERSATION = frozenset({EventKind.LOOKED_AT.value, EventKind.EXPORTED.value})
_CHECKPOINTS = AuditFilter(kinds=frozenset({EventKind.CHECKPOINT_SIGNED}))
_EVERYTHING = AuditFilter(has_quiet=True)


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line. ``object_id`` is a conversation's id or ``office``; ``digest`` is the event's hash in hexadecimal."""

    seq: int
    wall_ms: int
    actor: str
    actor_name: str
    action: str
    object_id: str
    digest: str


@dataclass(frozen=True, slots=True)
class CheckpointReport:
    """How the checkpoints fit the log. ``broken`` holds the sizes of those that do not."""

    checked: int
    broken: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What a check of the whole log found."""

    events: int
    problems: tuple[LogProblem, ...]
    own: CheckpointReport
    witnessed: CheckpointReport

    @property
    def is_sound(self) -> bool:
        """Whether nothing was changed, removed, moved or cut off."""
        return not self.problems and not self.own.broken and not self.witnessed.broken


class AuditLog:
    """Reads, signs and checks the log of one open vault."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._noted_ms = -READ_NOTED_EVERY_MS

    def entries(
        self, wanted: AuditFilter | None = None, *, before_seq: int | None = None, limit: int = 200
    ) -> tuple[AuditEntry, ...]:
        """Return entries, newest first; that somebody reads here is an entry itself.

        Raises:
            NotYoursError: the role does not read the log.
        """
        self._ledger.require(Right.READ_AUDIT_LOG)
        self._note_reading()
        wanted = wanted or AuditFilter()
        with self._ledger.reading() as connection:
            stored = read_envelopes(connection, wanted, before_seq, limit)
        return tuple(self._wanted(stored, wanted))

    def export_to(self, file: Path, wanted: AuditFilter | None = None) -> tuple[int, Checkpoint]:
        """Write every entry as JSON lines, oldest first, and a checkpoint as the last line, for a witness.

        Returns the number of entries and the checkpoint. The file is there whole or not at all.

        Raises:
            NotYoursError: the role does not read the log.
            OSError: it cannot be written.
        """
        self._ledger.require(Right.READ_AUDIT_LOG)
        checkpoint, count = self.sign(), 0
        beside = file.with_name(f".{file.name}.part")
        try:
            with beside.open("w", encoding="utf-8") as out:
                for entry in self.export(wanted):
                    out.write(json.dumps(asdict(entry)) + "\n")
                    count += 1
                out.write(json.dumps({"checkpoint": checkpoint.note}) + "\n")
            beside.replace(file)
        finally:
            beside.unlink(missing_ok=True)
        return count, checkpoint

    def export(self, wanted: AuditFilter | None = None) -> Iterator[AuditEntry]:
        """Yield every entry, oldest first.

        Raises:
            NotYoursError: the role does not read the log.
        """
        self._ledger.require(Right.READ_AUDIT_LOG)
        self._note_reading(is_export=True)
        wanted = wanted or AuditFilter()
        with self._ledger.reading() as connection:
            yield from self._wanted(walk_envelopes(connection, wanted), wanted)

    def sign(self) -> Checkpoint:
        """Sign how far the log has come, and keep the checkpoint in it."""
        with self._ledger.lock:
            tail = self._ledger.log.tail()
            checkpoint = sign_checkpoint(self._ledger.vault, tail.seq, tail.hash)
            self._ledger.note(EventKind.CHECKPOINT_SIGNED, note=checkpoint.note)
        return checkpoint

    def sign_when_due(self) -> Checkpoint | None:
        """Sign when the last checkpoint is an hour old and something happened since."""
        last = next(iter(self._checkpoint_events(1)), None)
        tail = self._ledger.log.tail()
        if last is not None and (self._ledger.now_ms() - last.wall_ms < SIGN_EVERY_MS or tail.seq == last.seq):
            return None
        return self.sign()

    def newest_checkpoint(self) -> Checkpoint | None:
        """Return the checkpoint that was signed last."""
        return next(iter(self._own_checkpoints(1)), None)

    def verify(
        self, witnessed: tuple[Checkpoint, ...] = (), progress: Progress = lambda _done, _total: None
    ) -> AuditReport:
        """Check every event of the log, every checkpoint in it, and those that somebody kept elsewhere.

        Raises:
            NotYoursError: the role does not read the log.
        """
        self._ledger.require(Right.READ_AUDIT_LOG)
        report = verify_log(self._ledger.log, self._ledger.vault, progress)
        return AuditReport(
            report.event_count, report.problems, self._check(tuple(self._own_checkpoints(None))), self._check(witnessed)
        )

    def _check(self, checkpoints: tuple[Checkpoint, ...]) -> CheckpointReport:
        broken = tuple(one.size for one in checkpoints if not self._fits(one))
        return CheckpointReport(len(checkpoints), broken)

    def _fits(self, checkpoint: Checkpoint) -> bool:
        """Whether the log holds this hash at this number, and a key that is known here did sign it.

        Who got new keys since cannot be asked any more; the hash alone decides then.
        """
        vault = self._ledger.vault
        key = vault.signing_key_of(checkpoint.signer)
        is_known = key is not None and checkpoint.key_id == key_id(checkpoint.signer, key)
        is_forged = is_known and not checkpoint.is_signed_with(key or b"")
        is_here = checkpoint.vault_id == vault.vault_id
        return is_here and not is_forged and self._ledger.log.hash_at(checkpoint.size) == checkpoint.head_hash

    def _own_checkpoints(self, limit: int | None) -> Iterator[Checkpoint]:
        for stored in self._checkpoint_events(limit):
            try:
                yield parse_checkpoint(str(self._ledger.log.logged(stored).event.body["note"]))
            except CheckpointFormatError:
                continue

    def _checkpoint_events(self, limit: int | None) -> "list[StoredEvent]":
        with self._ledger.reading() as connection:
            return read_envelopes(connection, _CHECKPOINTS, None, limit or 1_000_000)

    def _wanted(self, stored: "Iterator[StoredEvent] | list[StoredEvent]", wanted: AuditFilter) -> Iterator[AuditEntry]:
        names = self._ledger.names
        for one in stored:
            object_id = self._object_of(one)
            if wanted.conversation_id in {None, object_id}:
                yield AuditEntry(
                    one.seq, one.wall_ms, one.actor, names.get(one.actor, ""), one.kind, object_id, one.hash.hex()
                )

    def _object_of(self, stored: "StoredEvent") -> str:
        if stored.kind in _ABOUT_A_CONVERSATION and not stored.is_shed:
            return str(self._ledger.log.logged(stored).event.body["conversation_id"])
        return stored.conversation_id

    def _note_reading(self, *, is_export: bool = False) -> None:
        now_ms = self._ledger.now_ms()
        if is_export or now_ms - self._noted_ms >= READ_NOTED_EVERY_MS:
            self._noted_ms = now_ms
            self._ledger.note(EventKind.AUDIT_EXPORTED if is_export else EventKind.AUDIT_READ)
