"""Why the lock screen is shown; the value travels across the exec that replaces the console process."""

from enum import Enum


class LockReason(Enum):
    """Why nobody is at the desk."""

    START = "start"
    BY_PERSON = "by_person"
    IDLE = "idle"
    AFTER_FAULT = "after_fault"


REASON_WORDS: dict[LockReason, str] = {
    LockReason.START: "",
    LockReason.BY_PERSON: "Locked. Unfinished replies are kept.",
    LockReason.IDLE: "Locked because nobody was at the desk for a while. Unfinished replies are kept.",
    LockReason.AFTER_FAULT: "The console had to start again. Nothing that was saved is lost.",
}
