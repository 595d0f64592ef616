"""From untrusted text to one approved answer: a Markdown file, or a section that the document reader took apart.

The layout of a file::

    # The title                     first heading of any level
    Paragraphs and lists ...        the answer

    Internal: yes                   the last lines, in any order, each optional
    Valid until: 2027-01-04         last day on which the answer may be used
    Approved: 2026-11-02            ISO dates only

A section of another document has its title apart from its text; the last lines may say the same.
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

MAX_TITLE_CHARS = 120
"""What a list can show on one line; longer ones are sentences."""
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
    is_internal: bool | None = None


@dataclass(frozen=True, slots=True)
class StatedAnswer:
    """What a text says, and no more: None where it is silent."""

    title: str
    body: str
    approved_on: date | None = None
    valid_until: date | None = None
    is_internal: bool | None = None


def read_article(stem: str, untrusted_text: str) -> Article:
    """Return the approved answer that a Markdown file holds.

    Args:
        stem: the file's name without its ending; becomes the article's id.
        untrusted_text: the file's text. Control characters, hidden (zero-width, bidirectional) characters and HTML
            comments are dropped, so that nothing reaches a prompt which a person does not see in the file.

    Raises:
        ArticleError: with the code of the first rule that the file breaks.
    """
    article_id = read_stem(stem)
    stated = read_markdown(untrusted_text)
    return Article(
        article_id,
        stated.title,
        stated.body,
        stated.approved_on,
        stated.valid_until,
        is_internal=bool(stated.is_internal),
    )


def read_stem(untrusted_stem: str) -> ArticleId:
    """Return the id that a file's name makes.

    Raises:
        ArticleError: NAME.
    """
    if len(untrusted_stem) > MAX_STEM_CHARS or not _STEM.fullmatch(_plain_letters(untrusted_stem)):
        raise ArticleError(ArticleFault.NAME)
    return ArticleId(untrusted_stem)


def read_markdown(untrusted_text: str) -> StatedAnswer:
    """Return what a Markdown file states.

    Raises:
        ArticleError: with the code of the first rule that it breaks; a footer line that cannot be read is one.
    """
    if len(untrusted_text) > MAX_ARTICLE_CHARS:
        raise ArticleError(ArticleFault.TOO_LARGE)
    title, rest = _take_title(_visible(_HTML_COMMENT.sub(" ", untrusted_text)).split("\n"))
    return _state(title, *_take_footer(rest, is_strict=True))


def read_section(untrusted_title: str, untrusted_body: str) -> StatedAnswer:
    """Return what a section of a document states.

    Last lines that look like a footer and cannot be read as one stay text: nobody wrote them for this program.

    Raises:
        ArticleError: NO_TITLE, TITLE_TOO_LONG, TOO_LARGE, NO_TEXT.
    """
    if len(untrusted_body) > MAX_ARTICLE_CHARS:
        raise ArticleError(ArticleFault.TOO_LARGE)
    title = " ".join(_visible(untrusted_title).split())
    if not title:
        raise ArticleError(ArticleFault.NO_TITLE)
    _check_title(title)
    return _state(title, *_take_footer(_visible(untrusted_body).split("\n"), is_strict=False))


def _state(title: str, footer: _Footer, lines: list[str]) -> StatedAnswer:
    body = "\n".join(lines).strip()
    if not any(character.isalnum() for character in body):
        raise ArticleError(ArticleFault.NO_TEXT)
    return StatedAnswer(title, body, footer.approved_on, footer.valid_until, footer.is_internal)


def _plain_letters(stem: str) -> str:
    """Fold accents away, so that a stem of letters of any European language passes the pattern."""
    return "".join(mark for mark in unicodedata.normalize("NFKD", stem) if not unicodedata.combining(mark))


def _visible(text: str) -> str:
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(" " if char == "\t" else char for char in text if char in "\n\t" or _is_visible(char))


def _is_visible(char: str) -> bool:
    """Cc: controls. Cf: zero-width and bidirectional marks. Cs: lone surrogates. Co, Cn: private or unassigned."""
    return unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"}


def _take_title(lines: list[str]) -> tuple[str, list[str]]:
    for position, line in enumerate(lines):
        heading = _HEADING.fullmatch(line)
        if heading is not None and heading["title"]:
            title = " ".join(heading["title"].split())
            _check_title(title)
            return title, lines[:position] + lines[position + 1 :]
    raise ArticleError(ArticleFault.NO_TITLE)


def _check_title(title: str) -> None:
    if len(title) > MAX_TITLE_CHARS:
        raise ArticleError(ArticleFault.TITLE_TOO_LONG)


def _take_footer(lines: list[str], *, is_strict: bool) -> tuple[_Footer, list[str]]:
    """Read footer lines from the end upwards; the first other line that is not blank ends them."""
    footer = _Footer()
    end = len(lines)
    while end:
        match = _FOOTER.fullmatch(lines[end - 1])
        if match is None and lines[end - 1].strip():
            break
        if match is not None and not _apply(footer, match["key"].lower(), match["value"], is_strict=is_strict):
            break
        end -= 1
    return footer, lines[:end]


def _apply(footer: _Footer, key: str, value: str, *, is_strict: bool) -> bool:
    """Note what a footer line says and return True; where it cannot be read, refuse (strictly) or return False."""
    try:
        if key == "approved":
            footer.approved_on = _date(value)
        elif key == "valid until":
            footer.valid_until = _date(value)
        else:
            footer.is_internal = _flag(value)
    except ArticleError:
        if is_strict:
            raise
        return False
    return True


def _flag(value: str) -> bool:
    if value.lower() not in _YES | _NO:
        raise ArticleError(ArticleFault.BAD_FLAG)
    return value.lower() in _YES


def _date(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ArticleError(ArticleFault.BAD_DATE) from error
