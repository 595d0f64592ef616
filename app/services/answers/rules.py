"""The door for approved answers that a person writes: what is taken, and what is refused with a reason. Pure."""

import re
from collections.abc import Iterable
from dataclasses import replace

from app.domain.proposal import Article
from app.services.errors import AnswerFault, InvalidAnswerError

MAX_TITLE_CHARS = 200
MAX_BODY_CHARS = 40_000
"""As long as what an import takes in, so that every imported answer can be saved again."""

MAX_CODE_CHARS = 30

_CODE = re.compile(rf"[^\W_](?:[\w-]{{0,{MAX_CODE_CHARS - 2}}}[^\W_])?")


def check_answer(untrusted: Article, others: Iterable[Article]) -> Article:
    """Return an answer as it may be stored: title on one line, body without blank edges, short code without "/".

    Args:
        untrusted: what the person wrote.
        others: every other approved answer, for the short code must call up one answer only.

    Raises:
        InvalidAnswerError: with the code of the first rule that it breaks; nothing changed.
    """
    title = " ".join(untrusted.title.split())
    if not title:
        raise InvalidAnswerError(AnswerFault.TITLE_EMPTY)
    if len(title) > MAX_TITLE_CHARS:
        raise InvalidAnswerError(AnswerFault.TITLE_TOO_LONG)
    body = untrusted.body.strip()
    if not any(char.isalnum() for char in body):
        raise InvalidAnswerError(AnswerFault.BODY_EMPTY)
    if len(body) > MAX_BODY_CHARS:
        raise InvalidAnswerError(AnswerFault.BODY_TOO_LONG)
    _refuse_broken_characters(title + body)
    if untrusted.valid_from and untrusted.valid_until and untrusted.valid_until < untrusted.valid_from:
        raise InvalidAnswerError(AnswerFault.ENDS_BEFORE_IT_BEGINS)
    return replace(untrusted, title=title, body=body, short_code=_check_code(untrusted, others))


def plain_code(typed: str) -> str:
    """Return a short code without the "/" or "::" that calls it up."""
    return typed.strip().removeprefix("::").removeprefix("/").strip()


def _check_code(untrusted: Article, others: Iterable[Article]) -> str:
    code = plain_code(untrusted.short_code)
    if not code:
        return ""
    if not _CODE.fullmatch(code):
        raise InvalidAnswerError(AnswerFault.CODE_MALFORMED)
    for other in others:
        if other.article_id != untrusted.article_id and other.short_code.casefold() == code.casefold():
            raise InvalidAnswerError(AnswerFault.CODE_TAKEN)
    return code


def _refuse_broken_characters(text: str) -> None:
    """NUL does not pass through SQL, a lone surrogate not through UTF-8."""
    if "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise InvalidAnswerError(AnswerFault.BROKEN_CHARACTERS)
