"""Trial offices: approved answers of kinds and topics, questions about them, and questions that nothing covers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from app.domain.ids import ArticleId
from app.domain.proposal import Article
from models.recipes.asking import dress
from models.recipes.kinds import Kind
from models.recipes.retrieval.generated import MAX_FACTS, Topic
from models.recipes.tasks import ask_about, draw_passage
from models.recipes.values import person

KEPT_SHARE = 0.8
"""Share of kinds and topics that an office has; questions about the others are covered by nothing."""


@dataclass(frozen=True, slots=True)
class Case:
    """One question, the visitor's message before it (or none), and the answer that covers it (or none)."""

    question: str
    answer: ArticleId | None
    context: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Office:
    """Approved answers and the questions put to them."""

    articles: tuple[Article, ...]
    cases: tuple[Case, ...]


def draw_office(kinds: Sequence[Kind], topics: Sequence[Topic], asides: Sequence[str], seed: int) -> Office:
    """Return an office with most of ``kinds`` and ``topics``, and questions of all of them; decided by ``seed``."""
    rng = Random(seed)
    articles: list[Article] = []
    cases = [Case(question, None) for question in asides]
    for kind in kinds:
        _add_kind(rng, kind, articles, cases, is_kept=rng.random() < KEPT_SHARE)
    for topic in topics:
        _add_topic(rng, topic, articles, cases, is_kept=rng.random() < KEPT_SHARE)
    dressed = [Case(dress(rng, case.question, person(rng)), case.answer, case.context) for case in cases]
    return Office(tuple(articles), tuple(dressed))


SMALL_SIZES = (22, 45)
SMALL_CASES, SMALL_ASIDES = 70, 20


def small_offices(
    kinds: Sequence[Kind], topics: Sequence[Topic], asides: Sequence[str], seed: int, count: int
) -> Iterator[Office]:
    """Yield ``count`` offices of as many answers as real ones have, as many questions being covered as not.

    Of the uncovered ones some come near to an answer, some ask for kinds and topics of other offices, some are asides.
    """
    rng = Random(seed)
    for _ in range(count):
        things: list[Kind | Topic] = [*kinds, *topics]
        rng.shuffle(things)
        size = rng.randint(*SMALL_SIZES)
        articles: list[Article] = []
        cases: list[Case] = []
        for place, thing in enumerate(things[: 2 * size]):
            if isinstance(thing, Kind):
                _add_kind(rng, thing, articles, cases, is_kept=place < size)
            else:
                _add_topic(rng, thing, articles, cases, is_kept=place < size)
        cases += [Case(text, None) for text in rng.sample(list(asides), min(SMALL_ASIDES, len(asides)))]
        chosen = _some(rng, [c for c in cases if c.answer]) + _some(rng, [c for c in cases if not c.answer])
        dressed = [Case(dress(rng, case.question, person(rng)), case.answer, case.context) for case in chosen]
        yield Office(tuple(articles), tuple(dressed))


def _some(rng: Random, cases: list[Case]) -> list[Case]:
    return rng.sample(cases, min(SMALL_CASES, len(cases)))


def _add_kind(rng: Random, kind: Kind, articles: list[Article], cases: list[Case], *, is_kept: bool) -> None:
    passage = draw_passage(rng, kind, MAX_FACTS)
    if not passage.shown:
        return
    answer = ArticleId(f"kind-{len(articles):03}") if is_kept else None
    if answer:
        articles.append(Article(answer, passage.source.title, passage.source.text, None))
    for place, (fact, _) in enumerate(passage.shown):
        asked = ask_about(rng, passage, place).question
        cases.append(Case(asked, answer))
        if answer and fact.follow_ups:
            cases.append(Case(passage.filler.fill(rng.choice(fact.follow_ups)), answer, (asked,)))
    cases += [Case(passage.filler.fill(text), None) for text in kind.uncovered]


def _add_topic(rng: Random, topic: Topic, articles: list[Article], cases: list[Case], *, is_kept: bool) -> None:
    answer = ArticleId(f"topic-{len(articles):03}") if is_kept else None
    if answer:
        title = topic.name.replace("-", " ").capitalize()
        articles.append(Article(answer, title, rng.choice(topic.statements), None))
    cases += [Case(question, answer) for question in topic.questions]
    cases += [Case(question, None) for question in topic.near_misses]
