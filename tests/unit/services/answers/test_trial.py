"""Trying a question: what would be offered, what not, and why."""

from dataclasses import replace
from datetime import date

from app.domain.ids import ArticleId
from app.domain.proposal import Article
from app.services.answers.trial import AnswerTrial, Verdict

TODAY = date(2026, 11, 24)
PARKING = Article(
    ArticleId("parking"), "Parking", "You can park behind the house, free of charge, for two hours.", TODAY
)
HOURS = Article(ArticleId("hours"), "Opening hours", "We are open Monday to Friday from eight to five.", TODAY)


def verdict(*articles, question="Where can I park?"):
    tried = AnswerTrial(articles, TODAY).ask(question)
    return next((one.verdict for one in tried if one.article.article_id == "parking"), None)


def test_a_valid_answer_that_covers_the_question_is_offered_first():
    tried = AnswerTrial((HOURS, PARKING), TODAY).ask("Where can I park?")
    assert tried[0].article == PARKING
    assert tried[0].verdict is Verdict.OFFERED
    assert "behind the house" in tried[0].passage


def test_dates_and_the_office_only_mark_keep_an_answer_back_and_say_so():
    assert verdict(HOURS, replace(PARKING, valid_from=date(2026, 12, 1))) is Verdict.NOT_YET
    assert verdict(HOURS, replace(PARKING, valid_until=date(2026, 11, 1))) is Verdict.NO_LONGER
    assert verdict(HOURS, replace(PARKING, is_internal=True)) is Verdict.INTERNAL


def test_what_only_lies_near_is_said_not_to_cover_the_question():
    assert verdict(HOURS, PARKING, question="Do you repair bicycles behind the house?") is Verdict.NOT_COVERED
    assert AnswerTrial((HOURS, PARKING), TODAY).ask("  ") == ()
    assert AnswerTrial((), TODAY).ask("Where can I park?") == ()
