"""The append-only truth: what can happen, and the envelope each happening travels in.

Bodies are JSON objects whose keys are fixed per kind and schema version; they are encrypted under the conversation key
before they reach the disk. Screens never read events, they read projections built from them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from app.domain.ids import ConversationId, EventId, PersonId

JsonValue = str | int | bool | None | list["JsonValue"] | dict[str, "JsonValue"]


class EventKind(Enum):
    """Every kind of event, with the keys of its body (schema 1) beside it."""

    CONVERSATION_OPENED = "conversation_opened"  # contact_name, origin
    MESSAGE_RECEIVED = "message_received"  # text, written_ms
    DRAFT_PROPOSED = "draft_proposed"  # the whole proposal
    DRAFT_DISCARDED = "draft_discarded"  # proposal_id, reason
    TEXT_SAVED = "text_saved"  # tab, text (unsent composer text, or an unsaved answer of the office; "" clears it)
    REPLY_HELD = "reply_held"  # text, proposal (or null), releases_at_ms
    REPLY_RECALLED = "reply_recalled"  # held_id
    MESSAGE_SENT = "message_sent"  # held_id, text, provenance
    NOTE_ADDED = "note_added"  # text
    ASSIGNED = "assigned"  # person_id (or null)
    URGENCY_SET = "urgency_set"  # urgency; and reason, the interlock's phrase id, when no person set it
    CONTACT_DESCRIBED = "contact_described"  # details: all that is known of the contact, in place of what was known
    IDENTITY_RAISED = "identity_raised"  # means: how the desk knows who writes; "" takes it back
    SNOOZED = "snoozed"  # until_ms
    MARKED_DONE = "marked_done"  # nothing
    REOPENED = "reopened"  # nothing
    SEEN = "seen"  # up_to (event id)
    HOLD_PLACED = "hold_placed"  # owner, reason, review_on: a legal hold; its id is the event's
    HOLD_RELEASED = "hold_released"  # hold_id, reason
    RETENTION_CLASSED = "retention_classed"  # class_id ("" for the default class of the rules)
    MESSAGE_REDACTED = "message_redacted"  # event_id, reason, bodies: what is left of each event that lost words
    ERASED = "erased"  # nothing, or reason (a code); the tombstone, its body is not encrypted
    OFFICE_NAMED = "office_named"  # name, sector, is_demo           (stream ``office``)
    ARTICLE_APPROVED = "article_approved"  # the whole article       (stream ``office``)
    ARTICLE_WITHDRAWN = "article_withdrawn"  # article_id            (stream ``office``)
    INTERLOCK_SIGNED = "interlock_signed"  # version of the emergency list (stream ``office``)
    RETENTION_SIGNED = "retention_signed"  # the whole rules of retention    (stream ``office``)
    ERASURE_CERTIFIED = "erasure_certified"  # the whole certificate         (stream ``office``)
    OFFICE_RULE_SET = "office_rule_set"  # rule; replaces: the event that set it before, or null (stream ``office``)
    OFFICE_RULE_REMOVED = "office_rule_removed"  # rule_id; replaces: the event that set it (stream ``office``)
    PERSON_ADDED = "person_added"  # person_id, role (stream ``office``, as the next seven)
    PERSON_CHANGED = "person_changed"  # person_id, role
    PERSON_DISABLED = "person_disabled"  # person_id
    SIGN_IN_RESET = "sign_in_reset"  # person_id: an administrator gave a new password
    SIGN_IN_CHANGED = "sign_in_changed"  # nothing: a new password of one's own
    KEYS_ROTATED = "keys_rotated"  # epoch of the new vault key
    RECOVERY_SHARED = "recovery_shared"  # threshold, shares: printed shares were made, older ones open nothing
    SIGN_IN_REFUSED = "sign_in_refused"  # person_id (null: not said), count since the last time somebody came in
    SECOND_FACTOR_SET = "second_factor_set"  # factor: code or stick (stream ``office``, as the next five)
    SECOND_FACTOR_REMOVED = "second_factor_removed"  # factor
    SECOND_FACTOR_REFUSED = "second_factor_refused"  # person_id, count: the password was right, the code was not
    SPARE_CODE_USED = "spare_code_used"  # left: a printed code in place of the phone
    RECOVERY_PROVEN = "recovery_proven"  # way: recovery or shares; the paper really opened the vault
    RECOVERY_RENEWED = "recovery_renewed"  # nothing: a new recovery code was made, older ones open nothing
    EMERGENCY_OPENED = "emergency_opened"  # conversation_id, confirmed_by, cause, reason, until_ms (stream ``office``)
    EMERGENCY_ENDED = "emergency_ended"  # access_id: before its time (stream ``office``, as the next two)
    EMERGENCY_REVIEWED = "emergency_reviewed"  # access_id, finding, note
    IDLE_LIMITS_SET = "idle_limits_set"  # limits: seconds by role
    WALL_SET = "wall_set"  # people: who alone holds the keys of this conversation
    WALL_LOWERED = "wall_lowered"  # nothing
    LOOKED_AT = "looked_at"  # conversation_id: somebody had it in front (stream ``office``, as the next four)
    EXPORTED = "exported"  # conversation_id
    AUDIT_READ = "audit_read"  # nothing
    AUDIT_EXPORTED = "audit_exported"  # nothing
    CHECKPOINT_SIGNED = "checkpoint_signed"  # note: see app.services.evidence.checkpoints
    SUBJECT_REQUEST_TAKEN = "subject_request_taken"  # asked, conversations, identity, law, received_on, due_on
    SUBJECT_REQUEST_CLOSED = "subject_request_closed"  # request_id, outcome
    BACKUP_TAKEN = "backup_taken"  # number, size, new_bytes (stream ``office``)
    ANONYMISING_CASE_KEPT = "anonymising_case_kept"  # case: a stretch of one message, and what must become of it
    ANONYMISING_CASE_DROPPED = "anonymising_case_dropped"  # case_id
    ANONYMISED_MAPPED = "anonymised_mapped"  # profile; mapping: what stands in the place of what, the way back
    ANONYMISED_SET_EXPORTED = "anonymised_set_exported"  # counts, profile, k: never a word (stream ``office``)
    CONSENT_GIVEN = "consent_given"  # version, language, assistant, receipt, signature (base64): over the channel
    CONSENT_WITHDRAWN = "consent_withdrawn"  # nothing: the assistant stays out from now on
    ASSISTANT_SET = "assistant_set"  # is_on: the visitor's own switch
    FILE_RECEIVED = "file_received"  # file: name, media_type, size, digest, blob, key, chunks; written_ms
    FILE_SENT = "file_sent"  # file, as above
    FILE_KEPT = "file_kept"  # event_id of a file received, message (base64): fetched whole, opened and stored
    FILE_LOST = "file_lost"  # event_id, message: the gateway does not have it; its sender is asked for it again
    FILE_FETCHED = "file_fetched"  # event_id of a file sent: the visitor's browser has it
    FILE_ASKED = "file_asked"  # event_id of a file sent: the gateway lost it before the visitor fetched it
    MESSAGE_DELIVERED = "message_delivered"  # events: ids of messages that the visitor's browser holds
    MESSAGE_READ = "message_read"  # up_to: id of the newest message that the visitor has read
    VISITOR_ENDED = "visitor_ended"  # nothing
    DESK_ENDED = "desk_ended"  # nothing
    ERASURE_ASKED = "erasure_asked"  # nothing: the visitor asks to have it all erased
    IDENTITY_CHECKED = "identity_checked"  # safety_number that was compared with the visitor's
    CHANNEL_ALARMED = "channel_alarmed"  # alarm: gap, fork, changed or late
    AWAY_SENT = "away_sent"  # text of an acknowledgement after hours
    CHANNEL_TURNED_ON = "channel_turned_on"  # host, port, is_tls, page_url (stream ``office``, as the rest)
    CHANNEL_TURNED_OFF = "channel_turned_off"  # nothing
    OFFICE_KEYS_MADE = "office_keys_made"  # fingerprint, seq of the certificate: the root stands on paper
    CARD_RENEWED = "card_renewed"  # seq: a new card with a new mailbox key
    INVITATION_MADE = "invitation_made"  # invite_id
    INVITATION_REVOKED = "invitation_revoked"  # invite_id
    HOURS_SET = "hours_set"  # hours: opening hours, holidays and the text after hours
    NOTICE_SET = "notice_set"  # notice: what the office says of itself to patients
    MAILBOXES_WIPED = "mailboxes_wiped"  # count


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    ``lamport`` is one more than the highest clock the writer had seen; ``wall_ms`` is for people to read, never for
    ordering. ``body`` is plain here and sealed on disk.
    """

    event_id: EventId
    conversation_id: ConversationId
    actor: PersonId
    lamport: int
    wall_ms: int
    kind: EventKind
    schema: int
    body: Mapping[str, JsonValue]
