"""The rules of an office as frames. Pure."""

from collections.abc import Iterator
from typing import Any

from app.anonymise.office_rules import OfficeRules
from app.isolation.frames import Frame
from app.language.texts.protocol import MAX_RULE_CHARS, MAX_RULES_PER_FRAME, RULES
from app.language.texts.windows import sendable


def rule_frames(rules: OfficeRules) -> Iterator[Frame]:
    """Yield one frame, or several where the lists are long; what is longer than a rule may be is cut."""
    known = [[_cut(one.text), one.label.value, one.why] for one in rules.known]
    shapes = [[_cut(one.shape), one.label.value] for one in rules.shapes]
    allowed = [[_cut(one.text), one.label.value, one.is_confirmed] for one in rules.allowed]
    longest = max(len(known), len(shapes), len(allowed), 1)
    for start in range(0, longest, MAX_RULES_PER_FRAME):
        part = slice(start, start + MAX_RULES_PER_FRAME)
        body: dict[str, Any] = {
            "is_first": start == 0,
            "known": known[part],
            "shapes": shapes[part],
            "allowed": allowed[part],
        }
        yield Frame(RULES, body)


def _cut(text: str) -> str:
    """A name of more than ``MAX_RULE_CHARS`` is no name; its beginning is still looked for."""
    return sendable(text[:MAX_RULE_CHARS])
