"""What a person did that changes nothing and must be told all the same: looking into a conversation, taking it out."""

from threading import Lock

from app.domain.events import EventKind
from app.domain.ids import ConversationId
from app.services.ledger import Ledger

AGAIN_MS = 15 * 60_000
"""Somebody who goes to and fro between two conversations looks into each of them once in this time."""


class AuditTrail:
    """Writes into the office's stream, so that no screen is read again for it. Safe from any thread."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._looked: dict[ConversationId, int] = {}
        self._lock = Lock()

    def looked_at(self, cid: ConversationId) -> bool:
        """Note that the person at the desk has a conversation in front; False when that was noted a while ago."""
        now_ms = self._ledger.now_ms()
        with self._lock:
            if now_ms - self._looked.get(cid, -AGAIN_MS) < AGAIN_MS:
                return False
            self._looked[cid] = now_ms
        self._ledger.note(EventKind.LOOKED_AT, conversation_id=cid)
        return True

    def exported(self, cid: ConversationId) -> None:
        """Note that a conversation was taken out as a file."""
        self._ledger.note(EventKind.EXPORTED, conversation_id=cid)
