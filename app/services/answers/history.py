"""What became of an approved answer: its versions, read from the log. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from app.domain.events import EventKind
from app.domain.ids import ArticleId
from app.domain.proposal import Article
from app.store.logged import LoggedEvent
from app.store.records import article_from_json


class Change(Enum):
    """What a version changed; the interface owns the words."""

    WRITTEN = "written"
    TITLE = "title"
    BODY = "body"
    SHORT_CODE = "short_code"
    VALIDITY = "validity"
    REVIEW = "review"
    INTERNAL = "internal"
    CONFIRMED = "confirmed"
    """Approved again as it was."""
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class AnswerVersion:
    """One step of an answer: how it read after it, who took it, when (Unix milliseconds), and what changed."""

    article: Article
    by: str
    at_ms: int
    changes: tuple[Change, ...]


def versions_of(
    article_id: ArticleId, events: Iterable[LoggedEvent], names: Mapping[str, str]
) -> tuple[AnswerVersion, ...]:
    """Return the steps of one answer, newest first, from the office's events in their order."""
    versions: list[AnswerVersion] = []
    is_withdrawn = False
    for entry in events:
        event, before = entry.event, versions[-1].article if versions else None
        if event.kind is EventKind.ARTICLE_WITHDRAWN:
            if event.body["article_id"] != article_id or before is None:
                continue
            article, changes, is_withdrawn = before, [Change.WITHDRAWN], True
        else:
            json = event.body["article"]
            assert isinstance(json, dict)
            if json["article_id"] != article_id:
                continue
            article = article_from_json(json)
            changes = list(changes_between(before, article))
            if is_withdrawn:
                changes = [Change.RESTORED, *(change for change in changes if change is not Change.CONFIRMED)]
            is_withdrawn = False
        versions.append(AnswerVersion(article, names.get(event.actor, ""), event.wall_ms, tuple(changes)))
    return tuple(reversed(versions))


def last_approved(events: Sequence[LoggedEvent]) -> tuple[Article, ...]:
    """Return every answer that ever was, as it read last, in the order in which they were first approved."""
    found: dict[str, Article] = {}
    for entry in events:
        if entry.event.kind is EventKind.ARTICLE_APPROVED:
            json = entry.event.body["article"]
            assert isinstance(json, dict)
            found[str(json["article_id"])] = article_from_json(json)
    return tuple(found.values())


def changes_between(before: Article | None, after: Article) -> tuple[Change, ...]:
    """Return what differs between two versions; ``CONFIRMED`` alone when nothing does."""
    if before is None:
        return (Change.WRITTEN,)
    pairs = (
        (Change.TITLE, before.title != after.title),
        (Change.BODY, before.body != after.body),
        (Change.SHORT_CODE, before.short_code != after.short_code),
        (Change.VALIDITY, (before.valid_from, before.valid_until) != (after.valid_from, after.valid_until)),
        (Change.REVIEW, before.review_on != after.review_on),
        (Change.INTERNAL, before.is_internal is not after.is_internal),
    )
    return tuple(change for change, is_changed in pairs if is_changed) or (Change.CONFIRMED,)
