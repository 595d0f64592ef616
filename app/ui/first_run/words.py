"""The words of the wizard that depend on something; the fixed ones stand in their pages."""

from datetime import date

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

_PROBLEMS: dict[ProblemCode, str] = {
    ProblemCode.NO_MODEL: "There is no model on this machine yet. You can bring one later: Help, Models.",
    ProblemCode.MODEL_FAILED: "The model stopped before it had finished. Nothing else is affected.",
    ProblemCode.NO_CONSENT: "The visitor talks without the assistant: a person writes the reply.",
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
