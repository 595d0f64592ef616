"""The tables that are printed: one line a measure, one column an engine."""

from collections.abc import Mapping, Sequence

from anonymise_parts.scoring import Counts, Scores
from anonymise_parts.speed import Speed
from anonymise_parts.tab import TabScores

NOTHING = "-"
_COLUMN = 28
_WHAT = 34


def heading(title: str, engines: Sequence[str]) -> str:
    """Return the line above a table."""
    return f"\n{title:<{_WHAT}}" + "".join(f"{name:>{_COLUMN}}" for name in engines)


def set_lines(scores: Mapping[str, Scores]) -> list[str]:
    """Return recall, precision and F2 of one set: all, direct, quasi, by words, and each label that is marked."""
    first = next(iter(scores.values()))
    groups = ("all", "direct", "quasi")
    labels = sorted(key for key, counts in first.entities.items() if counts.wanted and key not in groups)
    lines = [_line(key, [score.of(key) for score in scores.values()]) for key in groups if first.of(key).wanted]
    lines.append(_line("words", [score.words for score in scores.values()]))
    return lines + [_line(f"  {key}", [score.of(key) for score in scores.values()]) for key in labels]


def tab_lines(scores: Mapping[str, TabScores]) -> list[str]:
    """Return the benchmark's measures, and the recall of each kind of entity."""
    every = list(scores.values())
    lines = [_line(f"entities, {key.lower()}", [score.entities[key] for score in every]) for key in every[0].entities]
    lines += [_line(f"mentions, {key.lower()}", [score.mentions[key] for score in every]) for key in every[0].mentions]
    lines.append(_line("words that were masked", [score.words for score in every]))
    return lines + [_line(f"  {key.lower()}", [score.kinds[key] for score in every]) for key in sorted(every[0].kinds)]


def speed_lines(speeds: Mapping[str, Speed]) -> list[str]:
    """Return words per second, milliseconds and megabytes."""
    every = list(speeds.values())
    kinds = every[0].words_per_s
    lines = [_numbers(f"words/s, {kind}", [speed.words_per_s[kind] for speed in every], ",.0f") for kind in kinds]
    lines += [_numbers(f"words/s, {kind}, one by one", [s.one_by_one[kind] for s in every], ",.0f") for kind in kinds]
    lines.append(_numbers("one chat message p50, ms", [speed.message_p50_ms for speed in every], ".2f"))
    lines.append(_numbers("one chat message p99, ms", [speed.message_p99_ms for speed in every], ".2f"))
    return [*lines, _numbers("peak memory of the process, MB", [speed.peak_mb for speed in every], ".0f")]


def _line(what: str, counts: Sequence[Counts]) -> str:
    number = counts[0].wanted
    named = f"{what} ({number})" if number else what
    return f"{named:<{_WHAT}}" + "".join(f"{_three(count):>{_COLUMN}}" for count in counts)


def _three(counts: Counts) -> str:
    shares = zip("RPF", (counts.recall, counts.precision, counts.f2), strict=True)
    return "  ".join(f"{letter} {NOTHING if share is None else f'{share:.3f}'}" for letter, share in shares)


def _numbers(what: str, values: Sequence[float], form: str) -> str:
    return f"{what:<{_WHAT}}" + "".join(f"{value:>{_COLUMN}{form}}" for value in values)
