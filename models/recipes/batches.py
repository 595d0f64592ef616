"""Batches of nearly equal lengths: little padding, few different shapes, decided by the pool's number alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import torch
from torch import Tensor

from models.recipes.layout import Encoded, Encoder
from models.recipes.mix import ExampleStream

MAX_LENGTH = 1025
"""Longer examples are left out of training; the positions up to 2,048 are covered by the rotary angles."""
TOKENS_PER_BATCH = 1536
EXAMPLES_PER_POOL = 768
CONTEXT_KEEP = 0.02
"""Share of the context's tokens that are also learnt; see the measures in the README of the recipes."""


CHOICE_WEIGHT = 6.0
"""Weight of the answer's first token, which decides what is copied, and of the numbers of the sources."""


@dataclass(frozen=True, slots=True)
class Batch:
    """``ids`` (rows, length) and the flat positions (row * length + column) whose next token is learnt."""

    ids: Tensor
    positions: Tensor
    targets: Tensor
    is_answer: Tensor
    weights: Tensor


def pool_batches(stream: ExampleStream, encoder: Encoder, pool: int, progress: float, *, seed: int) -> Iterator[Batch]:
    """Yield the batches of one pool of examples in a fixed random order."""
    rng = Random(f"{seed}/pool/{pool}")
    numbers = range(pool * EXAMPLES_PER_POOL, (pool + 1) * EXAMPLES_PER_POOL)
    encoded = [encoder.encode(stream.draw(number, progress)) for number in numbers]
    rows = _cut([item for item in encoded if len(item.ids) <= MAX_LENGTH])
    rng.shuffle(rows)
    for part in rows:
        yield _batch(rng, part)


def _cut(items: list[Encoded]) -> list[list[Encoded]]:
    """Neighbours in length share a batch of at most ``TOKENS_PER_BATCH`` tokens, padding counted."""
    rows: list[list[Encoded]] = [[]]
    for item in sorted(items, key=lambda item: len(item.ids), reverse=True):
        if rows[-1] and _padded(rows[-1][0]) * (len(rows[-1]) + 1) > TOKENS_PER_BATCH:
            rows.append([])
        rows[-1].append(item)
    return rows


def _padded(longest: Encoded) -> int:
    """Few different lengths, so that the allocator can use its blocks again."""
    return -(-(len(longest.ids) - 1) // 32) * 32


def _batch(rng: Random, rows: list[Encoded]) -> Batch:
    length = _padded(rows[0])
    ids = torch.zeros((len(rows), length), dtype=torch.long)
    positions, targets, answers, weights = [], [], [], []
    for row, encoded in enumerate(rows):
        ids[row, : min(length, len(encoded.ids))] = torch.tensor(encoded.ids[:length])
        for column in range(encoded.context_from, min(length, len(encoded.ids) - 1)):
            is_answer = column + 1 >= encoded.answer_from
            if is_answer or rng.random() < CONTEXT_KEEP:
                positions.append(row * length + column)
                targets.append(encoded.ids[column + 1])
                answers.append(is_answer)
                weights.append(CHOICE_WEIGHT if column + 1 in encoded.choices else 1.0)
    return Batch(ids, torch.tensor(positions), torch.tensor(targets), torch.tensor(answers), torch.tensor(weights))
