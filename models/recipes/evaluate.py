"""Measures of a GGUF through llama.cpp: greedy replies to examples that training never drew.

Three sets, scenes as the console makes them: fresh values of trained kinds, kinds held out, a sector held out.
"""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

import llama_cpp

from app.domain.prompt import NO_SOURCE_MARK, build_prompt
from models.recipes.kinds import Kind
from models.recipes.mix import DEPLOYED, load_kinds
from models.recipes.pointing import pointed
from models.recipes.tasks import Example, draw_scene

MAX_REPLY_TOKENS = 160
_FACT = re.compile(r"[\w.+-]+@[\w.-]+\w|www\.[\w./-]+\w|\d[\d,.:/ -]*\d|\d|(?<=[a-z,;] )[A-Z][\w'-]+")
_MARK = re.compile(r"\s*\[(\d)\]")


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one reply compares with the target."""

    is_decision_right: bool
    are_facts_right: bool
    is_source_right: bool
    is_verbatim: bool
    is_invented: bool


@dataclass(frozen=True, slots=True)
class Score:
    """Shares (0 to 1) over one set."""

    count: int
    answered: float
    facts_right: float
    source_right: float
    verbatim: float
    handed_over: float
    invented: float


class Replier:
    """Greedy replies of one GGUF."""

    def __init__(self, file: Path, *, threads: int = 2) -> None:
        with _plain_buffers():
            self.llama = llama_cpp.Llama(
                str(file), n_ctx=2048, n_batch=512, n_threads=threads, n_threads_batch=threads, verbose=False
            )

    def tokens(self, example: Example) -> list[int]:
        """Tokenise segment by segment; only structure may hold special tokens."""
        segments = build_prompt(example.turns, example.sources, example.task, closest=example.closest)
        return [
            t for s in segments for t in self.llama.tokenize(s.text.encode(), add_bos=False, special=s.is_structure)
        ]

    def reply(self, example: Example) -> str:
        """Return the model's reply without its end mark."""
        answer = self.llama.create_completion(
            self.tokens(example), max_tokens=MAX_REPLY_TOKENS, temperature=0.0, repeat_penalty=1.0, stop=["<|im_end|>"]
        )
        return str(answer["choices"][0]["text"]).strip()


@contextmanager
def _plain_buffers() -> Iterator[None]:
    """Load without AMX and repacked buffers: with them llama.cpp (0.3.36) dies in ``llama_decode`` on AMX machines."""
    library = llama_cpp.llama_cpp
    original = library.llama_model_default_params

    def plain() -> llama_cpp.llama_model_params:
        params = original()
        params.use_extra_bufts = False
        return params

    library.llama_model_default_params = plain
    try:
        yield
    finally:
        library.llama_model_default_params = original


def facts_of(text: str) -> set[str]:
    """Numbers, addresses and capitalised words inside sentences, marks of sources left out."""
    return {match.strip(" ,.") for match in _FACT.findall(_MARK.sub("", text))}


def judge(example: Example, reply: str) -> Verdict:
    """Compare a reply with the example's target."""
    given = " ".join(f"{s.title} {s.text}" for s in example.sources) + " ".join(t.text for t in example.turns)
    wanted, found = facts_of(example.target), facts_of(reply)
    return Verdict(
        is_decision_right=(reply == NO_SOURCE_MARK) == (example.target == NO_SOURCE_MARK),
        are_facts_right=reply != NO_SOURCE_MARK and wanted <= found and all(f in example.target for f in found),
        is_source_right={int(n) for n in _MARK.findall(reply)} == set(example.source),
        is_verbatim=reply == example.target,
        is_invented=any(fact not in given for fact in found),
    )


def score(replier: Replier, examples: Sequence[Example], misses: list[tuple[Example, str]] | None = None) -> Score:
    """Return the shares over ``examples``; replies that fail are added to ``misses``."""
    judged = []
    for example in examples:
        reply = replier.reply(example)
        judged.append((example, judge(example, reply)))
        if misses is not None and reply != example.target:
            misses.append((example, reply))
    answerable = [v for e, v in judged if e.target != NO_SOURCE_MARK]
    others = [v for e, v in judged if e.target == NO_SOURCE_MARK]
    return Score(
        count=len(judged),
        answered=_share([v.is_decision_right for v in answerable]),
        facts_right=_share([v.are_facts_right and v.is_source_right for v in answerable]),
        source_right=_share([v.is_source_right for v in answerable]),
        verbatim=_share([v.is_verbatim for v in answerable]),
        handed_over=_share([v.is_decision_right for v in others]),
        invented=_share([v.is_invented for _, v in judged]),
    )


def evaluate_file(file: Path, *, count: int, seed: int) -> dict[str, Score]:
    """Print and return the scores of ``file`` on every set."""
    replier = Replier(file)
    scores = {name: score(replier, examples) for name, examples in evaluation_sets(count, seed).items()}
    print(json.dumps({name: asdict(found) for name, found in scores.items()}, indent=1))
    return scores


def evaluation_sets(count: int, seed: int) -> dict[str, list[Example]]:
    """Return ``count`` examples of each set; the seed lies outside the training's."""
    book = load_kinds()
    seen = tuple({id(kind): kind for kinds in book.training.values() for kind in kinds}.values())
    return {
        "fresh values": _examples(seen, seen, count, f"{seed}/values"),
        "held-out kinds": _examples(book.held_kinds, seen, count, f"{seed}/kinds"),
        "held-out sector": _examples(book.held_sector, book.held_sector, count, f"{seed}/sector"),
    }


def _examples(asked: Sequence[Kind], around: Sequence[Kind], count: int, seed: str) -> list[Example]:
    """Scenes whose asked kinds come from ``asked``; the other passages from ``around``."""
    found: list[Example] = []
    for number in range(count if asked else 0):
        rng = Random(f"{seed}/{number}")
        mixed = list(asked) if asked is around else [rng.choice(asked), *rng.sample(list(around), 3)]
        found.append(pointed(rng, draw_scene(rng, mixed, DEPLOYED)))
    return found


def _share(flags: Sequence[bool]) -> float:
    return round(sum(flags) / len(flags), 4) if flags else 0.0
