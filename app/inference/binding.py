"""Source-bound decoding: which continuation of a text states only numbers, names and addresses that its basis holds.

A model writes a token at a time; a wrong digit cannot be taken back. So before a token is accepted, its characters go
through a small machine that knows every number, name and address of the net in the basis. A number may begin only where
one of the basis begins, go on only as that one goes on, and end only where it ends; so "17:00" never becomes "17:30",
and half a telephone number never joins another. Likewise for words with a capital letter, for numbers in words,
for e-mail and web addresses, and for the numbers of sources in brackets.

What it cannot see stays with the grounding check: the right number in the wrong place, negation, the wrong person.

Pure: characters in, yes or no out. Works for every tokenizer, because it reads text and no tokens.
"""

from collections.abc import Sequence
from copy import copy

from app.inference.binding_basis import NUMBER_WORDS, FactBasis

_JOINTS = frozenset(".,:/")
"""Signs inside a number: 17:30, 1,250.00, 3/11."""
_GAPS = frozenset(" -().\u00a0\u2011")
"""Signs between the groups of a telephone number."""
_SENTENCE_ENDS = frozenset(".!?:\n]")
_AFTER_END = frozenset(" \t\n\"'\u201c\u201d\u2018\u2019()*-#>\u2022\u00a1\u00bf")
_MAX_CHUNK_CHARS = 200
_MIN_HOST_CHARS = 3
"""Fewer characters before a full stop and a letter are an abbreviation: "e.g.", "p.m."."""


class Binder:
    """Follows one text as it is written. ``try_text`` says yes or no; ``accept`` goes on."""

    __slots__ = ("_basis", "_state", "_tried")

    def __init__(self, basis: FactBasis) -> None:
        """Begin an empty text that rests on ``basis``."""
        self._basis = basis
        self._state = _State()
        self._tried: _State | None = None

    def try_text(self, text: str) -> bool:
        """Return whether ``text`` may come next; a following ``accept`` takes it."""
        state = copy(self._state)
        for char in text:
            if not state.step(char, self._basis):
                return False
        if state.is_stuck(self._basis):
            return False
        self._tried = state
        return True

    def accept(self) -> None:
        """Go on behind the text that was tried last."""
        assert self._tried is not None
        self._state, self._tried = self._tried, None

    def may_end(self) -> bool:
        """Return whether the text may end here: not within a number, a name or a bracket."""
        return self._state.mark is None and copy(self._state).step("\n", self._basis)


class _State:
    """Where the text stands; small, and copied for each trial."""

    __slots__ = ("chunk", "is_out", "is_start", "mark", "nodes", "word", "word_is_start")

    def __init__(self) -> None:
        self.nodes: frozenset[int] = frozenset()
        """Places in the numbers of the basis at which the number being written may be."""
        self.is_out = True
        """It may also be that no number is being written."""
        self.word = ""
        self.word_is_start = False
        self.is_start = True
        """The next word begins a sentence."""
        self.mark: str | None = None
        """What stands behind an open bracket."""
        self.chunk = ""
        """What was written since the last white space."""

    def step(self, char: str, basis: FactBasis) -> bool:
        """Take one character; False when it may not come here (the state is of no use then)."""
        if char.isspace() or len(self.chunk) >= _MAX_CHUNK_CHARS:
            self.chunk = ""
        elif not self._fits_address(char, basis):
            return False
        if self.mark is not None:
            return self._in_mark(char, basis)
        if not self._in_number(char, basis) or not self._in_word(char, basis):
            return False
        if char == "[":
            self.mark = ""
        self._mind_sentence(char)
        return True

    def is_stuck(self, basis: FactBasis) -> bool:
        """Return whether the word so far is a number in words that is not allowed, and can become nothing else."""
        word = self.word.lower()
        return word in NUMBER_WORDS and not basis.allows_number_word(word) and not basis.has_longer(word)

    def _in_mark(self, char: str, basis: FactBasis) -> bool:
        mark = self.mark or ""
        if char == "]":
            self.mark, self.is_start = None, True
            return not mark.isdigit() or mark in basis.marks
        if char in ", ":
            self.mark = ""
            return not mark.isdigit() or mark in basis.marks
        self.mark = mark + char
        if char.isdigit():
            return any(offered.startswith(self.mark) for offered in basis.marks)
        return char.isalpha() and not mark.isdigit()

    def _in_number(self, char: str, basis: FactBasis) -> bool:
        if char.isdigit():
            began = basis.follow((0,), char) if self.is_out else frozenset()
            self.nodes = basis.follow(self.nodes, char) | began
            self.is_out = False
            return bool(self.nodes)
        if not self.nodes:
            return True
        self.is_out = self.is_out or basis.any_whole(self.nodes)
        goes_on = basis.follow(self.nodes, char) if char in _JOINTS else frozenset()
        self.nodes = goes_on | (basis.with_gap(self.nodes) if char in _GAPS else frozenset())
        return self.is_out or bool(self.nodes)

    def _in_word(self, char: str, basis: FactBasis) -> bool:
        if not char.isalpha():
            word, self.word = self.word, ""
            return not word or self._may_stand(word, basis)
        if not self.word:
            self.word_is_start = self.is_start
        self.word += char
        if not self.word[0].isupper():
            return True
        return basis.begins_name(self.word, at_start=self.word_is_start)

    def _may_stand(self, word: str, basis: FactBasis) -> bool:
        """Whether a whole word may stand here."""
        lower = word.lower()
        if lower in NUMBER_WORDS and not basis.allows_number_word(lower):
            return False
        return not word[0].isupper() or basis.is_name(word, at_start=self.word_is_start)

    def _mind_sentence(self, char: str) -> None:
        if char in _SENTENCE_ENDS:
            self.is_start = True
        elif char not in _AFTER_END:
            self.is_start = False

    def _fits_address(self, char: str, basis: FactBasis) -> bool:
        """E-mail and web addresses go on only as one of the basis does."""
        before, self.chunk = self.chunk, self.chunk + char
        start = before.lstrip("(<[\"'")
        if not _is_address(start + char):
            return True
        whole = (start + char).lower()
        if any(address.startswith(whole) for address in basis.addresses):
            return True
        ended = start.lower().rstrip(".,;:!?)]>'\"")
        may_end = not char.isalnum() and char not in "@/_-%"
        return may_end and (not _is_address(start) or ended in basis.addresses)


def _is_address(chunk: str) -> bool:
    """Whether a stretch without spaces is, or is about to be, an address of the net."""
    if "@" in chunk or "://" in chunk or chunk[:4].lower() == "www.":
        return True
    head, dot, tail = chunk.rpartition(".")
    return (
        bool(dot)
        and tail[:1].isalpha()
        and len(head) >= _MIN_HOST_CHARS
        and head[-1].isalnum()
        and head[-_MIN_HOST_CHARS:].isalnum()
    )


def basis_of(facts: Sequence[str], names: Sequence[str], marks: int) -> FactBasis:
    """Return the basis of a reply.

    Args:
        facts: texts whose numbers, names and addresses may be stated.
        names: texts that lend only their words (a reply may address its reader by name).
        marks: how many sources are offered; brackets may hold 1 to ``marks``.
    """
    return FactBasis(facts, names, frozenset(str(number) for number in range(1, marks + 1)))
