"""From a written reply to a sent one: held for a few seconds, recalled or released, never twice and never lost.

::

    hold ──► held ──► release ──► sent
              │
              └────► recall, or found held after a crash ──► unsent text again

A reply is in exactly one of these places, because every step is one commit. Releasing twice gives the same message.
With the message goes where it came from: the proposal behind it, and every approved answer whose words stand in it.
"""

from datetime import datetime

from app.domain.conversation import ComposerTab, HeldReply, Provenance
from app.domain.events import EventKind
from app.domain.ids import ConversationId, EventId
from app.domain.proposal import Proposal, SourceRef, changed_percent
from app.services.conversations.texts import check_text
from app.services.errors import ChoiceFault, HeldReplyFault, HeldReplyGoneError, InvalidChoiceError
from app.services.ledger import Ledger
from app.store.logged import NewEvent
from app.store.records import proposal_to_json, provenance_to_json
from app.store.thread_query import (
    HeldRecord,
    read_all_held,
    read_articles,
    read_held,
    read_held_in,
    read_sent,
    read_unsent,
)

HOLD_MS = 5_000
"""Time to take a reply back; product.md §4.4."""


class Replies:
    """Holding, recalling and sending of replies; a part of ``ConversationService``."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._recovered: tuple[HeldReply, ...] = ()

    def hold(self, cid: ConversationId, text: str, proposal: Proposal | None) -> HeldReply:
        """Write a reply down for sending; it is sent by ``release`` once its time is over.

        A reply that is still held in the same conversation is sent first, in the same commit: a person who writes the
        next one has let the first go.

        Raises:
            InvalidTextError, InvalidChoiceError, NoSuchConversationError: nothing changed.
        """
        text = check_text(text)
        if proposal is not None and proposal.conversation_id not in {None, cid}:
            raise InvalidChoiceError(ChoiceFault.FOREIGN_PROPOSAL)
        ledger = self._ledger
        with ledger.lock:
            ledger.standing(cid)
            with ledger.reading() as connection:
                earlier = read_held_in(connection, ledger.keys, cid)
            releases_at_ms = ledger.now_ms() + HOLD_MS
            body = {
                "text": text,
                "proposal": None if proposal is None else proposal_to_json(proposal),
                "releases_at_ms": releases_at_ms,
            }
            events = () if earlier is None else (self._sent(earlier),)
            written = ledger.write_all((*events, NewEvent(cid, EventKind.REPLY_HELD, body)), cid)
        return HeldReply(written[-1].event_id, cid, text, releases_at_ms)

    def recall(self, held_id: EventId) -> str:
        """Put a held reply back into the composer and return the whole unsent text that then stands there.

        Raises:
            HeldReplyGoneError: it has been sent, or is not held.
        """
        with self._ledger.lock:
            record = self._held(held_id)
            cid = record.reply.conversation_id
            self._ledger.write(cid, EventKind.REPLY_RECALLED, held_id=held_id)
            with self._ledger.reading() as connection:
                return read_unsent(connection, self._ledger.keys, cid, ComposerTab.REPLY)

    def release(self, held_id: EventId) -> EventId:
        """Send a held reply and return the message; again gives the same message.

        Raises:
            HeldReplyGoneError: it was recalled, or never held.
        """
        with self._ledger.lock:
            with self._ledger.reading() as connection:
                already = read_sent(connection, held_id)
            if already is not None:
                return already
            record = self._held(held_id)
            return self._ledger.write_all((self._sent(record),), record.reply.conversation_id)[0].event_id

    def recover(self) -> tuple[HeldReply, ...]:
        """Put every reply that is still held back into its composer, in one commit.

        Returns those found now and those found when the vault was unlocked, each once.
        """
        with self._ledger.lock:
            with self._ledger.reading() as connection:
                left = read_all_held(connection, self._ledger.keys)
            self._ledger.write_each(
                tuple(
                    NewEvent(record.reply.conversation_id, EventKind.REPLY_RECALLED, {"held_id": record.reply.held_id})
                    for record in left
                )
            )
            found, self._recovered = (*self._recovered, *(record.reply for record in left)), ()
        return found

    def recover_at_unlock(self) -> None:
        """Recover, and keep the answer for the first call of ``recover``."""
        self._recovered = self.recover()

    def _sent(self, record: HeldRecord) -> NewEvent:
        from app.services.answers.used import answers_in  # noqa: PLC0415  not before the inbox is painted

        reply, ledger = record.reply, self._ledger
        with ledger.reading() as connection:
            articles = read_articles(connection, ledger.keys)
        today = datetime.fromtimestamp(ledger.now_ms() / 1000).astimezone().date()
        provenance = provenance_of(reply.text, record.proposal, answers_in(reply.text, articles, today))
        body = {
            "held_id": reply.held_id,
            "text": reply.text,
            "provenance": provenance_to_json(provenance),
            "author": None,
        }
        return NewEvent(reply.conversation_id, EventKind.MESSAGE_SENT, body)

    def _held(self, held_id: EventId) -> HeldRecord:
        with self._ledger.reading() as connection:
            record = read_held(connection, self._ledger.keys, held_id)
            is_sent = record is None and read_sent(connection, held_id) is not None
        if record is None:
            raise HeldReplyGoneError(HeldReplyFault.ALREADY_SENT if is_sent else HeldReplyFault.NOT_HELD)
        return record


def provenance_of(text: str, proposal: Proposal | None, used: tuple[SourceRef, ...] = ()) -> Provenance:
    """Return how a reply came to be. Without a proposal a person wrote it, with the answers ``used`` in it if any."""
    if proposal is None:
        return Provenance(proposal_id=None, model_name=None, sources=used, changed_percent=0)
    from app.services.answers.used import with_used  # noqa: PLC0415  not before the inbox is painted

    changed = changed_percent(proposal.text, text)
    sources = with_used(proposal.sources, used)
    return Provenance(proposal.proposal_id, proposal.model_name, sources, changed)
