"""The confined language worker as the console uses it: texts through the pipe, found, replaced, and back.

A single message is timed by the wall clock, because waiting for the pipe counts; a stream by the processor time of the
child, as everywhere else here. Memory is the largest resident size of the child (``VmHWM``).
"""

import os
import re
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.anonymise.replacing.profiles import Profile
from app.services.anonymising.anonymiser import Anonymiser, ConversationTexts, Manner, Pipeline, Trust

MESSAGES = 300
_SECRET = bytes(range(32))
_YEAR = 2026
_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class WorkerSpeed:
    """Starting until the first answer, one message there and back, many conversations, peak memory.

    ``message_spent_ms`` is the child's processor time for one message, whatever else the machine does.
    """

    start_s: float
    message_p50_ms: float
    message_p99_ms: float
    message_spent_ms: float
    words_per_s: float
    peak_mb: float


def measure_worker(folder: Path, messages: Sequence[str], prose: Sequence[str]) -> WorkerSpeed:
    """Return what the worker takes for single ``messages``, and for all of them and ``prose`` in one stream."""
    manner = Manner(Profile.PSEUDONYMS, _YEAR)
    with Anonymiser(Pipeline(folder, Trust.TRIAL)) as anonymiser:
        started = time.perf_counter()
        _run(anonymiser, ["Hello, it is me."], manner)
        start_s = time.perf_counter() - started
        before_s = _spent_s(anonymiser.pid)
        times = sorted(_timed_ms(anonymiser, text, manner) for text in messages[:MESSAGES])
        spent_ms = 1000 * (_spent_s(anonymiser.pid) - before_s) / max(len(times), 1)
        everything = [*messages, *prose]
        before_s = _spent_s(anonymiser.pid)
        _run(anonymiser, everything, manner)
        words_per_s = sum(len(text.split()) for text in everything) / (_spent_s(anonymiser.pid) - before_s)
        p99 = times[int(0.99 * (len(times) - 1))]
        return WorkerSpeed(start_s, statistics.median(times), p99, spent_ms, words_per_s, _peak_mb(anonymiser.pid))


def _timed_ms(anonymiser: Anonymiser, text: str, manner: Manner) -> float:
    started = time.perf_counter()
    _run(anonymiser, [text], manner)
    return 1000 * (time.perf_counter() - started)


def _run(anonymiser: Anonymiser, texts: Sequence[str], manner: Manner) -> None:
    for outcome in anonymiser.run((ConversationTexts((text,), _SECRET) for text in texts), manner):
        if isinstance(outcome, Exception):
            raise outcome


def _spent_s(pid: int | None) -> float:
    """Return the processor seconds of a process so far; user and system time are its 14th and 15th figures."""
    figures = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(figures[11]) + int(figures[12])) / os.sysconf("SC_CLK_TCK")


def _peak_mb(pid: int | None) -> float:
    found = _PEAK.search(Path(f"/proc/{pid}/status").read_text(encoding="utf-8")) if pid else None
    return int(found.group(1)) / 1024 if found else 0.0
