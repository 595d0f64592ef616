"""Making a table: words beside words first, then contrastive training, then letter groups."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import numpy as np

from app.knowledge.vectors import Floats, WordVectors, pack_vectors, parse_vectors
from models.recipes.retrieval import cooccurrence, generated, sources, thesaurus, wordnet
from models.recipes.retrieval.letters import fit_letter_groups
from models.recipes.retrieval.material import Material, own_texts
from models.recipes.retrieval.train import Plan, Pool, first_weights, train

DIMS = 160
VOCABULARY = 42_000
MIN_COUNT = 2
GROUPS = 20_000
OWN_TEXT_REPEATS = 3
"""Our own texts are few and matter most: they count three times when words beside words are counted."""
COMMON_WORDS = 20_000


@dataclass(frozen=True, slots=True)
class Places:
    """Folders: the data, WordNet's files, and what is kept between steps; and the file of the Moby thesaurus."""

    data: Path
    wordnet: Path
    moby: Path
    work: Path


@dataclass(frozen=True, slots=True)
class Start:
    """Words, how often they occur (share), and their first vectors of length one."""

    words: list[str]
    frequencies: Floats
    vectors: Floats


def make_start(places: Places, whole: Material, seed: int) -> Start:
    """Return words with their first vectors."""
    file = places.work / "start.npz"
    if not file.exists():
        own = cooccurrence.tokens_of(own_texts(whole, seed))
        texts = cooccurrence.tokens_of(sources.prose(places.data)) + cooccurrence.tokens_of(
            wordnet.glosses(places.wordnet)
        )
        texts += own * OWN_TEXT_REPEATS
        always = sorted({word for words in own for word in words})
        words, frequencies = cooccurrence.vocabulary(texts, VOCABULARY, MIN_COUNT, always)
        row_of = {word: row for row, word in enumerate(words)}
        neighbours = cooccurrence.count_neighbours(texts, row_of)
        entries = thesaurus.count_entries(places.moby, places.wordnet, row_of)
        vectors = cooccurrence.start_vectors(neighbours, entries, DIMS, seed)
        np.savez(file, words=np.array(words), frequencies=frequencies, vectors=vectors)
    kept = np.load(file)
    return Start([str(word) for word in kept["words"]], kept["frequencies"], kept["vectors"])


def start_table(start: Start) -> WordVectors:
    """Return the first vectors as a table, to tell which topics lie near one another before anything is trained."""
    vectors = start.vectors * first_weights(start.frequencies)[:, None]
    blank = np.zeros((1, vectors.shape[1]), np.float32)
    return parse_vectors(np.frombuffer(pack_vectors(start.words, np.concatenate((vectors, blank)), 1), np.uint8))


def make_table(name: str, start: Start, material: Material, plan: Plan, places: Places, rounds: int = 1) -> WordVectors:
    """Return the table trained on ``material``; it lies in the work folder as ``name``.bin.

    It is the mean of ``rounds`` trainings that begin alike and draw other batches; what one learns by chance fades.
    """
    file = places.work / f"{name}.bin"
    if not file.exists():
        first = start.vectors * first_weights(start.frequencies)[:, None]
        plans = [replace(plan, seed=plan.seed + number) for number in range(rounds)]
        trained = [train(first, _pools(places, start.words, material, p.seed), p, _report(name)) for p in plans]
        vectors = np.mean(trained, axis=0).astype(np.float32)
        drawn = np.sqrt(np.maximum(start.frequencies, 1e-6))
        groups = fit_letter_groups(start.words, vectors, drawn, GROUPS, plan.seed)
        file.write_bytes(pack_vectors(start.words, np.concatenate((vectors, groups)), GROUPS))
    return parse_vectors(np.frombuffer(file.read_bytes(), np.uint8))


def _report(name: str) -> Callable[[int, float, Floats], None]:
    return lambda step, loss, _: print(f"{name} {step}: loss {loss:.3f}", flush=True)


def _pools(places: Places, words: Sequence[str], material: Material, seed: int) -> list[Pool]:
    dialogues = places.data / "dialogues"
    rng = Random(seed)
    row_of = {word: row for row, word in enumerate(words)}
    spare = generated.near_misses(material.kinds, material.topics, rng) + material.asides
    own = generated.kind_pairs(material.kinds, rng, 30_000)
    topics = [pair for _ in range(6) for pair in generated.topic_pairs(material.topics, rng)]
    return [
        Pool(own, row_of, 0.25, spare),
        Pool(topics, row_of, 0.17, spare),
        Pool(generated.name_pairs(), row_of, 0.10),
        Pool(sources.faq_pairs(dialogues), row_of, 0.12),
        Pool(sources.intent_pairs(dialogues, rng), row_of, 0.12),
        Pool(wordnet.lexical_pairs(places.wordnet, set(words[:COMMON_WORDS])), row_of, 0.17),
        Pool(sources.health_pairs(dialogues), row_of, 0.03),
        Pool(sources.turn_pairs(dialogues, "star", rng, 0.5), row_of, 0.03),
        Pool(sources.turn_pairs(dialogues, "sgd", rng, 0.2), row_of, 0.04),
    ]
