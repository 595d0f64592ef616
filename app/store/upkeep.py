"""Work on the whole log: checking every event of it, and building the projections again."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from app.domain.events import EventKind
from app.domain.ids import OFFICE
from app.store import chain, tables
from app.store.chain import LogFault, LogProblem
from app.store.cipher import BEGIN_IMMEDIATE
from app.store.errors import UnknownConversationError, VaultDamagedError, WalledOffError
from app.store.log import EventLog
from app.store.logged import walk
from app.store.projections import Projector
from app.store.redacting import exact_excuse, read_bodies, with_bodies
from app.store.tombstones import ERASED_IDS, erased_ids, shed_excuse

if TYPE_CHECKING:
    from app.store.open_vault import OpenVault

Progress = Callable[[int, int], None]
"""Called with how many of how many events are done."""

STEP = 1000
"""Events between two calls of a progress function, and rows that a rebuild writes at once."""

_MAX_PROBLEMS = 1000
_ITEM_KINDS = (
    EventKind.MESSAGE_RECEIVED.value,
    EventKind.MESSAGE_SENT.value,
    EventKind.NOTE_ADDED.value,
    EventKind.FILE_RECEIVED.value,
    EventKind.FILE_SENT.value,
)


@dataclass(frozen=True, slots=True)
class LogReport:
    """What a check of the whole log found; ``problems`` holds at most 1,000, in order.

    ``stale_projections`` counts conversations, messages and numbers that the screens would not show as the log tells
    them; a rebuild mends those. It is None when pages are damaged and nobody can say.
    """

    event_count: int
    problems: tuple[LogProblem, ...]
    stale_projections: int | None

    @property
    def is_sound(self) -> bool:
        """Whether nothing at all is wrong."""
        return not self.problems and self.stale_projections == 0


def verify_log(log: EventLog, vault: "OpenVault", progress: Progress) -> LogReport:
    """Check every event: its hash, its place, that its words open; then the end against the head file."""
    count, _ = vault.head.expected
    problems: list[LogProblem] = []
    walked = chain.ChainWalk(chain.genesis(vault.vault_id))
    try:
        with vault.connect().connect() as connection:
            exact = exact_excuse(connection, log.logged, vault.keyring.walled_off)
            walked.may_be_shed = exact if vault.may_read_messages else shed_excuse(connection)
            for stored in walk(connection, 0):
                problems += walked.step(stored)
                problems += _look_inside(log, vault, stored)
                if stored.seq % STEP == 0:
                    progress(stored.seq, max(count, stored.seq))
    except VaultDamagedError:
        problems.append(LogProblem(walked.seq + 1, LogFault.UNREADABLE))
    else:
        if walked.seq < count:
            problems.append(LogProblem(walked.seq + 1, LogFault.CUT_OFF))
    progress(walked.seq, walked.seq)
    return LogReport(walked.seq, tuple(problems[:_MAX_PROBLEMS]), _count_stale(vault))


def rebuild_projections(log: EventLog, vault: "OpenVault", progress: Progress) -> None:
    """Empty every projection and build it again from the log, in one transaction: readers see the old or the new.

    What is behind a wall that the person at the desk is outside of stays as it stands.
    """
    total, hidden = log.tail().seq, vault.keyring.walled_off
    with vault.connect().connect().execution_options(**{BEGIN_IMMEDIATE: True}) as connection, connection.begin():
        for table in tables.PROJECTIONS:
            statement = delete(table)
            if hidden and "conversation_id" in table.c:
                statement = statement.where(table.c.conversation_id.not_in(sorted(hidden)))
            connection.execute(statement)
        projector = Projector(connection, vault.keyring)
        erased, bodies = erased_ids(connection), read_bodies(connection, log.logged)
        for stored in walk(connection, 0):
            if stored.conversation_id not in erased and stored.conversation_id not in hidden:
                for entry in with_bodies([log.logged(stored)], bodies):
                    projector.apply(entry.seq, entry.event, is_shed=entry.is_shed)
            if stored.seq % STEP == 0:
                projector.flush()
                progress(stored.seq, total)
        projector.flush()
        projector.count_standing(hidden)
    progress(total, total)


def _look_inside(log: EventLog, vault: "OpenVault", stored: chain.StoredEvent) -> Iterator[LogProblem]:
    """Yield what the chain alone cannot see of one event: its words, and whether the head file means it."""
    if not stored.is_shed and not _opens(log, vault, stored):
        yield LogProblem(stored.seq, LogFault.UNREADABLE)
    count, head_hash = vault.head.expected
    if stored.seq == count and stored.hash != head_hash:
        yield LogProblem(stored.seq, LogFault.UNKNOWN_TAIL)


def _opens(log: EventLog, vault: "OpenVault", stored: chain.StoredEvent) -> bool:
    if not vault.may_read_messages and stored.conversation_id != OFFICE:
        return True  # the chain speaks for it; whether the words open is for those to see who may
    try:
        log.logged(stored)
    except WalledOffError:
        return True  # likewise
    except (VaultDamagedError, UnknownConversationError, ValueError):
        return False
    return True


def _count_stale(vault: "OpenVault") -> int | None:
    """Count what an old page, put back under the projections, would leave behind; None when pages are damaged."""
    try:
        with vault.connect().connect() as connection:
            behind, hidden, undead = (connection.execute(query).scalar_one() for query in (_BEHIND, _HIDDEN, _UNDEAD))
            counted = {tuple(cell) for cell in connection.execute(select(tables.tally)) if cell.number}
            expected = {tuple(cell) for cell in connection.execute(_EXPECTED_TALLY)}
    except VaultDamagedError:
        return None
    return int(behind) + int(hidden) + int(undead) + len(counted ^ expected)


_event, _conversation, _item = tables.event.c, tables.conversation.c, tables.thread_item.c
_newest = select(_event.conversation_id, func.max(_event.seq).label("seq")).group_by(_event.conversation_id).subquery()
_BEHIND = (
    select(func.count())
    .select_from(tables.conversation.join(_newest, _newest.c.conversation_id == _conversation.conversation_id))
    .where(_newest.c.seq != _conversation.last_seq)
)
_HIDDEN = (
    select(func.count())
    .select_from(
        tables.event.outerjoin(
            tables.thread_item, (_item.conversation_id == _event.conversation_id) & (_item.seq == _event.seq)
        )
    )
    .where(_event.kind.in_(_ITEM_KINDS), _item.seq.is_(None), _event.conversation_id.not_in(ERASED_IDS))
)
_UNDEAD = select(func.count()).select_from(tables.conversation).where(_conversation.conversation_id.in_(ERASED_IDS))
"""Conversations that a screen would show although they have been erased."""
_assigned_to = func.coalesce(_conversation.assigned_to, "")
_EXPECTED_TALLY = select(_conversation.state, _conversation.urgency, _assigned_to, func.count()).group_by(
    _conversation.state, _conversation.urgency, _assigned_to
)
