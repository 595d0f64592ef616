"""Erasing conversations at an open desk, with a plaintext hunt behind it and a signed certificate at the end.

The steps on the files are the store's (``app.store.erasing``). Here is what surrounds them: who may, what a hold
forbids, which words to hunt for while they can still be read, and what the certificate says.

A crash leaves a tombstone. The store finishes its steps at the next opening; the hunt and the certificate of it follow
once the console is open, before the next erasure, or when somebody asks for it.
"""

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, bindparam, func, select

from app.config import find_places
from app.domain.conversation import ItemKind, Thread
from app.domain.events import Event, EventKind
from app.domain.ids import OFFICE, ConversationId
from app.domain.roles import Right, may
from app.services.erasing.certificate import Certificate, Done, Gone, certify
from app.services.erasing.plaintext_hunt import Hit, Hunted, HuntPlace, HuntReport, hunt, places_of
from app.services.erasing.words import hunted_of, sampled
from app.services.errors import NoSuchConversationError
from app.services.ledger import Ledger
from app.services.retention.holds import HoldService
from app.store import tables
from app.store.chain import StoredEvent
from app.store.erasing import At, Erased, EraseStep, bury, uncertified, unmake
from app.store.logged import Also
from app.store.redacting import read_bodies, with_bodies
from app.store.search import IndexEntry, SearchIndex, entry_of
from app.store.thread_query import read_thread
from app.store.tombstones import of_kind
from app.store.upkeep import Progress

Farewell = Callable[[Sequence[ConversationId]], Also | None]

REASONS = ("request", "retention", "mistake", "restored")
"""Codes that a tombstone may carry in the clear."""

_event = tables.event.c
_COUNT = select(func.count()).where(_event.conversation_id == bindparam("cid"))


@dataclass(frozen=True, slots=True)
class ErasePreview:
    """What would go, for the person who confirms it."""

    conversation_id: ConversationId
    contact_name: str = field(repr=False)
    messages: int
    notes: int
    drafts: int
    is_held: bool


@dataclass(frozen=True, slots=True)
class Erasure:
    """The outcome: the certificate, and for the person at the screen where words were found that this cannot reach."""

    certificate: Certificate
    hits: tuple[Hit, ...]


class ErasureService:
    """Erases from one open vault. Safe from any thread."""

    def __init__(
        self,
        ledger: Ledger,
        index: SearchIndex,
        holds: HoldService,
        backup_folders: Callable[[], Sequence[Path]] = tuple,
    ) -> None:
        """Serve one desk; ``backup_folders`` says, at each erasure, where backups lie: hunted through as well."""
        self._ledger = ledger
        self._index = index
        self._holds = holds
        self._backup_folders = backup_folders
        self._replacers: list[Callable[[], Sequence[str]]] = []
        self.farewell: Farewell = lambda _ids: None
        """Asked before conversations go: what writes down, with their tombstones, that their visitors are told."""
        self.left_to_hunt: Hunted | None = None
        """Words of erasures that this opening finished, taken before their keys went; see ``Desk.over``."""
        self.places: tuple[HuntPlace, ...] = default_places(ledger.vault.directory)

    def on_keyring_rewritten(self, replace: Callable[[], Sequence[str]]) -> None:
        """Call ``replace`` once keys are gone from the keyring: it replaces backups of it and returns their codes."""
        self._replacers.append(replace)

    def add_hunt_place(self, name: str, path: Path) -> None:
        """Hunt through one more folder from now on; ``name`` is a code that certificates show."""
        self.places = places_of((*((place.name, place.path) for place in self.places), (name, path)))

    def look(self, cid: ConversationId) -> ErasePreview:
        """Return what erasing a conversation would take away.

        Raises:
            NoSuchConversationError: there is none of this id.
        """
        thread = self._thread(cid)
        drafts = [thread.unsent_reply, thread.unsent_note, thread.proposal, thread.held]
        return ErasePreview(
            cid,
            thread.contact_name,
            messages=sum(item.kind is ItemKind.MESSAGE for item in thread.items),
            notes=sum(item.kind is ItemKind.NOTE for item in thread.items),
            drafts=sum(bool(draft) for draft in drafts),
            is_held=cid in self._holds.held_ids(),
        )

    def erase(
        self,
        conversation_ids: Sequence[ConversationId],
        reason: str,
        *,
        progress: Progress = lambda _done, _total: None,
        at: At = lambda _step: None,
    ) -> Erasure:
        """Erase conversations for good and return the certificate, which the vault keeps as well.

        Args:
            conversation_ids: at least one, each once.
            reason: one of ``REASONS``.
            progress: of building the search index again, in events.
            at: told after each step of the store.

        Raises:
            NotYoursError, NoSuchConversationError, HeldByLawError: nothing was erased.
            DiskFullError, DiskFailedError: what was begun is finished at the next opening.
        """
        ids = tuple(dict.fromkeys(conversation_ids))
        if not ids or reason not in REASONS:
            raise ValueError("an erasure names conversations and one of its reasons")
        self._ledger.require(Right.ERASE)
        run = _Run(self._ledger, self._index, at)
        with self._ledger.lock:
            self.certify_left()
            for cid in ids:
                self._ledger.standing(cid)
            self._holds.require_free(ids)
            hunted = hunted_of(self._ledger, self._index, map(self._thread, sampled(ids)))
            tombstones = run.unmake(ids, reason, self._replace_backups, self.farewell(ids))
        self._ledger.tell(OFFICE)
        self._index.catch_up(progress)
        report = hunt(hunted, self._places_now())
        return Erasure(self._certify(tombstones, run.done(report)), report.hits)

    def certify_left(self) -> Certificate | None:
        """Write the certificate of what an interruption left without one.

        Where its key was still there at the opening, which finished the rest, the hunt is made up for now; where it was
        gone there is nothing to hunt for, and the certificate says that there was no hunt.
        """
        left = uncertified(self._ledger.vault)
        if not left:
            return None
        began_ms = self._ledger.now_ms()
        reached = self._replace_backups()
        hunted, self.left_to_hunt = self.left_to_hunt, None
        report = None if hunted is None else hunt(hunted, self._places_now())
        now_ms = self._ledger.now_ms()
        steps = () if report is None else (("hunt", now_ms),)
        generation = self._ledger.keys.generation
        done = Done(began_ms, now_ms, steps, 0, generation, reached, are_wals_empty=True, hunt=report)
        return self._certify(self._tombstones(frozenset(left)), done)

    def finish_left(self) -> Certificate | None:
        """Do ``certify_left`` when the person at the desk may; for soon after an opening, off the screen's thread."""
        return self.certify_left() if may(Right.ERASE, self._ledger.person.role) else None

    def certificates(self) -> tuple[Certificate, ...]:
        """Return every certificate of this vault, oldest first."""
        with self._ledger.reading() as connection:
            rows = connection.execute(of_kind(EventKind.ERASURE_CERTIFIED)).all()
        return tuple(_certificate_of(self._ledger.log.logged(StoredEvent(*row)).event) for row in rows)

    def certificate_of(self, cid: ConversationId) -> Certificate | None:
        """Return the certificate of an erased conversation, None when it was not erased; finishes one that is due."""
        if cid in uncertified(self._ledger.vault):
            self._ledger.require(Right.ERASE)
            self.certify_left()
        return next((one for one in self.certificates() if cid in one.conversation_ids), None)

    def _thread(self, cid: ConversationId) -> Thread:
        found = None
        if self._ledger.keys.has(cid):
            with self._ledger.reading() as connection:
                found = read_thread(connection, self._ledger.keys, cid, {})
        if found is None:
            raise NoSuchConversationError
        return found

    def _places_now(self) -> tuple[HuntPlace, ...]:
        known = [(place.name, place.path) for place in self.places]
        return places_of([*known, *(("backup", folder) for folder in self._backup_folders())])

    def _replace_backups(self) -> tuple[str, ...]:
        return tuple(name for replace in self._replacers for name in replace())

    def _tombstones(self, ids: frozenset[ConversationId]) -> tuple[Event, ...]:
        with self._ledger.reading() as connection:
            rows = connection.execute(of_kind(EventKind.ERASED)).all()
        stored = (StoredEvent(*row) for row in rows if row.conversation_id in ids)
        return tuple(self._ledger.log.logged(one).event for one in stored)

    def _certify(self, tombstones: Sequence[Event], done: Done) -> Certificate:
        with self._ledger.reading() as connection:
            gone = tuple(self._gone(connection, event) for event in tombstones)
        certificate = certify(self._ledger.vault, gone, done)
        self._ledger.write(OFFICE, EventKind.ERASURE_CERTIFIED, certificate=dict(certificate.json))
        return certificate

    def _gone(self, connection: Connection, event: Event) -> Gone:
        log = self._ledger.log
        seq = log.seq_of(event.event_id) or 0
        events = connection.execute(_COUNT, {"cid": event.conversation_id}).scalar_one()
        return Gone(event.conversation_id, event, seq, log.hash_at(seq) or b"", int(events))


class _Run:
    """One pass through the steps of the store, with the time of each."""

    def __init__(self, ledger: Ledger, index: SearchIndex, at: At) -> None:
        self._ledger = ledger
        self._index = index
        self._at = at
        self._started_ms = ledger.now_ms()
        self._steps: list[tuple[str, int]] = []
        self._erased = Erased(0, are_wals_empty=False)
        self._backups: tuple[str, ...] = ()

    def unmake(
        self,
        ids: Sequence[ConversationId],
        reason: str,
        replace_backups: Callable[[], tuple[str, ...]],
        farewell: Also | None,
    ) -> tuple[Event, ...]:
        """Do every step; return the tombstones."""
        ledger = self._ledger

        def after_keyring() -> None:
            self._backups = replace_backups()

        entries = [entry for cid in ids for entry in self._entries(cid)]
        tombstones = bury(ledger.log, ids, reason, now_ms=ledger.now_ms(), also=farewell)
        self._step(EraseStep.TOMBSTONE)
        key = self._index.stage_without(entries)
        self._erased = unmake(
            ledger.log,
            ledger.vault,
            ids,
            renew_index=self._index.renew if key is None else self._index.adopt,
            next_index_key=key,
            after_keyring=after_keyring,
            at=self._step,
        )
        return tombstones

    def _entries(self, cid: ConversationId) -> Iterator[IndexEntry]:
        """Yield what the search index holds of a conversation; removing it takes the very texts that went in."""
        log = self._ledger.log
        with self._ledger.reading() as connection:
            bodies = read_bodies(connection, log.logged, cid)
        for logged in with_bodies(log.read_logged(cid), bodies):
            entry = entry_of(logged)
            if entry is not None:
                yield entry

    def done(self, report: HuntReport) -> Done:
        """Return what the certificate says of this run."""
        now_ms = self._ledger.now_ms()
        return Done(
            self._started_ms,
            now_ms,
            (*self._steps, ("hunt", now_ms)),
            self._erased.bodies,
            self._ledger.keys.generation,
            self._backups,
            self._erased.are_wals_empty,
            report,
        )

    def _step(self, step: EraseStep) -> None:
        self._steps.append((step.value, self._ledger.now_ms()))
        self._at(step)


def default_places(vault_dir: Path) -> tuple[HuntPlace, ...]:
    """Return where words could have been left on this machine: the vault, our data and settings, temporary files."""
    here = find_places(os.environ)
    return places_of(
        (
            ("vault", vault_dir),
            ("data", here.data_dir),
            ("settings", here.config_dir),
            ("temporary", Path(tempfile.gettempdir())),
        )
    )


def _certificate_of(event: Event) -> Certificate:
    found = event.body["certificate"]
    assert isinstance(found, dict)
    return Certificate(found)
