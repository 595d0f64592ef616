"""A folder of approved answers: every file that can be read, and a code for every one that cannot."""

import stat
from dataclasses import dataclass
from pathlib import Path

from app.domain.proposal import Article
from app.knowledge.errors import ArticleError, ArticleFault, FolderError, FolderFault
from app.knowledge.markdown import MAX_ARTICLE_CHARS, read_article

MAX_ARTICLES = 2_000
"""Files read from one folder; an office has a few dozen."""

MAX_ARTICLE_BYTES = 4 * MAX_ARTICLE_CHARS
"""UTF-8 needs at most four bytes a character."""


@dataclass(frozen=True, slots=True)
class ArticleProblem:
    """One file that is not an approved answer."""

    file_name: str
    code: ArticleFault


@dataclass(frozen=True, slots=True)
class FolderReading:
    """What a folder gave, in the order of file names."""

    articles: tuple[Article, ...]
    problems: tuple[ArticleProblem, ...]


def read_folder(folder: Path) -> FolderReading:
    """Return the articles of ``*.md`` files that lie directly in ``folder``; other files are passed over.

    Raises:
        FolderError: the folder is missing, holds more than ``MAX_ARTICLES`` Markdown files, or none.
    """
    if not folder.is_dir():
        raise FolderError(FolderFault.MISSING)
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".md")
    if len(files) > MAX_ARTICLES:
        raise FolderError(FolderFault.TOO_MANY)
    if not files:
        raise FolderError(FolderFault.NO_ANSWERS)
    articles: list[Article] = []
    problems: list[ArticleProblem] = []
    for path in files:
        try:
            articles.append(read_article(path.stem, _read_text(path)))
        except ArticleError as error:
            problems.append(ArticleProblem(path.name, error.code))
    return FolderReading(tuple(articles), tuple(problems))


def _read_text(path: Path) -> str:
    """Return the text of a regular file of bounded size; pipes and devices are refused without being opened."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise ArticleError(ArticleFault.UNREADABLE)
        with path.open("rb") as file:
            untrusted_bytes = file.read(MAX_ARTICLE_BYTES + 1)
    except OSError as error:
        raise ArticleError(ArticleFault.UNREADABLE) from error
    if len(untrusted_bytes) > MAX_ARTICLE_BYTES:
        raise ArticleError(ArticleFault.TOO_LARGE)
    try:
        return untrusted_bytes.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ArticleError(ArticleFault.NOT_UTF8) from error
