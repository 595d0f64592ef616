"""Pairs of our own making: kinds of answers with drawn values, topics in askers' words, names for one thing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from random import Random

from models.recipes.asking import dress
from models.recipes.kinds import Filler, Kind
from models.recipes.mix import load_kinds
from models.recipes.retrieval.sources import Pair
from models.recipes.tasks import ask_about, draw_passage
from models.recipes.values import person

FOLDER = Path(__file__).parent
MAX_FACTS = 5


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic of a front desk: how an office says it, how people ask for it, and what it does not answer."""

    name: str
    statements: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    near_misses: tuple[str, ...] = ()


def training_kinds() -> list[Kind]:
    """Return the kinds that the language model trains on too; the others measure both and are seen by neither."""
    kinds = [kind for sector in load_kinds().training.values() for kind in sector]
    return list({id(kind): kind for kind in kinds}.values())


def topic_files() -> list[Path]:
    """Return ``topics.txt`` and the ``desks-*.txt`` beside it."""
    return [FOLDER / "topics.txt", *sorted(FOLDER.glob("desks-*.txt"))]


def all_topics() -> list[Topic]:
    """Return the topics of every file."""
    return [topic for file in topic_files() for topic in read_topics(file)]


def read_topics(file: Path) -> list[Topic]:
    """Return the topics of one file; the head of ``topics.txt`` says how it is written."""
    topics: list[Topic] = []
    fields = {"=": "statements", "?": "questions", "~": "near_misses"}
    for line in file.read_text(encoding="utf-8").splitlines():
        mark, _, rest = line.partition(" ")
        if mark == "##":
            topics.append(Topic(rest))
        elif mark in fields:
            parts = tuple(part.strip() for part in rest.split(" | "))
            topics[-1] = replace(topics[-1], **{fields[mark]: getattr(topics[-1], fields[mark]) + parts})
    return topics


def read_uncovered(file: Path = FOLDER / "uncovered.txt") -> list[str]:
    """Return questions that no approved answer should be used for."""
    return [line for line in file.read_text(encoding="utf-8").splitlines() if line and not line.startswith("//")]


def near_misses(kinds: Sequence[Kind], topics: Sequence[Topic], rng: Random) -> list[str]:
    """Return questions that come near to a kind or topic and are not answered by it."""
    texts = [Filler(rng).fill(text) for kind in kinds for text in kind.uncovered if "{" not in text]
    return texts + [text for topic in topics for text in topic.near_misses]


def name_pairs(file: Path = FOLDER / "names.txt") -> list[Pair]:
    """Return every two names of one thing as a pair."""
    pairs = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines()):
        if line and not line.startswith("//"):
            names = [name.strip() for name in line.split(" | ")]
            pairs += [Pair(first, second, f"name:{number}") for first, second in combinations(names, 2)]
    return pairs


def topic_pairs(topics: Sequence[Topic], rng: Random) -> list[Pair]:
    """Return question and statement as pairs, and pairs of two questions, of every topic."""
    pairs = []
    for topic in topics:
        for question in topic.questions:
            asked = dress(rng, question, person(rng))
            pairs += [Pair(asked, statement, topic.name) for statement in topic.statements]
            pairs.append(Pair(asked, rng.choice([other for other in topic.questions if other != question]), topic.name))
    return pairs


def kind_pairs(kinds: Sequence[Kind], rng: Random, count: int) -> list[Pair]:
    """Return ``count`` pairs of a question with its sentence (one in two) or with the whole passage under its title."""
    pairs = []
    while len(pairs) < count:
        passage = draw_passage(rng, rng.choice(kinds), MAX_FACTS)
        if not passage.shown:
            continue
        place = rng.randrange(len(passage.shown))
        fact, sentence = passage.shown[place]
        question = dress(rng, ask_about(rng, passage, place).question, person(rng))
        if rng.random() < 0.5:
            pairs.append(Pair(question, f"{passage.title}. {sentence}", f"fact:{fact.sentences[0]}"))
        else:
            pairs.append(
                Pair(question, f"{passage.source.title}. {passage.source.text}", f"kind:{passage.kind.titles[0]}")
            )
    return pairs
