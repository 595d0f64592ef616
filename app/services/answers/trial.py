"""Trying a question on the approved answers: which would be offered for a reply, which not, and why. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from app.domain.ids import ArticleId
from app.domain.proposal import Article, Passage
from app.knowledge import PassageIndex
from app.services.answers.verdict import TriedAnswer, Verdict
from app.services.drafting.sourcing import find_sources

__all__ = ["AnswerTrial", "TriedAnswer", "Verdict"]

MAX_NEAR = 5


class AnswerTrial:
    """Questions on one state of the answers. Building it reads every answer once; asking is quick."""

    def __init__(self, articles: Sequence[Article], today: date) -> None:
        """Take the answers as they stand on ``today``."""
        self._articles = {article.article_id: article for article in articles}
        self._today = today
        self._index = PassageIndex(articles, today=lambda: today)
        # The same answers as if no day mattered, to find those that only their dates keep back.
        always = [replace(article, valid_from=None, valid_until=None) for article in articles]
        self._timeless = self._index if always == list(articles) else self._index.with_articles(always)

    def ask(self, question: str) -> tuple[TriedAnswer, ...]:
        """Return what would be offered first, then what would not, nearest first; empty for an empty question."""
        if not question.strip():
            return ()
        found = find_sources(self._index, question, ())
        tried: dict[ArticleId, TriedAnswer] = {}
        for refs, verdict in ((found.public, Verdict.OFFERED), (found.internal, Verdict.INTERNAL)):
            for ref in refs:
                tried.setdefault(ref.article_id, TriedAnswer(self._articles[ref.article_id], ref.quote, verdict))
        for hit in self._timeless.best(question, limit=MAX_NEAR):
            self._add(tried, hit.passage, Verdict.BEHIND_OTHERS)
        for hit in self._timeless.search(question, limit=MAX_NEAR):
            self._add(tried, hit.passage, Verdict.NOT_COVERED)
        return tuple(tried.values())

    def close(self) -> None:
        """Release the memory."""
        self._index.close()
        if self._timeless is not self._index:
            self._timeless.close()

    def _add(self, tried: dict[ArticleId, TriedAnswer], passage: Passage, verdict: Verdict) -> None:
        article = self._articles[passage.article_id]
        if article.valid_from is not None and self._today < article.valid_from:
            verdict = Verdict.NOT_YET
        elif not article.is_valid_on(self._today):
            verdict = Verdict.NO_LONGER
        tried.setdefault(article.article_id, TriedAnswer(article, passage.text, verdict))
