"""The words of the wizard that depend on something; the fixed ones stand in their pages."""

from datetime import date

from app.crypto.passwords import MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS, PasswordReason, PasswordVerdict
from app.services.ports import ProblemCode
from app.ui.first_run.steps import Step

STEP_NAMES: dict[Step, str] = {
    Step.WELCOME: "Welcome",
    Step.SECTOR: "Kind of office",
    Step.START: "Demo or empty",
    Step.OFFICE: "Name of the office",
    Step.PERSON: "You and your password",
    Step.CREATING: "You and your password",
    Step.CODE: "Recovery code",
    Step.CODE_CHECK: "Does the paper work?",
    Step.MACHINE: "This machine",
    Step.TRY_OUT: "A first proposal",
    Step.DONE: "Ready",
}

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


def say_verdict(verdict: PasswordVerdict, typed_chars: int) -> str:
    """Return why a password is refused, or how strong it is."""
    if typed_chars == 0:
        return PASSWORD_ADVICE
    if verdict.reason is PasswordReason.TOO_SHORT:
        missing = max(MIN_PASSWORD_CHARS - typed_chars, 1)
        return f"{missing} more character{'s' if missing > 1 else ''} needed."
    if verdict.reason is not None:
        return _REASONS[verdict.reason]
    return _STRENGTHS[verdict.strength]


_PROBLEMS: dict[ProblemCode, str] = {
    ProblemCode.NO_MODEL: "There is no model on this machine yet. You can bring one later: Help, Models.",
    ProblemCode.MODEL_FAILED: "The model stopped before it had finished. Nothing else is affected.",
    ProblemCode.TOO_LONG: "The conversation is too long for this model.",
    ProblemCode.NOTHING_TO_ANSWER: "No message waits for a reply.",
    ProblemCode.STALE: "Something newer came in while the proposal was written.",
    ProblemCode.STOPPED: "Stopped. Nothing was kept.",
    ProblemCode.NOT_STORED: "The proposal could not be written to the vault.",
}


def say_problem(code: ProblemCode | None) -> str:
    """Return why there is no proposal; None is anything that has no code."""
    return "The proposal could not be made." if code is None else _PROBLEMS[code]


def say_date(day: date) -> str:
    """Return a date as it stands on paper."""
    return f"{day.day} {day:%b %Y}"


def say_seconds(milliseconds: int | None) -> str:
    """Return a time as people say it."""
    if milliseconds is None:
        return "unknown"
    return f"{milliseconds} ms" if milliseconds < 1000 else f"{milliseconds / 1000:.1f} s"  # noqa: PLR2004 - 1 s
