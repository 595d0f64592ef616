"""Scenes: an office's passages, a thread that ends in a question, and the reply that is right for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from app.domain.prompt import NO_SOURCE_MARK, PromptSource, Speaker, Task, Turn
from models.recipes.asking import dress
from models.recipes.kinds import Fact, Filler, Kind
from models.recipes.values import person, words

_LOWERABLE = frozenset(
    words(
        """
    We You The Our There It All Please No Your They This These Most Any A An If For Some Every Each Children
    Patients Clients
    """
    )
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
    max_facts: int = 5


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


def ask_about(rng: Random, passage: Passage, place: int, *, is_follow_up: bool = False) -> Asked:
    """Return a question about the shown fact at ``place`` and its answer."""
    fact, sentence = passage.shown[place]
    pools = [("", fact.questions)] * 2 + [("Yes, ", fact.yes), ("No, ", fact.no)]
    if is_follow_up and fact.follow_ups and rng.random() < 0.7:
        pools = [("", fact.follow_ups)]
    prefix, questions = rng.choice([pool for pool in pools if pool[1]] or [("", [f"{passage.title}?"])])
    question = passage.filler.fill(rng.choice(questions))
    if not prefix and fact.answers and rng.random() < 0.45:
        return Asked(question, passage.filler.fill(rng.choice(fact.answers)))
    return Asked(question, prefix + _lower(sentence) if prefix else sentence)


def draw_scene(rng: Random, kinds: Sequence[Kind], shape: SceneShape) -> Example:
    """Return one example over passages of ``kinds``."""
    count = rng.randint(1, shape.max_passages) if shape.max_passages > 1 else 1
    passages = [
        draw_passage(rng, kind, shape.max_facts) for kind in rng.sample(list(kinds), min(count + 1, len(kinds)))
    ]
    outside, passages = passages[-1], passages[:-1] or passages
    asker = person(rng)
    if rng.random() < shape.none_share:
        return _unanswerable(rng, passages, outside, asker)
    return _answerable(rng, passages, outside, shape, asker)


def draw_echo(rng: Random, kinds: Sequence[Kind]) -> Echo:
    """Return sentences of some passages in random order, full of names and numbers."""
    sentences = [sentence for kind in rng.sample(list(kinds), 2) for _, sentence in draw_passage(rng, kind, 3).shown]
    rng.shuffle(sentences)
    return Echo(" ".join([*sentences, person(rng), *rng.choices(sentences, k=rng.randint(0, 1))]))


def _answerable(rng: Random, passages: list[Passage], outside: Passage, shape: SceneShape, asker: str) -> Example:
    number = rng.randrange(len(passages))
    passage = passages[number]
    place = rng.randrange(len(passage.shown))
    history, is_follow_up = _history(rng, passages, number, place, shape)
    asked = ask_about(rng, passage, place, is_follow_up=is_follow_up)
    question, target, used = asked.question, _cite(asked.answer, number), [number]
    if not history and rng.random() < shape.double_share:
        question, target, used = _double(rng, passages, outside, (number, place), asked)
    turns = (*history, Turn(Speaker.VISITOR, dress(rng, question, asker)))
    return Example(turns, tuple(p.source for p in passages), target, tuple(sorted({n + 1 for n in used})))


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


def _lower(sentence: str) -> str:
    first = sentence.split(" ", 1)[0]
    return sentence[0].lower() + sentence[1:] if first in _LOWERABLE else sentence
