"""What this machine can do and what about it a person should know: facts first, then judgement.

Reads ``/proc`` and ``/sys`` only; nothing is measured, sent or stored.
"""

import os
import shutil
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from app.isolation.landlock import abi_version
from app.isolation.syscalls import this_machine
from app.isolation.wall import is_wall_up

_KIB = 1024
_GIB = 1024**3
_GOOD_MEMORY_BYTES = 4 * _GIB - 400 * 1024**2  # firmware keeps a part of 4 GB for itself
_LEAST_MEMORY_BYTES = 2 * _GIB - 300 * 1024**2
_GOOD_DISK_BYTES = 4 * _GIB
_LEAST_DISK_BYTES = 1 * _GIB
_GOOD_CORES = 2


@dataclass(frozen=True, slots=True)
class MachineFacts:
    """What the kernel says. ``has_fast_sums`` is AVX2 with F16C, or NEON; ``has_plain_swap`` None where unknown."""

    cores: int
    memory_bytes: int
    free_disk_bytes: int
    has_fast_sums: bool
    has_plain_swap: bool | None
    landlock_abi: int
    is_wall_up: bool


class Level(Enum):
    """How much a finding matters."""

    GOOD = "good"
    NOTICE = "notice"
    CONCERN = "concern"


class Topic(Enum):
    """What a finding is about."""

    CORES = "cores"
    MEMORY = "memory"
    DISK = "disk"
    SUMS = "sums"
    SWAP = "swap"
    CONFINEMENT = "confinement"
    WALL = "wall"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the page: what was found and what it means."""

    topic: Topic
    level: Level
    title: str
    words: str


def inspect(vault_dir: Path, proc: Path = Path("/proc"), sys: Path = Path("/sys")) -> MachineFacts:
    """Return the facts of this machine; ``proc`` and ``sys`` are given by tests."""
    machine = this_machine()
    return MachineFacts(
        cores=len(os.sched_getaffinity(0)),
        memory_bytes=_memory_bytes(proc / "meminfo"),
        free_disk_bytes=shutil.disk_usage(_nearest_folder(vault_dir)).free,
        has_fast_sums=_has_fast_sums(proc / "cpuinfo"),
        has_plain_swap=_has_plain_swap(proc / "swaps", sys / "class" / "block"),
        landlock_abi=0 if machine is None else abi_version(machine),
        is_wall_up=is_wall_up(),
    )


def judge(facts: MachineFacts) -> tuple[Finding, ...]:
    """Return what a person should know, in the order of the page."""
    return (
        _judge_cores(facts),
        _judge_memory(facts),
        _judge_disk(facts),
        _judge_sums(facts),
        _judge_swap(facts),
        _judge_confinement(facts),
        _judge_wall(facts),
    )


def _judge_cores(facts: MachineFacts) -> Finding:
    if facts.cores >= _GOOD_CORES:
        return Finding(
            Topic.CORES, Level.GOOD, f"{facts.cores} processor cores", "Proposals are ready in about a second."
        )
    return Finding(Topic.CORES, Level.NOTICE, "One processor core", "Everything works; proposals take some seconds.")


def _judge_memory(facts: MachineFacts) -> Finding:
    title = f"{_gigabytes(facts.memory_bytes)} of memory"
    if facts.memory_bytes >= _GOOD_MEMORY_BYTES:
        return Finding(Topic.MEMORY, Level.GOOD, title, "Enough for the vault, the model and a browser beside them.")
    if facts.memory_bytes >= _LEAST_MEMORY_BYTES:
        return Finding(Topic.MEMORY, Level.NOTICE, title, "Enough for the console. Close large programs beside it.")
    return Finding(Topic.MEMORY, Level.CONCERN, title, "Too little for the model. The console works without proposals.")


def _judge_disk(facts: MachineFacts) -> Finding:
    title = f"{_gigabytes(facts.free_disk_bytes)} of free disk"
    if facts.free_disk_bytes >= _GOOD_DISK_BYTES:
        return Finding(Topic.DISK, Level.GOOD, title, "Room for years of conversations.")
    if facts.free_disk_bytes >= _LEAST_DISK_BYTES:
        return Finding(Topic.DISK, Level.NOTICE, title, "Enough to begin with. Make room before you import much.")
    words = "When the disk is full, nothing more can be saved. Make room first."
    return Finding(Topic.DISK, Level.CONCERN, title, words)


def _judge_sums(facts: MachineFacts) -> Finding:
    if facts.has_fast_sums:
        words = "The model can use the fast instructions of this processor."
        return Finding(Topic.SUMS, Level.GOOD, "A processor that suits the model", words)
    words = "It lacks AVX2 or F16C. Proposals work, several times slower."
    return Finding(Topic.SUMS, Level.NOTICE, "An older processor", words)


def _judge_swap(facts: MachineFacts) -> Finding:
    if facts.has_plain_swap is False:
        words = "What is in memory is not written to disk in the clear."
        return Finding(Topic.SWAP, Level.GOOD, "No unencrypted swap", words)
    if facts.has_plain_swap is None:
        words = "Ask whoever looks after this machine whether its swap is encrypted."
        return Finding(Topic.SWAP, Level.NOTICE, "Swap could not be examined", words)
    words = (
        "The system may write parts of its memory, and so of open conversations, to disk in the clear. "
        "Ask whoever looks after this machine to encrypt or switch off swap."
    )
    return Finding(Topic.SWAP, Level.CONCERN, "Unencrypted swap is on", words)


def _judge_confinement(facts: MachineFacts) -> Finding:
    if facts.landlock_abi > 0:
        words = "It sees one model file and one prompt: no keys, no vault, no network."
        return Finding(Topic.CONFINEMENT, Level.GOOD, "The model can be locked in", words)
    words = "This kernel has no Landlock. A model that cannot be locked in is not started; you write replies yourself."
    return Finding(Topic.CONFINEMENT, Level.CONCERN, "The model cannot be locked in", words)


def _judge_wall(facts: MachineFacts) -> Finding:
    if facts.is_wall_up:
        words = "The kernel refuses every internet connection of this program, also by mistake."
        return Finding(Topic.WALL, Level.GOOD, "The wall is up", words)
    words = "The kernel would not stop this program from opening a connection. It opens none by itself."
    return Finding(Topic.WALL, Level.CONCERN, "The wall is not up", words)


def _gigabytes(count: int) -> str:
    return f"{count / _GIB:.1f} GB" if count < 10 * _GIB else f"{round(count / _GIB)} GB"


def _memory_bytes(meminfo: Path) -> int:
    for line in meminfo.read_text(encoding="ascii", errors="replace").splitlines():
        if line.startswith("MemTotal:"):
            return int(line.split()[1]) * _KIB
    return 0


def _has_fast_sums(cpuinfo: Path) -> bool:
    for line in cpuinfo.read_text(encoding="ascii", errors="replace").splitlines():
        name, _, flags = line.partition(":")
        if name.strip() == "flags":
            return {"avx2", "f16c"} <= set(flags.split())
        if name.strip() == "Features":
            return "asimd" in flags.split()
    return False


def _has_plain_swap(swaps: Path, blocks: Path) -> bool | None:
    """Return whether any swap in use is neither in memory (zram) nor on an encrypted device (dm-crypt)."""
    try:
        lines = swaps.read_text(encoding="utf-8", errors="replace").splitlines()[1:]
    except OSError:
        return None
    return any(not _is_safe_swap(line.split()[0], blocks) for line in lines if line.strip())


def _is_safe_swap(device: str, blocks: Path) -> bool:
    name = Path(os.path.realpath(device)).name
    if name.startswith("zram"):
        return True
    try:
        return (blocks / name / "dm" / "uuid").read_text(encoding="ascii").startswith("CRYPT-")
    except OSError:
        return False


def _nearest_folder(path: Path) -> Path:
    return next(folder for folder in (path, *path.parents) if folder.is_dir())
