"""Scenes: an office's passages, a thread that ends in a question, and the reply that is right for them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from random import Random

from app.domain.prompt import NO_SOURCE_MARK, ClosestSentence, PromptSource, Speaker, Task, Turn
from models.recipes.asking import dress
from models.recipes.kinds import Fact, Filler, Kind
from models.recipes.values import DAYS, person

_BROAD = (
    "Can you tell me about {title}?",
    "I have a question about {title}.",
    "I would like to know more about {title}",
    "{title}?",
    "What should I know about {title}?",
    "Please send me information on {title}.",
    "how does it work with {title}",
)
_THANKS = (
    "Thank you!",
    "Thanks, that's all.",
    "ok thanks",
    "Great, thank you for your help.",
    "Perfect, bye",
    "Cheers",
    "Thanks a lot",
    "Understood, thank you.",
    "ok",
    "Thats great thanks so much",
    "Good to know.",
    "No worries, have a nice day.",
    "Hello",
    "Hi there",
    "hello?",
    "Good morning",
)
_KIND_OPENINGS = (
    "Thank you for your message.",
    "Thank you for asking.",
    "Thank you for getting in touch.",
    "Good to hear from you.",
    "We are glad that you ask.",
    "Of course, we are happy to help.",
)
_KIND_CLOSINGS = (
    "Please write to us again if anything is unclear.",
    "We are happy to help if you have another question.",
    "Do ask us if anything else comes up.",
    "We look forward to seeing you.",
    "We wish you all the best.",
)
"""Courtesies that state no fact, so that they need no source."""


@dataclass(frozen=True, slots=True)
class Example:
    """One training or test case.

    ``target`` is what the model shall write; ``source`` the 1-based number of the passages that it rests on, empty for
    "no source answers".
    """

    turns: tuple[Turn, ...]
    sources: tuple[PromptSource, ...]
    target: str
    source: tuple[int, ...] = ()
    task: Task = Task.REPLY
    closest: ClosestSentence | None = None


@dataclass(frozen=True, slots=True)
class Echo:
    """A text to be written twice: the shortest way to teach copying, used at the start of the curriculum."""

    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about one fact and the sentence that answers it."""

    question: str
    answer: str


@dataclass(slots=True)
class Passage:
    """One drawn passage with its filler, so that questions use the same values."""

    kind: Kind
    filler: Filler
    title: str
    shown: list[tuple[Fact, str]]
    dropped: list[Fact]

    @property
    def source(self) -> PromptSource:
        """The passage as the prompt shows it."""
        return PromptSource(self.title, " ".join(sentence for _, sentence in self.shown))


@dataclass(frozen=True, slots=True)
class SceneShape:
    """How hard a scene may be; the curriculum widens it."""

    max_passages: int = 4
    none_share: float = 0.27
    follow_share: float = 0.18
    double_share: float = 0.10
    broad_share: float = 0.05
    max_facts: int = 4
    first_share: float = 0.5
    """How often the passage that answers stands first, as a search puts it."""


def draw_passage(rng: Random, kind: Kind, max_facts: int) -> Passage:
    """Return a passage of ``kind`` with some of its facts, values drawn."""
    filler = Filler(rng)
    facts = list(kind.facts)
    for fact in facts:
        for text in (*fact.sentences, *fact.questions, *fact.yes, *fact.no, *fact.follow_ups, *fact.answers):
            filler.declare(text)
    keep_count = min(len(facts), rng.choice((max_facts, max_facts, rng.randint(1, max_facts))))
    kept = set(rng.sample(range(len(facts)), keep_count))
    chosen = [fact for place, fact in enumerate(facts) if place in kept]
    if rng.random() < 0.3:
        rng.shuffle(chosen)
    shown = [(fact, filler.fill(rng.choice(fact.sentences))) for fact in chosen]
    dropped = [fact for place, fact in enumerate(facts) if place not in kept]
    return Passage(kind, filler, filler.fill(rng.choice(kind.titles)), shown, dropped)


def run_of(sentences: Sequence[str], place: int, number: int) -> str:
    """Return the answer: the sentence at ``place`` and the one after it, each with the number of its passage (from 0).

    What stands next mostly belongs to it, and a reply that begins one sentence early still holds the answer.
    """
    return " ".join(_cite(sentence, number) for sentence in sentences[place : place + 2])


def ask_about(rng: Random, passage: Passage, place: int, *, is_follow_up: bool = False) -> Asked:
    """Return a question about the shown fact at ``place`` and its answer."""
    fact, sentence = passage.shown[place]
    pools = [("", fact.questions)] * 2 + [("Yes, ", fact.yes), ("No, ", fact.no)]
    if is_follow_up and fact.follow_ups and rng.random() < 0.7:
        pools = [("", fact.follow_ups)]
    prefix, questions = rng.choice([pool for pool in pools if pool[1]] or [("", [f"{passage.title}?"])])
    question = passage.filler.fill(rng.choice(questions))
    if not prefix and fact.answers and rng.random() < 0.2:
        return Asked(question, passage.filler.fill(rng.choice(fact.answers)))
    return Asked(question, prefix + _lower(sentence, passage.filler) if prefix else sentence)


def draw_scene(rng: Random, kinds: Sequence[Kind], shape: SceneShape) -> Example:
    """Return one example over passages of ``kinds``."""
    count = min(shape.max_passages, rng.choice((1, 1, 1, 2, 2, 3, 4)))
    passages = [draw_passage(rng, kind, shape.max_facts) for kind in _drawn_together(rng, kinds, count + 1)]
    outside, passages = passages[-1], passages[:-1] or passages
    passages = _by_paragraph(rng, passages, shape.max_passages)
    asker = person(rng)
    if rng.random() < shape.none_share:
        return _unanswerable(rng, passages, outside, asker)
    return _answerable(rng, passages, outside, shape, asker)


def _by_paragraph(rng: Random, passages: list[Passage], limit: int) -> list[Passage]:
    """Now and then one answer is cut into two paragraphs of the same title, as the console does with long answers."""
    long = [place for place, passage in enumerate(passages) if len(passage.shown) > 2]
    if not long or len(passages) >= limit or rng.random() < 0.6:
        return passages
    place = rng.choice(long)
    whole = passages[place]
    cut = rng.randrange(1, len(whole.shown))
    parts = [
        Passage(whole.kind, whole.filler, whole.title, shown, whole.dropped)
        for shown in (whole.shown[:cut], whole.shown[cut:])
    ]
    return [*passages[:place], *parts, *passages[place + 1 :]]


def _drawn_together(rng: Random, kinds: Sequence[Kind], count: int) -> list[Kind]:
    """Return ``count`` kinds, every second time such as a search finds together: they share words."""
    chosen = rng.sample(list(kinds), min(count, len(kinds)))
    near = _neighbours(tuple(kinds))[kinds.index(chosen[0])]
    if rng.random() < 0.5 and len(chosen) == count and near:
        beside = kinds[rng.choice(near)]
        if beside not in chosen:
            chosen[1 % count] = beside
    return chosen


@cache
def _neighbours(kinds: tuple[Kind, ...]) -> list[list[int]]:
    """Return for each kind the places of the eight whose words are most like its own."""
    words = [_content_words(kind) for kind in kinds]
    return [
        sorted((n for n in range(len(kinds)) if n != place), key=lambda n: -_likeness(words[place], words[n]))[:8]
        for place in range(len(kinds))
    ]


def _content_words(kind: Kind) -> frozenset[str]:
    texts = [*kind.titles, *(text for fact in kind.facts for text in (*fact.sentences, *fact.questions))]
    return frozenset(word for text in texts for word in re.findall(r"[a-z]{4,}", text.lower()))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / (1 + len(one | other))


def _place_of_answer(rng: Random, count: int, first_share: float) -> int:
    return 0 if count == 1 or rng.random() < first_share else rng.randrange(1, count)


def draw_echo(rng: Random, kinds: Sequence[Kind]) -> Echo:
    """Return sentences of some passages in random order, full of names and numbers."""
    sentences = [sentence for kind in rng.sample(list(kinds), 2) for _, sentence in draw_passage(rng, kind, 3).shown]
    rng.shuffle(sentences)
    return Echo(" ".join([*sentences, person(rng), *rng.choices(sentences, k=rng.randint(0, 1))]))


def _answerable(rng: Random, passages: list[Passage], outside: Passage, shape: SceneShape, asker: str) -> Example:
    number = _place_of_answer(rng, len(passages), shape.first_share)
    passage = passages[number]
    place = rng.randrange(len(passage.shown))
    history, is_follow_up = _history(rng, passages, number, place, shape)
    asked = ask_about(rng, passage, place, is_follow_up=is_follow_up)
    task, roll = _task(rng), rng.random()
    rest = [] if task is Task.SHORTER else [sentence for _, sentence in passage.shown[place + 1 : place + 2]]
    question, target, used = asked.question, run_of([asked.answer, *rest], 0, number), [number]
    if task is Task.REPLY and not history and roll < shape.double_share:
        question, target, used = _double(rng, passages, outside, (number, place), asked)
    elif task is Task.REPLY and not history and roll > 1 - shape.broad_share and not _is_cut(passages, number):
        question, target = _broad(rng, passage, number)
    turns = (*history, Turn(Speaker.VISITOR, dress(rng, question, asker)))
    if task is Task.WARMER:
        target = f"{rng.choice(_KIND_OPENINGS)} {target} {rng.choice(_KIND_CLOSINGS)}"
    return Example(turns, tuple(p.source for p in passages), target, tuple(sorted({n + 1 for n in used})), task)


def _task(rng: Random) -> Task:
    """Return what the desk asks for: a reply; now and then only its key sentence, or the reply with a kind frame."""
    roll = rng.random()
    return Task.SHORTER if roll < 0.05 else Task.WARMER if roll < 0.09 else Task.REPLY


def _broad(rng: Random, passage: Passage, number: int) -> tuple[str, str]:
    """A question about the whole topic: answered by the passage's first two sentences."""
    question = rng.choice(_BROAD).replace("{title}", passage.title[0].lower() + passage.title[1:])
    return question, " ".join(_cite(sentence, number) for _, sentence in passage.shown[:2])


def _is_cut(passages: list[Passage], number: int) -> bool:
    """Whether another passage has the same title, so that a question about the title has no single answer."""
    return sum(passage.title == passages[number].title for passage in passages) > 1


def _double(
    rng: Random, passages: list[Passage], outside: Passage, first: tuple[int, int], asked: Asked
) -> tuple[str, str, list[int]]:
    """Two questions at once: the second covered by some passage, or (one in four) by none and then left out."""
    joint = rng.choice((" And ", " Also, ", " ", " Second question: ", "\n"))
    if rng.random() < 0.25 and outside.shown:
        extra = ask_about(rng, outside, rng.randrange(len(outside.shown)))
        return asked.question + joint + extra.question, _cite(asked.answer, first[0]), [first[0]]
    choices = [(n, p) for n, passage in enumerate(passages) for p in range(len(passage.shown)) if (n, p) != first]
    if not choices:
        return asked.question, _cite(asked.answer, first[0]), [first[0]]
    number, place = rng.choice(choices)
    extra = ask_about(rng, passages[number], place)
    target = f"{_cite(asked.answer, first[0])} {_cite(extra.answer, number)}"
    return asked.question + joint + extra.question, target, [first[0], number]


def _history(
    rng: Random, passages: list[Passage], number: int, place: int, shape: SceneShape
) -> tuple[tuple[Turn, ...], bool]:
    """Earlier turns of the thread, and whether the question may lean on them."""
    if rng.random() > shape.follow_share:
        return (), False
    others = [p for p in range(len(passages[number].shown)) if p != place]
    if others and rng.random() < 0.7:
        return _exchange(rng, passages[number], rng.choice(others)), True
    earlier = rng.randrange(len(passages))
    spots = [p for p in range(len(passages[earlier].shown)) if (earlier, p) != (number, place)]
    return (_exchange(rng, passages[earlier], rng.choice(spots)), False) if spots else ((), False)


def _exchange(rng: Random, passage: Passage, place: int) -> tuple[Turn, ...]:
    asked = ask_about(rng, passage, place)
    question = dress(rng, asked.question, person(rng))
    return (Turn(Speaker.VISITOR, question), Turn(Speaker.DESK, asked.answer))


def _unanswerable(rng: Random, passages: list[Passage], outside: Passage, asker: str) -> Example:
    """A question that nothing shown answers: of another kind, of a sentence left out, or an aside."""
    passage, roll = rng.choice(passages), rng.random()
    history: tuple[Turn, ...] = ()
    if passage.kind.uncovered and roll < 0.35:
        question = passage.filler.fill(rng.choice(passage.kind.uncovered))
    elif passage.dropped and roll < 0.65:
        question = _question_of(rng, passage.filler, rng.choice(passage.dropped)) or f"{outside.title}?"
    elif roll < 0.70:
        history = _exchange(rng, passage, rng.randrange(len(passage.shown)))
        question = rng.choice(_THANKS)
    else:
        question = ask_about(rng, outside, rng.randrange(len(outside.shown))).question
    if not history and rng.random() < 0.15:
        history = _exchange(rng, passage, rng.randrange(len(passage.shown)))
    turns = (*history, Turn(Speaker.VISITOR, dress(rng, question, asker)))
    sources = () if rng.random() < 0.01 else tuple(p.source for p in passages)
    return Example(turns, sources, NO_SOURCE_MARK)


def _question_of(rng: Random, filler: Filler, fact: Fact) -> str:
    questions = fact.questions + fact.yes + fact.no
    return filler.fill(rng.choice(questions)) if questions else ""


def _cite(sentences: str, index: int) -> str:
    return f"{sentences} [{index + 1}]"


def _lower(sentence: str, filler: Filler) -> str:
    """Small first letter, for a sentence behind "Yes, "; names that open it keep theirs."""
    is_name = sentence.startswith((*DAYS, "I ", "Medicare")) or filler.opens_with_name(sentence)
    return sentence if is_name else sentence[0].lower() + sentence[1:]
