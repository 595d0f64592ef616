"""What is found in one text of a conversation is looked for in the others: "its lorraine" today, "lorraine" tomorrow.

The rule is that of ``app.anonymise.repeats``, which holds within a text; here the names of the conversation stand in
front of each of its texts while it is applied. Texts of one batch learn from one another, later ones from all before.
"""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from app.anonymise import repeats
from app.anonymise.labels import Label
from app.anonymise.merge import merge
from app.anonymise.office_rules import RuleDecider
from app.anonymise.reading import read
from app.anonymise.spans import Ground, Span
from app.anonymise.word_classes import WordClasses
from app.language.texts.windows import Window

MAX_SHARED: Final = 200
"""Names, firms, places and numbers of one conversation; further ones are found where they stand, and not shared."""
MAX_SHARED_CHARS: Final = 80

_SHARED: Final = frozenset(
    {Label.PERSON, Label.ORG, Label.LOCATION, Label.NRP, Label.ID, Label.ADDRESS, Label.USERNAME}
)
_BETWEEN: Final = "\n"

Found = Sequence[Span]


class SharedNames:
    """The names of one conversation."""

    def __init__(self, words: WordClasses, decider: RuleDecider) -> None:
        self._words = words
        self._decider = decider
        self._said: dict[tuple[Label, str], Span] = {}

    def spread(self, windows: Sequence[Window], found: Sequence[Found], *, is_alone: bool) -> Sequence[Found]:
        """Return ``found`` with what the windows, and those before them, name elsewhere.

        Args:
            windows: of this conversation, in order.
            found: what identifies somebody in each, rules applied.
            is_alone: nothing else of the conversation was read or will be; then one window learns nothing.
        """
        if is_alone and len(windows) == 1:
            return found
        for window, spans in zip(windows, found, strict=True):
            self._remember(window.text, spans)
        if not self._said:
            return found
        heading, names = self._heading()
        return [
            self._with_repeats(window.text, spans, heading, names) for window, spans in zip(windows, found, strict=True)
        ]

    def _remember(self, text: str, spans: Found) -> None:
        for span in spans:
            if span.label in _SHARED and span.ground is not Ground.GUESS and len(span) <= MAX_SHARED_CHARS:
                said = read(text[span.start : span.end]).text
                if _BETWEEN not in said and len(self._said) < MAX_SHARED:
                    self._said.setdefault((span.label, said), span)

    def _heading(self) -> tuple[str, list[Span]]:
        """Return all names, one a line, and where each stands."""
        lines: list[str] = []
        names: list[Span] = []
        start = 0
        for (label, said), span in self._said.items():
            names.append(Span(start, start + len(said), label, span.ground, span.why))
            lines.append(said + _BETWEEN)
            start += len(lines[-1])
        return "".join(lines), names

    def _with_repeats(self, text: str, spans: Found, heading: str, names: Sequence[Span]) -> Found:
        reading = read(text)
        behind = len(heading)
        more = [
            reading.original(Span(one.start - behind, one.end - behind, one.label, one.ground, one.why))
            for one in repeats.find(heading + reading.text, names, self._words)
            if one.start >= behind
        ]
        starts = [span.start for span in spans]
        more = [one for one in more if not _is_covered(one, spans, bisect_right(starts, one.start))]
        return self._decider.decide(text, merge([*spans, *more], text)) if more else spans


def _is_covered(span: Span, spans: Found, following: int) -> bool:
    """Return whether the last of ``spans`` that begins no later, in front of ``following``, covers ``span``."""
    return following > 0 and span.end <= spans[following - 1].end
