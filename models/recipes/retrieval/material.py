"""What a table is trained on from our own hand, and the parts that are kept from a table to fit weights on.

Weights are fitted on *sectors*: for each a table is trained that has seen nothing of that trade, as the trade of a new
office is new. What every office answers (hours, parking, paying) is dealt out to the sectors by chance.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np

from app.knowledge.vectors import WordVectors, words_for_vectors
from models.recipes.kinds import Kind
from models.recipes.mix import load_kinds
from models.recipes.retrieval import generated
from models.recipes.retrieval.generated import Topic

SECTORS = ("body", "clinic", "law", "money", "home")
"""Trades of the body (dentists, opticians, vets …), surgeries, law, money, and everything about home and town."""
EVERYWHERE = "everywhere"
NEAREST = 5
KIND_SECTORS = {"clinic": "clinic", "law": "law", "finance": "money", "other": "home"}
TOPIC_SECTORS = {
    "body": "dental crowns root braces hygienist sedation dentures extraction tooth implants eye glasses lenses eyes "
    "optic hearing physio shockwave vet podology",
    "clinic": "pregnancy clinic allergy psychology pharmacy ultrasound mri maternity surgery orthotics practice",
    "law": "law advice court",
    "money": "tax insurer bank finance",
    "home": "landlord housing council school utility internet garage hairdresser hotel restaurant gym library museum "
    "course parcel charity funeral",
    EVERYWHERE: "office hours holidays parking access interpreter booking cancelling late complaint paying privacy "
    "portal receipts companions lost details robot weather loyalty events survey power recording waiting "
    "wait data hygiene",
}
"""Sector → first words of the names of its topics; other topics of ``topics.txt`` and ``desks-public.txt`` go where the
topics nearest in meaning are."""
UNSORTED_FILES = ("topics.txt", "desks-public.txt")


@dataclass(frozen=True, slots=True)
class Material:
    """What a table is trained on from our own hand."""

    kinds: list[Kind]
    topics: list[Topic]
    asides: list[str]


def whole_material() -> Material:
    """Return all kinds that are trained on, all topics and all questions that no office answers."""
    return Material(generated.training_kinds(), generated.all_topics(), generated.read_uncovered())


def topic_text(topic: Topic) -> str:
    """Return everything that a topic says and asks."""
    return f"{topic.name.replace('-', ' ')}. {' '.join((*topic.statements, *topic.questions))}"


def folds(whole: Material, start: WordVectors, seed: int) -> Iterator[tuple[str, Material, Material]]:
    """Yield for every sector its name, what a table that must not know it sees, and what it does not see."""
    rng = Random(seed)
    of_kind, of_topic = _sectors_of_kinds(whole.kinds), _sectors_of_topics(whole.topics, start)
    kinds, topics = ([name if name in SECTORS else rng.choice(SECTORS) for name in of] for of in (of_kind, of_topic))
    for number, sector in enumerate(SECTORS):
        own = [place for place, name in enumerate(kinds) if name == sector]
        own_topics = [place for place, name in enumerate(topics) if name == sector]
        seen = Material(_without(whole.kinds, own), _without(whole.topics, own_topics), whole.asides[number % 2 :: 2])
        held = Material(
            [whole.kinds[place] for place in own],
            [whole.topics[place] for place in own_topics],
            whole.asides[1 - number % 2 :: 2],
        )
        yield sector, seen, held


def _without(items: Sequence[Any], places: Sequence[int]) -> list[Any]:
    return [item for place, item in enumerate(items) if place not in set(places)]


def _sectors_of_kinds(kinds: Sequence[Kind]) -> list[str]:
    found: dict[str, list[str]] = {}
    for sector, members in load_kinds().training.items():
        for kind in members:
            found.setdefault(_key(kind), []).append(KIND_SECTORS[sector])
    return [found[_key(kind)][0] if len(found[_key(kind)]) == 1 else EVERYWHERE for kind in kinds]


def _key(kind: Kind) -> str:
    return f"{kind.titles[0]}: {kind.facts[0].sentences[0]}"


def _sectors_of_topics(topics: Sequence[Topic], start: WordVectors) -> list[str]:
    by_word = {word: sector for sector, words in TOPIC_SECTORS.items() for word in words.split()}
    loose = {topic.name for name in UNSORTED_FILES for topic in generated.read_topics(generated.FOLDER / name)}
    sectors = [by_word.get(topic.name.split("-")[0], "") for topic in topics]
    sectors = [
        "" if topic.name in loose and sector != EVERYWHERE else sector
        for topic, sector in zip(topics, sectors, strict=True)
    ]
    known = [place for place, sector in enumerate(sectors) if sector in SECTORS]
    vectors = np.stack([start.encode(topic_text(topic)) for topic in topics])
    for place, sector in enumerate(sectors):
        if not sector:
            near = vectors[known] @ vectors[place]
            votes = [sectors[known[at]] for at in np.argsort(-near)[:NEAREST]]
            sectors[place] = max(SECTORS, key=votes.count)
    return sectors


def own_texts(whole: Material, seed: int) -> Iterable[str]:
    """Yield our own texts as prose, drawn names and values left out."""
    pairs = [*generated.name_pairs(), *generated.topic_pairs(whole.topics, Random(seed))]
    pairs += generated.kind_pairs(whole.kinds, Random(seed), 4_000)
    known = {word for kind in whole.kinds for text in _raw_texts(kind) for word in words_for_vectors(text)}
    known |= {
        word
        for topic in whole.topics
        for text in (*topic.statements, *topic.questions)
        for word in words_for_vectors(text)
    }
    known |= {word for pair in generated.name_pairs() for word in words_for_vectors(f"{pair.left} {pair.right}")}
    for pair in pairs:
        yield " ".join(word for word in words_for_vectors(f"{pair.left} {pair.right}") if word in known)


def _raw_texts(kind: Kind) -> Iterable[str]:
    yield from kind.titles
    for fact in kind.facts:
        yield from (*fact.sentences, *fact.questions, *fact.yes, *fact.no, *fact.follow_ups)
