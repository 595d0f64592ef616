"""What an office decides for itself: lists of what to find, shapes of its own, and false hits that it lifted. Pure.

Finding comes first (``finder.Finder`` with ``OfficeRules.known``), then ``RuleDecider``, then replacing. What is
lifted is lifted only where the whole stretch says it, under the label that was wrong: "May" as a person stays a date
elsewhere.
Misspellings are forgiven when looking for what to find, never when looking for what to let through.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.anonymise.known import KnownText
from app.anonymise.labels import Label
from app.anonymise.merge import merge
from app.anonymise.reading import read
from app.anonymise.shapes import OwnShape, compile_shape
from app.anonymise.spans import Ground, Span

OWN_SHAPE = "office.shape"
"""Why a span of an own shape was found."""


@dataclass(frozen=True, slots=True)
class AllowedText:
    """A false hit that somebody lifted.

    ``is_confirmed`` lifts even what is proven or known; without it, only what was guessed, read or shaped.
    """

    text: str
    label: Label
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class OfficeRules:
    """Everything that one office knows and wants for the texts of one conversation."""

    known: tuple[KnownText, ...] = ()
    shapes: tuple[OwnShape, ...] = ()
    allowed: tuple[AllowedText, ...] = ()

    def __repr__(self) -> str:
        return f"<OfficeRules {len(self.known)}/{len(self.shapes)}/{len(self.allowed)} hidden>"


class RuleDecider:
    """Applies shapes and lifted hits of one set of rules. Built once for many texts."""

    def __init__(self, rules: OfficeRules) -> None:
        """Compile the shapes.

        Raises:
            ShapeError: a shape is none; whoever stored it let it through unchecked.
        """
        self._shapes = [(compile_shape(own.shape), own.label) for own in rules.shapes]
        self._allowed: dict[tuple[str, Label], bool] = {}
        for one in rules.allowed:
            key = folded(one.text), one.label
            self._allowed[key] = self._allowed.get(key, False) or one.is_confirmed

    def decide(self, text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
        """Return ``spans`` of ``text`` with the own shapes and without what was lifted; in order, not overlapping."""
        own = list(self._own(text))
        found = merge([*spans, *own], text) if own else spans
        if not self._allowed:
            return tuple(found)
        return tuple(span for span in found if not self._is_lifted(text, span))

    def _own(self, text: str) -> Iterator[Span]:
        if self._shapes:
            reading = read(text)
            for expression, label in self._shapes:
                for match in expression.finditer(reading.text):
                    yield reading.original(Span(*match.span(), label, Ground.KNOWN, OWN_SHAPE))

    def _is_lifted(self, text: str, span: Span) -> bool:
        is_confirmed = self._allowed.get((folded(text[span.start : span.end]), span.label))
        if is_confirmed is None:
            return False
        return is_confirmed or span.ground < Ground.PROOF


def folded(text: str) -> str:
    """Return ``text`` as two writings of one thing agree: as it reads, in lower case, without accents and edges."""
    apart = unicodedata.normalize("NFD", read(text).text.casefold())
    plain = "".join(char for char in apart if not unicodedata.combining(char))
    return re.sub(r"[\W_]+", " ", plain.strip().removesuffix("'s")).strip()
