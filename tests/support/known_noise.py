"""How people write what an office knows of them: many forms of each thing, and a keyboard's slips in them.

Shared by the tests and by whoever measures recall by kind. Everybody here is invented.
"""

# ruff: noqa: E501 - the forms of one thing are read side by side

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from app.anonymise.known import KnownText
from app.anonymise.labels import Label

_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEAR = {
    key: row[max(0, place - 1) : place] + row[place + 1 : place + 2] for row in _KEYS for place, key in enumerate(row)
}
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip
_DIGIT_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = ("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
             "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
             "twentieth")  # fmt: skip

NAMES = ("William Ashdown", "Katherine Obuya", "José Villanueva", "Margaret Thistlewood", "Dmitri Halvorsen",
         "Priya Ramanathan", "Robert Castellan", "Elizabeth Quarshie", "Xiomara Delacroix", "Theodore Brandvold")  # fmt: skip
SHORT = {"William": ("Bill", "Billy", "Will", "Liam"), "Katherine": ("Kate", "Kathy", "Katie"), "José": ("Pepe",),
         "Margaret": ("Maggie", "Peggy", "Meg"), "Robert": ("Bob", "Rob", "Bobby"), "Elizabeth": ("Liz", "Beth", "Betty"),
         "Theodore": ("Ted", "Theo", "Teddy")}  # fmt: skip
STREETS = (
    ("47", "Larkspur", "Street", "St", "Harrowgate", "MA", "01101"),
    ("1208", "Old Mill", "Road", "Rd", "Millbrook", "CT", "06460"),
    ("9", "Fifth", "Avenue", "Ave", "Tarrytown Falls", "NY", "10591"),
    ("316", "North Juniper", "Lane", "Ln", "Ashgrove", "OH", "44023"),
)
FRAMES = ("hi its about {} thanks", "{} is what you have on file right?", "can you check {} pls", "so {} and i need a callback",
          "Hello, {}. Please advise.", "my file says {} but the letter did not come")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """One form of a known thing in a message; half-open range of what must go."""

    kind: str
    known: KnownText
    text: str
    start: int
    end: int

    @property
    def said(self) -> str:
        """What must go."""
        return self.text[self.start : self.end]


def written(count: int, *, seed: int, slips: int = 0) -> Iterator[Written]:
    """Yield ``count`` messages of each kind; ``slips`` letters of each are mistyped."""
    dice = random.Random(seed)
    for kind, make in KINDS.items():
        for _ in range(count):
            known, said = make(dice)
            said = mistyped(said, dice, slips)
            frame = dice.choice(FRAMES)
            start = frame.index("{}")
            yield Written(kind, known, frame.format(said), start, start + len(said))


def mistyped(text: str, dice: random.Random, slips: int) -> str:
    """Return ``text`` with so many letters swapped, doubled, left out or hit beside; first letters and digits stay."""
    for _ in range(slips):
        places = [
            place
            for place in range(1, len(text) - 1)
            if text[place].isalpha() and text[place - 1].isalpha() and _word_length(text, place) >= 5
        ]
        if not places:
            return text
        place, slip = dice.choice(places), dice.randrange(4)
        char = text[place]
        if slip == 0 and text[place + 1].isalpha():
            text = text[:place] + text[place + 1] + char + text[place + 2 :]
        elif slip == 1:
            text = text[:place] + char + text[place:]
        elif slip == 2:
            text = text[:place] + text[place + 1 :]
        else:
            text = text[:place] + dice.choice(_NEAR.get(char.lower(), char)) + text[place + 1 :]
    return text


def _word_length(text: str, place: int) -> int:
    start = place
    while start and text[start - 1].isalpha():
        start -= 1
    end = place
    while end < len(text) and text[end].isalpha():
        end += 1
    return end - start


def _in_case(text: str, dice: random.Random) -> str:
    return dice.choice((text, text.lower(), text.lower(), text.upper()))


def _name(dice: random.Random) -> tuple[KnownText, str]:
    name = dice.choice(NAMES)
    first, last = name.split()
    said = dice.choice((name, last, first, f"{last}, {first}", f"{first[0]}. {last}", f"Mr {last}", f"Mrs. {last}"))
    said = said if dice.random() < 0.7 else said.replace("é", "e")
    return KnownText(name, Label.PERSON), _in_case(said, dice)


def _nickname(dice: random.Random) -> tuple[KnownText, str]:
    first = dice.choice(tuple(SHORT))
    name = next(name for name in NAMES if name.startswith(first))
    short = dice.choice(SHORT[first])
    said = dice.choice((f"{short} {name.split()[1]}", f"this is {short}", f"{short.lower()} {name.split()[1].lower()}"))
    return KnownText(name, Label.PERSON), said


def _birth_date(dice: random.Random) -> tuple[KnownText, str]:
    day = date(dice.randrange(1935, 2015), dice.randrange(1, 13), dice.randrange(1, 29))
    month, short, year = _MONTHS[day.month - 1], _MONTHS[day.month - 1][:3], f"{day.year % 100:02d}"
    ending = {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10 if day.day not in {11, 12, 13} else 0, "th")
    ordinal = _ORDINALS[day.day - 1] if day.day <= 20 else f"twenty {_ORDINALS[day.day - 21]}"
    said = dice.choice((
        day.isoformat(), f"{day.month}/{day.day}/{day.year}", f"{day.day}/{day.month}/{year}", f"{day.day}.{day.month}.{year}",
        f"{month} {day.day}{ending} {year}", f"{month.lower()} {day.day}{ending} {year}", f"{short} {day.day}, {day.year}",
        f"{day.day} {month.lower()} {day.year}", f"{day.day}{ending} of {month} '{year}", f"the {ordinal} of {month} {_year_words(day.year)}",
        f"{month} {ordinal}, {_year_words(day.year)}", f"{month} {day.day}{ending}", f"{day.month:02d}{day.day:02d}{day.year}",
        f"{day.month:02d} {day.day:02d} {year}", f"{month} of {day.year}", f"{month.upper()} {day.day} {day.year}",
    ))  # fmt: skip
    return KnownText(day.isoformat(), Label.DATE), said


def _year_words(year: int) -> str:
    def two(number: int) -> str:
        if number < 10:
            return f"oh {_DIGIT_WORDS[number]}"
        if number < 20:
            return _TEENS[number - 10]
        tens = _TENS[number // 10 - 2]
        return tens if number % 10 == 0 else f"{tens} {_DIGIT_WORDS[number % 10]}"

    if 2000 <= year < 2010:
        return "two thousand" + ("" if year == 2000 else f" {_DIGIT_WORDS[year - 2000]}")
    return f"{two(year // 100)} {two(year % 100)}"


def _phone(dice: random.Random) -> tuple[KnownText, str]:
    area, local, line = (
        "".join(dice.choice("23456789") + f"{dice.randrange(100):02d}"),
        "555",
        f"01{dice.randrange(100):02d}",
    )
    known = KnownText(f"+1 {area} {local} {line}", Label.PHONE)
    national = area + local + line
    spelled = " ".join(_DIGIT_WORDS[int(one)] if one != "0" else dice.choice(("oh", "zero")) for one in national)
    said = dice.choice((
        f"({area}) {local}-{line}", f"{area}.{local}.{line}", national, f"+1 {area} {local} {line}", f"1-{area}-{local}-{line}",
        f"{local}-{line}", f"{local}{line}", f"{local} {line[:2]} {line[2:]}", spelled,
        f"{area} triple five {' '.join(_DIGIT_WORDS[int(one)] for one in line)}", f"{area} {local} {line}".replace("0", "O"),
        f"{area[0]} {area[1:]} {local[:2]} {local[2:]} {line}", f"{area}/{local}/{line}", f"{area}  {local}  {line}",
    ))  # fmt: skip
    return known, said


def _phone_with_a_slip(dice: random.Random) -> tuple[KnownText, str]:
    known, _said = _phone(dice)
    digits = "".join(char for char in known.text if char.isdigit())[1:]
    place, slip = dice.randrange(1, len(digits) - 1), dice.randrange(3)
    if slip == 0:
        digits = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
    elif slip == 1:
        digits = digits[:place] + digits[place + 1 :]
    else:
        digits = digits[:place] + str((int(digits[place]) + 1) % 10) + digits[place + 1 :]
    return known, dice.choice((digits, f"{digits[:3]} {digits[3:6]} {digits[6:]}"))


def _mail(dice: random.Random) -> tuple[KnownText, str]:
    first, last = dice.choice(NAMES).lower().replace("é", "e").split()
    address = dice.choice(
        (
            f"{first}.{last}@example.org",
            f"{last}{dice.randrange(60, 99)}@mail.example.com",
            f"{first}_{last}@example.net",
        )
    )
    name, host = address.split("@")
    spoken = f"{name} at {host}".replace(".", " dot ").replace("_", " underscore ")
    said = dice.choice(
        (
            address,
            address.upper(),
            spoken,
            f"{name} @ {host}",
            f"{name}(at){host}",
            f"{name}@{host}".replace(".", ","),
            name,
        )
    )
    return KnownText(address, Label.EMAIL), said


def _address(dice: random.Random) -> tuple[KnownText, str]:
    number, name, kind, short, town, state, code = dice.choice(STREETS)
    unit = dice.choice(("", ", Apt 4B"))
    known = KnownText(f"{number} {name} {kind}{unit}, {town}, {state} {code}", Label.ADDRESS)
    said = dice.choice((
        f"{number} {name} {kind}, {town} {state} {code}", f"{number} {name} {short}", f"{number} {name.lower()} {short.lower()}",
        f"{number} {name}", f"{name} {kind}", f"{name.lower()} {short.lower()}", f"{number} {name} {short}, {town}", town, town.lower(), code,
        f"{town} {code}", f"{number} {name.upper()} {kind.upper()}",
    ))  # fmt: skip
    return known, said


def _record(dice: random.Random) -> tuple[KnownText, str]:
    letters, digits = dice.choice(("LQ", "MRN", "CH")), f"{dice.randrange(10**5, 10**6)}"
    known = KnownText(f"{letters}-{digits}", Label.ID)
    said = dice.choice((
        known.text, known.text.lower(), f"{letters}{digits}", f"{letters} {digits[:3]} {digits[3:]}", f"{letters.lower()}{digits}",
        f"{letters}/{digits}",
    ))  # fmt: skip
    return known, said


KINDS: dict[str, Callable[[random.Random], tuple[KnownText, str]]] = {
    "name": _name,
    "nickname": _nickname,
    "birth date": _birth_date,
    "phone": _phone,
    "phone, one digit off": _phone_with_a_slip,
    "e-mail": _mail,
    "address": _address,
    "record number": _record,
}
