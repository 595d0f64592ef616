"""Desks written by hand for development: approved answers, questions with the facts a right reply says, uncovered ones.

They stand between the generated scenes, whose wording nobody would write, and the evaluation offices of ``make
bench-drafts``, to which nothing may be fitted: weights and thresholds are chosen here. One file a desk::

    # key | Name of the office | clinic
    ## stem | Title of an approved answer
    Its text, on one line.
    ? a question || a fact | another fact
    ~ a question that comes near to this answer and that it does not cover
    - a question that nothing covers, at the end of the file
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.domain.ids import ArticleId
from app.domain.office import Sector
from app.domain.proposal import Article

FOLDER = Path(__file__).parent / "desks"


@dataclass(frozen=True, slots=True)
class DeskQuestion:
    """One question; ``answer`` is None when nothing covers it, ``facts`` are what a right reply says."""

    text: str
    answer: ArticleId | None
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """One invented office."""

    key: str
    sector: Sector
    articles: tuple[Article, ...]
    questions: tuple[DeskQuestion, ...]


def read_desks(folder: Path = FOLDER) -> Iterator[Desk]:
    """Yield every desk of ``folder``, by the name of its file."""
    for file in sorted(folder.glob("*.txt")):
        yield read_desk(file.read_text(encoding="utf-8"))


def read_desk(text: str) -> Desk:
    """Return the desk of one file; ValueError for a line that is none of the six."""
    key, sector = "", Sector.CLINIC
    articles: list[Article] = []
    questions: list[DeskQuestion] = []
    for line in filter(None, text.splitlines()):
        mark, _, rest = line.partition(" ")
        if mark == "#":
            key, _, name = (part.strip() for part in rest.split("|"))
            sector = Sector(name)
        elif mark == "##":
            stem, title = (part.strip() for part in rest.split("|"))
            articles.append(Article(ArticleId(stem), title, "", None))
        elif mark in {"?", "~", "-"}:
            questions.append(_question(mark, rest, articles[-1].article_id))
        elif articles and not articles[-1].body:
            articles[-1] = Article(articles[-1].article_id, articles[-1].title, line, None)
        else:
            raise ValueError(line[:40])
    return Desk(key, sector, tuple(articles), tuple(questions))


def _question(mark: str, rest: str, answer: ArticleId) -> DeskQuestion:
    text, _, facts = rest.partition("||")
    if mark != "?":
        return DeskQuestion(text.strip(), None)
    return DeskQuestion(text.strip(), answer, tuple(fact.strip() for fact in facts.split("|")))
