"""The inbox: one page of rows in working order, and the numbers of the rail.

Order: urgency, then whoever waits longest, then the newest activity. The order is worked out when a row is written and
stands in an index, so that a page costs its own rows only; names and snippets of just that page are opened.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, func, literal, select

from app.domain.conversation import ConversationState, InboxCounts, InboxRow, InboxView, Origin, Urgency
from app.domain.ids import ConversationId, EventId, PersonId
from app.store import tables
from app.store.codec import KeySource, open_column

_c = tables.conversation.c
_COLUMNS = (
    _c.conversation_id,
    _c.contact,
    _c.snippet,
    _c.snippet_seq,
    _c.origin,
    _c.urgency,
    _c.state,
    _c.oldest_unanswered_ms,
    _c.last_activity_ms,
    _c.unread_count,
    _c.assigned_to,
    _c.snoozed_until_ms,
    _c.has_unsent_reply,
    _c.has_unsent_note,
    _c.has_fresh_proposal,
)


def _page(*conditions: ColumnElement[bool]) -> Select[Any]:
    order = (_c.sort_rank.desc(), _c.sort_waiting_ms, _c.last_activity_ms.desc())
    return select(*_COLUMNS).where(*conditions).order_by(*order).limit(bindparam("number")).offset(bindparam("skip"))


def _in_state(state: ConversationState) -> ColumnElement[bool]:
    return _c.state == state.value


_PAGES = {
    InboxView.OPEN: _page(_in_state(ConversationState.OPEN)),
    InboxView.MINE: _page(_in_state(ConversationState.OPEN), _c.assigned_to == bindparam("person")),
    InboxView.UNASSIGNED: _page(_in_state(ConversationState.OPEN), _c.assigned_to.is_(None)),
    InboxView.SNOOZED: _page(_in_state(ConversationState.SNOOZED)),
    InboxView.DONE: _page(_in_state(ConversationState.DONE)),
}
_SELECT_STANDING = select(_c.urgency, _c.state, _c.assigned_to, _c.unread_count, _c.newest_received).where(
    _c.conversation_id == bindparam("cid")
)
_SELECT_TALLY = select(tables.tally.c.state, tables.tally.c.urgency, tables.tally.c.assigned_to, tables.tally.c.number)
_SELECT_HIDDEN = select(
    _c.state, _c.urgency, func.coalesce(_c.assigned_to, "").label("assigned_to"), literal(-1).label("number")
).where(_c.conversation_id.in_(bindparam("hidden", expanding=True)))
_SELECT_DUE = select(_c.conversation_id).where(
    _c.snoozed_until_ms.is_not(None), _c.snoozed_until_ms <= bindparam("now_ms")
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a conversation stands, without opening anything sealed."""

    urgency: Urgency
    state: ConversationState
    assigned_to: PersonId | None
    unread_count: int
    newest_received: EventId | None


def read_standing(connection: Connection, cid: ConversationId) -> Standing | None:
    """Return where a conversation stands, or None when there is none of this id."""
    row = connection.execute(_SELECT_STANDING, {"cid": cid}).one_or_none()
    if row is None:
        return None
    return Standing(
        Urgency(row.urgency), ConversationState(row.state), row.assigned_to, row.unread_count, row.newest_received
    )


def read_inbox(
    connection: Connection,
    keys: KeySource,
    view: InboxView,
    person_id: PersonId,
    *,
    limit: int,
    offset: int,
    hidden: Collection[ConversationId] = (),
) -> tuple[InboxRow, ...]:
    """Return ``limit`` rows of one view, from ``offset`` on, in working order, but for what is ``hidden``."""
    values: dict[str, Any] = {"number": limit, "skip": offset}
    if view is InboxView.MINE:
        values["person"] = person_id
    page = _PAGES[view].where(_c.conversation_id.not_in(sorted(hidden))) if hidden else _PAGES[view]
    rows = connection.execute(page, values).all()
    return tuple(_to_record(row, keys.key_for(row.conversation_id)) for row in rows)


def read_counts(connection: Connection, person_id: PersonId, hidden: Collection[ConversationId] = ()) -> InboxCounts:
    """Return the numbers of the rail from the table of counts; a handful of rows whatever the size of the vault.

    What is ``hidden`` is taken off again, one row each.
    """
    cells = [*connection.execute(_SELECT_TALLY)]
    if hidden:
        cells += connection.execute(_SELECT_HIDDEN, {"hidden": sorted(hidden)})

    def total(state: ConversationState, *, of: str | None = None, urgency: int | None = None) -> int:
        return sum(
            cell.number
            for cell in cells
            if cell.state == state.value
            and of in {None, cell.assigned_to}
            and (urgency is None or cell.urgency == urgency)
        )

    return InboxCounts(
        open=total(ConversationState.OPEN),
        mine=total(ConversationState.OPEN, of=person_id),
        unassigned=total(ConversationState.OPEN, of=""),
        snoozed=total(ConversationState.SNOOZED),
        done=total(ConversationState.DONE),
        emergencies=total(ConversationState.OPEN, urgency=Urgency.EMERGENCY.value),
    )


def read_due(connection: Connection, now_ms: int) -> tuple[ConversationId, ...]:
    """Return the snoozed conversations whose time has come."""
    return tuple(ConversationId(cid) for cid in connection.execute(_SELECT_DUE, {"now_ms": now_ms}).scalars())


def _to_record(row: Row[Any], key: bytes) -> InboxRow:
    cid, state = row.conversation_id, ConversationState(row.state)
    return InboxRow(
        conversation_id=ConversationId(cid),
        contact_name=open_column(key, row.contact, "conversation.contact", cid, "", 0),
        snippet=open_column(key, row.snippet, "conversation.snippet", cid, "", row.snippet_seq),
        origin=Origin(row.origin),
        urgency=Urgency(row.urgency),
        state=state,
        oldest_unanswered_ms=None if state is ConversationState.DONE else row.oldest_unanswered_ms,
        last_activity_ms=row.last_activity_ms,
        unread_count=row.unread_count,
        assigned_to=row.assigned_to,
        snoozed_until_ms=row.snoozed_until_ms,
        has_unsent_text=row.has_unsent_reply or row.has_unsent_note,
        has_proposal=row.has_fresh_proposal,
    )
