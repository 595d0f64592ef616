"""What the child does with a batch, without the pipe: find, apply the rules of the office, replace.

A long text comes in windows. What is found near the end of one is held until the next has been read, and both findings
are merged there, so that nothing is cut in two and nothing that either window shows is uncovered.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from app.anonymise.finder import Finder, KnowsWords, NameFinder
from app.anonymise.merge import merge
from app.anonymise.office_rules import OfficeRules, RuleDecider
from app.anonymise.replacing.profiles import Profile
from app.anonymise.replacing.replacer import Replacer
from app.anonymise.spans import Span
from app.anonymise.word_classes import WordClasses
from app.language.texts.protocol import MAX_INSTEAD_CHARS, MAX_WHY_CHARS
from app.language.texts.sharing import SharedNames
from app.language.texts.windows import OVERLAP_CHARS, Window

Row = tuple[int, int, str, str, str, str]
"""Start, end (in the whole text), label, ground, why, what stands instead."""


@dataclass(frozen=True, slots=True)
class _Held:
    """A window whose text goes on, and what was found where the next one begins."""

    window: Window
    spans: tuple[Span, ...]


class ConversationReading:
    """One conversation on its way through: its replacer, and the window that waits for the next one."""

    def __init__(self, profile: Profile, secret: bytes, year: int, shared: SharedNames | None = None) -> None:
        self._shared = shared
        self._replacer = Replacer(profile, secret, year=year)
        self._held: _Held | None = None

    def spread(
        self, windows: Sequence[Window], found: Sequence[Sequence[Span]], *, is_alone: bool
    ) -> Sequence[Sequence[Span]]:
        """Return ``found`` with what other texts of the conversation name (``sharing``)."""
        return found if self._shared is None else self._shared.spread(windows, found, is_alone=is_alone)

    def take(self, window: Window, spans: Sequence[Span]) -> list[Row]:
        """Return what is final after this window; offsets of ``spans`` are those of the window."""
        held, self._held = self._held, None
        text, origin = window.text, window.start
        if held is not None:
            text, origin = held.window.text + text[held.window.end - window.start :], held.window.start
            spans = _joined(held, window, spans, text)
        until = window.until - origin
        if window.is_cut:
            spans = [part for span in spans for part in _divided(span, until)]
            waiting = tuple(_moved(span, origin - window.start) for span in spans if span.end > until)
            self._held = _Held(window, waiting)
            spans = [span for span in spans if span.end <= until]
        return list(self._replaced(text, origin, spans))

    def _replaced(self, text: str, origin: int, spans: Sequence[Span]) -> Iterator[Row]:
        changed = {one.span: one.replacement for one in self._replacer.replace(text, spans).replaced}
        for span in spans:
            instead = changed.get(span, text[span.start : span.end])
            if len(instead) > MAX_INSTEAD_CHARS:
                instead = f"[{span.label.value}]"
            why = span.why[:MAX_WHY_CHARS]
            yield origin + span.start, origin + span.end, span.label.value, span.ground.name, why, instead


class BatchReader:
    """Reads batches by one set of rules."""

    def __init__(self, names: NameFinder | None, rules: OfficeRules) -> None:
        """Build what the rules need.

        Raises:
            ShapeError: a shape of the office is none.
        """
        self._finder = Finder(names, rules.known)
        self._decider = RuleDecider(rules)
        self._words = names.word_classes if isinstance(names, KnowsWords) else WordClasses.empty()

    def shared_names(self) -> SharedNames:
        """Return the names of a conversation that begins."""
        return SharedNames(self._words, self._decider)

    def find_all(self, windows: Iterable[Window]) -> Iterator[tuple[Span, ...]]:
        """Yield what identifies somebody in each window, rules applied."""
        texts = [window.text for window in windows]
        for text, spans in zip(texts, self._finder.find_all(texts), strict=True):
            yield self._decider.decide(text, spans)


def _joined(held: _Held, window: Window, spans: Sequence[Span], text: str) -> list[Span]:
    """Return the spans from the held ones on, as ranges of ``text``, which begins where the held window does."""
    back = held.window.start - window.start  # from the new window to the held one: not positive
    mine = [_moved(span, -back) for span in spans]
    shared = len(held.window.text)
    zone = [*held.spans, *(span for span in mine if span.start < shared)]
    return [*merge(zone, text), *(span for span in mine if span.start >= shared)]


def _divided(span: Span, at: int) -> tuple[Span, ...]:
    """Return ``span`` in two parts where it is longer than windows share ("jorge jorge jorge" without end)."""
    if span.start >= at - OVERLAP_CHARS or span.end <= at:
        return (span,)
    return replace(span, end=at), replace(span, start=at)


def _moved(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by, span.label, span.ground, span.why)
