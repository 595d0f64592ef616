"""Printing: for people, or as JSON and nothing else.

Text that came from outside is stripped of control characters before it reaches a terminal: an escape sequence in a
contact's name must not move the cursor.
"""

import json
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TextIO

MAX_CELL_CHARS = 60


def printable(text: str) -> str:
    """Return ``text`` without control, direction and other invisible characters; line breaks become spaces."""
    return "".join(" " if char in "\n\r\t" else char for char in text if char in "\n\r\t" or _is_visible(char))


def print_json(value: object) -> None:
    """Print one JSON document on one line."""
    sys.stdout.write(json.dumps(value, ensure_ascii=sys.stdout.isatty()) + "\n")
    sys.stdout.flush()


def print_line(text: str = "") -> None:
    """Print one line for people."""
    sys.stdout.write(f"{printable(text)}\n")


def print_note(text: str) -> None:
    """Print one line on standard error, where it never mixes with results."""
    sys.stderr.write(f"vestibule: {printable(text)}\n")


def print_table(rows: Sequence[Sequence[str]], headings: Sequence[str]) -> None:
    """Print rows in columns as wide as their longest cell; long cells are cut."""
    table = [[_cut(printable(cell)) for cell in row] for row in (headings, *rows)]
    widths = [max(len(row[column]) for row in table) for column in range(len(headings))]
    for row in table:
        print_line("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def print_fields(fields: Mapping[str, str]) -> None:
    """Print a short list of names and values."""
    width = max(len(name) for name in fields)
    for name, value in fields.items():
        print_line(f"{name.ljust(width)}  {value}")


def bounded_lines(stream: TextIO, max_chars: int) -> Iterator[str]:
    """Yield the lines of a stream; of a longer line ``max_chars`` + 1 characters, so that its reader refuses it."""
    while line := stream.readline(max_chars + 1):
        yield line
        while line and not line.endswith("\n"):
            line = stream.readline(max_chars + 1)


@contextmanager
def progress(title: str, *, is_quiet: bool) -> Iterator[Callable[[int, int | None], None]]:
    """Yield a call that shows done and total on a terminal, and does nothing for pipes or ``--json``."""
    if is_quiet or not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console  # noqa: PLC0415  slow to load, needed on terminals only
    from rich.progress import Progress  # noqa: PLC0415

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _cut(text: str) -> str:
    return text if len(text) <= MAX_CELL_CHARS else f"{text[: MAX_CELL_CHARS - 1]}…"


def _is_visible(char: str) -> bool:
    return unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}
