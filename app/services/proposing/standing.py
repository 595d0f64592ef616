"""Whether an earlier proposal may still be offered, now that the approved answers may have changed. Pure."""

from collections.abc import Mapping
from datetime import date

from app.domain.ids import ArticleId
from app.domain.proposal import Article, Proposal, SourceRef
from app.knowledge.passages import split


def still_stands(proposal: Proposal, articles: Mapping[ArticleId, Article], today: date) -> bool:
    """Tell whether everything that a proposal rests on is still approved, valid today, and says what was quoted.

    A proposal without sources rests on nothing that could have changed.
    """
    return all(_stands(source, articles.get(source.article_id), today) for source in proposal.sources)


def _stands(source: SourceRef, article: Article | None, today: date) -> bool:
    if article is None or not article.is_valid_on(today) or article.is_internal is not source.is_internal:
        return False
    return any(passage.text == source.quote for passage in split(article))
