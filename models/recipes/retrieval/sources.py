"""Pairs of texts that mean the same, or that ask and answer, from the open dialogues.

A pair carries a ``group``: two pairs of one group are never each other's wrong answer in training.
"""

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

MAX_WORDS = 60
"""Words of one side; a passage of the console has at most 90 and says its thing early."""

_END = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts that belong together."""

    left: str
    right: str
    group: str


def read_records(folder: Path, stem: str) -> Iterator[dict[str, Any]]:
    """Yield the records of ``stem.jsonl`` or ``stem.jsonl.gz``."""
    packed = folder / f"{stem}.jsonl.gz"
    text = gzip.decompress(packed.read_bytes()).decode() if packed.exists() else (folder / f"{stem}.jsonl").read_text()
    for line in text.split("\n"):
        if line:
            yield json.loads(line)


def clip(text: str, words: int = MAX_WORDS) -> str:
    """Return the first ``words`` words of ``text``."""
    return " ".join(text.split()[:words])


def faq_pairs(folder: Path) -> list[Pair]:
    """Questions and answers of businesses; the same question at two businesses is one group."""
    return [
        Pair(r["turns"][0]["text"], r["turns"][1]["text"], r["turns"][0]["text"].casefold())
        for r in read_records(folder, "dstc9_faq")
    ]


def intent_pairs(folder: Path, rng: Random) -> list[Pair]:
    """Two utterances of one intent, or an utterance and its intent's name in words."""
    by_intent: dict[str, list[str]] = {}
    for record in read_records(folder, "user_utterances"):
        intent = str(record.get("intent") or "")
        if intent and intent != "oos":
            by_intent.setdefault(f"{record['source']}:{intent}", []).append(record["turns"][0]["text"])
    pairs = []
    for intent, texts in sorted(by_intent.items()):
        name = intent.split(":")[1].replace("_", " ")
        for text in texts:
            other = name if rng.random() < 0.15 else rng.choice(texts)
            if other != text:
                pairs.append(Pair(text, other, intent))
    return pairs


def health_pairs(folder: Path) -> list[Pair]:
    """Health questions with the first two sentences of the answer."""
    pairs = []
    for record in read_records(folder, "medquad"):
        question, answer = (turn["text"] for turn in record["turns"][:2])
        pairs.append(Pair(question, clip(" ".join(_END.split(answer)[:2]), 40), str(record.get("focus", question))))
    return pairs


def turn_pairs(folder: Path, stem: str, rng: Random, share: float) -> list[Pair]:
    """A person's turn with the desk's next turn, for a ``share`` of the dialogues that have enough words in both."""
    pairs = []
    for record in read_records(folder, stem):
        if rng.random() > share:
            continue
        for first, second in pairwise(record["turns"]):
            if (
                first["who"] == "user"
                and second["who"] == "agent"
                and min(len(first["text"]), len(second["text"])) > 30
            ):
                pairs.append(Pair(clip(first["text"], 40), clip(second["text"], 40), second["text"].casefold()))
    return pairs


def prose(data: Path) -> Iterator[str]:
    """Yield every text of the corpora for counting words beside words: turns, passages and plain prose."""
    folder = data / "dialogues"
    for file in sorted(folder.glob("*.jsonl*")):
        for record in read_records(folder, file.name.split(".")[0]):
            texts: Iterable[str] = (turn["text"] for turn in record["turns"])
            if record.get("source") == "medquad":
                texts = (clip(text, 400) for text in texts)
            yield from texts
    for record in read_records(data / "text", "plainlanguage"):
        yield str(record["text"])
