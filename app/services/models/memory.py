"""How much memory a model needs here, before it is loaded, and how much there is.

What the worker's process holds when it has read a long prompt::

    process     Python and llama.cpp, without a model
    weights     the file, mapped
    vocabulary  one entry per token, with its text and its merges
    cache       per position: blocks * key/value heads * (key width + value width), two bytes each
    working     per token of a prompt batch: about five rows of the width, three of the feed-forward width, and the
                attention mask

Compared with the resident size of a real worker after a full prompt (2,048 tokens, two cores): the starter 68.5 MiB
computed, 68.2 found; a random model of 374 M weights and 128,000 tokens 568 computed, 559 found.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from app.inference.context import MAX_PARAMETERS_FOR_SLOTS, PROMPT_BATCH_TOKENS, SLOTS
from app.inference.gguf import GgufHeader

PROCESS_BYTES = 27 << 20
"""A worker with a model of 63,000 weights and 512 positions: 26.8 MiB (measured)."""
BYTES_PER_VOCABULARY_ENTRY = 155
"""19 MiB for 128,000 tokens (measured)."""
BYTES_PER_CACHE_NUMBER = 2
ROWS_OF_WIDTH = 5
ROWS_OF_FEED_FORWARD = 3

_MEMORY_FILE = Path("/proc/meminfo")


@dataclass(frozen=True, slots=True)
class MemoryNeed:
    """What one model needs, in bytes; the file's own size is ``weights``."""

    weights: int
    cache: int
    working: int

    @property
    def total(self) -> int:
        """All of it."""
        return self.weights + self.cache + self.working


@dataclass(frozen=True, slots=True)
class MemoryShape:
    """What the need is computed from; kept in the manifest, so that a list of models opens no file."""

    cache_bytes_per_position: int
    batch_bytes_per_token: int
    vocabulary: int

    @classmethod
    def of(cls, header: GgufHeader) -> "MemoryShape":
        """Return the shape of a checked file. A header that does not tell a width counts as zero there."""
        numbers = header.blocks * header.kv_heads * (header.key_length + header.value_length)
        rows = ROWS_OF_WIDTH * header.embedding + ROWS_OF_FEED_FORWARD * header.feed_forward
        return cls(numbers * BYTES_PER_CACHE_NUMBER, 4 * rows, header.vocabulary)


def need_of(shape: MemoryShape, *, size_bytes: int, parameters: int, context_tokens: int) -> MemoryNeed:
    """Return what a model needs for this length of context, which the caller has bounded by what it was trained for."""
    slots = SLOTS if parameters <= MAX_PARAMETERS_FOR_SLOTS else 1
    batch = min(PROMPT_BATCH_TOKENS, context_tokens)
    mask = 2 * context_tokens
    return MemoryNeed(
        weights=size_bytes,
        cache=context_tokens * slots * shape.cache_bytes_per_position,
        working=PROCESS_BYTES
        + shape.vocabulary * BYTES_PER_VOCABULARY_ENTRY
        + batch * (shape.batch_bytes_per_token + mask),
    )


def available_bytes() -> int | None:
    """Return what a new process could get without swapping, by the kernel's own estimate; None where it tells none."""
    try:
        lines = _MEMORY_FILE.read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    found = next((line.split() for line in lines if line.startswith("MemAvailable:")), None)
    return int(found[1]) << 10 if found is not None and found[1].isdigit() else None


def resident_bytes(pid: int | None) -> int:
    """Return what a process of ours holds in memory; 0 when it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return 0
    found = next((line.split() for line in lines if line.startswith("VmRSS:")), None)
    return int(found[1]) << 10 if found is not None and found[1].isdigit() else 0


def processor_s(pid: int | None) -> float:
    """Return how long a process of ours has computed, in core seconds; 0 when it is gone. Source: proc(5), stat."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return 0.0
