"""Natural stand-ins: invented names, numbers and places that fit where the real ones stood.

Which one is drawn depends on a secret of the conversation and on who is meant, so it is the same within a
conversation, differs between conversations, and tells nothing to somebody without the secret. Telephone numbers lie
in ranges that are kept for fiction, addresses of the net in the names of RFC 2606, so no stand-in reaches a real
person.
"""

import hashlib
import hmac
from collections.abc import Callable, Sequence

from app.anonymise.labels import Label

_WOMEN = {
    "es": ("Lucía", "Marta", "Elena", "Rosario", "Pilar", "Inés", "Carmen", "Beatriz"),
    "in": ("Asha", "Meera", "Kavita", "Lakshmi", "Nisha", "Divya", "Sunita", "Radha"),
    "zh": ("Mei", "Lan", "Xiu", "Jing", "Hua", "Yan", "Li Na", "Qing"),
    "ar": ("Amina", "Layla", "Salma", "Noura", "Hanan", "Rania", "Yasmin", "Dalia"),
    "en": ("Alice", "Clara", "Edith", "Helen", "Judith", "Martha", "Norah", "Vera"),
}
_MEN = {
    "es": ("Andrés", "Diego", "Emilio", "Javier", "Mateo", "Ramón", "Tomás", "Víctor"),
    "in": ("Arjun", "Dev", "Kiran", "Mohan", "Nikhil", "Ravi", "Suresh", "Vikram"),
    "zh": ("Bo", "Jun", "Ming", "Tao", "Wei", "Xin", "Yong", "Zhen"),
    "ar": ("Ahmad", "Faris", "Hassan", "Karim", "Nabil", "Omar", "Samir", "Tariq"),
    "en": ("Adam", "Conrad", "Edmund", "Hugh", "Martin", "Oliver", "Simon", "Walter"),
}
_SURNAMES = {
    "es": ("Aguilera", "Barrios", "Cabrera", "Duarte", "Espinosa", "Fuentes", "Herrero", "Lozano"),
    "in": ("Agarwal", "Bhatt", "Chandra", "Desai", "Iyer", "Kapoor", "Menon", "Rao"),
    "zh": ("Chen", "Gao", "Huang", "Lin", "Peng", "Tang", "Xu", "Zhou"),
    "ar": ("Abbas", "Darwish", "Farouk", "Haddad", "Khalil", "Mansour", "Nasser", "Saleh"),
    "en": ("Ashdown", "Barlow", "Crane", "Denholm", "Fairley", "Garrick", "Holt", "Merrow"),
}
_KNOWN_WOMEN = frozenset({
    "maria", "ana", "carmen", "lucia", "rosa", "elena", "isabel", "marta", "sofia", "laura", "paula", "mary",
    "patricia", "jennifer", "linda", "elizabeth", "barbara", "susan", "jessica", "sarah", "karen", "nancy", "lisa",
    "margaret", "sandra", "ashley", "emily", "donna", "michelle", "carol", "amanda", "emma", "olivia", "ava",
    "sophia", "rose", "grace", "hannah", "priya", "asha", "anita", "sunita", "fatima", "aisha", "amina", "layla",
    "mei", "ling", "yan", "anna", "julia", "eva", "claire", "marie", "chloe",
})  # fmt: skip
_KNOWN_MEN = frozenset({
    "jose", "juan", "luis", "carlos", "jorge", "miguel", "pedro", "pablo", "diego", "javier", "james", "john",
    "robert", "michael", "william", "david", "richard", "joseph", "thomas", "charles", "daniel", "matthew",
    "anthony", "mark", "donald", "steven", "paul", "andrew", "joshua", "kevin", "brian", "george", "edward",
    "ronald", "timothy", "jason", "jeffrey", "ryan", "jacob", "raj", "amit", "arjun", "rahul", "mohammed",
    "muhammad", "ahmed", "ali", "omar", "hassan", "wei", "jun", "will", "chase", "peter", "henry", "jack", "liam",
    "noah",
})  # fmt: skip
_ENDINGS = {  # of surnames, as far as they tell where a name is from
    "es": ("ez", "es", "illo", "ado", "ano", "era", "iz", "oso"),
    "in": ("singh", "patel", "kumar", "sharma", "gupta", "reddy", "nair", "rao", "iyer", "shah", "khanna"),
    "zh": (
        "wang",
        "li",
        "zhang",
        "liu",
        "chen",
        "yang",
        "huang",
        "zhao",
        "wu",
        "zhou",
        "xu",
        "lin",
        "ng",
        "wong",
        "chan",
    ),
    "ar": ("khan", "ahmed", "hassan", "hussein", "ali", "mohammed", "rahman", "abdullah", "malik", "mahmoud"),
}
MIN_ENDING_CHARS = 5
"""A shorter surname tells nothing by its ending."""

_TOWNS = (
    "Ashford Mills",
    "Brackenridge",
    "Coldwater Bay",
    "Dunmore Falls",
    "Eastholme",
    "Fernley Cross",
    "Glenhaven",
    "Holloway Creek",
)
_FIRMS = ("Alder & Finch", "Bellwether Group", "Cobalt House", "Drake Partners", "Evergreen Works", "Foxglove Ltd")
_STREETS = (
    "Alder Lane",
    "Birch Street",
    "Cedar Road",
    "Elm Terrace",
    "Hawthorn Way",
    "Linden Avenue",
    "Maple Court",
    "Rowan Drive",
)


def person(secret: bytes, number: int, parts: Sequence[str]) -> tuple[str, str]:
    """Return first name and surname of the stand-in for person ``number`` whose name has these ``parts``."""
    culture = _culture(parts)
    women = any(part in _KNOWN_WOMEN for part in parts)
    men = any(part in _KNOWN_MEN for part in parts)
    pool = _WOMEN[culture] if women and not men else _MEN[culture] if men else _WOMEN[culture] + _MEN[culture]
    first = _pick(secret, f"first/{number}", [name for name in pool if name.casefold() not in parts])
    last = _pick(secret, f"last/{number}", [name for name in _SURNAMES[culture] if name.casefold() not in parts])
    return first, last


def stand_in(secret: bytes, label: Label, text: str) -> str:
    """Return invented text for anything that is no person; the same for the same ``text``."""
    key = f"{label.value}/{text.casefold()}"
    if label in _LIKE:
        return _like(secret, key, text)
    make = _MAKERS.get(label)
    return f"[{label.value}]" if make is None else make(_number(secret, key))


_LIKE = frozenset({Label.ZIP, Label.ID, Label.CARD, Label.IBAN})
"""Numbers keep their shape and lose their sense."""

_MAKERS: dict[Label, Callable[[int], str]] = {
    Label.PHONE: lambda draw: f"(555) 555-{100 + draw % 100:04d}",
    Label.EMAIL: lambda draw: f"contact{draw % 10_000}@example.org",
    Label.URL: lambda draw: f"https://example.org/{draw % 10_000}",
    Label.IP: lambda draw: f"192.0.2.{draw % 254 + 1}",
    Label.LOCATION: lambda draw: _TOWNS[draw % len(_TOWNS)],
    Label.ORG: lambda draw: _FIRMS[draw % len(_FIRMS)],
    Label.ADDRESS: lambda draw: f"{draw % 90 + 10} {_STREETS[draw % len(_STREETS)]}",
    Label.USERNAME: lambda draw: f"@visitor{draw % 10_000}",
}


def _culture(parts: Sequence[str]) -> str:
    for culture, endings in _ENDINGS.items():
        for part in parts:
            is_whole = culture != "es" and part in endings
            if is_whole or (culture == "es" and len(part) >= MIN_ENDING_CHARS and part.endswith(endings)):
                return culture
    return "en"


def _like(secret: bytes, key: str, text: str) -> str:
    """Return ``text`` with every digit and letter drawn anew; it begins with 0 or X, so that it fits nothing."""
    stream = hmac.digest(secret, key.encode(), hashlib.sha256)
    drawn: list[str] = []
    for place, char in enumerate(text):
        value = stream[place % len(stream)]
        drawn.append(str(value % 10) if char.isdigit() else chr(65 + value % 26) if char.isalpha() else char)
    first = next((place for place, char in enumerate(text) if char.isalnum()), None)
    if first is not None:
        drawn[first] = "0" if text[first].isdigit() else "X"
    return "".join(drawn)


def _pick(secret: bytes, key: str, choices: Sequence[str]) -> str:
    return choices[_number(secret, key) % len(choices)]


def _number(secret: bytes, key: str) -> int:
    return int.from_bytes(hmac.digest(secret, key.encode(errors="surrogatepass"), hashlib.sha256)[:8])
