"""Several training processes of one thread each, which share every step's batches as they get to them.

Two processes bear a busy machine far better than one process of two threads: threads meet after each matrix product,
processes once a step (measured beside other work on two cores: 4,000 tokens/s for one thread, 1,900 for two).
"""

import multiprocessing
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, distributed

if TYPE_CHECKING:
    from multiprocessing.sharedctypes import Synchronized


@dataclass(slots=True)
class Crew:
    """One process's view of the crew: its number, the size, and the shared count of batches taken."""

    rank: int
    size: int
    taken: "Synchronized[int] | None" = None

    def claim(self, step: int, count: int, stride: int) -> int | None:
        """Return the index of a batch of ``step`` that nobody has taken yet, or None when all ``count`` are taken."""
        if self.taken is None:
            self.taken = multiprocessing.Value("l", 0)
        with self.taken.get_lock():
            index = max(self.taken.value - step * stride, 0)
            if index >= count:
                return None
            self.taken.value = step * stride + index + 1
            return index

    def add_up(self, parameters: Sequence[torch.nn.Parameter], sums: Tensor) -> Tensor:
        """Replace gradients by their sums over the crew; return the sums of ``sums``."""
        if self.size == 1:
            return sums
        parts = [torch.zeros_like(p) if p.grad is None else p.grad for p in parameters]
        flat = torch.cat([part.flatten() for part in parts] + [sums])
        distributed.all_reduce(flat)
        for parameter, piece in zip(
            parameters, flat.split([p.numel() for p in parameters] + [len(sums)]), strict=False
        ):
            parameter.grad = piece.view_as(parameter).clone()
        return flat[-len(sums) :].clone()


def run_crew(size: int, meeting_file: Path, work: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    """Run ``work(crew, *arguments)`` in ``size`` processes; with one, in this process.

    Raises:
        RuntimeError: a process of the crew failed.
    """
    if size == 1:
        work(Crew(0, 1), *arguments)
        return
    meeting_file.unlink(missing_ok=True)
    context = multiprocessing.get_context("spawn")
    taken = context.Value("l", 0)
    members = [
        context.Process(
            target=_member, args=(Crew(rank, size, taken), meeting_file, work, arguments), name=f"crew-{rank}"
        )
        for rank in range(size)
    ]
    for member in members:
        member.start()
    for member in members:
        member.join()
    if any(member.exitcode for member in members):
        raise RuntimeError("a training process failed; start again to go on from the last checkpoint")


def _member(crew: Crew, meeting_file: Path, work: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    os.environ["GLOO_SOCKET_IFNAME"] = "lo"
    distributed.init_process_group(
        "gloo", init_method=meeting_file.resolve().as_uri(), rank=crew.rank, world_size=crew.size
    )
    work(crew, *arguments)
    distributed.destroy_process_group()
