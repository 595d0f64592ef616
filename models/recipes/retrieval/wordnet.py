"""What WordNet says about everyday words: synonyms, the wider word, and the gloss. Nouns, verbs, adjectives, adverbs.

Files of Debian's package ``wordnet-base`` (WordNet 3.0, permissive licence). Only common senses are used: a sense that
the tagged texts of WordNet hold (``index.sense`` order), the first two of a word. Source: wndb(5WN).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from models.recipes.retrieval.sources import Pair

PARTS = ("noun", "verb", "adj", "adv")
MAX_SENSE = 2
"""Third and later senses of a word are rare, and bring noise."""


@dataclass(frozen=True, slots=True)
class Synset:
    """Words for one thing, the offsets of wider things, and what the thing is."""

    lemmas: tuple[str, ...]
    wider: tuple[int, ...]
    gloss: str


def read_part(folder: Path, part: str) -> dict[int, Synset]:
    """Return offset → synset of one part of speech."""
    synsets = {}
    for line in (folder / f"data.{part}").read_text(encoding="latin-1").splitlines():
        if line.startswith(" "):
            continue
        fields, _, gloss = line.partition(" | ")
        columns = fields.split()
        count = int(columns[3], 16)
        lemmas = tuple(columns[4 + 2 * n].split("(")[0].replace("_", " ").lower() for n in range(count))
        pointers = columns[5 + 2 * count :]
        wider = tuple(
            int(pointers[n + 1])
            for n in range(0, len(pointers) - 3, 4)
            if pointers[n] in {"@", "@i", "&"} and pointers[n + 2] in "nvas"
        )
        synsets[int(columns[0])] = Synset(lemmas, wider, gloss.strip())
    return synsets


def senses(folder: Path, part: str) -> dict[str, tuple[int, ...]]:
    """Return lemma → offsets of its senses, most common first."""
    found = {}
    for line in (folder / f"index.{part}").read_text(encoding="latin-1").splitlines():
        if not line.startswith(" "):
            columns = line.split()
            count = int(columns[2])
            found[columns[0].replace("_", " ")] = tuple(int(offset) for offset in columns[-count:])
    return found


def glosses(folder: Path) -> Iterator[str]:
    """Yield "word, word: gloss" of every synset, as prose."""
    for part in PARTS:
        for synset in read_part(folder, part).values():
            yield f"{' '.join(synset.lemmas)} {synset.gloss}"


def lexical_pairs(folder: Path, common: set[str]) -> list[Pair]:
    """Return a lemma with synonym, wider word and gloss, and gloss with example, where all its words are ``common``."""
    pairs = []
    for part in PARTS:
        synsets = read_part(folder, part)
        for lemma, offsets in sorted(senses(folder, part).items()):
            if not set(lemma.split()) <= common:
                continue
            for rank, offset in enumerate(offsets[:MAX_SENSE]):
                pairs += _pairs_of(lemma, offset, rank, synsets, common)
    return pairs


def _pairs_of(lemma: str, offset: int, rank: int, synsets: dict[int, Synset], common: set[str]) -> list[Pair]:
    synset = synsets[offset]
    definition, *examples = (piece.strip(' "') for piece in synset.gloss.split('; "'))
    group = f"wn:{offset}"
    pairs = [Pair(lemma, definition, group)]
    pairs += [Pair(lemma, other, group) for other in synset.lemmas if other != lemma and set(other.split()) <= common]
    pairs += [Pair(example, definition, group) for example in examples[:1]]
    if rank == 0:
        wider = [synsets[o].lemmas[0] for o in synset.wider if o in synsets]
        pairs += [Pair(lemma, word, f"wn-wide:{word}") for word in wider[:1] if set(word.split()) <= common]
    return pairs
