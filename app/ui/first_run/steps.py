"""The order of the first-run wizard: pure rules, no Qt."""

from dataclasses import dataclass
from enum import Enum

from app.domain.office import Office, Sector


class Step(Enum):
    """One page, one question."""

    WELCOME = "welcome"
    SECTOR = "sector"
    START = "start"
    OFFICE = "office"
    PERSON = "person"
    CREATING = "creating"
    CODE = "code"
    CODE_CHECK = "code_check"
    MACHINE = "machine"
    TRY_OUT = "try_out"
    DONE = "done"


class Start(Enum):
    """What the new vault holds at first."""

    DEMO = "demo"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Answers:
    """What the person has said so far. The password is not among it: it goes straight to the vault."""

    sector: Sector | None = None
    start: Start | None = None
    office_name: str = ""
    person_name: str = ""


_AFTER_CREATION = (Step.CODE, Step.CODE_CHECK, Step.MACHINE, Step.TRY_OUT, Step.DONE)
SHOWN_STEPS = tuple(step for step in Step if step is not Step.CREATING)
"""What the list of steps shows; making the vault is part of "You and your password"."""


def route(answers: Answers) -> tuple[Step, ...]:
    """Return the pages in their order; a demo office has its name already."""
    skipped = {Step.OFFICE} if answers.start is Start.DEMO else set()
    return tuple(step for step in Step if step not in skipped)


def step_after(step: Step, answers: Answers) -> Step:
    """Return the next page; the last one is followed by itself."""
    way = route(answers)
    return way[min(way.index(step) + 1, len(way) - 1)]


def step_before(step: Step, answers: Answers) -> Step | None:
    """Return the page to go back to, None where there is none.

    From the recovery code there is no page to go back to: the vault exists. Going back there means deleting it, which
    the presenter offers in words.
    """
    if step in {Step.WELCOME, Step.CREATING, Step.CODE}:
        return None
    way = route(answers)
    return way[way.index(step) - 1]


def is_vault_made(step: Step) -> bool:
    """Return True on the pages that come after the vault was made."""
    return step in _AFTER_CREATION


def wanted_office(answers: Answers, demo_name: str) -> Office:
    """Return the office that the answers describe.

    Raises:
        ValueError: called before sector and start were answered.
    """
    if answers.sector is None or answers.start is None:
        raise ValueError("the wizard has not asked yet")
    is_demo = answers.start is Start.DEMO
    return Office(demo_name if is_demo else answers.office_name, answers.sector, is_demo)
