"""Messages between the console and the child that anonymises.

SETUP comes first and is answered by READY or PROBLEM. RULES (one frame, or several for long lists) hold for every
BATCH behind them. A BATCH holds windows of texts; the child answers any number of FOUND and then one DONE, or one
PROBLEM. A conversation without a secret goes on where the last batch ended.

One frame holds at most 1 MiB: a batch of ``MAX_BATCH_CHARS`` is 200 KiB when every character is a control character.
"""

from collections.abc import Callable
from typing import Final

from app.anonymise.labels import Label
from app.anonymise.replacing.profiles import Profile
from app.anonymise.spans import Ground
from app.isolation.frames import Shape, flag, list_of, one_of, text, whole_number
from app.language.texts.errors import SAID_BY_CHILD
from app.language.texts.windows import MAX_BATCH_WINDOWS, MAX_TEXT_CHARS, MAX_WINDOW_CHARS

MAX_PATH_CHARS: Final = 4_096
MAX_RULE_CHARS: Final = 400
MAX_RULES_PER_FRAME: Final = 500
MAX_SECRET_BYTES: Final = 64
MAX_WHY_CHARS: Final = 80
MAX_INSTEAD_CHARS: Final = 1_000
"""What stands in the place of a span; a longer one becomes its label."""
MAX_SPANS_PER_FRAME: Final = 2_000
MAX_INSTEAD_PER_FRAME: Final = 100_000
"""Characters of all replacements of a frame."""
MAX_CPU_S: Final = 600

_REQUEST = whole_number(1, 2**53)
_PLACE = whole_number(0, MAX_TEXT_CHARS)
_LABEL = one_of(*(label.value for label in Label))
_RULE_TEXT = text(MAX_RULE_CHARS)


def row(*checks: Callable[[object], bool]) -> Callable[[object], bool]:
    """Return a check for a list with exactly one item for each of ``checks``."""

    def check(value: object) -> bool:
        is_row = isinstance(value, list) and len(value) == len(checks)
        return is_row and all(one(item) for one, item in zip(checks, value, strict=True))  # type: ignore[call-overload]

    return check


SETUP: Final = Shape(20, "setup", {"pipeline": text(MAX_PATH_CHARS), "must_be_shipped": flag})
"""``pipeline`` "" reads by shapes alone: tests of everything around it."""
RULES: Final = Shape(
    21,
    "rules",
    {
        "is_first": flag,
        "known": list_of(row(_RULE_TEXT, _LABEL, text(MAX_WHY_CHARS)), MAX_RULES_PER_FRAME),
        "shapes": list_of(row(_RULE_TEXT, _LABEL), MAX_RULES_PER_FRAME),
        "allowed": list_of(row(_RULE_TEXT, _LABEL, flag), MAX_RULES_PER_FRAME),
    },
)
BATCH: Final = Shape(
    22,
    "batch",
    {
        "request": _REQUEST,
        "profile": one_of(*(profile.value for profile in Profile)),
        "year": whole_number(1, 9999),
        "cpu_s": whole_number(1, MAX_CPU_S),
        "conversations": list_of(
            row(
                text(2 * MAX_SECRET_BYTES),
                list_of(row(_PLACE, _PLACE, text(MAX_WINDOW_CHARS)), MAX_BATCH_WINDOWS),
            ),
            MAX_BATCH_WINDOWS,
        ),
    },
)
"""Conversations of (secret in hexadecimal digits, windows of (start, until, text))."""

READY: Final = Shape(40, "ready", {"has_pipeline": flag})
FOUND: Final = Shape(
    41,
    "found",
    {
        "request": _REQUEST,
        "spans": list_of(
            row(
                whole_number(0, MAX_BATCH_WINDOWS - 1),
                _PLACE,
                _PLACE,
                _LABEL,
                one_of(*(ground.name for ground in Ground)),
                text(MAX_WHY_CHARS),
                text(MAX_INSTEAD_CHARS),
            ),
            MAX_SPANS_PER_FRAME,
        ),
    },
)
"""Spans of (window of the batch, start and end in the whole text, label, ground, why, what stands instead)."""
DONE: Final = Shape(42, "done", {"request": _REQUEST, "windows": whole_number(0, MAX_BATCH_WINDOWS)})
PROBLEM: Final = Shape(
    43, "problem", {"request": whole_number(0, 2**53), "code": one_of(*(code.value for code in SAID_BY_CHILD))}
)

TO_CHILD: Final = (SETUP, RULES, BATCH)
FROM_CHILD: Final = (READY, FOUND, DONE, PROBLEM)
