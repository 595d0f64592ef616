"""An approved answer while a person writes it: every field as it was typed, so nothing typed is ever lost. Pure."""

import json
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any

from app.domain.ids import ArticleId
from app.domain.proposal import Article
from app.services.answers.days import read_day, show_day
from app.services.errors import AnswerFault, InvalidAnswerError


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """What stands in the editor. Days are as typed, "" for none; ``origin`` is kept from the answer before."""

    article_id: ArticleId
    title: str = ""
    body: str = ""
    short_code: str = ""
    valid_from: str = ""
    valid_until: str = ""
    review_on: str = ""
    is_internal: bool = False
    origin: str = ""

    @property
    def is_empty(self) -> bool:
        """Nothing worth keeping has been typed."""
        return not (self.title.strip() or self.body.strip() or self.short_code.strip())


def form_of(article: Article) -> AnswerForm:
    """Return the form that shows an approved answer."""
    return AnswerForm(
        article.article_id,
        article.title,
        article.body,
        article.short_code,
        show_day(article.valid_from),
        show_day(article.valid_until),
        show_day(article.review_on),
        is_internal=article.is_internal,
        origin=article.origin,
    )


def article_of(form: AnswerForm, today: date) -> Article:
    """Return the answer that a form means, approved today.

    Raises:
        InvalidAnswerError: a day cannot be read.
    """
    try:
        days = [read_day(typed, today) for typed in (form.valid_from, form.valid_until, form.review_on)]
    except ValueError as error:
        raise InvalidAnswerError(AnswerFault.DAY_UNREADABLE) from error
    return Article(
        article_id=form.article_id,
        title=form.title,
        body=form.body,
        approved_on=today,
        valid_until=days[1],
        is_internal=form.is_internal,
        valid_from=days[0],
        review_on=days[2],
        short_code=form.short_code,
        origin=form.origin,
    )


def form_to_text(form: AnswerForm) -> str:
    """Return a form as one line of JSON, for the vault."""
    return json.dumps(asdict(form), ensure_ascii=False)


def form_from_text(text: str) -> AnswerForm:
    """Return the form that ``form_to_text`` wrote; members that came later keep their default."""
    json_: dict[str, Any] = json.loads(text)
    known = {field.name: json_[field.name] for field in fields(AnswerForm) if field.name in json_}
    return replace(AnswerForm(ArticleId(json_["article_id"])), **known)
