"""Natural stand-ins: invented names, numbers and places that fit where the real ones stood.

Which one is drawn depends on a secret of the conversation and on who is meant, so it is the same within a
conversation, differs between conversations, and tells nothing to somebody without the secret. Telephone numbers lie
in ranges that are kept for fiction, addresses of the net in the names of RFC 2606, so no stand-in reaches a real
person.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Sequence

from app.anonymise.labels import Label
from app.anonymise.replacing.name_lists import name_lists, plain
from app.anonymise.replacing.people import PersonEntry

FullName = tuple[str, str]
"""First name and surname."""

MAX_DRAWS = 50
"""A second draw is rare; so many in a row mean that the list is used up, and then two texts share a stand-in."""

_BRITISH = re.compile(r"\s*(?:\+\s*44|0044|0[1237])")
_LIKE = frozenset({Label.ZIP, Label.ID, Label.CARD, Label.IBAN})
"""Numbers keep their shape and lose their sense."""


class StandIns:
    """The stand-ins of one conversation: the same for the same person or text, none of them twice."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._persons: dict[int, FullName] = {}
        self._families: dict[str, str] = {}
        self._others: dict[tuple[Label, str], str] = {}

    def person(self, entry: PersonEntry) -> FullName:
        """Return first name and surname that stand for a person; who share a surname share its stand-in.

        Nobody gets a part of the name that is replaced, nor a name that stands for somebody else, as long as the
        lists hold another.
        """
        name = self._persons.get(entry.number)
        if name is None:
            name = self._persons[entry.number] = self._draw(entry)
        return name

    def other(self, label: Label, text: str) -> str:
        """Return invented text for what is no person."""
        key = (label, " ".join(text.casefold().split()))
        drawn = self._others.get(key)
        if drawn is None:
            drawn = self._others[key] = self._draw_other(label, text, f"{label.value}/{key[1]}")
        return drawn

    def _draw(self, entry: PersonEntry) -> FullName:
        lists, parts = name_lists(), entry.parts
        culture = lists.culture_of(parts)
        is_woman = any(part in lists.known_women for part in parts)
        is_man = any(part in lists.known_men for part in parts)
        firsts = culture.women if is_woman and not is_man else culture.men if is_man else culture.women + culture.men
        used = {name for pair in self._persons.values() for name in pair}
        first = self._pick(f"first/{entry.number}", firsts, used, parts)
        last = self._families.get(entry.surname or "") or self._pick(
            f"last/{entry.number}", culture.surnames, used | {first}, parts
        )
        if entry.surname is not None:
            self._families[entry.surname] = last
        return first, last

    def _pick(self, key: str, choices: Sequence[str], used: set[str], parts: Sequence[str]) -> str:
        free = [name for name in choices if name not in used and plain(name) not in parts]
        return _of(free or choices, _number(self._secret, key))

    def _draw_other(self, label: Label, text: str, key: str) -> str:
        taken = frozenset(self._others.values())
        drawn = ""
        for attempt in range(MAX_DRAWS):
            number = _number(self._secret, f"{key}/{attempt}")
            drawn = _like(number, text) if label in _LIKE else _made(label, number, text)
            if drawn not in taken:
                break
        return drawn


def _made(label: Label, draw: int, text: str) -> str:
    make = _MAKERS.get(label)
    return f"[{label.value}]" if make is None else make(draw, text)


def _phone(draw: int, text: str) -> str:
    """A number that is kept for fiction: 555-01xx in North America, 07700 900xxx (Ofcom) in the United Kingdom."""
    if _BRITISH.match(text):
        return f"07700 900{draw % 1000:03d}"
    return f"({200 + draw // 100 % 700}) 555-{100 + draw % 100:04d}"


_MAKERS: dict[Label, Callable[[int, str], str]] = {
    Label.PHONE: _phone,
    Label.EMAIL: lambda draw, _: f"contact{draw % 10_000}@example.org",
    Label.URL: lambda draw, _: f"https://example.org/{draw % 10_000}",
    Label.IP: lambda draw, _: f"192.0.2.{draw % 254 + 1}",
    Label.LOCATION: lambda draw, _: _of(name_lists().towns, draw),
    Label.ORG: lambda draw, _: _of(name_lists().firms, draw),
    Label.ADDRESS: lambda draw, _: f"{draw // 100 % 90 + 10} {_of(name_lists().streets, draw)}",
    Label.USERNAME: lambda draw, _: f"@visitor{draw % 10_000}",
}


def _of(entries: Sequence[str], draw: int) -> str:
    return entries[draw % len(entries)]


def _like(draw: int, text: str) -> str:
    """Return ``text`` with every digit and letter drawn anew; it begins with 0 or X, so that it fits nothing."""
    stream = hashlib.sha256(draw.to_bytes(8)).digest()
    drawn: list[str] = []
    for place, char in enumerate(text):
        value = stream[place % len(stream)]
        drawn.append(str(value % 10) if char.isdigit() else chr(65 + value % 26) if char.isalpha() else char)
    first = next((place for place, char in enumerate(text) if char.isalnum()), None)
    if first is not None:
        drawn[first] = "0" if text[first].isdigit() else "X"
    return "".join(drawn)


def _number(secret: bytes, key: str) -> int:
    return int.from_bytes(hmac.digest(secret, key.encode(errors="surrogatepass"), hashlib.sha256)[:8])
