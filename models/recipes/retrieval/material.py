"""What a table is trained on from our own hand, and the part that is kept from a first table to fit weights on."""

from collections.abc import Iterable
from dataclasses import dataclass
from random import Random
from typing import Any

from app.knowledge.vectors import words_for_vectors
from models.recipes.kinds import Kind
from models.recipes.retrieval import generated
from models.recipes.retrieval.generated import Topic

HELD_EVERY = 5


@dataclass(frozen=True, slots=True)
class Material:
    """What a table is trained on from our own hand."""

    kinds: list[Kind]
    topics: list[Topic]
    asides: list[str]

    def halves(self) -> "tuple[Material, Material]":
        """Return (what the fold sees, what it does not)."""
        seen = Material(_not_every(self.kinds), _not_every(self.topics), self.asides[::2])
        return seen, Material(
            self.kinds[HELD_EVERY - 1 :: HELD_EVERY], self.topics[HELD_EVERY - 1 :: HELD_EVERY], self.asides[1::2]
        )


def _not_every(items: list[Any]) -> list[Any]:
    return [item for number, item in enumerate(items) if number % HELD_EVERY != HELD_EVERY - 1]


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
