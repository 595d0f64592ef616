"""What the lock screen says for each way in, and which of them ask for what."""

from dataclasses import dataclass

from app.ui.lock.presenter import Way


@dataclass(frozen=True, slots=True)
class WayWords:
    """What the card says for one way in; an empty ``reason`` leaves the one that is there."""

    label: str
    action: str
    other_way: str
    reason: str = ""


WAY_WORDS = {
    Way.PASSWORD: WayWords("Password", "Unlock", "Use the recovery code"),
    Way.CHANGE: WayWords(
        "Password of now", "Unlock, then choose another", "Do not change it", "First the password you have."
    ),
    Way.OWN_PASSWORD: WayWords(
        "",
        "Set the password and go on",
        "Keep the old password",
        "Choose the new password. The old one opens nothing then.",
    ),
    Way.RECOVERY: WayWords("Recovery code, or two shares, from the printed sheets", "Unlock", "Use the password"),
    Way.NEW_PASSWORD: WayWords(
        "",
        "Set the password and go on",
        "Keep the old password",
        "The code opened the vault. Choose a new password; what is on the printed sheets stays good. Neither phone nor "
        "key stick is asked for beside it any more.",
    ),
    Way.FIRST_PASSWORD: WayWords(
        "",
        "Set the password and go on",
        "",
        "Somebody else knows the password you came in with. Choose one that only you know.",
    ),
}
CHOOSING = frozenset({Way.NEW_PASSWORD, Way.FIRST_PASSWORD, Way.OWN_PASSWORD})
TYPED = frozenset({Way.PASSWORD, Way.CHANGE})
NAMED = TYPED | {Way.NEW_PASSWORD}
"""Ways that are somebody's, so that one says whose where there are several people."""
