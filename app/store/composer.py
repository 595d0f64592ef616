"""The tables behind the composer: unsent text, held replies and the proposal of each conversation.

Unsent text. The composer saves about 400 ms after the last keystroke, and a save is an event like any other: durable
once acknowledged, and rebuilt like everything else. Kept forever, half-written sentences would fill the vault and would
keep words that a person decided not to send. So only the newest text of each sheet keeps its words: what it replaces is
*shed* in the same transaction (``app.store.chain``), which leaves about 300 bytes of chain per save and no text.
Rejected: saving outside the log (state that is not an event, so another desk would never see it) and rewriting the last
event in place (the head file could not tell that from an attack).
"""

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select

from app.domain.conversation import ComposerTab
from app.domain.events import Event, EventKind
from app.domain.ids import ConversationId
from app.store import tables
from app.store.codec import KeySource, open_column, seal_column
from app.store.facts import Facts

_unsent, _held, _proposal = tables.unsent.c, tables.held.c, tables.proposal.c
_SELECT_UNSENT = select(_unsent.seq, _unsent.sheddable_seq, _unsent.content).where(
    _unsent.conversation_id == bindparam("cid"), _unsent.tab == bindparam("tab")
)
_DELETE_UNSENT = delete(tables.unsent).where(
    _unsent.conversation_id == bindparam("cid"), _unsent.tab == bindparam("tab_name")
)
_SELECT_HELD = select(_held.seq, _held.content).where(_held.held_id == bindparam("held"))
_DELETE_HELD = delete(tables.held).where(_held.held_id == bindparam("held"))
_DELETE_PROPOSAL = delete(tables.proposal).where(_proposal.conversation_id == bindparam("cid"))
_SELECT_PROPOSAL_ID = select(_proposal.proposal_id).where(_proposal.conversation_id == bindparam("cid"))
_REPLACE_UNSENT = insert(tables.unsent).prefix_with("OR REPLACE")
_REPLACE_PROPOSAL = insert(tables.proposal).prefix_with("OR REPLACE")


class ComposerTables:
    """Applies the composer's events within the caller's transaction; a part of ``Projector``."""

    def __init__(self, connection: Connection, keys: KeySource) -> None:
        self._connection = connection
        self._keys = keys
        self._superseded: list[int] = []

    def take_superseded(self) -> list[int]:
        """Return, once, the numbers of the events whose text has been replaced."""
        taken, self._superseded = self._superseded, []
        return taken

    def take_held(self, held_id: str) -> int | None:
        """Forget a held reply that is being sent; return where it was held, None if it is not held."""
        row = self._connection.execute(_SELECT_HELD, {"held": held_id}).one_or_none()
        self._connection.execute(_DELETE_HELD, {"held": held_id})
        return None if row is None else int(row.seq)

    def apply(self, seq: int, event: Event, now: Facts) -> Facts:
        """Apply one event of the composer; return the facts of its conversation afterwards."""
        match event.kind:
            case EventKind.TEXT_SAVED:
                return self._save_text(seq, event, now)
            case EventKind.REPLY_HELD:
                return self._hold(seq, event, now)
            case EventKind.REPLY_RECALLED:
                return self._recall(seq, event, now)
            case EventKind.DRAFT_PROPOSED:
                proposal = event.body["proposal"]
                assert isinstance(proposal, dict)
                return self._propose(seq, event.conversation_id, proposal, now)
            case EventKind.DRAFT_DISCARDED:
                return self._discard(event, now)
            case _:
                raise AssertionError(event.kind)

    def _save_text(self, seq: int, event: Event, now: Facts) -> Facts:
        tab, text = ComposerTab(event.body["tab"]), str(event.body["text"])
        _, sheddable_seq = self._unsent(event.conversation_id, tab)
        if sheddable_seq is not None:
            self._superseded.append(sheddable_seq)
        self._put_unsent(seq, event.conversation_id, tab, text, sheddable_seq=seq)
        return _with_unsent(now, tab, has_text=bool(text))

    def _hold(self, seq: int, event: Event, now: Facts) -> Facts:
        cid = event.conversation_id
        _, sheddable_seq = self._unsent(cid, ComposerTab.REPLY)
        if sheddable_seq is not None:
            self._superseded.append(sheddable_seq)
        self._connection.execute(_DELETE_UNSENT, {"cid": cid, "tab_name": ComposerTab.REPLY.value})
        self._connection.execute(_DELETE_PROPOSAL, {"cid": cid})
        content = {key: event.body[key] for key in ("text", "proposal")}
        row = {
            "held_id": event.event_id,
            "conversation_id": cid,
            "seq": seq,
            "releases_at_ms": event.body["releases_at_ms"],
            "content": seal_column(self._keys.key_for(cid), content, "held.content", cid, event.event_id, seq),
        }
        self._connection.execute(insert(tables.held), row)
        return replace(_with_unsent(now, ComposerTab.REPLY, has_text=False), has_fresh_proposal=False)

    def _recall(self, seq: int, event: Event, now: Facts) -> Facts:
        """Put a held text, and the proposal behind it, back; text typed since then stays, below it."""
        cid, held_id = event.conversation_id, str(event.body["held_id"])
        row = self._connection.execute(_SELECT_HELD, {"held": held_id}).one_or_none()
        if row is None:
            return now
        content = open_column(self._keys.key_for(cid), row.content, "held.content", cid, held_id, row.seq)
        self._connection.execute(_DELETE_HELD, {"held": held_id})
        typed_since, sheddable_seq = self._unsent(cid, ComposerTab.REPLY)
        text = "\n\n".join(part for part in (content["text"], typed_since) if part)
        # The text typed since lives on in its own event only, so that one must keep its words until the next save.
        self._put_unsent(seq, cid, ComposerTab.REPLY, text, sheddable_seq=sheddable_seq)
        now = _with_unsent(now, ComposerTab.REPLY, has_text=bool(text))
        has_newer = self._connection.execute(_SELECT_PROPOSAL_ID, {"cid": cid}).scalar() is not None
        if content["proposal"] is None or has_newer:
            return now
        return self._propose(seq, cid, content["proposal"], now)

    def _propose(self, seq: int, cid: ConversationId, proposal: dict[str, Any], now: Facts) -> Facts:
        proposal_id = str(proposal["proposal_id"])
        row = {
            "conversation_id": cid,
            "proposal_id": proposal_id,
            "seq": seq,
            "content": seal_column(self._keys.key_for(cid), proposal, "proposal.content", cid, proposal_id, seq),
        }
        self._connection.execute(_REPLACE_PROPOSAL, row)
        is_fresh = now.newest_received is not None and proposal["based_on"] == now.newest_received
        return replace(now, has_fresh_proposal=is_fresh)

    def _discard(self, event: Event, now: Facts) -> Facts:
        cid = event.conversation_id
        if self._connection.execute(_SELECT_PROPOSAL_ID, {"cid": cid}).scalar() != event.body["proposal_id"]:
            return now
        self._connection.execute(_DELETE_PROPOSAL, {"cid": cid})
        return replace(now, has_fresh_proposal=False)

    def _unsent(self, cid: ConversationId, tab: ComposerTab) -> tuple[str, int | None]:
        row = self._connection.execute(_SELECT_UNSENT, {"cid": cid, "tab": tab.value}).one_or_none()
        if row is None:
            return "", None
        text = open_column(self._keys.key_for(cid), row.content, "unsent.content", cid, tab.value, row.seq)
        return str(text), row.sheddable_seq

    def _put_unsent(
        self, seq: int, cid: ConversationId, tab: ComposerTab, text: str, *, sheddable_seq: int | None
    ) -> None:
        content = seal_column(self._keys.key_for(cid), text, "unsent.content", cid, tab.value, seq)
        row = {
            "conversation_id": cid,
            "tab": tab.value,
            "seq": seq,
            "sheddable_seq": sheddable_seq,
            "content": content,
        }
        self._connection.execute(_REPLACE_UNSENT, row)


def _with_unsent(now: Facts, tab: ComposerTab, *, has_text: bool) -> Facts:
    if tab is ComposerTab.REPLY:
        return replace(now, has_unsent_reply=has_text)
    return replace(now, has_unsent_note=has_text)
