"""What a menu may offer, and what a person may tell the model."""

import pytest

from app.domain.prompt import Task
from app.services.errors import InvalidTextError, TextFault
from app.services.proposing.instructions import MAX_INSTRUCTION_CHARS, check_instruction
from app.services.proposing.rewrites import NOTE_TASKS, OfferReason, rewrite_offers, taught


class Taught:
    """A model that was taught to reply and to be shorter."""

    def supports(self, task: Task) -> bool:
        return task in {Task.REPLY, Task.SHORTER}


def test_what_a_model_was_not_taught_is_not_offered_and_says_why() -> None:
    offers = {offer.task: offer for offer in rewrite_offers(Taught())}
    assert set(offers) == set(Task)
    assert offers[Task.SHORTER].is_offered
    assert (offers[Task.WARMER].is_offered, offers[Task.WARMER].reason) == (False, OfferReason.NOT_TAUGHT)


def test_without_a_model_only_notes_are_offered() -> None:
    offers = rewrite_offers(None)
    assert {offer.task for offer in offers if offer.is_offered} == NOTE_TASKS
    assert {offer.reason for offer in offers if not offer.is_offered} == {OfferReason.NO_MODEL}


def test_a_model_that_says_nothing_was_taught_to_reply() -> None:
    assert [task for task in Task if taught(object(), task)] == [Task.REPLY]
    assert taught(Taught(), Task.SHORTER)


def test_an_instruction_is_one_line_and_belongs_to_its_task() -> None:
    assert check_instruction(" mention\n the car park ", Task.INSTRUCTED) == "mention the car park"
    assert check_instruction("mention the car park", Task.SHORTER) == ""


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", TextFault.EMPTY),
        (" \n", TextFault.EMPTY),
        ("x" * (MAX_INSTRUCTION_CHARS + 1), TextFault.TOO_LONG),
        ("a\0b", TextFault.HAS_NUL),
    ],
)
def test_a_useless_instruction_is_refused(text: str, fault: TextFault) -> None:
    with pytest.raises(InvalidTextError) as refused:
        check_instruction(text, Task.INSTRUCTED)
    assert refused.value.fault is fault
