"""What is said of a password while somebody chooses it."""

from app.crypto.passwords import (
    MAX_PASSWORD_CHARS,
    MIN_CHARS_WITH_SECOND,
    MIN_PASSWORD_CHARS,
    PasswordReason,
    PasswordVerdict,
    least_chars,
)

_STRENGTHS = (
    "Would be guessed at once.",
    "Would be guessed soon.",
    "Good enough. A few more words make it better.",
    "Strong.",
    "Very strong.",
)
_REASONS: dict[PasswordReason, str] = {
    PasswordReason.TOO_LONG: f"Too long: at most {MAX_PASSWORD_CHARS} characters.",
    PasswordReason.UNUSABLE_CHARACTERS: "It holds a character that cannot be typed everywhere, such as a tab.",
    PasswordReason.COMMON: "Too common: people who guess passwords try these words first.",
    PasswordReason.REPEATED: "It repeats itself; repeating does not make it longer for somebody who guesses.",
    PasswordReason.SEQUENCE: "It follows the keyboard or the alphabet. Mix in words that do not belong together.",
    PasswordReason.NAMES_THE_OFFICE: "It is made of your name or the office's. Those are tried first.",
}
PASSWORD_ADVICE = f"At least {MIN_PASSWORD_CHARS} characters. Four or five words that do not belong together are best."
_WITH_STICK = f"At least {MIN_CHARS_WITH_SECOND} characters: it opens nothing without the key stick. Longer is better."
_ENOUGH_WITH_STICK = "Good enough beside the key stick. More words help when both are stolen."


def advice(*, has_second: bool) -> str:
    """Return what makes a good password, beside a key stick or alone."""
    return _WITH_STICK if has_second else PASSWORD_ADVICE


def say_verdict(verdict: PasswordVerdict, typed_chars: int, *, has_second: bool = False) -> str:
    """Return why a password is refused, or how strong it is."""
    if typed_chars == 0:
        return advice(has_second=has_second)
    if verdict.is_accepted and verdict.strength == 1:
        return _ENOUGH_WITH_STICK
    if verdict.reason is PasswordReason.TOO_SHORT:
        missing = max(least_chars(has_second=has_second) - typed_chars, 1)
        return f"{missing} more character{'s' if missing > 1 else ''} needed."
    if verdict.reason is not None:
        return _REASONS[verdict.reason]
    return _STRENGTHS[verdict.strength]
