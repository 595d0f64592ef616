"""Contrastive training: texts that belong together shall lie nearer than all others of the same batch."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional

from app.knowledge.vectors import words_for_vectors
from models.recipes.retrieval.sources import Pair

COMMON_SHARE = 1e-3
"""Arora, Liang and Ma 2017: a word of this share of all words starts with half the weight of a rare one."""

FORBIDDEN = -1e4
MAX_SPARE = 96
"""Uncovered questions that stand in a batch as further wrong answers."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how hard to train; ``drop`` is the share of words left out of a text."""

    steps: int = 600
    batch: int = 384
    rate: float = 2e-3
    sharpness: float = 18.0
    drop: float = 0.12
    seed: int = 20_261


class Pool:
    """Pairs of one source as rows of the table, drawn in batches."""

    def __init__(self, pairs: Sequence[Pair], row_of: dict[str, int], weight: float, spare: Sequence[str] = ()) -> None:
        """Keep the pairs that have a known word on both sides.

        Args:
            pairs: what belongs together.
            row_of: word → row of the table.
            weight: the share of batches of this source.
            spare: further left texts, which no right text may choose.
        """
        self.weight = weight
        self._spare = [rows for text in spare if len(rows := _rows(text, row_of))]
        groups: dict[str, int] = {}
        coded = [
            (_rows(p.left, row_of), _rows(p.right, row_of), groups.setdefault(p.group, len(groups))) for p in pairs
        ]
        coded = [pair for pair in coded if len(pair[0]) and len(pair[1])]
        self.left, self.right = [pair[0] for pair in coded], [pair[1] for pair in coded]
        self.groups = np.array([pair[2] for pair in coded], np.int64)

    def draw(self, rng: np.random.Generator, size: int, drop: float) -> tuple[torch.Tensor, ...]:
        """Return (left rows, left offsets, right rows, right offsets, groups) of up to ``size`` pairs.

        Spare texts stand behind the left texts of the pairs.
        """
        picks = rng.choice(len(self.groups), min(size, len(self.groups)), replace=False)
        spare = rng.choice(len(self._spare), min(MAX_SPARE, len(self._spare)), replace=False) if self._spare else ()
        left = [self.left[pick] for pick in picks] + [self._spare[pick] for pick in spare]
        right = [self.right[pick] for pick in picks]
        return (*_bag(left, rng, drop), *_bag(right, rng, drop), torch.from_numpy(self.groups[picks]))


def _rows(text: str, row_of: dict[str, int]) -> npt.NDArray[np.int64]:
    return np.array([row_of[word] for word in words_for_vectors(text) if word in row_of], np.int64)


def _bag(
    texts: list[npt.NDArray[np.int64]], rng: np.random.Generator, drop: float
) -> tuple[torch.Tensor, torch.Tensor]:
    kept = [rows[mask] if len(rows) > 2 and (mask := rng.random(len(rows)) > drop).any() else rows for rows in texts]
    offsets = np.cumsum([0] + [len(rows) for rows in kept[:-1]])
    return torch.from_numpy(np.concatenate(kept)), torch.from_numpy(offsets)


def first_weights(frequencies: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return the starting length of every word's vector: rare words count most."""
    return np.asarray(COMMON_SHARE / (COMMON_SHARE + frequencies), np.float32)


def train(
    start: npt.NDArray[np.float32],
    pools: Sequence[Pool],
    plan: Plan,
    report: Callable[[int, float, npt.NDArray[np.float32]], None],
) -> npt.NDArray[np.float32]:
    """Return the trained table; ``report`` gets (step, mean loss, table) ten times."""
    torch.manual_seed(plan.seed)
    rng = np.random.default_rng(plan.seed)
    table = torch.nn.Parameter(torch.from_numpy(start.copy()))
    optimiser = torch.optim.SparseAdam([table], lr=plan.rate, betas=(0.9, 0.98))
    shares = np.array([pool.weight for pool in pools])
    shares = shares / shares.sum()
    losses: list[float] = []
    for step in range(plan.steps):
        for group in optimiser.param_groups:
            group["lr"] = plan.rate * min(1.0, (step + 1) / 100) * (1 - step / plan.steps) ** 0.7
        pool = pools[rng.choice(len(pools), p=shares)]
        loss = _loss(table, pool.draw(rng, plan.batch, plan.drop), plan.sharpness)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
        if (step + 1) % (plan.steps // 10) == 0:
            report(step + 1, float(np.mean(losses[-200:])), table.detach().numpy())
    return table.detach().numpy()


def _sums(table: torch.Tensor, rows: torch.Tensor, offsets: torch.Tensor) -> torch.Tensor:
    return functional.embedding_bag(rows, table, offsets, mode="sum", sparse=True)


def _loss(table: torch.Tensor, batch: tuple[torch.Tensor, ...], sharpness: float) -> torch.Tensor:
    """Cross entropy in both directions; other pairs of the same group are nobody's wrong answer."""
    left_rows, left_offsets, right_rows, right_offsets, groups = batch
    left = functional.normalize(_sums(table, left_rows, left_offsets), dim=-1)
    right = functional.normalize(_sums(table, right_rows, right_offsets), dim=-1)
    count = len(groups)
    scores = sharpness * left @ right.T
    same = groups[:, None] == groups[None, :]
    same.fill_diagonal_(False)
    paired = scores[:count].masked_fill(same, FORBIDDEN)
    backward = torch.cat((paired.T, scores[count:].T), dim=1)
    targets = torch.arange(count)
    return (functional.cross_entropy(paired, targets) + functional.cross_entropy(backward, targets)) / 2
