"""What a use case may refuse.

::

    ServiceError
    ├── InvalidTextError            a text or name that cannot be taken as it is; ``code`` says why
    ├── InvalidChoiceError          a person, time or state that does not fit; ``code`` says which
    ├── NoSuchConversationError     no conversation has this id
    ├── HeldReplyGoneError          the held reply was sent, recalled, or never was; ``code`` says which
    ├── InvalidAnswerError          an approved answer that cannot be taken as it is; ``code`` says why
    ├── NoSuchAnswerError           no approved answer has this id
    ├── AnswersNotYoursError        this person may read approved answers, not change them
    ├── NotYoursError               not a right of this person's role; ``code`` says what it takes
    ├── SignInRefusedError          a way of signing in that cannot be set up as it was asked for; ``code`` says why
    ├── PasswordMustChangeError     somebody else knows this password; another one is chosen before anything else
    ├── InvalidRuleError            a rule for finding that cannot be taken as it is; ``code`` says why
    ├── HeldByLawError              a legal hold stands in the way of erasing or redacting; names the conversations
    ├── HoldRefusedError            a hold that cannot be placed or released; ``code`` says why
    ├── RetentionRefusedError       retention that cannot be applied as it was asked for; ``code`` says why
    ├── RedactionRefusedError       words that cannot be taken out as it was asked for; ``code`` says why
    ├── ChannelRefusedError         something of the patient channel that cannot be done now; ``code`` says why
    └── DemoMixError                demo content is for a demo vault only

Every error has a ``code``; the interface owns the words. Errors of the store (``app.store.errors``: wrong password,
full disk, damaged vault …) pass through as they are, they carry codes in the same way.
"""

from enum import Enum

from app.domain.ids import ConversationId
from app.domain.roles import Right, WhyNot


class TextFault(Enum):
    """Why a text was refused."""

    EMPTY = "text_empty"
    TOO_LONG = "text_too_long"
    HAS_NUL = "text_has_nul"
    HAS_SURROGATE = "text_has_surrogate"
    NAME_EMPTY = "name_empty"
    NAME_TOO_LONG = "name_too_long"


class ChoiceFault(Enum):
    """Why a choice was refused."""

    UNKNOWN_PERSON = "unknown_person"
    NAME_TAKEN = "name_taken"
    LICENCE_MISSING = "licence_missing"
    LICENCE_PLACE = "licence_place"
    TIME_HAS_PASSED = "time_has_passed"
    FOREIGN_PROPOSAL = "foreign_proposal"


class SignInFault(Enum):
    """Why a way of signing in was not set up or taken away."""

    CODE_DOES_NOT_FIT = "sign_in_code_does_not_fit"
    """The phone shows another code: it has another secret, or another time."""
    NO_CODE = "sign_in_no_code"
    NO_SECOND = "sign_in_no_second"
    NO_PASSWORD = "sign_in_no_password"  # noqa: S105 - the name of a refusal
    """Who came in with a printed code has no password to change."""
    STICK_BESIDE_VAULT = "sign_in_stick_beside_vault"
    STICK_UNWRITABLE = "sign_in_stick_unwritable"
    NOT_PROVEN = "sign_in_not_proven"
    """There is no such printed way in."""


class AnswerFault(Enum):
    """Why an approved answer was refused."""

    TITLE_EMPTY = "answer_title_empty"
    TITLE_TOO_LONG = "answer_title_too_long"
    BODY_EMPTY = "answer_body_empty"
    BODY_TOO_LONG = "answer_body_too_long"
    BROKEN_CHARACTERS = "answer_broken_characters"
    DAY_UNREADABLE = "answer_day_unreadable"
    ENDS_BEFORE_IT_BEGINS = "answer_ends_before_it_begins"
    CODE_MALFORMED = "answer_code_malformed"
    CODE_TAKEN = "answer_code_taken"


class RuleFault(Enum):
    """Why a rule of the office was refused."""

    EMPTY = "rule_empty"
    TOO_SHORT = "rule_too_short"
    TOO_LONG = "rule_too_long"
    BROKEN_CHARACTERS = "rule_broken_characters"
    GONE = "rule_gone"
    """Somebody removed it meanwhile."""
    SHAPE_EMPTY = "shape_empty"
    SHAPE_TOO_LONG = "shape_too_long"
    SHAPE_TOO_BROAD = "shape_too_broad"


class HeldReplyFault(Enum):
    """What became of a held reply that is not held any more."""

    ALREADY_SENT = "already_sent"
    NOT_HELD = "not_held"


class ServiceError(Exception):
    """Root of this room's errors. Messages hold a code and nothing else."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class InvalidTextError(ServiceError):
    """The text was not taken; nothing changed."""

    def __init__(self, fault: TextFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class InvalidChoiceError(ServiceError):
    """The choice was not taken; nothing changed."""

    def __init__(self, fault: ChoiceFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class NoSuchConversationError(ServiceError):
    """There never was such a conversation, or it has been erased."""

    def __init__(self) -> None:
        super().__init__("no_such_conversation")


class HeldReplyGoneError(ServiceError):
    """The reply cannot be recalled or sent, because it is not held any more."""

    def __init__(self, fault: HeldReplyFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class InvalidAnswerError(ServiceError):
    """The approved answer was not taken; nothing changed."""

    def __init__(self, fault: AnswerFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class NoSuchAnswerError(ServiceError):
    """There never was such an approved answer."""

    def __init__(self) -> None:
        super().__init__("no_such_answer")


class AnswersNotYoursError(ServiceError):
    """The person at the desk may not change approved answers; nothing changed."""

    def __init__(self) -> None:
        super().__init__("answers_not_yours")


class NotYoursError(ServiceError):
    """The person at the desk may not do that; nothing changed. ``right`` is what is missing, ``why`` what it takes."""

    def __init__(self, right: Right, why: WhyNot) -> None:
        super().__init__(why.value)
        self.right = right
        self.why = why


class PasswordMustChangeError(ServiceError):
    """The password was right, and somebody else gave it: the vault was closed again. See ``VaultService.unlock``."""

    def __init__(self) -> None:
        super().__init__("password_must_change")


class InvalidRuleError(ServiceError):
    """The rule was not taken; nothing changed."""

    def __init__(self, fault: RuleFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class ChannelRefusedError(ServiceError):
    """Nothing changed; ``fault`` says why."""

    def __init__(self, fault: "ChannelFault") -> None:
        super().__init__(fault.value)
        self.fault = fault


class HoldFault(Enum):
    """Why a hold was not placed or released."""

    REVIEW_DAY = "hold_review_day"
    NO_SUCH_HOLD = "no_such_hold"


class RetentionFault(Enum):
    """Why nothing was erased."""

    NOT_SIGNED = "retention_not_signed"
    STALE_PREVIEW = "retention_stale_preview"
    NOTHING_DUE = "retention_nothing_due"
    TOO_MANY = "retention_too_many"
    """More than 5 % of the conversations within a day: a person has to confirm the number."""
    CLOCK_UNSURE = "retention_clock_unsure"
    """The clock cannot be right by what the vault has seen: a person has to confirm the day."""
    UNKNOWN_CLASS = "retention_unknown_class"


class ChannelFault(Enum):
    """Why something of the patient channel was not done."""

    NO_KEYS = "channel_no_keys"
    HAS_KEYS = "channel_has_keys"
    WRONG_CODE = "channel_wrong_code"
    """Well formed, and not the code that was shown."""
    NO_NOTICE = "channel_no_notice"
    """What patients read first has not been written."""
    NOTICE = "channel_notice"
    """A part of what patients read first is empty or too long."""
    HOURS = "channel_hours"
    IS_OFF = "channel_is_off"
    IS_DOWN = "channel_is_down"
    """The gateway cannot be asked now."""
    PLACE = "channel_place"
    DEMO = "channel_demo"
    """A demo vault talks to a gateway of this machine alone."""
    NO_SUCH_INVITATION = "channel_no_such_invitation"
    NOT_OVER_CHANNEL = "channel_not_over_channel"
    """This conversation did not come over the channel."""
    HAS_ENDED = "channel_has_ended"
    NO_CONSENT = "channel_no_consent"
    """The patient has not agreed to the assistant, or does not any more."""
    FILE_EMPTY = "channel_file_empty"
    FILE_TOO_LARGE = "channel_file_too_large"
    FILE_NOT_HERE = "channel_file_not_here"
    FILE_BROKEN = "channel_file_broken"
    FILE_LOST = "channel_file_lost"
    """The gateway lost it before it was fetched; its sender was asked to send it again."""


class RedactionFault(Enum):
    """Why no words were taken out."""

    NO_SUCH_MESSAGE = "redaction_no_such_message"
    SPAN_OUTSIDE = "redaction_span_outside"
    REPLY_IS_HELD = "redaction_reply_is_held"
    NOTHING_LEFT = "redaction_nothing_left"
    IS_A_FILE = "redaction_is_a_file"
    """An attachment: it goes whole, not some letters of its name."""


class SubjectFault(Enum):
    """Why a request about somebody's own data was not taken or closed."""

    NO_IDENTITY = "subject_no_identity"
    """Nobody has confirmed who asks."""
    NOTHING_NAMED = "subject_nothing_named"
    DAY_AHEAD = "subject_day_ahead"
    NO_SUCH_REQUEST = "subject_no_such_request"


class HeldByLawError(ServiceError):
    """A legal hold stands; nothing was erased or redacted. ``conversation_ids`` are those that are held."""

    def __init__(self, conversation_ids: tuple[ConversationId, ...]) -> None:
        super().__init__("held_by_law")
        self.conversation_ids = conversation_ids


class HoldRefusedError(ServiceError):
    """The hold was not placed or released; nothing changed."""

    def __init__(self, fault: HoldFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class RetentionRefusedError(ServiceError):
    """Nothing was erased."""

    def __init__(self, fault: RetentionFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class RedactionRefusedError(ServiceError):
    """No words were taken out."""

    def __init__(self, fault: RedactionFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class SignInRefusedError(ServiceError):
    """Nothing changed about how somebody signs in."""

    def __init__(self, fault: SignInFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class SubjectRefusedError(ServiceError):
    """Nothing was noted in the register."""

    def __init__(self, fault: SubjectFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class DemoMixError(ServiceError):
    """Demo content was about to be put among real conversations."""

    def __init__(self) -> None:
        super().__init__("demo_mix")
