"""What a document's answers mean for those that stand in the vault: added, changed, unchanged, gone. Pure.

A document says what it says; where it is silent the terms of the run hold, and where they are silent too, what a
person has decided about the answer before. Only the day of approval does not outlive the text that was approved.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath

from app.domain.ids import ArticleId
from app.domain.proposal import Article
from app.knowledge import StatedAnswer, read_markdown, read_section, read_stem
from app.language import DocumentKind, Reading, ReadingNote
from app.language.records import Section
from app.services.knowledge_import.naming import section_id
from app.services.knowledge_import.records import ImportItem, ImportKind, ImportTerms, Place, PlaceUnit


def items_of(
    kind: DocumentKind, file_name: str, reading: Reading, terms: ImportTerms, standing: Mapping[ArticleId, Article]
) -> tuple[ImportItem, ...]:
    """Return the items of one document, in its order, and behind them those that are gone from it.

    Raises:
        ArticleError: a section cannot become an answer; the whole document is refused.
    """
    found = _answers(kind, file_name, reading)
    items = [
        _item(article_id, stated, section, terms, standing.get(article_id), file_name, place, reading)
        for place, (article_id, stated, section) in enumerate(found, start=1)
    ]
    here = {item.article.article_id for item in items}
    gone = [one for one in standing.values() if one.origin == file_name and one.article_id not in here]
    return (*items, *(ImportItem(article, ImportKind.GONE, file_name, replaces=article) for article in gone))


def note_codes(reading: Reading) -> tuple[str, ...]:
    """Return the codes of what there is to know about a reading."""
    return tuple(ReadingNote(note).value for note in reading.notes)


def _answers(kind: DocumentKind, file_name: str, reading: Reading) -> Sequence[tuple[ArticleId, StatedAnswer, Section]]:
    stem = PurePath(file_name).stem
    if kind is DocumentKind.MARKDOWN:
        return [(read_stem(stem), read_markdown(section.body), section) for section in reading.sections]
    taken: set[ArticleId] = set()
    found = []
    for section in reading.sections:
        stated = read_section(section.title or title_of(stem), section.body)
        found.append((section_id(stem, stated.title, taken), stated, section))
    return found


def title_of(stem: str) -> str:
    """Return a title for text that has none, made of its file's name: "opening_hours" gives "Opening hours"."""
    words = " ".join(stem.replace("_", " ").split())
    return words[:1].upper() + words[1:]


def _item(
    article_id: ArticleId,
    stated: StatedAnswer,
    section: Section,
    terms: ImportTerms,
    before: Article | None,
    file_name: str,
    place: int,
    reading: Reading,
) -> ImportItem:
    article = _merge(article_id, stated, terms, before, file_name)
    if before is None:
        kind = ImportKind.ADDED
    else:
        kind = ImportKind.UNCHANGED if replace(before, origin=file_name) == article else ImportKind.CHANGED
    where = Place(PlaceUnit.PAGE, section.page) if section.page else Place(PlaceUnit.SECTION, place)
    return ImportItem(article, kind, file_name, where, reading.modified_on, before)


def _merge(
    article_id: ArticleId, stated: StatedAnswer, terms: ImportTerms, before: Article | None, file_name: str
) -> Article:
    said = stated.is_internal if stated.is_internal is not None else terms.is_internal
    article = Article(
        article_id,
        stated.title,
        stated.body,
        stated.approved_on or terms.approved_on,
        stated.valid_until or terms.valid_until,
        is_internal=bool(said),
        origin=file_name,
    )
    if before is None:
        return article
    is_same_text = (before.title, before.body) == (article.title, article.body)
    return replace(
        article,
        approved_on=article.approved_on or (before.approved_on if is_same_text else None),
        valid_until=article.valid_until or before.valid_until,
        is_internal=before.is_internal if said is None else said,
        valid_from=before.valid_from,
        review_on=before.review_on,
        short_code=before.short_code,
    )
