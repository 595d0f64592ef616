"""Messages by their id on the wire, and the frames that wait until they have arrived."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from app.domain.ids import ConversationId, EventId
from app.domain.post_sizes import FrameType
from app.store.channel.tables import message, outbox

_m, _o = message.c, outbox.c
_HERE = _m.conversation_id == bindparam("cid")
_ID_OF = select(_m.event_id).where(_HERE, _m.message_id == bindparam("mid"))
_OF_EVENT = select(_m.message_id).where(_HERE, _m.event_id == bindparam("event")).order_by(_m.part)
_IS_NOTED = select(_m.message_id).where(_HERE, _m.event_id == bindparam("event"), _m.is_ours).limit(1)
_OURS = select(_m.event_id, _m.state).where(_HERE, _m.is_ours)
_EARLY = select(_m.event_id).where(_HERE, _m.is_early)
_UNSEALED = (
    select(_m.message_id, _m.event_id, _m.part)
    .where(_HERE, _m.is_ours, _m.state == 0)
    .order_by(_m.made_ms, _m.event_id, _m.part)
)
_RAISE = (
    update(message)
    .where(_HERE, _m.message_id == bindparam("mid"), _m.state < bindparam("to"))
    .values(state=bindparam("to"))
)
_COVERED = select(_o.id, _o.message_id).where(
    _o.conversation_id == bindparam("cid"), _o.chain == bindparam("link"), _o.number <= bindparam("height")
)
_UNSENT = (
    select(outbox)
    .where(~_o.is_stored, _o.address.not_in(bindparam("resting", expanding=True)))
    .order_by(_o.id)
    .limit(bindparam("limit"))
)
_STORED = (
    update(outbox)
    .where(_o.id == bindparam("row"), _o.chain == bindparam("of_chain"), _o.number == bindparam("of_number"))
    .values(is_stored=True)
)
_FORGET = delete(outbox).where(_o.id == bindparam("row"))
_RESEND = update(outbox).values(is_stored=False)


_NOT_ARRIVED = select(_m.message_id).where(_HERE, _m.is_ours, _m.state.in_((0, 1, 2)))
_UNREAD = (
    select(_m.message_id, _m.event_id, _m.state)
    .where(_HERE, _m.is_ours, _m.state.in_((1, 2, 3)))
    .order_by(_m.made_ms, _m.event_id, _m.part)
)
_FORGET_ANSWERS = delete(outbox).where(
    _o.conversation_id == bindparam("cid"), func.substr(_o.frame, 2, 1) == bindparam("kind")
)
_SEALED_IN_OTHERS = select(_o.id, _o.message_id).where(
    _o.conversation_id == bindparam("cid"),
    func.substr(_o.frame, 2, 1) == bindparam("kind"),
    func.substr(_o.frame, 3, 16).not_in(bindparam("known", expanding=True)),
)
_UNSEAL = update(message).where(_HERE, _m.message_id == bindparam("mid"), _m.state.in_((1, 2))).values(state=0)
_SAY_AGAIN = update(message).where(_HERE, _m.message_id == bindparam("mid"), _m.is_ours).values(state=0)


class MessageState(IntEnum):
    """How far a message of the desk has come. Those of visitors stay at the first.

    Only ever upwards, but for what was sealed in a generation that is over and never arrived (``unseal_others``), and
    for a file that the gateway lost (``say_again``).
    """

    UNSEALED = 0
    SEALED = 1
    STORED = 2
    DELIVERED = 3
    READ = 4


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message on the wire and the event it belongs to; a long reply has several, told apart by ``part``."""

    conversation_id: ConversationId
    message_id: bytes
    event_id: EventId
    is_ours: bool
    made_ms: int
    part: int = 0
    state: MessageState = MessageState.UNSEALED
    is_early: bool = False


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A frame, to be sent again with the same bytes until it has arrived. ``row_id`` 0: not written yet."""

    conversation_id: ConversationId
    address: bytes
    chain: bytes
    number: int
    frame: bytes = field(repr=False)
    made_ms: int
    message_id: bytes | None = None
    row_id: int = 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits, in numbers: frames not at the gateway, messages not arrived, and since when the oldest is."""

    unsent: int
    undelivered: int
    oldest_ms: int | None


def event_of(connection: Connection, cid: ConversationId, message_id: bytes) -> EventId | None:
    """Return the event of a message on the wire, None when it never came or went."""
    found = connection.execute(_ID_OF, {"cid": cid, "mid": message_id}).scalar()
    return None if found is None else EventId(found)


def messages_of(connection: Connection, cid: ConversationId, event_id: EventId) -> tuple[bytes, ...]:
    """Return the ids on the wire of one event, in order of their parts."""
    return tuple(connection.execute(_OF_EVENT, {"cid": cid, "event": event_id}).scalars())


def is_outgoing(connection: Connection, cid: ConversationId, event_id: EventId) -> bool:
    """Say whether an event was noted as one that the patient is told of."""
    return connection.execute(_IS_NOTED, {"cid": cid, "event": event_id}).first() is not None


def add_messages(connection: Connection, rows: Sequence[MessageRow]) -> None:
    """Note messages on the wire."""
    if rows:
        connection.execute(insert(message), [{name: getattr(row, name) for name in _MESSAGE} for row in rows])


def unsealed(connection: Connection, cid: ConversationId) -> tuple[tuple[bytes, EventId, int], ...]:
    """Return (message id, event, part) of what was sent before the patient's browser had answered, oldest first."""
    rows = connection.execute(_UNSEALED, {"cid": cid})
    return tuple((row.message_id, EventId(row.event_id), row.part) for row in rows)


def raise_states(connection: Connection, cid: ConversationId, ids: Iterable[bytes], state: MessageState) -> None:
    """Move messages up to a state; those that are there or further stay."""
    rows = [{"cid": cid, "mid": one, "to": state.value} for one in ids]
    if rows:
        connection.execute(_RAISE, rows)


def states_of(connection: Connection, cid: ConversationId) -> dict[EventId, MessageState]:
    """Return how far each of the desk's messages has come: as far as the part that is furthest behind."""
    found: dict[EventId, MessageState] = {}
    for event_id, state in connection.execute(_OURS, {"cid": cid}):
        found[EventId(event_id)] = min(MessageState(state), found.get(EventId(event_id), MessageState.READ))
    return found


def early_events(connection: Connection, cid: ConversationId) -> frozenset[EventId]:
    """Return what came in a hello, before the patient's browser had proved itself."""
    return frozenset(EventId(one) for one in connection.execute(_EARLY, {"cid": cid}).scalars())


def add_frame(connection: Connection, row: OutboxRow) -> None:
    """Put a frame into the outbox."""
    values = {name: getattr(row, name) for name in _FRAME} | {"is_stored": False}
    connection.execute(insert(outbox), values)


def unsent(connection: Connection, limit: int, resting: Sequence[bytes] = ()) -> tuple[OutboxRow, ...]:
    """Return frames that the gateway does not have, in the order in which they were made.

    Those for mailboxes that are ``resting`` are left out.
    """
    rows = connection.execute(_UNSENT, {"limit": limit, "resting": list(resting)})
    return tuple(OutboxRow(**{name: getattr(row, name) for name in _FRAME}, row_id=row.id) for row in rows)


def mark_stored(connection: Connection, row: OutboxRow) -> None:
    """Note that the gateway has a frame; one that is not in the outbox any more changes nothing."""
    found = connection.execute(_STORED, {"row": row.row_id, "of_chain": row.chain, "of_number": row.number})
    if found.rowcount and row.message_id is not None:
        raise_states(connection, row.conversation_id, [row.message_id], MessageState.STORED)


def take_delivered(connection: Connection, cid: ConversationId, chain: bytes, height: int) -> tuple[bytes, ...]:
    """Let go of the frames of one chain up to a height; return the ids of the messages in them."""
    rows = connection.execute(_COVERED, {"cid": cid, "link": chain, "height": height}).all()
    if rows:
        connection.execute(_FORGET, [{"row": row.id} for row in rows])
    return tuple(row.message_id for row in rows if row.message_id is not None)


def peek_delivered(connection: Connection, cid: ConversationId, chain: bytes, height: int) -> tuple[bytes, ...]:
    """Return the ids that ``take_delivered`` would return, and change nothing."""
    rows = connection.execute(_COVERED, {"cid": cid, "link": chain, "height": height})
    return tuple(row.message_id for row in rows if row.message_id is not None)


def completed_by(connection: Connection, cid: ConversationId, ids: Sequence[bytes]) -> tuple[EventId, ...]:
    """Return the events of which every part has arrived once these messages have."""
    arrived = frozenset(ids)
    events = dict.fromkeys(found for one in ids if (found := event_of(connection, cid, one)) is not None)
    late = frozenset(connection.execute(_NOT_ARRIVED, {"cid": cid}).scalars())
    return tuple(event for event in events if not late & (frozenset(messages_of(connection, cid, event)) - arrived))


def read_up_to(
    connection: Connection, cid: ConversationId, message_id: bytes, arrived: Sequence[bytes] = ()
) -> tuple[tuple[bytes, EventId], ...]:
    """Return the desk's messages that are read when this one is, and were not before, in order.

    Only what has arrived can be read: this one, since it was read, those before it that were acknowledged, and
    ``arrived``, those that the same frame says have.
    """
    rows = connection.execute(_UNREAD, {"cid": cid}).all()
    place = next((n for n, row in enumerate(rows) if row.message_id == message_id), -1)
    has_come = {message_id, *arrived}
    here = (row for row in rows[: place + 1] if row.state == MessageState.DELIVERED or row.message_id in has_come)
    return tuple((row.message_id, EventId(row.event_id)) for row in here)


def unseal_others(connection: Connection, cid: ConversationId, generations: Sequence[bytes]) -> None:
    """Let go of frames of all but these generations; the messages in them that have not arrived are unsealed again."""
    values = {"cid": cid, "kind": bytes([FrameType.FRAME]), "known": list(generations)}
    for row_id, message_id in connection.execute(_SEALED_IN_OTHERS, values).all():
        connection.execute(_FORGET, {"row": row_id})
        if message_id is not None:
            connection.execute(_UNSEAL, {"cid": cid, "mid": message_id})


def say_again(connection: Connection, cid: ConversationId, ids: Sequence[bytes]) -> None:
    """Count messages of ours as not sealed: they are said once more, under the same ids."""
    if ids:
        connection.execute(_SAY_AGAIN, [{"cid": cid, "mid": one} for one in ids])


def forget_answers(connection: Connection, cid: ConversationId) -> None:
    """Let go of answers to hellos: the patient's browser has taken one."""
    connection.execute(_FORGET_ANSWERS, {"cid": cid, "kind": bytes([FrameType.ANSWER])})


def send_all_again(connection: Connection) -> None:
    """Count every frame that has not arrived as unsent: the same bytes cost a gateway that has them nothing."""
    connection.execute(_RESEND)


def count_waiting(connection: Connection) -> Waiting:
    """Return what waits; no frame and no key is touched."""
    frames = connection.execute(select(func.count()).select_from(outbox).where(~_o.is_stored)).scalar_one()
    of_ours = select(func.count(), func.min(_m.made_ms)).where(_m.is_ours, _m.state < MessageState.DELIVERED.value)
    number, oldest_ms = connection.execute(of_ours).one()
    return Waiting(frames, number, oldest_ms)


_MESSAGE = ("conversation_id", "message_id", "event_id", "is_ours", "part", "state", "is_early", "made_ms")
_FRAME = ("conversation_id", "address", "chain", "number", "message_id", "frame", "made_ms")
