"""From one untrusted Markdown file to one approved answer.

The layout of a file::

    # The title                     first heading of any level
    Paragraphs and lists ...        the answer

    Internal: yes                   the last lines, in any order, each optional
    Valid until: 2027-01-04         last day on which the answer may be used
    Approved: 2026-11-02            ISO dates only
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from app.domain.ids import ArticleId
from app.domain.proposal import Article
from app.knowledge.errors import ArticleError, ArticleFault

MAX_ARTICLE_CHARS = 40_000
"""About thirty printed pages; longer is a handbook, not an answer, and is refused."""

MAX_TITLE_CHARS = 200
MAX_STEM_CHARS = 100

_STEM = re.compile(r"\w[\w .()&+',-]*", re.ASCII)
_HEADING = re.compile(r"\s{0,3}#{1,6}\s+(?P<title>.*?)\s*#*\s*")
_FOOTER = re.compile(r"\s*(?P<key>approved|internal|valid until)\s*:\s*(?P<value>.*?)\s*", re.IGNORECASE)
_HTML_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_YES = frozenset({"yes", "true"})
_NO = frozenset({"no", "false"})


@dataclass(slots=True)
class _Footer:
    approved_on: date | None = None
    valid_until: date | None = None
    is_internal: bool = False


def read_article(stem: str, untrusted_text: str) -> Article:
    """Return the approved answer that a Markdown file holds.

    Args:
        stem: the file's name without its ending; becomes the article's id.
        untrusted_text: the file's text. Control characters, hidden (zero-width, bidirectional) characters and HTML
            comments are dropped, so that nothing reaches a prompt which a person does not see in the file.

    Raises:
        ArticleError: with the code of the first rule that the file breaks.
    """
    if len(stem) > MAX_STEM_CHARS or not _STEM.fullmatch(_plain_letters(stem)):
        raise ArticleError(ArticleFault.NAME)
    if len(untrusted_text) > MAX_ARTICLE_CHARS:
        raise ArticleError(ArticleFault.TOO_LARGE)
    lines = _visible(untrusted_text).split("\n")
    title, rest = _take_title(lines)
    footer, body_lines = _take_footer(rest)
    body = "\n".join(body_lines).strip()
    if not any(character.isalnum() for character in body):
        raise ArticleError(ArticleFault.NO_TEXT)
    return Article(ArticleId(stem), title, body, footer.approved_on, footer.valid_until, footer.is_internal)


def _plain_letters(stem: str) -> str:
    """Fold accents away, so that a stem of letters of any European language passes the pattern."""
    return "".join(mark for mark in unicodedata.normalize("NFKD", stem) if not unicodedata.combining(mark))


def _visible(text: str) -> str:
    text = unicodedata.normalize("NFC", _HTML_COMMENT.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")))
    return "".join(" " if char == "\t" else char for char in text if char in "\n\t" or _is_visible(char))


def _is_visible(char: str) -> bool:
    """Cc: controls. Cf: zero-width and bidirectional marks. Cs: lone surrogates. Co, Cn: private or unassigned."""
    return unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"}


def _take_title(lines: list[str]) -> tuple[str, list[str]]:
    for position, line in enumerate(lines):
        heading = _HEADING.fullmatch(line)
        if heading is not None and heading["title"]:
            title = " ".join(heading["title"].split())
            if len(title) > MAX_TITLE_CHARS:
                raise ArticleError(ArticleFault.TITLE_TOO_LONG)
            return title, lines[:position] + lines[position + 1 :]
    raise ArticleError(ArticleFault.NO_TITLE)


def _take_footer(lines: list[str]) -> tuple[_Footer, list[str]]:
    """Read footer lines from the end upwards; the first other line that is not blank ends them."""
    footer = _Footer()
    end = len(lines)
    while end and (not lines[end - 1].strip() or _FOOTER.fullmatch(lines[end - 1])):
        match = _FOOTER.fullmatch(lines[end - 1])
        if match is not None:
            _apply(footer, match["key"].lower(), match["value"])
        end -= 1
    return footer, lines[:end]


def _apply(footer: _Footer, key: str, value: str) -> None:
    if key == "approved":
        footer.approved_on = _date(value)
    elif key == "valid until":
        footer.valid_until = _date(value)
    elif value.lower() in _YES | _NO:
        footer.is_internal = value.lower() in _YES
    else:
        raise ArticleError(ArticleFault.BAD_FLAG)


def _date(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ArticleError(ArticleFault.BAD_DATE) from error
