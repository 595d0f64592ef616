"""What the Moby thesaurus says: which words stand in one entry. Grady Ward gave it to the public domain.

The file is ``words.txt`` of the npm package ``moby`` 1.1.2 (``npm pack moby@1.1.2``): one entry a line, the head word
first, then its synonyms and related words, separated by commas. Entries mix senses ("jab": a poke, an injection), so
they only help to find a start; the training that follows decides.
"""

from collections.abc import Iterable, Sequence
from math import sqrt
from pathlib import Path

import scipy.sparse as sp

from app.knowledge.vectors import words_for_vectors
from models.recipes.retrieval import wordnet

MAX_HEAD_WORDS = 2
PHRASE_WEIGHT = 0.3
"""A word of a related phrase of two words says less than a related word."""
HEAD_PHRASE_WEIGHT = 0.4
WIDER_WEIGHT = 0.4
LONG_ENTRY = 5
"""Entries of hundreds of words are vague: a pair counts one over the root of the entry's length plus this."""


def count_entries(moby: Path, wordnet_folder: Path, row_of: dict[str, int]) -> sp.csr_matrix:
    """Return how much two words stand in one entry of Moby or in one synset of WordNet; shape (words, words)."""
    pairs = [*_moby_pairs(moby, row_of), *_synset_pairs(wordnet_folder, row_of)]
    left, right, weights = zip(*pairs, strict=True)
    size = len(row_of)
    matrix = sp.coo_matrix((weights, (left, right)), shape=(size, size)).tocsr()
    return (matrix + matrix.T).astype("float32").tocsr()


def _moby_pairs(file: Path, row_of: dict[str, int]) -> Iterable[tuple[int, int, float]]:
    for line in file.read_text(encoding="utf-8", errors="ignore").lower().split("\n"):
        head, *names = [name for name in line.split(",") if name] or [""]
        heads = words_for_vectors(head)
        if not heads or len(heads) > MAX_HEAD_WORDS:
            continue
        related = [pair for name in names for pair in _rows(name, row_of)]
        weight = (1.0 if len(heads) == 1 else HEAD_PHRASE_WEIGHT) / sqrt(len(related) + LONG_ENTRY)
        for row in (row_of[word] for word in heads if word in row_of):
            yield from ((row, other, weight * share) for other, share in related if other != row)


def _rows(name: str, row_of: dict[str, int]) -> list[tuple[int, float]]:
    words = words_for_vectors(name)
    if len(words) > MAX_HEAD_WORDS or not all(word in row_of for word in words):
        return []
    return [(row_of[word], 1.0 if len(words) == 1 else PHRASE_WEIGHT) for word in words]


def _synset_pairs(folder: Path, row_of: dict[str, int]) -> Iterable[tuple[int, int, float]]:
    for part in wordnet.PARTS:
        synsets = wordnet.read_part(folder, part)
        for synset in synsets.values():
            own = _known(synset.lemmas, row_of)
            wider = [row for o in synset.wider if o in synsets for row in _known(synsets[o].lemmas, row_of)]
            yield from ((row, other, 1.0) for place, row in enumerate(own) for other in own[place + 1 :])
            yield from ((row, other, WIDER_WEIGHT) for row in own for other in wider if row != other)


def _known(lemmas: Sequence[str], row_of: dict[str, int]) -> list[int]:
    return [row_of[lemma] for lemma in lemmas if lemma in row_of]
