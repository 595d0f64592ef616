"""What may be offered of a model's words when the search pointed it to a sentence."""

import pytest

from app.domain.ids import ArticleId
from app.domain.proposal import ProposalWarning, SourceRef
from app.services.drafting.judging import SURE_CLOSENESS, Pointer, judge
from app.services.drafting.marks import read_marks
from app.services.ports import FinishReason

PASSAGE = "We close for lunch at noon. On Friday we close at 13:00."
SOURCE = SourceRef(1, ArticleId("hours"), "Hours", PASSAGE, None)
LUNCH = "We close for lunch at noon."


@pytest.mark.parametrize(
    ("reply", "likelihood", "text"),
    [
        (LUNCH, SURE_CLOSENESS - 0.1, PASSAGE),
        (LUNCH, SURE_CLOSENESS, LUNCH),
        ("On Friday we close at 13:00.", 0.1, "On Friday we close at 13:00."),
    ],
)
def test_a_reply_that_repeats_an_unsure_sentence_becomes_the_whole_passage(
    reply: str, likelihood: float, text: str
) -> None:
    marked = read_marks(f"{reply} [1]")
    verdict = judge(marked, FinishReason.STOP, (SOURCE,), (), "Later.", Pointer(LUNCH, likelihood))
    assert verdict.text == text
    assert (ProposalWarning.FELL_BACK_TO_ANSWER in verdict.warnings) == (text == PASSAGE)


def test_without_a_pointer_the_words_stay() -> None:
    assert judge(read_marks(f"{LUNCH} [1]"), FinishReason.STOP, (SOURCE,), (), "Later.").text == LUNCH


@pytest.mark.parametrize(
    ("reply", "text"),
    [
        (f"{LUNCH} [1] On Friday we close for lunch at noon we close. [1]", LUNCH),
        (f"{LUNCH} [1] On Friday we close at 13:00. [1]", PASSAGE),
        (f"{LUNCH} [1] On Friday we close at 14:00. [1]", PASSAGE),
        ("On Friday we close for lunch at noon we close. [1]", PASSAGE),
    ],
)
def test_a_text_ends_before_a_sentence_that_is_sewn_together(reply: str, text: str) -> None:
    verdict = judge(read_marks(reply), FinishReason.STOP, (SOURCE,), (), "Later.")
    assert verdict.text == text
