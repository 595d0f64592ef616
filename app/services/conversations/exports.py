"""One conversation as plain JSON values, for people who ask for their data and for moving to another program."""

from collections.abc import Mapping

from app.domain.conversation import ItemKind, Party, Provenance, Thread, ThreadItem
from app.store.contact_records import details_to_json

_WHO = {
    (ItemKind.MESSAGE, Party.VISITOR): "user",
    (ItemKind.MESSAGE, Party.DESK): "agent",
    (ItemKind.NOTE, Party.DESK): "note",
}


def export_thread(thread: Thread, names: Mapping[str, str]) -> dict[str, object]:
    """Return a conversation in the format that an import reads: messages, notes and notices in order.

    Unsent text, proposals and held replies are work in progress, not part of the conversation, and stay here.
    """
    return {
        "id": thread.conversation_id,
        "contact": thread.contact_name,
        "contact_details": details_to_json(thread.details),
        "origin": thread.origin.value,
        "urgency": thread.urgency.name.lower(),
        "state": thread.state.value,
        "assigned": None if thread.assigned_to is None else names.get(thread.assigned_to),
        "snoozed_until_ms": thread.snoozed_until_ms,
        "turns": [_turn(item) for item in thread.items if item.kind is not ItemKind.NOTICE],
        "notices": [{"code": item.text, "author": item.author_name, "written_ms": item.wall_ms}
                    for item in thread.items if item.kind is ItemKind.NOTICE],
    }  # fmt: skip


def _turn(item: ThreadItem) -> dict[str, object]:
    turn: dict[str, object] = {
        "who": _WHO[item.kind, item.party],
        "author": item.author_name,
        "text": item.text,
        "written_ms": item.wall_ms,
    }
    if item.provenance is not None:
        turn["provenance"] = _provenance(item.provenance)
    return turn


def _provenance(provenance: Provenance) -> dict[str, object]:
    return {
        "proposal": provenance.proposal_id,
        "model": provenance.model_name,
        "changed_percent": provenance.changed_percent,
        "sources": [
            {"article": source.article_id, "title": source.title, "quote": source.quote}
            for source in provenance.sources
        ],
    }
