"""Trial offices: approved answers of one trade, questions about them, and questions that nothing covers."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

import numpy as np

from app.domain.ids import ArticleId
from app.domain.proposal import Article
from app.knowledge.vectors import Floats
from models.recipes.asking import dress
from models.recipes.kinds import Kind
from models.recipes.retrieval.generated import MAX_FACTS, Topic
from models.recipes.retrieval.material import Material, topic_text
from models.recipes.tasks import ask_about, draw_passage
from models.recipes.values import person

SIZES = (18, 36)
"""Answers of a trial office; real ones begin with some two dozen."""
MAX_OF_THINGS = 0.6
"""Share of a trade's kinds and topics that one office has at most; questions about others are covered by nothing."""
MAX_COVERED = 70
NEAR_SHARE, ABSENT_SHARE = 0.5, 0.25
"""Of the uncovered questions: near an answer, about other answers of the trade; the rest no office answers."""
MAX_ASIDES = 15
MAX_OF_ABSENT = 3
TOO_ALIKE = 0.8
"""Likeness from which an office does not hold two things: "paying" and "how to pay"."""
MAY_COVER = 0.5
"""Likeness from which an answer may cover the questions of another one, so that these are not asked as uncovered."""


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


@dataclass(slots=True)
class _Drawn:
    articles: list[Article] = field(default_factory=list)
    covered: list[Case] = field(default_factory=list)
    near: list[Case] = field(default_factory=list)
    absent: list[Case] = field(default_factory=list)


def draw_offices(held: Material, encode: Callable[[str], Floats], seed: int, count: int) -> Iterator[Office]:
    """Yield ``count`` offices of the kinds and topics of ``held``, as many questions being covered as not.

    Args:
        held: of one trade.
        encode: tells which kinds and topics are alike; may have seen them.
        seed: decides everything.
        count: how many.
    """
    things: list[Kind | Topic] = [*held.kinds, *held.topics]
    vectors = np.stack([encode(_text(thing)) for thing in things])
    alike = vectors @ vectors.T
    rng = Random(seed)
    for _ in range(count):
        yield _office(rng, things, alike, held.asides)


def _text(thing: Kind | Topic) -> str:
    if isinstance(thing, Topic):
        return topic_text(thing)
    facts = " ".join(f"{fact.sentences[0]} {' '.join(fact.questions[:3])}" for fact in thing.facts)
    return f"{' '.join(thing.titles)} {facts}"


def _office(rng: Random, things: Sequence[Kind | Topic], alike: Floats, asides: Sequence[str]) -> Office:
    order = list(range(len(things)))
    rng.shuffle(order)
    size = min(rng.randint(*SIZES), int(MAX_OF_THINGS * len(order)))
    kept: list[int] = []
    for place in order:
        if len(kept) < size and (not kept or alike[place, kept].max() < TOO_ALIKE):
            kept.append(place)
    others = [place for place in order if place not in kept and alike[place, kept].max() < MAY_COVER]
    drawn = _Drawn()
    for place in kept:
        cases = _add(rng, things[place], drawn.articles)
        drawn.covered += [case for case in cases if case.answer]
        drawn.near += [case for case in cases if not case.answer]
    for place in others[:size]:
        cases = [Case(case.question, None) for case in _add(rng, things[place], []) if not case.context]
        drawn.absent += rng.sample(cases, min(MAX_OF_ABSENT, len(cases)))
    chosen = _choose(rng, drawn, asides)
    dressed = [Case(dress(rng, case.question, person(rng)), case.answer, case.context) for case in chosen]
    return Office(tuple(drawn.articles), tuple(dressed))


def _choose(rng: Random, drawn: _Drawn, asides: Sequence[str]) -> list[Case]:
    count = min(MAX_COVERED, len(drawn.covered))
    chosen = rng.sample(drawn.covered, count)
    uncovered = rng.sample(drawn.near, min(len(drawn.near), int(NEAR_SHARE * count)))
    uncovered += rng.sample(drawn.absent, min(len(drawn.absent), int(ABSENT_SHARE * count)))
    left = min(max(count - len(uncovered), 0), MAX_ASIDES, len(asides))
    return chosen + uncovered + [Case(text, None) for text in rng.sample(list(asides), left)]


def _add(rng: Random, thing: Kind | Topic, articles: list[Article]) -> list[Case]:
    """Append the thing's answer to ``articles`` and return the questions about it, covered and near it."""
    answer = ArticleId(f"answer-{len(articles):03}")
    if isinstance(thing, Topic):
        title = thing.name.replace("-", " ").capitalize()
        articles.append(Article(answer, title, rng.choice(thing.statements), None))
        return [Case(text, answer) for text in thing.questions] + [Case(text, None) for text in thing.near_misses]
    passage = draw_passage(rng, thing, MAX_FACTS)
    if not passage.shown:
        return []
    articles.append(Article(answer, passage.source.title, passage.source.text, None))
    cases = []
    for place, (fact, _) in enumerate(passage.shown):
        asked = ask_about(rng, passage, place).question
        cases.append(Case(asked, answer))
        if fact.follow_ups:
            cases.append(Case(passage.filler.fill(rng.choice(fact.follow_ups)), answer, (asked,)))
    return cases + [Case(passage.filler.fill(text), None) for text in thing.uncovered]
