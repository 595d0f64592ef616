"""Words per second, milliseconds for one message, memory. The engines take turns; the medians of the rounds count."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from anonymise_parts.children import Child

ROUNDS = 3
BULK_WORDS = 6_000
"""Of each kind: half a second of ours, several of Presidio."""
MESSAGES = 300


@dataclass(frozen=True, slots=True)
class Speed:
    """Of one engine: words per processor second by kind, milliseconds of one chat message, peak megabytes.

    ``one_by_one`` is the same as ``words_per_s`` when each text is handed over by itself.
    """

    words_per_s: dict[str, float]
    one_by_one: dict[str, float]
    message_p50_ms: float
    message_p99_ms: float
    peak_mb: float


def measure_speed(children: Mapping[str, Child], texts: Mapping[str, Sequence[str]]) -> dict[str, Speed]:
    """Return the speed of each engine.

    Args:
        children: the running engines by name.
        texts: by kind ("chat", "prose"); of each about ``BULK_WORDS`` words are read.
    """
    bulks = {kind: _cut(items) for kind, items in texts.items() if items}
    together = {kind: _rates(children, bulk, is_one_by_one=False) for kind, bulk in bulks.items()}
    apart = {kind: _rates(children, bulk, is_one_by_one=True) for kind, bulk in bulks.items()}
    messages = list(texts.get("chat", ()))[:MESSAGES]
    speeds = {}
    for name, child in children.items():
        times = sorted(child.each_ms(messages)) or [0.0]
        speeds[name] = Speed(
            {kind: rates[name] for kind, rates in together.items()},
            {kind: rates[name] for kind, rates in apart.items()},
            statistics.median(times),
            times[int(0.99 * (len(times) - 1))],
            child.peak_mb(),
        )
    return speeds


def _rates(children: Mapping[str, Child], bulk: Sequence[str], *, is_one_by_one: bool) -> dict[str, float]:
    """Return the words per second of each engine, the median of rounds in which they take turns."""
    words = sum(len(text.split()) for text in bulk)
    found: dict[str, list[float]] = {name: [] for name in children}
    for number in range(ROUNDS + 1):
        for name, child in children.items():
            spent_s = sum(child.each_ms(bulk)) / 1000 if is_one_by_one else child.bulk_s(bulk)
            if number:  # the first round warms up
                found[name].append(words / spent_s)
    return {name: statistics.median(rates) for name, rates in found.items()}


def _cut(texts: Sequence[str]) -> list[str]:
    cut: list[str] = []
    words = 0
    for text in texts:
        if words >= BULK_WORDS:
            break
        cut.append(text)
        words += len(text.split())
    return cut
