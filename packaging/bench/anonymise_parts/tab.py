"""The measures of the Text Anonymization Benchmark, on the documents of it that are at hand.

Source: Pilán et al., "The Text Anonymization Benchmark (TAB)", Computational Linguistics 48(4), 2022, §4, and its
evaluation script: a mention is masked when nothing of it but signs, spaces and a list of empty words is left; an entity
is masked when all its mentions that need masking are; recall is counted over entities, for direct and quasi identifiers
apart; precision over the words of what was masked, each weighing the same. Several annotators are averaged.
"""

import gzip
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from anonymise_parts.records import Found
from anonymise_parts.scoring import Counts, covered_places

FILE_NAME = "tab_echr_dev_subset.json.gz"
DIRECT, QUASI = "DIRECT", "QUASI"

_EMPTY_WORDS = (
    "mr", "mrs", "ms", "and", "or", "from", "until", "to", "about", "after", "as", "at", "before", "between", "by",
    "during", "for", "in", "into", "of", "on", "over", "since", "with", "the", "a", "an", "no", "nr", "\u2019s", "'s",
)  # fmt: skip
_SIGNS = r"[,.\-;:/&()\[\]\u2013'\" \u2019\u201c\u201d]"
_SKIPPED = re.compile("|".join([*(rf"\b{re.escape(word)}\b" for word in _EMPTY_WORDS), _SIGNS]), re.IGNORECASE)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Mention:
    """One mention of an entity; ``is_masked_by_gold`` False: this one may stay although others must go."""

    start: int
    end: int
    is_masked_by_gold: bool


@dataclass(frozen=True, slots=True)
class Entity:
    """One entity of one annotator; ``identifier`` is DIRECT or QUASI, ``kind`` the benchmark's type."""

    identifier: str
    kind: str
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One judgment; the entities by annotator."""

    name: str
    text: str
    annotators: tuple[tuple[Entity, ...], ...]


@dataclass(slots=True)
class TabScores:
    """Recall of entities by identifier type and by kind, of mentions, and the precision of words."""

    entities: dict[str, Counts] = field(default_factory=dict)
    mentions: dict[str, Counts] = field(default_factory=dict)
    kinds: dict[str, Counts] = field(default_factory=dict)
    words: Counts = field(default_factory=Counts)


def read_documents(folder: Path) -> list[Document]:
    """Return the documents of the subset; raises FileNotFoundError without it."""
    raw = json.loads(gzip.decompress((folder / FILE_NAME).read_bytes()))
    return [
        Document(
            item["doc_id"],
            item["text"],
            tuple(tuple(_entities(by["entity_mentions"])) for by in item["annotations"].values()),
        )
        for item in raw
    ]


def score_tab(documents: Sequence[Document], found: Sequence[Sequence[Found]]) -> TabScores:
    """Return the benchmark's measures for what was found in each document."""
    scores = TabScores()
    for document, findings in zip(documents, found, strict=True):
        covered = covered_places(findings)
        for entities in document.annotators:
            for entity in entities:
                _count_entity(scores, document.text, entity, covered)
            _count_words(scores.words, document.text, entities, covered)
    return scores


def is_masked(text: str, mention: Mention, covered: set[int]) -> bool:
    """Return whether nothing that matters of a mention is left."""
    left = set(range(mention.start, mention.end)) - covered
    if left:
        for match in _SKIPPED.finditer(text[mention.start : mention.end]):
            left -= set(range(mention.start + match.start(), mention.start + match.end()))
    return not left


def _entities(mentions: Sequence[dict[str, object]]) -> Iterator[Entity]:
    by_id: dict[str, list[dict[str, object]]] = {}
    for mention in mentions:
        by_id.setdefault(str(mention["entity_id"]), []).append(mention)
    for group in by_id.values():
        kinds = [str(mention["identifier_type"]) for mention in group]
        needed = [kind for kind in kinds if kind in {DIRECT, QUASI}]
        if needed:
            identifier = kinds[0] if kinds[0] in {DIRECT, QUASI} else QUASI
            yield Entity(identifier, str(group[0]["entity_type"]), tuple(_mention(mention) for mention in group))


def _mention(raw: dict[str, object]) -> Mention:
    return Mention(
        int(str(raw["start_offset"])), int(str(raw["end_offset"])), raw["identifier_type"] in {DIRECT, QUASI}
    )


def _count_entity(scores: TabScores, text: str, entity: Entity, covered: set[int]) -> None:
    hits = [is_masked(text, mention, covered) for mention in entity.mentions]
    is_hit = all(hit or not mention.is_masked_by_gold for hit, mention in zip(hits, entity.mentions, strict=True))
    for group, key in ((scores.entities, entity.identifier), (scores.kinds, f"{entity.identifier} {entity.kind}")):
        counts = group.setdefault(key, Counts())
        counts.wanted += 1
        counts.hit += is_hit
    mentions = scores.mentions.setdefault(entity.identifier, Counts())
    mentions.wanted += len(hits)
    mentions.hit += sum(hits)


def _count_words(counts: Counts, text: str, entities: Sequence[Entity], covered: set[int]) -> None:
    gold = [(m.start, m.end) for e in entities for m in e.mentions if m.is_masked_by_gold]
    for match in _WORD.finditer(text):
        start, end = match.span()
        if any(place in covered for place in range(start, end)):
            counts.said += 1
            counts.right += any(first <= start and end <= last for first, last in gold)
