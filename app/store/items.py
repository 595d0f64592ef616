"""Which line of a thread an event becomes. Pure.

Notices carry a code for the interface to put into words, with one argument behind a colon where there is one::

    opened:ORIGIN   assigned:PERSON_ID   unassigned   urgency:NAME   interlock:PHRASE_ID   snoozed:UNTIL_MS
    done   reopened   hold_placed   hold_released   redacted   identity:MEANS (without a means: taken back)
    consent_given:VERSION   consent_withdrawn   assistant_on   assistant_off   visitor_ended   desk_ended
    erasure_asked   safety_compared   away_sent   gap   fork   changed   late
"""

from dataclasses import dataclass, field

from app.domain.conversation import IDENTITY_NOTICE, ItemKind, Party, Urgency
from app.domain.events import Event, EventKind, JsonValue

MAX_SNIPPET_CHARS = 140
"""About one line of the inbox at its widest."""

_PLAIN_NOTICES = {
    EventKind.MARKED_DONE: "done",
    EventKind.REOPENED: "reopened",
    EventKind.HOLD_PLACED: "hold_placed",
    EventKind.WALL_SET: "wall_set",
    EventKind.WALL_LOWERED: "wall_lowered",
    EventKind.HOLD_RELEASED: "hold_released",
    EventKind.MESSAGE_REDACTED: "redacted",
    EventKind.CONSENT_WITHDRAWN: "consent_withdrawn",
    EventKind.VISITOR_ENDED: "visitor_ended",
    EventKind.DESK_ENDED: "desk_ended",
    EventKind.ERASURE_ASKED: "erasure_asked",
    EventKind.IDENTITY_CHECKED: "safety_compared",
    EventKind.AWAY_SENT: "away_sent",
    EventKind.FILE_LOST: "file_lost",
    EventKind.FILE_ASKED: "file_asked",
}
_NOTICES_WITH = {
    EventKind.CONVERSATION_OPENED: ("opened:", "origin"),
    EventKind.IDENTITY_RAISED: (IDENTITY_NOTICE, "means"),
    EventKind.SNOOZED: ("snoozed:", "until_ms"),
    EventKind.CONSENT_GIVEN: ("consent_given:", "version"),
    EventKind.CHANNEL_ALARMED: ("", "alarm"),
}
"""Code and the member of the body that stands behind it."""


@dataclass(frozen=True, slots=True)
class NewItem:
    """One line for the thread. ``content`` is what gets sealed: text, and author and provenance where known."""

    kind: ItemKind
    party: Party
    wall_ms: int
    content: dict[str, JsonValue] = field(repr=False)
    held_id: str | None = None


def item_of(event: Event) -> NewItem | None:
    """Return the line that an event adds to its thread, or None when it adds none."""
    body = event.body
    match event.kind:
        case EventKind.MESSAGE_RECEIVED:
            written_ms = body["written_ms"]
            assert isinstance(written_ms, int)
            return NewItem(ItemKind.MESSAGE, Party.VISITOR, written_ms, {"text": body["text"]})
        case EventKind.MESSAGE_SENT:
            held_id = body["held_id"]
            content = {key: body[key] for key in ("text", "author", "provenance")}
            return NewItem(
                ItemKind.MESSAGE, Party.DESK, event.wall_ms, content, None if held_id is None else str(held_id)
            )
        case EventKind.FILE_RECEIVED | EventKind.FILE_SENT:
            return _file_item(event)
        case EventKind.NOTE_ADDED:
            content = {key: body[key] for key in ("text", "author")}
            return NewItem(ItemKind.NOTE, Party.DESK, event.wall_ms, content)
        case _:
            code = _notice_of(event)
            return None if code is None else NewItem(ItemKind.NOTICE, Party.SYSTEM, event.wall_ms, {"text": code})


def _file_item(event: Event) -> NewItem:
    """Return the line of a file: its name stands where a message has its text."""
    file, written_ms = event.body["file"], event.body.get("written_ms")
    assert isinstance(file, dict)
    content: dict[str, JsonValue] = {"text": str(file["name"])}
    if event.kind is EventKind.FILE_SENT:
        return NewItem(ItemKind.MESSAGE, Party.DESK, event.wall_ms, content)
    assert isinstance(written_ms, int)
    return NewItem(ItemKind.MESSAGE, Party.VISITOR, written_ms, content)


def snippet_of(text: str) -> str:
    """Return the beginning of a message on one line."""
    return " ".join(text[: 4 * MAX_SNIPPET_CHARS].split())[:MAX_SNIPPET_CHARS]


def _notice_of(event: Event) -> str | None:
    match event.kind:
        case EventKind.ASSIGNED:
            person_id = event.body["person_id"]
            return "unassigned" if person_id is None else f"assigned:{person_id}"
        case EventKind.URGENCY_SET if "reason" in event.body:
            return f"interlock:{event.body['reason']}"
        case EventKind.ASSISTANT_SET:
            return "assistant_on" if event.body["is_on"] else "assistant_off"
        case EventKind.URGENCY_SET:
            return f"urgency:{Urgency(int(str(event.body['urgency']))).name.lower()}"
        case kind if kind in _NOTICES_WITH:
            code, member = _NOTICES_WITH[kind]
            return f"{code}{event.body[member]}"
        case _:
            return _PLAIN_NOTICES.get(event.kind)
