"""What a reply left out is added word for word, where it stands in its passage."""

import pytest

from app.domain.ids import ArticleId
from app.domain.proposal import ProposalAction, Sentence, SourceRef
from app.services.drafting.completing import LEAST_OF_CITED, LEAST_OF_OTHERS, complete
from app.services.drafting.judging import Verdict
from app.services.drafting.sourcing import LikelySentence

OPEN, LUNCH, FRIDAY = "We open at 8:00.", "We close for lunch at noon.", "On Friday we close at 13:00."
HOURS = SourceRef(1, ArticleId("hours"), "Hours", f"{OPEN} {LUNCH} {FRIDAY}", None)
PARKING = SourceRef(2, ArticleId("parking"), "Parking", "Parking costs £4 a day. The barrier rises at 6:00.", None)
OFFERED = (HOURS, PARKING)


def said(*sentences: str, opening: str = "", closing: str = "") -> Verdict:
    """Return a reply that rests on ``HOURS``; courtesies rest on nothing."""
    text = opening
    spans = []
    for sentence in sentences:
        text = f"{text} {sentence}".strip()
        spans.append(Sentence(len(text) - len(sentence), len(text), (1,)))
    return Verdict(ProposalAction.PROPOSE, f"{text} {closing}".strip(), tuple(spans), (HOURS,))


def likely(source: SourceRef, sentence: str, likelihood: float) -> LikelySentence:
    start = source.quote.index(sentence)
    return LikelySentence(source.number, start, start + len(sentence), likelihood)


@pytest.mark.parametrize(
    ("reply", "missing", "text"),
    [
        ((LUNCH,), FRIDAY, f"{LUNCH} {FRIDAY}"),
        ((LUNCH,), OPEN, f"{OPEN} {LUNCH}"),
        ((OPEN, FRIDAY), LUNCH, f"{OPEN} {LUNCH} {FRIDAY}"),
        (("At noon we close for lunch.",), FRIDAY, f"At noon we close for lunch. {FRIDAY}"),
    ],
)
def test_a_likely_sentence_that_was_left_out_stands_where_it_does_in_its_passage(
    reply: tuple[str, ...], missing: str, text: str
) -> None:
    completed = complete(said(*reply), [likely(HOURS, missing, LEAST_OF_CITED)], OFFERED)
    assert completed.text == text
    assert [completed.text[one.start : one.end] for one in completed.sentences if one.source_numbers == (1,)] == [
        *text.replace(". ", ".|").split("|")
    ]


def test_an_unlikely_sentence_is_left_out() -> None:
    reply = said(LUNCH)
    assert complete(reply, [likely(HOURS, FRIDAY, LEAST_OF_CITED - 0.01)], OFFERED) is reply
    assert complete(reply, [likely(PARKING, "The barrier rises at 6:00.", LEAST_OF_OTHERS - 0.01)], OFFERED) is reply


@pytest.mark.parametrize("reply", [LUNCH, "Lunch is at noon, we close then."])
def test_what_is_said_already_in_whatever_words_is_not_said_twice(reply: str) -> None:
    assert complete(said(reply), [likely(HOURS, LUNCH, 0.9)], OFFERED).text == reply


def test_a_likely_sentence_of_the_other_passage_comes_last_and_brings_its_source() -> None:
    added = "The barrier rises at 6:00."
    completed = complete(said(LUNCH), [likely(PARKING, added, LEAST_OF_OTHERS), likely(HOURS, OPEN, 0.2)], OFFERED)
    assert completed.text == f"{OPEN} {LUNCH} {added}"
    assert completed.sources == OFFERED
    assert completed.sentences[-1].source_numbers == (2,)


def test_courtesies_stay_around_what_is_added_and_are_no_sentences() -> None:
    reply = said(LUNCH, opening="Thank you for asking.", closing="See you soon.")
    completed = complete(reply, [likely(HOURS, FRIDAY, 0.5)], OFFERED)
    assert completed.text == f"Thank you for asking. {LUNCH} {FRIDAY} See you soon."
    assert len(completed.sentences) == 2


@pytest.mark.parametrize(
    ("quote", "reply", "text"),
    [
        ("Our lift is on the left. It holds six people.", "It holds six people.", None),
        (
            "Landlords protect deposits. If that was not done, you may claim.",
            "If that was not done, you may claim.",
            None,
        ),
        ("Our lift is on the left. The ramp is steep.", "The ramp is steep.", "The ramp is steep."),
        ("It rains. Bring a coat.", "It rains.", "It rains."),
    ],
)
def test_a_sentence_that_points_back_brings_the_one_before_it(quote: str, reply: str, text: str | None) -> None:
    source = SourceRef(1, ArticleId("a"), "A", quote, None)
    verdict = Verdict(ProposalAction.PROPOSE, reply, (Sentence(0, len(reply), (1,)),), (source,))
    split = quote.index(". ") + 1
    sentences = [LikelySentence(1, 0, split, 0.01), LikelySentence(1, split + 1, len(quote), 0.01)]
    assert complete(verdict, sentences, (source,)).text == (text or quote)
