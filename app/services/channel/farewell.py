"""Telling a patient that the conversation has been erased, and the gateway to forget its mailbox.

The frame is sealed before the session goes and waits as an errand that names no conversation; a mailbox that a patient
may still look into is closed a week later, any other at once.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from app.channel.kinds import Kind
from app.domain.events import Event
from app.domain.ids import ConversationId
from app.services.channel.conversing import Conversing
from app.services.ledger import Ledger
from app.store.channel.invitations import Errand, add_errand
from app.store.logged import Also

CLOSE_AFTER_MS = 7 * 86_400_000


def farewell(ledger: Ledger, conversing: Conversing, conversation_ids: Sequence[ConversationId]) -> Also | None:
    """Return what writes the errands in the transaction of the tombstones, None when nobody is to be told."""
    now_ms = ledger.now_ms()
    errands: list[Errand] = []
    with ledger.reading() as connection:
        for cid in conversation_ids:
            held = conversing.load(connection, cid)
            if held is None:
                continue
            close_ms = now_ms
            if held.session.is_confirmed:
                _session, sealed = held.session.send(Kind.ERASED, {}, now_ms)
                errands.append(Errand("put", held.row.address, sealed.frame))
                close_ms += CLOSE_AFTER_MS
            errands.append(Errand("close", held.row.address, due_ms=close_ms))
    if not errands:
        return None

    def also(connection: Connection, _events: tuple[Event, ...]) -> None:
        for errand in errands:
            add_errand(connection, errand)

    return also
