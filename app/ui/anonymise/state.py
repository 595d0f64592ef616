"""What the page shows, as frozen records."""

from dataclasses import dataclass
from enum import Enum

from app.anonymise.labels import Label
from app.anonymise.replacing.profiles import Profile
from app.domain.ids import ConversationId, EventId
from app.services.anonymising.view_records import LeavingMark, LeavingMessage, LeavingThread

PROFILES = tuple(Profile)
"""In the order of the keys 1 to 4."""


class Phase(Enum):
    """Where the page stands."""

    EMPTY = "empty"
    """No conversation is open."""
    WORKING = "working"
    SHOWN = "shown"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class LeavingState:
    """What is known. While ``WORKING``, ``thread`` is what stood there before, or None."""

    phase: Phase = Phase.EMPTY
    profile: Profile = Profile.SAFE_HARBOR
    thread: LeavingThread | None = None
    conversation_id: ConversationId | None = None
    problem: Exception | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """One mark of one message."""

    message: LeavingMessage
    mark: LeavingMark

    @property
    def said(self) -> str:
        """What was written there."""
        return self.message.said(self.mark)


@dataclass(frozen=True, slots=True)
class Selected:
    """Words that a person selected in one message, half-open, in code points."""

    message: LeavingMessage
    start: int
    end: int

    @property
    def said(self) -> str:
        """The words."""
        return self.message.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the cursor was, to go back to after the page was worked out anew."""

    event_id: EventId
    start: int


LABELS_TO_CHOOSE = (
    Label.PERSON,
    Label.PHONE,
    Label.EMAIL,
    Label.ADDRESS,
    Label.LOCATION,
    Label.DATE,
    Label.ID,
    Label.ORG,
    Label.USERNAME,
    Label.ZIP,
    Label.URL,
    Label.CARD,
    Label.NRP,
    Label.MISC,
)
"""What a miss can be, the most usual first."""
