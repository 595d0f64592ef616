"""What each role may see and do, decided here and nowhere else.

Services ask ``why_not`` before they act; screens ask it to say what one cannot do and why. The two roles that never see
a message (auditor, IT) are also kept from it by key: see ``app.store.vault_keys``.
"""

from collections.abc import Mapping
from enum import Enum

from app.domain.events import EventKind
from app.domain.office import Role


class Right(Enum):
    """One thing that a person may or may not do."""

    READ_MESSAGES = "read_messages"
    """Conversations with their names, notes, drafts, search and counts."""
    ANSWER_CLIENTS = "answer_clients"
    EXPORT_CONVERSATIONS = "export_conversations"
    REDACT_MESSAGES = "redact_messages"
    READ_ANSWERS = "read_answers"
    WRITE_ANSWERS = "write_answers"
    SIGN_EMERGENCY_LIST = "sign_emergency_list"
    SET_RULES_OF_FINDING = "set_rules_of_finding"
    PLACE_HOLD = "place_hold"
    RELEASE_HOLD = "release_hold"
    SET_RETENTION = "set_retention"
    ERASE = "erase"
    RAISE_WALL = "raise_wall"
    """Hold a conversation back from everybody but named people, of whom one is."""
    ASK_EMERGENCY_ACCESS = "ask_emergency_access"
    """To a conversation behind a wall, with a reason and a second person."""
    REVIEW_EMERGENCY_ACCESS = "review_emergency_access"
    SET_IDLE_LIMITS = "set_idle_limits"
    SEE_CONTROLS = "see_controls"
    """Counts, ages, digests and reports; never a message."""
    READ_AUDIT_LOG = "read_audit_log"
    HANDLE_REQUESTS = "handle_requests"
    """What people ask about their own data."""
    RELEASE_SETS = "release_sets"
    """Anonymised conversations out of the vault, several at once."""
    SIGN_CHECKPOINT = "sign_checkpoint"
    BACK_UP = "back_up"
    RESTORE = "restore"
    CHOOSE_MODEL = "choose_model"
    MANAGE_CHANNEL = "manage_channel"
    """Keys of the office, its gateway, its notice and its hours."""
    INVITE = "invite"
    """Patients into the channel."""
    SEE_PEOPLE = "see_people"
    MANAGE_PEOPLE = "manage_people"
    CHANGE_OWN_PASSWORD = "change_own_password"  # noqa: S105 - a right, not a password


class WhyNot(Enum):
    """Why a role may not do something; the interface owns the words."""

    NEVER_A_MESSAGE = "never_a_message"
    TAKES_ADMINISTRATOR = "takes_administrator"
    TAKES_PROFESSIONAL = "takes_professional"
    TAKES_AUDITOR = "takes_auditor"
    TAKES_IT = "takes_it"


_EVERYBODY = frozenset({Right.READ_ANSWERS, Right.SEE_PEOPLE, Right.CHANGE_OWN_PASSWORD, Right.SIGN_CHECKPOINT})
_DESK = _EVERYBODY | {
    Right.READ_MESSAGES,
    Right.ANSWER_CLIENTS,
    Right.ASK_EMERGENCY_ACCESS,
    Right.BACK_UP,
    Right.INVITE,
}
_PROFESSIONAL = _DESK | {
    Right.EXPORT_CONVERSATIONS,
    Right.REDACT_MESSAGES,
    Right.WRITE_ANSWERS,
    Right.SIGN_EMERGENCY_LIST,
    Right.SET_RULES_OF_FINDING,
    Right.PLACE_HOLD,
    Right.HANDLE_REQUESTS,
    Right.RAISE_WALL,
}

RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.FRONT_DESK: _DESK,
    Role.PROFESSIONAL: _PROFESSIONAL,
    Role.ADMINISTRATOR: frozenset(Right),
    Role.AUDITOR: _EVERYBODY | {Right.SEE_CONTROLS, Right.READ_AUDIT_LOG},
    Role.IT: _EVERYBODY | {Right.SEE_CONTROLS, Right.BACK_UP, Right.RESTORE, Right.CHOOSE_MODEL},
}
"""The one table: who may do what."""

_MESSAGE_RIGHTS = frozenset(
    {
        Right.READ_MESSAGES,
        Right.ANSWER_CLIENTS,
        Right.ASK_EMERGENCY_ACCESS,
        Right.EXPORT_CONVERSATIONS,
        Right.REDACT_MESSAGES,
        Right.RAISE_WALL,
        Right.INVITE,
        Right.RELEASE_SETS,
    }
)
_REASONS = (
    (Role.PROFESSIONAL, WhyNot.TAKES_PROFESSIONAL),
    (Role.IT, WhyNot.TAKES_IT),
    (Role.AUDITOR, WhyNot.TAKES_AUDITOR),
)

_MAX_IDLE_S = {Role.ADMINISTRATOR: 300, Role.IT: 300, Role.AUDITOR: 600, Role.PROFESSIONAL: 900}
"""Who holds more locks sooner, whatever the setting says; the front desk follows the setting alone."""

_RIGHT_TO_WRITE: Mapping[EventKind, Right] = {
    EventKind.HOLD_PLACED: Right.PLACE_HOLD,
    EventKind.HOLD_RELEASED: Right.RELEASE_HOLD,
    EventKind.WALL_SET: Right.RAISE_WALL,
    EventKind.WALL_LOWERED: Right.RAISE_WALL,
    EventKind.EMERGENCY_OPENED: Right.ASK_EMERGENCY_ACCESS,
    EventKind.EMERGENCY_ENDED: Right.ASK_EMERGENCY_ACCESS,
    EventKind.EMERGENCY_REVIEWED: Right.REVIEW_EMERGENCY_ACCESS,
    EventKind.IDLE_LIMITS_SET: Right.SET_IDLE_LIMITS,
    EventKind.RETENTION_CLASSED: Right.SET_RETENTION,
    EventKind.RETENTION_SIGNED: Right.SET_RETENTION,
    EventKind.MESSAGE_REDACTED: Right.REDACT_MESSAGES,
    EventKind.ERASED: Right.ERASE,
    EventKind.ERASURE_CERTIFIED: Right.ERASE,
    EventKind.OFFICE_NAMED: Right.MANAGE_PEOPLE,
    EventKind.ARTICLE_APPROVED: Right.WRITE_ANSWERS,
    EventKind.ARTICLE_WITHDRAWN: Right.WRITE_ANSWERS,
    EventKind.INTERLOCK_SIGNED: Right.SIGN_EMERGENCY_LIST,
    EventKind.OFFICE_RULE_SET: Right.SET_RULES_OF_FINDING,
    EventKind.OFFICE_RULE_REMOVED: Right.SET_RULES_OF_FINDING,
    EventKind.PERSON_ADDED: Right.MANAGE_PEOPLE,
    EventKind.PERSON_CHANGED: Right.MANAGE_PEOPLE,
    EventKind.PERSON_DISABLED: Right.MANAGE_PEOPLE,
    EventKind.SIGN_IN_RESET: Right.MANAGE_PEOPLE,
    EventKind.SIGN_IN_CHANGED: Right.CHANGE_OWN_PASSWORD,
    EventKind.KEYS_ROTATED: Right.MANAGE_PEOPLE,
    EventKind.RECOVERY_SHARED: Right.MANAGE_PEOPLE,
    EventKind.SIGN_IN_REFUSED: Right.CHANGE_OWN_PASSWORD,
    EventKind.SECOND_FACTOR_SET: Right.CHANGE_OWN_PASSWORD,
    EventKind.SECOND_FACTOR_REMOVED: Right.CHANGE_OWN_PASSWORD,
    EventKind.SECOND_FACTOR_REFUSED: Right.CHANGE_OWN_PASSWORD,
    EventKind.SPARE_CODE_USED: Right.CHANGE_OWN_PASSWORD,
    EventKind.RECOVERY_PROVEN: Right.MANAGE_PEOPLE,
    EventKind.RECOVERY_RENEWED: Right.MANAGE_PEOPLE,
    EventKind.BACKUP_TAKEN: Right.BACK_UP,
    EventKind.SUBJECT_REQUEST_TAKEN: Right.HANDLE_REQUESTS,
    EventKind.SUBJECT_REQUEST_CLOSED: Right.HANDLE_REQUESTS,
    EventKind.LOOKED_AT: Right.READ_MESSAGES,
    EventKind.EXPORTED: Right.EXPORT_CONVERSATIONS,
    EventKind.ANONYMISED_SET_EXPORTED: Right.RELEASE_SETS,
    EventKind.AUDIT_READ: Right.READ_AUDIT_LOG,
    EventKind.AUDIT_EXPORTED: Right.READ_AUDIT_LOG,
    EventKind.CHECKPOINT_SIGNED: Right.SIGN_CHECKPOINT,
    EventKind.CHANNEL_TURNED_ON: Right.MANAGE_CHANNEL,
    EventKind.CHANNEL_TURNED_OFF: Right.MANAGE_CHANNEL,
    EventKind.OFFICE_KEYS_MADE: Right.MANAGE_CHANNEL,
    EventKind.HOURS_SET: Right.MANAGE_CHANNEL,
    EventKind.NOTICE_SET: Right.MANAGE_CHANNEL,
    EventKind.MAILBOXES_WIPED: Right.MANAGE_CHANNEL,
    EventKind.INVITATION_MADE: Right.INVITE,
    EventKind.INVITATION_REVOKED: Right.INVITE,
}


def may(right: Right, role: Role) -> bool:
    """Say whether a role has a right."""
    return right in RIGHTS[role]


def why_not(right: Right, role: Role) -> WhyNot | None:
    """Return why a role may not do something, None when it may."""
    if may(right, role):
        return None
    if right in _MESSAGE_RIGHTS and not may_read_messages(role):
        return WhyNot.NEVER_A_MESSAGE
    return next((reason for holder, reason in _REASONS if may(right, holder)), WhyNot.TAKES_ADMINISTRATOR)


def may_read_messages(role: Role) -> bool:
    """Say whether a role holds the keys of conversations; decided here, enforced by the boxes of the slot file."""
    return may(Right.READ_MESSAGES, role)


def right_to_write(kind: EventKind) -> Right:
    """Return what it takes to write an event of a kind; a kind without a line of its own is work at the desk."""
    return _RIGHT_TO_WRITE.get(kind, Right.ANSWER_CLIENTS)


MIN_IDLE_S = 30
"""No limit is shorter: somebody who looks a thing up on paper must find the console as they left it."""


def idle_lock_s(role: Role, setting_s: int, limits_s: Mapping[Role, int] | None = None) -> int:
    """Return after how many seconds without a person the console locks for a role.

    Args:
        role: of the person at the desk.
        setting_s: of this machine.
        limits_s: what an administrator has set for the office; a limit makes the time shorter, never longer.
    """
    limit_s = (limits_s or {}).get(role, setting_s)
    return min(setting_s, max(MIN_IDLE_S, limit_s), _MAX_IDLE_S.get(role, setting_s))


def longest_idle_s(role: Role) -> int | None:
    """Return what no setting can exceed for a role, in seconds; None for a role that follows the settings alone."""
    return _MAX_IDLE_S.get(role)
