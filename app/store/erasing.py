"""Erasing conversations: the steps that make their words unreadable, in an order that survives a crash at any point.

::

    tombstone   an event in the conversation's own stream; from here on no screen shows it, and there is no way back
    key         its key is dropped, and the key of the search index; both copies of the keyring are written anew
    rows        every body of it in the log is shed: its digest stays for the hash chain
    index       the search index gets a new file under a new key; the old file is gone
    checkpoint  both write-ahead logs are folded in and cut to nothing

The tombstone is the journal. Each later step can be done again without harm, and ``resume_erasures`` does at the next
opening whatever a crash left undone: a conversation with a tombstone must have no key and no body. The index needs no
mark of its own, because its key is gone before the rows are, and a file that does not open is made anew.

A certificate (``ERASURE_CERTIFIED``) closes the journal: only tombstones behind the newest one are looked at.

Bytes of deleted rows and pages are overwritten with zeros (``secure_delete=ON``), and they were sealed under the key
that is gone. Source: threat-model.md §5, "Erase a conversation".
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, text

from app.domain.events import EventKind
from app.domain.ids import OFFICE, ConversationId
from app.domain.roles import may_read_messages
from app.store import tables
from app.store.chain import HASH_BYTES
from app.store.channel.tables import OF_CONVERSATION
from app.store.cipher import BEGIN_IMMEDIATE
from app.store.errors import VaultRolledBackError
from app.store.log import EventLog
from app.store.logged import Also, NewEvent
from app.store.tombstones import ERASED_IDS, erased_ids, of_kind

if TYPE_CHECKING:
    from app.domain.events import Event
    from app.store.open_vault import OpenVault


class EraseStep(Enum):
    """The points between which a process may die; ``at`` is told each one when it is done."""

    TOMBSTONE = "tombstone"
    KEY = "key"
    ROWS = "rows"
    INDEX = "index"
    CHECKPOINT = "checkpoint"


At = Callable[[EraseStep], None]
"""Told after each step; tests die here."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What was done. ``bodies`` counts events that lost their words now; a reader can keep a log from being emptied."""

    bodies: int
    are_wals_empty: bool


def bury(
    log: EventLog, conversation_ids: Sequence[ConversationId], reason: str, *, now_ms: int, also: Also | None = None
) -> "tuple[Event, ...]":
    """Write the tombstones, in one commit that also takes the conversations from every table that screens read.

    Args:
        log: of the open vault.
        conversation_ids: each has a key and no tombstone.
        reason: a code, stored in the clear; never a word about anybody.
        now_ms: Unix time, milliseconds.
        also: writes, in the same commit, what others are to be told.
    """
    body = {"reason": reason} if reason else {}
    return log.append([NewEvent(cid, EventKind.ERASED, body) for cid in conversation_ids], now_ms=now_ms, also=also)


def unmake(
    log: EventLog,
    vault: "OpenVault",
    conversation_ids: Sequence[ConversationId],
    *,
    renew_index: Callable[[], object],
    next_index_key: bytes | None = None,
    after_keyring: Callable[[], None] = lambda: None,
    at: At = lambda _step: None,
) -> Erased:
    """Do every step behind the tombstone; each may have been done before.

    Args:
        log: of the open vault.
        vault: the vault.
        conversation_ids: each has a tombstone.
        renew_index: puts a new file in place of the search index (``SearchIndex.renew`` or ``adopt``, or
            ``OpenVault.renew_index`` at opening).
        next_index_key: of the file that ``SearchIndex.stage_without`` has written; None when there is none.
        after_keyring: called when the keyring is durable without the keys: backups of it are replaced here.
        at: told after each step.
    """
    for cid in conversation_ids:
        if vault.keyring.holds(cid):
            vault.keyring.drop(cid)
    vault.keyring.rotate_index_key(next_index_key)
    vault.keyring.save()
    after_keyring()
    at(EraseStep.KEY)
    bodies = sum(log.shed_conversation(cid) for cid in conversation_ids)
    at(EraseStep.ROWS)
    renew_index()
    at(EraseStep.INDEX)
    are_wals_empty = vault.empty_wals()
    at(EraseStep.CHECKPOINT)
    return Erased(bodies, are_wals_empty)


def unfinished(vault: "OpenVault") -> tuple[ConversationId, ...]:
    """Return the conversations whose tombstone stands and whose key or words are still there."""
    left = uncertified(vault)
    if not left:
        return ()
    with vault.connect().connect() as connection:
        with_words = frozenset(connection.execute(_WITH_WORDS).scalars())
    return tuple(cid for cid in left if cid in with_words or vault.keyring.holds(cid))


def uncertified(vault: "OpenVault") -> tuple[ConversationId, ...]:
    """Return the conversations whose tombstone is not followed by a certificate yet, oldest first."""
    with vault.connect().connect() as connection:
        return tuple(map(ConversationId, connection.execute(_UNCERTIFIED).scalars()))


def resume_erasures(log: EventLog, vault: "OpenVault") -> tuple[ConversationId, ...]:
    """Finish what a crash interrupted; return which conversations that were.

    A person whose role has no key of any conversation cannot: it waits for the next one who can.

    Raises:
        VaultRolledBackError: a key is back that a certificate says is gone: an old keyring was put back.
    """
    if may_read_messages(vault.person.role):
        _require_keys_gone(vault)
    left = unfinished(vault) if may_read_messages(vault.person.role) else ()
    if left:
        unmake(log, vault, left, renew_index=vault.renew_index)
    return left


def _require_keys_gone(vault: "OpenVault") -> None:
    with vault.connect().connect() as connection:
        certified = erased_ids(connection) - frozenset(connection.execute(_UNCERTIFIED).scalars())
    if any(vault.keyring.holds(ConversationId(cid)) for cid in certified):
        raise VaultRolledBackError("keyring")


def shed_keyless(log: EventLog, vault: "OpenVault", *, now_ms: int) -> tuple[ConversationId, ...]:
    """Bury conversations whose key is gone: an older database has come back beside a newer keyring.

    A restore calls this before anything is shown. Returns the conversations that were buried.
    """
    with vault.connect().connect() as connection:
        known = frozenset(connection.execute(select(tables.event.c.conversation_id).distinct()).scalars())
        known -= erased_ids(connection)
    lost = tuple(sorted(ConversationId(cid) for cid in known if cid != OFFICE and not vault.keyring.holds(cid)))
    if lost:
        bury(log, lost, "restored", now_ms=now_ms)
        unmake(log, vault, lost, renew_index=vault.renew_index)
    return lost


def remove_orphans(vault: "OpenVault") -> None:
    """Delete rows of erased conversations that an old page brought back into the tables of the screens."""
    with vault.connect().connect().execution_options(**{BEGIN_IMMEDIATE: True}) as connection, connection.begin():
        for table in (*tables.OF_CONVERSATION, *OF_CONVERSATION):
            connection.execute(delete(table).where(table.c.conversation_id.in_(ERASED_IDS)))


_event = tables.event.c
_last_certificate = func.coalesce(
    select(func.max(_event.seq)).where(text("kind = 'erasure_certified'")).scalar_subquery(), 0
)
_UNCERTIFIED = of_kind(EventKind.ERASED, _event.conversation_id).where(_event.seq > _last_certificate)
_WITH_WORDS = (
    select(_event.conversation_id)
    .where(
        _event.conversation_id.in_(_UNCERTIFIED.order_by(None)),
        _event.kind != EventKind.ERASED.value,
        func.length(_event.body) != HASH_BYTES,
    )
    .distinct()
)
