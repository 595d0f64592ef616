"""Sealed bodies and columns: exact shapes, and bound to their place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.events import EventKind
from app.store.codec import check_body, encode, open_body, open_column, pack, seal_body, seal_column
from app.store.errors import EventFormatError, VaultDamagedError

KEY = bytes(range(32))
BODIES = {
    EventKind.CONVERSATION_OPENED: {"contact_name": "Ada Quill", "origin": "phone"},
    EventKind.MESSAGE_RECEIVED: {"text": "Hello", "written_ms": 5},
    EventKind.DRAFT_PROPOSED: {"proposal": {"text": "Hi"}},
    EventKind.DRAFT_DISCARDED: {"proposal_id": "P", "reason": ""},
    EventKind.TEXT_SAVED: {"tab": "reply", "text": ""},
    EventKind.REPLY_HELD: {"text": "Hi", "proposal": None, "releases_at_ms": 7},
    EventKind.REPLY_RECALLED: {"held_id": "H"},
    EventKind.MESSAGE_SENT: {"held_id": None, "text": "Hi", "provenance": None, "author": None},
    EventKind.NOTE_ADDED: {"text": "n", "author": "Bo"},
    EventKind.ASSIGNED: {"person_id": None},
    EventKind.URGENCY_SET: {"urgency": 2},
    EventKind.CONTACT_DESCRIBED: {"details": {"phones": ["+1 860 555 0142"]}},
    EventKind.IDENTITY_RAISED: {"means": "photo_id"},
    EventKind.SNOOZED: {"until_ms": 9},
    EventKind.MARKED_DONE: {},
    EventKind.REOPENED: {},
    EventKind.SEEN: {"up_to": "E"},
    EventKind.HOLD_PLACED: {"owner": "Mara Lind", "reason": "r", "review_on": "2027-01-31"},
    EventKind.HOLD_RELEASED: {"hold_id": "H", "reason": ""},
    EventKind.RETENTION_CLASSED: {"class_id": "enquiry"},
    EventKind.MESSAGE_REDACTED: {"event_id": "E", "reason": "", "bodies": {"E": {"text": "x"}, "D": None}},
    EventKind.ERASED: {},
    EventKind.OFFICE_NAMED: {"name": "O", "sector": "law", "is_demo": False, "staff": []},
    EventKind.ARTICLE_APPROVED: {"article": {}},
    EventKind.ARTICLE_WITHDRAWN: {"article_id": "A"},
    EventKind.INTERLOCK_SIGNED: {"version": "1.1+ab"},
    EventKind.RETENTION_SIGNED: {"rules": {}},
    EventKind.ERASURE_CERTIFIED: {"certificate": {}},
    EventKind.OFFICE_RULE_SET: {"rule": {}, "replaces": None},
    EventKind.OFFICE_RULE_REMOVED: {"rule_id": "R", "replaces": "E"},
    EventKind.PERSON_ADDED: {"person_id": "P", "role": "auditor"},
    EventKind.PERSON_CHANGED: {"person_id": "P", "role": "it"},
    EventKind.PERSON_DISABLED: {"person_id": "P"},
    EventKind.SIGN_IN_RESET: {"person_id": "P"},
    EventKind.SIGN_IN_CHANGED: {},
    EventKind.KEYS_ROTATED: {"epoch": 2},
    EventKind.SECOND_FACTOR_SET: {"factor": "code"},
    EventKind.SECOND_FACTOR_REMOVED: {"factor": "stick"},
    EventKind.SECOND_FACTOR_REFUSED: {"person_id": None, "count": 2},
    EventKind.SPARE_CODE_USED: {"left": 7},
    EventKind.RECOVERY_PROVEN: {"way": "shares"},
    EventKind.RECOVERY_RENEWED: {},
    EventKind.EMERGENCY_OPENED: {
        "conversation_id": "c",
        "confirmed_by": "p",
        "cause": "danger",
        "reason": "r",
        "until_ms": 1,
    },
    EventKind.EMERGENCY_ENDED: {"access_id": "a"},
    EventKind.EMERGENCY_REVIEWED: {"access_id": "a", "finding": "justified", "note": ""},
    EventKind.IDLE_LIMITS_SET: {"limits": {"it": 120}},
    EventKind.WALL_SET: {"people": ["p"]},
    EventKind.WALL_LOWERED: {},
    EventKind.RECOVERY_SHARED: {"threshold": 2, "shares": 3},
    EventKind.SIGN_IN_REFUSED: {"person_id": None, "count": 4},
    EventKind.LOOKED_AT: {"conversation_id": "C"},
    EventKind.EXPORTED: {"conversation_id": "C"},
    EventKind.AUDIT_READ: {},
    EventKind.AUDIT_EXPORTED: {},
    EventKind.ANONYMISED_SET_EXPORTED: {
        "conversations": ["C"],
        "withheld": 1,
        "broadened": 2,
        "k": 5,
        "profile": "safe-harbor",
    },
    EventKind.CHECKPOINT_SIGNED: {"note": "vestibule/V\n7\n\n"},
    EventKind.SUBJECT_REQUEST_TAKEN: {
        "asked": "copy",
        "conversations": ["C"],
        "identity": "photo_id",
        "law": "L",
        "received_on": "2026-11-24",
        "due_on": "2026-12-24",
    },
    EventKind.SUBJECT_REQUEST_CLOSED: {"request_id": "E", "outcome": "done"},
    EventKind.BACKUP_TAKEN: {"number": 1, "size": 4096, "new_bytes": 4096},
    EventKind.ANONYMISING_CASE_KEPT: {"case": {}},
    EventKind.ANONYMISING_CASE_DROPPED: {"case_id": "K"},
    EventKind.ANONYMISED_MAPPED: {"profile": "share", "mapping": {}},
    EventKind.CONSENT_GIVEN: {"version": 1, "language": "en", "assistant": True, "receipt": "R", "signature": "S"},
    EventKind.CONSENT_WITHDRAWN: {},
    EventKind.ASSISTANT_SET: {"is_on": False},
    EventKind.FILE_RECEIVED: {"file": {"name": "scan.pdf"}, "written_ms": 5},
    EventKind.FILE_SENT: {"file": {"name": "form.pdf"}},
    EventKind.FILE_KEPT: {"event_id": "E", "message": "AAAA"},
    EventKind.FILE_LOST: {"event_id": "E", "message": "AAAA"},
    EventKind.FILE_FETCHED: {"event_id": "E"},
    EventKind.FILE_ASKED: {"event_id": "E"},
    EventKind.MESSAGE_DELIVERED: {"events": ["E"]},
    EventKind.MESSAGE_READ: {"up_to": "E"},
    EventKind.VISITOR_ENDED: {},
    EventKind.DESK_ENDED: {},
    EventKind.ERASURE_ASKED: {},
    EventKind.IDENTITY_CHECKED: {"safety_number": "12345 67890"},
    EventKind.CHANNEL_ALARMED: {"alarm": "gap"},
    EventKind.AWAY_SENT: {"text": "We are closed"},
    EventKind.CHANNEL_TURNED_ON: {"host": "h", "port": 443, "is_tls": True, "page_url": "https://h/"},
    EventKind.CHANNEL_TURNED_OFF: {},
    EventKind.OFFICE_KEYS_MADE: {"fingerprint": "F", "seq": 1},
    EventKind.CARD_RENEWED: {"seq": 2},
    EventKind.INVITATION_MADE: {"invite_id": "I"},
    EventKind.INVITATION_REVOKED: {"invite_id": "I"},
    EventKind.HOURS_SET: {"hours": {}},
    EventKind.NOTICE_SET: {"notice": {}},
    EventKind.MAILBOXES_WIPED: {"count": 3},
}


def sealed_note(**changes: object) -> bytes:
    place = {"conversation_id": "C", "event_id": "E", "kind": EventKind.NOTE_ADDED} | changes
    return seal_body(KEY, BODIES[EventKind.NOTE_ADDED], **place)


def test_every_kind_of_event_has_a_body_here() -> None:
    assert set(BODIES) == set(EventKind)


@pytest.mark.parametrize("kind", EventKind)
def test_every_body_comes_back_as_it_went_in(kind: EventKind) -> None:
    sealed = seal_body(KEY, BODIES[kind], conversation_id="C", event_id="E", kind=kind)
    assert open_body(KEY, sealed, conversation_id="C", event_id="E", kind=kind.value, schema=1) == BODIES[kind]


@pytest.mark.parametrize("kind", EventKind)
def test_a_key_too_many_or_too_few_is_refused(kind: EventKind) -> None:
    with pytest.raises(EventFormatError):
        check_body(kind, BODIES[kind] | {"more": 1})
    for key in BODIES[kind]:
        with pytest.raises(EventFormatError):
            check_body(kind, {name: value for name, value in BODIES[kind].items() if name != key})


def test_true_is_no_number() -> None:
    with pytest.raises(EventFormatError):
        check_body(EventKind.URGENCY_SET, {"urgency": True})


def test_errors_name_the_kind_and_no_word_of_the_body() -> None:
    with pytest.raises(EventFormatError) as caught:
        check_body(EventKind.NOTE_ADDED, {"text": "canary-word", "author": 5})
    assert "canary-word" not in str(caught.value)
    assert "note_added" in str(caught.value)


def test_a_lone_surrogate_is_refused_before_anything_is_sealed() -> None:
    with pytest.raises(EventFormatError):
        encode({"text": "\ud800"})


@pytest.mark.parametrize(
    ("field", "value"),
    [("conversation_id", "D"), ("event_id", "F"), ("kind", EventKind.ERASED.value), ("schema", 2)],
)
def test_a_body_opens_only_in_its_own_place(field: str, value: object) -> None:
    place = {"conversation_id": "C", "event_id": "E", "kind": EventKind.NOTE_ADDED.value, "schema": 1}
    assert open_body(KEY, sealed_note(), **place)
    with pytest.raises(VaultDamagedError):
        open_body(KEY, sealed_note(), **(place | {field: value}))


def test_a_flipped_bit_anywhere_in_a_body_is_refused() -> None:
    sealed = sealed_note()
    for position in range(len(sealed)):
        broken = bytearray(sealed)
        broken[position] ^= 1
        with pytest.raises(VaultDamagedError):
            open_body(KEY, bytes(broken), conversation_id="C", event_id="E", kind="note_added", schema=1)


@pytest.mark.parametrize(
    "place", [("b.c", "C", "r", 1), ("a.b", "D", "r", 1), ("a.b", "C", "s", 1), ("a.b", "C", "r", 2)]
)
def test_a_column_opens_only_in_its_own_place_and_version(place: tuple[str, str, str, int]) -> None:
    sealed = seal_column(KEY, "words", "a.b", "C", "r", 1)
    assert open_column(KEY, sealed, "a.b", "C", "r", 1) == "words"
    with pytest.raises(VaultDamagedError):
        open_column(KEY, sealed, *place)


@given(st.lists(st.binary(max_size=6), max_size=4), st.lists(st.binary(max_size=6), max_size=4))
def test_two_different_rows_never_pack_alike(one: list[bytes], other: list[bytes]) -> None:
    assert (pack(*one) == pack(*other)) == (one == other)
