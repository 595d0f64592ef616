"""Which approved answers stand in a text that is sent, however they came there: by short code, by hand, by a proposal.

Looked for is the text itself and not what somebody clicked, so it holds after a lock, a crash, and an undo. Pure.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from app.domain.fill_in import fields_of
from app.domain.proposal import Article, SourceRef
from app.knowledge.sentences import sentences

MIN_WORDS: Final = 5
"""Fewer words in common ("Thank you very much.") are nobody's answer."""
MIN_SHARE: Final = 0.5
"""Of an answer's words; a person may have cut the rest."""
MAX_FIELD_VALUE_CHARS: Final = 120
"""What may stand where an answer has a field."""


def answers_in(text: str, articles: Iterable[Article], today: date) -> tuple[SourceRef, ...]:
    """Return the answers of which at least half stands in ``text``, sentence by sentence and word for word.

    White space does not count; a fill-in field stands for anything short. Internal answers, and those that are not
    valid ``today``, are no source of anything that is sent. The references are numbered from 1, the largest share of
    the text first.
    """
    plain = _plain(text)
    found = [
        (words, article)
        for article in articles
        if not article.is_internal and article.is_valid_on(today) and (words := _words_in(plain, article))
    ]
    found.sort(key=lambda pair: (-pair[0], pair[1].article_id))
    return tuple(
        SourceRef(number, article.article_id, article.title, article.body.strip(), article.approved_on)
        for number, (_words, article) in enumerate(found, start=1)
    )


def with_used(sources: Sequence[SourceRef], used: Sequence[SourceRef]) -> tuple[SourceRef, ...]:
    """Return the sources of a proposal, and behind them the answers that were put in beside it, numbered on."""
    known = {source.article_id for source in sources}
    last = max((source.number for source in sources), default=0)
    added = [source for source in used if source.article_id not in known]
    return (
        *sources,
        *(
            SourceRef(number, source.article_id, source.title, source.quote, source.approved_on)
            for number, source in enumerate(added, start=last + 1)
        ),
    )


def _words_in(plain_text: str, article: Article) -> int:
    """Return how many words of an answer stand in a text; 0 when they are too few."""
    parts = [_plain(part) for line in article.body.splitlines() for part in sentences(line)]
    total = sum(len(part.split()) for part in parts)
    held = sum(len(part.split()) for part in parts if _stands(part, plain_text))
    return held if held >= MIN_WORDS and held >= MIN_SHARE * total else 0


def _stands(part: str, plain_text: str) -> bool:
    fields = fields_of(part)
    if not fields:
        return part in plain_text
    edges = [0, *(edge for field in fields for edge in (field.start, field.end)), len(part)]
    fixed = [part[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)]
    if not any(len(piece.split()) > 1 for piece in fixed):
        return False  # nothing but fields: it would stand in every text
    anything = f".{{1,{MAX_FIELD_VALUE_CHARS}}}?"
    return re.search(anything.join(map(re.escape, fixed)), plain_text) is not None


def _plain(text: str) -> str:
    return " ".join(text.split())
