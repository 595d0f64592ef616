"""What a person types to call up an approved answer: "/hours" or "::hours", first in a line or after a space. Pure.

Ordinary typing never calls: "and/or", "1/2" and "http://" have no space before their slash.
"""

import re
from dataclasses import dataclass

MAX_TYPED_CHARS = 30

_CALL = re.compile(rf"(?:\A|(?<=\s))(?P<sign>/|::)(?P<word>[^\W_][\w-]{{0,{MAX_TYPED_CHARS}}}|)\Z")


@dataclass(frozen=True, slots=True)
class Call:
    """The call that ends at the cursor: where its sign stands in the text before the cursor, and what follows it."""

    start: int
    word: str


def call_before(text_before_cursor: str) -> Call | None:
    """Return the call that a person is typing, or None."""
    line = text_before_cursor.rsplit("\n", 1)[-1]
    match = _CALL.search(line)
    return None if match is None else Call(len(text_before_cursor) - len(line) + match.start(), match["word"])
