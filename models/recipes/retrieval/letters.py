"""Vectors for letter groups, so that a misspelt word lands near the word that was meant."""

from collections.abc import Sequence
from random import Random

import numpy as np
import torch
from torch.nn import functional

from app.knowledge.vectors import Floats, letter_groups

ROUNDS = 6
BATCH = 2_048
RATE = 0.02
SHORTEST = 4
"""Shorter words have too few letters to be told from others when one is wrong."""


def fit_letter_groups(words: Sequence[str], vectors: Floats, weights: Floats, group_count: int, seed: int) -> Floats:
    """Return one vector per group: the mean over a word's groups shall be the word's vector, also with a slip.

    Args:
        words: the words of the table.
        vectors: their vectors, shape (words, dims).
        weights: how often each is drawn, relative to the others.
        group_count: rows to fit.
        seed: decides slips and order.
    """
    torch.manual_seed(seed)
    rng, draws = Random(seed), np.random.default_rng(seed)
    table = torch.nn.Parameter(torch.zeros(group_count, vectors.shape[1]))
    optimiser = torch.optim.Adam([table], lr=RATE)
    targets = torch.from_numpy(np.ascontiguousarray(vectors))
    steps = ROUNDS * len(words) // BATCH
    for step in range(steps):
        picks = draws.choice(len(words), BATCH, p=weights / weights.sum())
        groups = [letter_groups(_slip(words[pick], rng), group_count) for pick in picks]
        offsets = np.cumsum([0] + [len(rows) for rows in groups[:-1]])
        made = functional.embedding_bag(
            torch.from_numpy(np.concatenate(groups)), table, torch.from_numpy(offsets), mode="mean"
        )
        loss = (made - targets[picks]).square().sum(dim=1).mean()
        optimiser.param_groups[0]["lr"] = RATE * (1 - step / steps)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return np.asarray(table.detach().numpy(), np.float32)


def _slip(word: str, rng: Random) -> str:
    """Return ``word`` with one letter left out, doubled, swapped or changed (two of three times)."""
    if len(word) < SHORTEST or rng.random() < 1 / 3:
        return word
    at = rng.randrange(1, len(word) - 1)
    left, right = word[:at], word[at + 1 :]
    changed = rng.choice("abcdefghijklmnoprstuvwy")
    swapped = left + word[at + 1] + word[at] + word[at + 2 :]
    return rng.choice((left + right, left + word[at] * 2 + right, swapped, left + changed + right))
