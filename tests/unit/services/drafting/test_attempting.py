"""A model is asked again from the likeliest passage alone before its words are given up."""

from datetime import date

import pytest

from app.domain.prompt import Speaker, Turn
from app.domain.proposal import Proposal, ProposalAction, ProposalWarning
from app.inference.generation import ProblemCode as ModelProblem
from app.knowledge import PassageIndex, read_article
from app.services.conversations.phrases import Phrases
from app.services.drafting.drafter import Drafter
from tests.support.scripted_model import Reply, ScriptedModel

HELD = "Patient parking is free for two hours."
INVENTED = "Patient parking is free for nine hours. [1]"
PARKING = f"{HELD} Turn in from Carver Alley."
HOURS = "We are open Monday to Friday from 8:00 to 17:30 and close the parking barrier at 19:00."
ARTICLES = [
    read_article("parking", f"# Parking\n\n{PARKING}"),
    read_article("hours", f"# Opening hours and parking\n\n{HOURS}"),
]
QUESTION = [Turn(Speaker.VISITOR, "Where is the free patient parking, and when does its barrier close?")]


def drafted(*replies: Reply) -> tuple[Proposal, list[str]]:
    """Return the proposal and the prompts that the model saw."""
    model = ScriptedModel(replies)
    index = PassageIndex(ARTICLES, today=lambda: date(2026, 11, 24), meaning=lambda: None)
    proposal = Drafter(index, model, Phrases("Later.")).draft(QUESTION)
    return proposal, [request.prompt for request in model.requests]


def test_words_that_hold_are_asked_for_once() -> None:
    proposal, prompts = drafted(f"{HELD} [1]")
    assert proposal.text == HELD
    assert len(prompts) == 1
    assert "[2] " in prompts[0]


@pytest.mark.parametrize("first", [INVENTED, "[none]"])
def test_words_that_do_not_hold_and_a_doubt_are_asked_for_again_from_one_passage(first: str) -> None:
    proposal, prompts = drafted(first, f"{HELD} [1]")
    assert proposal.text == HELD
    assert ProposalWarning.FELL_BACK_TO_ANSWER not in proposal.warnings
    assert proposal.sources[0].article_id == "parking"
    assert ("[2] " in prompts[0], "[2] " in prompts[1]) == (True, False)
    assert "Closest sentence" in prompts[1]


def test_the_third_attempt_goes_without_the_pointer_and_then_the_answer_stands_in() -> None:
    proposal, prompts = drafted(INVENTED, INVENTED, INVENTED)
    assert proposal.text == PARKING
    assert ProposalWarning.FELL_BACK_TO_ANSWER in proposal.warnings
    assert ["Closest sentence" in prompt for prompt in prompts] == [True, True, False]


def test_a_doubt_that_comes_each_time_hands_over() -> None:
    proposal, prompts = drafted("[none]", "[none]", "[none]")
    assert proposal.action is ProposalAction.HAND_OVER
    assert len(prompts) == 3


def test_what_is_held_by_the_second_passage_alone_keeps_its_number() -> None:
    closing = "We are open Monday to Friday from 8:00 to 17:30 and close the parking barrier at 19:00."
    proposal, _ = drafted(f"{closing} [2]")
    assert [source.article_id for source in proposal.sources] == ["hours"]
    assert proposal.sentences[0].source_numbers == (2,)


def test_a_model_that_fails_when_asked_again_leaves_what_the_first_attempt_came_to() -> None:
    proposal, prompts = drafted(INVENTED, ModelProblem.WORKER_LOST)
    assert proposal.text == PARKING
    assert len(prompts) == 2
