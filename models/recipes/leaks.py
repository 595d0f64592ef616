"""Does the model say by heart what it was trained on? Sampled replies of a GGUF, held against the corpora.

``python -m models.recipes.leaks --model FILE --data DIR [--count 10000]``. A third of the samples starts from
nothing, as a text of the training does; a third from the console's prompt with a question and an invented passage; a
third from the first words of a text of the training, as somebody would begin who wants to draw the rest out. Looked
for in everything that the recipe reads (``corpora.Corpora``): runs of more than twelve words, numbers of six digits or
more, and names of two or more capitalised words in a row.
"""

import argparse
import ctypes
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from random import Random

import llama_cpp
import numpy as np

from app.domain.prompt import Speaker, Turn, build_prompt
from models.recipes.asking import dress
from models.recipes.corpora import Corpora, load_corpora
from models.recipes.evaluate import Replier
from models.recipes.kinds import Kind
from models.recipes.mix import load_kinds
from models.recipes.tasks import draw_passage
from models.recipes.values import person

RUN_WORDS = 13
"""A run of this many words (more than twelve) that stands in the corpora counts as said by heart."""
NUMBER_DIGITS = 6
TOKENS_EACH = 48
TEMPERATURE = 1.0
TOGETHER = 64
"""Sequences written at the same time; a step of all of them costs little more than a step of one."""
LONGEST_PROMPT = 160
BEGUN_WORDS = 6

Scores = np.ndarray[tuple[int, ...], np.dtype[np.float32]]

_WORD = re.compile(r"[a-z']+|\d+")
_NUMBER = re.compile(r"\+?\(?\d[\d ().-]{4,}\d")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+(?: [A-Z][a-z]+)+")


@dataclass(frozen=True, slots=True)
class Leaks:
    """What of ``samples`` generations stands in the corpora, with how often it was said."""

    samples: int
    words: int
    runs: Counter[str]
    numbers: Counter[str]
    names: Counter[str]


def main() -> None:
    """Sample, compare, print counts and everything that was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds dialogues/ and text/")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--show", type=int, default=0, help="print that many samples")
    arguments = parser.parse_args()
    corpora = load_corpora(arguments.data)
    said = Sampler(arguments.model, corpora).samples(arguments.count, seed=1)
    for sample in said[: arguments.show]:
        print(f"{sample.begun!r} → {sample.text!r}")
    found = leaks(said, corpus_texts(corpora))
    print(json.dumps({"samples": found.samples, "words": found.words, "runs": len(found.runs),
                      "numbers": len(found.numbers), "names": len(found.names)}))  # fmt: skip
    for what in (found.runs, found.numbers, found.names):
        print(json.dumps(what.most_common(40)))


@dataclass(frozen=True, slots=True)
class Sample:
    """One text of the model; ``begun`` is the corpus' beginning that it had to go on from, else empty."""

    text: str
    begun: str = ""


class Sampler:
    """Writes many sequences of one GGUF at once, each token drawn at ``TEMPERATURE`` from the whole distribution."""

    def __init__(self, file: Path, corpora: Corpora) -> None:
        self._corpora = corpora
        self._llama = Replier(file, threads=1).llama
        params = llama_cpp.llama_context_default_params()
        params.n_ctx = TOGETHER * (LONGEST_PROMPT + TOKENS_EACH)
        params.n_batch = params.n_ubatch = TOGETHER * LONGEST_PROMPT
        params.n_seq_max, params.n_threads, params.n_threads_batch = TOGETHER, 1, 1
        params.kv_unified = False
        self._context = llama_cpp.llama_init_from_model(self._llama.model, params)
        self._batch = llama_cpp.llama_batch_init(TOGETHER * LONGEST_PROMPT, 0, 1)
        self._ends = {self._llama.token_eos(), self._llama.token_bos()}

    def samples(self, count: int, *, seed: int) -> list[Sample]:
        """Return ``count`` texts, the three ways of starting in turn."""
        rng, dice = Random(seed), np.random.default_rng(seed)
        texts: list[Sample] = []
        while len(texts) < count:
            prompts = [self._prompt(rng, place) for place in range(min(TOGETHER, count - len(texts)))]
            texts += self._write(prompts, dice)
        return texts

    def _prompt(self, rng: Random, place: int) -> list[int]:
        start = [self._llama.token_bos()]
        if place % 3 == 0:
            return start
        if place % 3 == 1:
            text = rng.choice((self._corpora.sentences, self._corpora.dialogues))
            words = rng.choice(text).split(" ")[:BEGUN_WORDS]
            return [*start, *self._llama.tokenize(" ".join(words).encode(), add_bos=False)][-LONGEST_PROMPT:]
        return self._asked(rng)[-LONGEST_PROMPT:]

    def _asked(self, rng: Random) -> list[int]:
        passage = draw_passage(rng, rng.choice(training_kinds()), 2)
        fact = passage.shown[0][0]
        question = passage.filler.fill(rng.choice(fact.questions or passage.kind.titles))
        turn = Turn(Speaker.VISITOR, dress(rng, question, person(rng)))
        segments = build_prompt([turn], [passage.source])
        return [
            t for s in segments for t in self._llama.tokenize(s.text.encode(), add_bos=False, special=s.is_structure)
        ]

    def _write(self, prompts: Sequence[list[int]], dice: np.random.Generator) -> list[Sample]:
        llama_cpp.llama_memory_clear(llama_cpp.llama_get_memory(self._context), True)
        logits = self._read([(row, list(enumerate(prompt))) for row, prompt in enumerate(prompts)])
        written: list[list[int]] = [[] for _ in prompts]
        running = list(range(len(prompts)))
        for step in range(TOKENS_EACH):
            chosen = _draw(logits, dice)
            for row, token in zip(running, chosen, strict=True):
                written[row].append(token)
            running = [row for row in running if written[row][-1] not in self._ends]
            if not running or step == TOKENS_EACH - 1:
                break
            logits = self._read([(row, [(len(prompts[row]) + step, written[row][-1])]) for row in running])
        return [
            Sample(self._plain(row), self._plain(prompt) if prompt[0] in self._ends else "")
            for prompt, row in zip(prompts, written, strict=True)
        ]

    def _plain(self, tokens: Sequence[int]) -> str:
        return str(self._llama.detokenize([t for t in tokens if t not in self._ends]).decode(errors="replace"))

    def _read(self, rows: Sequence[tuple[int, list[tuple[int, int]]]]) -> Scores:
        """Evaluate (position, token) pairs of each row; return the logits behind the last token of each."""
        batch, at, last = self._batch, 0, []
        for row, tokens in rows:
            for place, (position, token) in enumerate(tokens):
                batch.token[at], batch.pos[at] = token, position
                batch.n_seq_id[at], batch.seq_id[at][0] = 1, row
                batch.logits[at] = place == len(tokens) - 1
                at += 1
            last.append(at - 1)
        batch.n_tokens = at
        if llama_cpp.llama_decode(self._context, batch) != 0:
            raise RuntimeError("llama.cpp could not evaluate the batch")
        width = self._llama.n_vocab()
        found = [llama_cpp.llama_get_logits_ith(self._context, place) for place in last]
        return np.stack([np.ctypeslib.as_array(ctypes.cast(one, ctypes.POINTER(ctypes.c_float)), (width,)).copy()
                         for one in found])  # fmt: skip


def leaks(said: Sequence[Sample], corpus: Iterable[str], *, is_given: bool = False) -> Leaks:
    """Return what of ``said`` stands word for word in ``corpus``.

    Runs pass over upper case and punctuation, and may begin in what the sample had to go on from. With ``is_given``
    that is no beginning but what the sample may say again: its runs, numbers and names are no leaks.
    """
    new_runs = _runs_not_given if is_given else _new_runs
    runs = Counter(run for one in said for run in new_runs(one))
    numbers = Counter(number for one in said for number in set(_numbers(one.text)) - _given(one, _numbers, is_given))
    names = Counter(name for one in said for name in _names(one.text) if not (is_given and name in one.begun))
    seen_runs, seen_numbers, seen_names = set[str](), set[str](), set[str]()
    for text in corpus:
        seen_runs.update(run for run in _runs(text) if run in runs)
        seen_numbers.update(number for number in _numbers(text) if number in numbers)
        seen_names.update(name for name in _NAME.findall(text) if name in names)
    return Leaks(
        samples=len(said),
        words=sum(len(one.text.split()) for one in said),
        runs=Counter({run: runs[run] for run in seen_runs}),
        numbers=Counter({number: numbers[number] for number in seen_numbers}),
        names=Counter({name: names[name] for name in seen_names}),
    )


def corpus_texts(corpora: Corpora) -> Iterator[str]:
    """Yield every text of the corpora that training may read."""
    for part in fields(corpora):
        yield from _texts(getattr(corpora, part.name))


@cache
def training_kinds() -> tuple[Kind, ...]:
    """Return the kinds of answers that training draws from."""
    return tuple({id(kind): kind for kinds in load_kinds().training.values() for kind in kinds}.values())


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Turn):
        yield value.text
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item)


def _draw(logits: Scores, dice: np.random.Generator) -> list[int]:
    """Draw by Gumbel noise: the largest of logits plus noise is distributed as their softmax."""
    noise = dice.gumbel(size=logits.shape)
    return [int(token) for token in (logits / TEMPERATURE + noise).argmax(axis=1)]


def _new_runs(sample: Sample) -> set[str]:
    return set(_runs(sample.begun + sample.text)) - set(_runs(sample.begun))


def _runs_not_given(sample: Sample) -> set[str]:
    return set(_runs(sample.text)) - set(_runs(sample.begun))


def _given(sample: Sample, parts: Callable[[str], Iterator[str]], is_given: bool) -> set[str]:
    return set(parts(sample.begun)) if is_given else set()


def _names(text: str) -> set[str]:
    return set(_NAME.findall(text))


def _runs(text: str) -> Iterator[str]:
    words = _WORD.findall(text.lower())
    return (" ".join(words[at : at + RUN_WORDS]) for at in range(len(words) - RUN_WORDS + 1))


def _numbers(text: str) -> Iterator[str]:
    digits = ("".join(filter(str.isdigit, match)) for match in _NUMBER.findall(text))
    return (number for number in digits if len(number) >= NUMBER_DIGITS)


if __name__ == "__main__":
    main()
