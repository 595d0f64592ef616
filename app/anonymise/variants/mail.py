"""A known e-mail address, spelled out, with a slip, or the part before its sign alone: "rosa dot melor at example".

The name alone is found where it can be nothing else: with a digit, a dot or an underscore in it, and long enough.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.anonymise.known_text import KnownText, is_within, plain
from app.anonymise.spans import Ground, Span

MIN_LOCAL_CHARS = 6
MAX_FUZZY_ENTRIES = 200
MAX_WORDS = 8
"""Of an address that is spelled out."""
MAX_SLIPS = 2

_AT = r"\s{0,3}(?:@|\(at\)|\[at\]|\bat\b|\barroba\b)\s{0,3}"
_DOT = r"\s{0,3}(?:[.,]|\(dot\)|\[dot\]|\bdot\b|\bpunto\b)\s{0,3}"
_SAID = frozenset({"at", "dot", "underscore", "dash", "hyphen", "plus", "arroba", "punto"})
_SIGNS = re.compile(r"[^\W_]+")
_SPOKEN = {".": _DOT, "_": r"\s{0,3}(?:_|\bunderscore\b|\s)\s{0,3}", "-": r"\s{0,3}(?:-|\bdash\b|\bhyphen\b|\s)\s{0,3}",
           "+": r"\s{0,3}(?:\+|\bplus\b)\s{0,3}"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Mail:
    entry: KnownText
    signs: str
    name: str
    spoken: re.Pattern[str]
    alone: re.Pattern[str] | None


class KnownMail:
    """Finds known e-mail addresses. Built once for many texts."""

    def __init__(self, entries: Iterable[KnownText]) -> None:
        """Take entries with a sign in them; any other is looked for as it stands."""
        self._mails = [_mail(entry) for entry in entries if "@" in entry.text]

    def find(self, text: str) -> Iterator[Span]:
        """Yield every known address of ``text``."""
        if not self._mails:
            return
        signs = _bare(text)
        for mail in self._mails:
            if mail.name[:3] in signs:
                yield from _found(mail, text)
        if len(self._mails) <= MAX_FUZZY_ENTRIES:
            yield from self._near(text)

    def _near(self, text: str) -> Iterator[Span]:
        """Yield where the letters of an address stand with a slip or two, whatever is said for its signs."""
        words = [
            (plain(match.group()), match.start(), match.end())
            for match in _SIGNS.finditer(text)
            if match.group().lower() not in _SAID
        ]
        for place, (word, start, _end) in enumerate(words):
            for mail in self._mails:
                if word[0] == mail.signs[0]:
                    end = _end_of(words, place, mail)
                    if end is not None:
                        yield Span(start, end, mail.entry.label, Ground.KNOWN, f"{mail.entry.why}.part")


def _end_of(words: list[tuple[str, int, int]], place: int, mail: _Mail) -> int | None:
    """Return where an address ends whose letters begin at ``place``: all of it, or a rare name alone."""
    letters, end = "", None
    for word, _start, stop in words[place : place + MAX_WORDS]:
        letters += word
        if len(letters) > len(mail.signs) + MAX_SLIPS:
            break
        is_whole = is_within(letters, mail.signs, MAX_SLIPS)
        if is_whole or (mail.alone is not None and is_within(letters, mail.name, 1)):
            end = stop
    return end


def _mail(entry: KnownText) -> _Mail:
    name, _at, host = entry.text.partition("@")
    spoken = rf"(?<!\w){_spoken(name)}{_AT}{_spoken(host)}(?!\w)"
    is_rare = any(not char.isalpha() for char in name) and len(name) >= MIN_LOCAL_CHARS
    alone = re.compile(rf"(?<![\w.]){re.escape(name)}(?!\w)", re.IGNORECASE) if is_rare else None
    signs = _bare(entry.text)
    return _Mail(entry, signs, _bare(name), re.compile(spoken, re.IGNORECASE), alone)


def _bare(text: str) -> str:
    """Return the letters and digits of ``text``."""
    return plain("".join(_SIGNS.findall(text)))


def _spoken(part: str) -> str:
    return "".join(_SPOKEN.get(char, re.escape(char)) for char in part)


def _found(mail: _Mail, text: str) -> Iterator[Span]:
    for match in mail.spoken.finditer(text):
        yield Span(*match.span(), mail.entry.label, Ground.KNOWN, mail.entry.why)
    if mail.alone is not None:
        for match in mail.alone.finditer(text):
            yield Span(*match.span(), mail.entry.label, Ground.KNOWN, f"{mail.entry.why}.part")
