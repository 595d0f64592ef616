"""The table at the end of ``make soak``: what was tried how often, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Score:
    """One line. ``lost``: runs after which something acknowledged was missing; ``opened_wrongly``: after which
    something opened, or lay about, that should not have.
    """

    operation: str
    point: str
    runs: int = 0
    lost: int = 0
    opened_wrongly: int = 0
    seconds: float = 0.0
    wrongs: list[str] = field(default_factory=list)


_HEADS = ("point", "runs", "lost", "opened wrongly", "seconds")


def lines_of(scores: Sequence[Score]) -> list[str]:
    """Return the table: a line for each point, then the sum."""
    total = Score("all", "points", *(sum(getattr(score, name) for score in scores) for name in _SUMMED))
    rows = [(_name(score), *(f"{getattr(score, name):,.0f}" for name in _SUMMED)) for score in (*scores, total)]
    widths = [max(map(len, column)) for column in zip(_HEADS, *rows, strict=True)]
    return [_line(row, widths) for row in (_HEADS, *rows)]


_SUMMED = ("runs", "lost", "opened_wrongly", "seconds")


def _name(score: Score) -> str:
    return f"{score.operation}: {score.point}" if score.operation != "all" else "all points"


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *numbers = row
    return "  ".join(
        (first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(numbers, widths[1:], strict=True)))
    )
