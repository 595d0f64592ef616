"""Addresses of the net, amounts, percentages, telephone numbers, and numbers with their units."""

import re
from collections.abc import Iterator
from decimal import Decimal

from app.services.facts.kinds import Fact, FactKind

_SMALL_TEXT = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_SMALL = _SMALL_TEXT.split()
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
NUMBER_WORDS = (
    {word: value for value, word in enumerate(_SMALL)}
    | {ten: 10 * value for value, ten in enumerate(_TENS, start=2)}
    | {f"{ten}-{one}": 10 * value + small for value, ten in enumerate(_TENS, start=2)
       for small, one in enumerate(_SMALL[1:10], start=1)}
    | {"dozen": 12, "hundred": 100, "thousand": 1000}
)  # fmt: skip
"""Spelled numbers and their values."""

_UNIT_TEXT = """
second minute hour day night week weekday weekend month quarter year mile kilometre metre centimetre inch foot step
floor room pound dollar euro cent penny person patient client adult child page letter document copy visit appointment
refill tablet pill dose unit instalment payment bus line stop capsule drop puff teaspoon tablespoon session meeting box
pair fortnight mg ml mcg g kg l iu time
"""
_UNITS = frozenset(_UNIT_TEXT.split())
_SPELLINGS = {
    "people": "person", "persons": "person", "children": "child", "pennies": "penny", "feet": "foot", "copies": "copy",
    "inches": "inch", "buses": "bus", "min": "minute", "mins": "minute", "hr": "hour", "hrs": "hour", "km": "kilometre",
    "kilometers": "kilometre", "cm": "centimetre", "centimeters": "centimetre", "meters": "metre",
    "installments": "instalment", "installment": "instalment", "milligram": "mg", "milligrams": "mg",
    "milligrammes": "mg", "milliliter": "ml", "millilitre": "ml", "milliliters": "ml", "millilitres": "ml",
    "microgram": "mcg", "micrograms": "mcg", "µg": "mcg", "μg": "mcg", "gram": "g", "grams": "g", "kilo": "kg",
    "kilogram": "kg", "kilograms": "kg", "kilos": "kg", "litre": "l", "litres": "l", "liter": "l", "liters": "l",
    "capsules": "capsule", "boxes": "box", "secs": "second", "sec": "second",
}  # fmt: skip
_AMBIGUOUS = frozenset({"one", "hundred", "thousand"})
_SAME = {
    "week": (7, "day"), "day": (24, "hour"), "hour": (60, "minute"), "minute": (60, "second"), "year": (12, "month"),
    "fortnight": (2, "week"), "g": (1000, "mg"), "mg": (1000, "mcg"), "l": (1000, "ml"), "kg": (1000, "g"),
}  # fmt: skip
"""A unit is so many of a smaller one."""
_MIN_PHONE_DIGITS = 7
_CURRENCIES = {
    "$": "USD", "dollar": "USD", "usd": "USD", "£": "GBP", "pound": "GBP", "gbp": "GBP", "€": "EUR", "euro": "EUR",
    "eur": "EUR", "cent": "cent", "p": "cent", "pence": "cent", "buck": "USD",
}  # fmt: skip

_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,5}[\w-]{2,63}")
_URL = re.compile(
    r"(?:https?://|www\.)[^\s,;)]+"
    r"|(?<![\w.@-])(?:[a-z0-9-]{1,63}\.){1,4}(?:com|org|net|gov|edu|info|uk|co|io|us|eu|de|example)\b(?:/[^\s,;)]*)?",
    re.IGNORECASE,
)
_PERCENT = re.compile(rf"(?<![\w.])(?P<value>{_DIGITS})\s?(?:%|per\s?cent\b)")
_PHONE = re.compile(r"(?<![\w.])\+?\(?\d[\d\s()./-]{5,22}\d(?!\w)")
_WORDS = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
_LARGE = rf"(?:{_WORDS})\s(?:hundred|thousand)(?:\s(?:and\s)?(?:{_WORDS}))?"
_AMOUNT = re.compile(
    rf"(?P<sign>[$£€])\s?(?P<after>{_DIGITS})|(?<![\w.])(?P<number>{_DIGITS})\s?(?P<sign_after>[£€])"
    rf"|(?:(?<![\w.])(?P<before>{_DIGITS})\s?|(?<![\w-])(?P<spelled>{_LARGE}|{_WORDS})\s)"
    r"(?P<unit>dollars?|pounds?|euros?|USD|GBP|EUR|cents?|pence|bucks?|p(?!\.?\s?m))\b"
)
_DOSE_UNITS = "mg|ml|mcg|µg|μg|g|kg|l|iu|cm|km|min|mins|hrs?"
_NUMBER = re.compile(
    rf"(?<![\w.])(?P<digits>{_DIGITS})(?:(?:st|nd|rd|th)?(?!\w)|(?=(?:{_DOSE_UNITS})\b))"
    rf"|(?<![\w-])(?P<word>{_LARGE}|{_WORDS})(?![\w])",
    re.IGNORECASE,
)
_FOLLOWING = re.compile(r"[\s-]*([A-Za-zµμ]+)(?:[\s-]+([A-Za-z]+))?")
_RANGE = re.compile(rf"\s?(?:to|or|and|-|\u2013)\s?(?:{_DIGITS}|{_WORDS})(?![\w])", re.IGNORECASE)
_OFTEN = re.compile(
    rf"(?<![\w-])(?:(?P<adverb>once|twice|thrice)|(?P<count>\d{{1,3}}|{_WORDS})\stimes)"
    r"(?:\s(?:a|an|per|every|each|in\sa)\s(?P<period>hour|day|night|week|fortnight|month|year)"
    r"|\s(?P<adjective>daily|weekly|monthly|yearly|nightly|hourly))",
    re.IGNORECASE,
)
_PERIODS = {
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "yearly": "year",
    "nightly": "night",
    "hourly": "hour",
}
_PART_OF_HOUR = re.compile(
    r"(?P<long>\ban hour and a half\b|\bone and a half hours\b)|(?P<half>\bhalf an hour\b|\bhalf-hour\b)"
    r"|(?P<quarter>\b(?:a )?quarter of an hour\b)|(?P<fortnight>(?<=\ba )fortnight\b)",
    re.IGNORECASE,
)
_PARTS = {"long": ("90", "minute"), "half": ("30", "minute"), "quarter": ("15", "minute"), "fortnight": ("2", "week")}


def find_emails(text: str, *, is_source: bool) -> Iterator[Fact]:  # noqa: ARG001  (all finders share one signature)
    """Yield e-mail addresses."""
    for match in _EMAIL.finditer(text):
        yield Fact(FactKind.EMAIL, *match.span(), match.group().casefold())


def find_urls(text: str, *, is_source: bool) -> Iterator[Fact]:  # noqa: ARG001
    """Yield web addresses without scheme, "www." and closing slash."""
    for match in _URL.finditer(text):
        plain = match.group().casefold().removeprefix("https://").removeprefix("http://").removeprefix("www.")
        yield Fact(FactKind.URL, *match.span(), plain.rstrip("/."))


def find_amounts(text: str, *, is_source: bool) -> Iterator[Fact]:  # noqa: ARG001
    """Yield amounts of money as currency and number."""
    for match in _AMOUNT.finditer(text):
        unit = (match["sign"] or match["sign_after"] or match["unit"]).casefold()
        currency = _CURRENCIES[unit if unit in _CURRENCIES else unit.removesuffix("s")]
        digits = match["after"] or match["number"] or match["before"]
        value = _canonical(digits) if digits else str(_value_of(match["spelled"]))
        yield Fact(FactKind.AMOUNT, *match.span(), f"{currency} {value}")


def find_percents(text: str, *, is_source: bool) -> Iterator[Fact]:  # noqa: ARG001
    """Yield percentages."""
    for match in _PERCENT.finditer(text):
        yield Fact(FactKind.PERCENT, *match.span(), _canonical(match["value"]))


def find_phones(text: str, *, is_source: bool) -> Iterator[Fact]:  # noqa: ARG001
    """Yield telephone numbers as their digits."""
    for match in _PHONE.finditer(text):
        digits = "".join(char for char in match.group() if char.isdigit())
        if len(digits) >= _MIN_PHONE_DIGITS:
            yield Fact(FactKind.PHONE, *match.span(), digits)


def find_rhythms(text: str, *, is_source: bool) -> Iterator[Fact]:  # noqa: ARG001
    """Yield how often something is done ("twice a day"), and lengths that are words ("half an hour")."""
    for match in _OFTEN.finditer(text):
        count = {"once": 1, "twice": 2, "thrice": 3}.get((match["adverb"] or "").casefold()) or _count(match["count"])
        period = (match["period"] or "").casefold() or _PERIODS[match["adjective"].casefold()]
        yield Fact(FactKind.NUMBER, *match.span(), f"{count} per {period}")
    for match in _PART_OF_HOUR.finditer(text):
        value, unit = _PARTS[match.lastgroup or ""]
        yield Fact(FactKind.NUMBER, *match.span(), f"{value} {unit}", _same_as(value, unit))


def find_numbers(text: str, *, is_source: bool) -> Iterator[Fact]:
    """Yield numbers with the unit after them, if any; "one" without a unit is a pronoun and no number.

    A source's number also stands for itself without the unit, so that a reply may leave a unit out but not change it.
    The same length in another unit is the same ("14 days", "two weeks"); in "5 to 7 years" both numbers are years.
    """
    for match in _NUMBER.finditer(text):
        word = (match["word"] or "").casefold()
        unit, unit_end, is_plain = _unit_after(text, match.end())
        if word in _AMBIGUOUS and not unit:
            continue
        value = _canonical(match["digits"]) if match["digits"] else str(_value_of(word))
        also = (frozenset({value}) if is_source else frozenset()) | (_same_as(value, unit) if is_plain else frozenset())
        yield Fact(FactKind.NUMBER, *match.span(), f"{value} {unit}".strip(), also, unit_end)


def _canonical(digits: str) -> str:
    return format(Decimal(digits.replace(",", "")).normalize(), "f")


def _value_of(words: str) -> int:
    """Return the value of a spelled number: "fifty", "two hundred and ten"."""
    total = 0
    for word in words.casefold().replace(" and ", " ").split():
        value = NUMBER_WORDS[word]
        total = max(total, 1) * value if value in {100, 1000} else total + value
    return total


def _count(text: str) -> int:
    return int(text) if text.isdigit() else NUMBER_WORDS[text.casefold()]


def _same_as(value: str, unit: str) -> frozenset[str]:
    """Return the same length or dose in the next smaller and the next larger units."""
    same = {f"{value} {unit}"}
    for _ in range(2):
        for one in tuple(same):
            number, name = one.split(" ", 1)
            amount = Decimal(number)
            if name in _SAME:
                same.add(f"{_plain(amount * _SAME[name][0])} {_SAME[name][1]}")
            same |= {f"{_plain(amount / many)} {larger}" for larger, (many, smaller) in _SAME.items()
                     if smaller == name and amount % many == 0}  # fmt: skip
    return frozenset(same)


def _plain(number: Decimal) -> str:
    return format(number.normalize(), "f")


def _unit_after(text: str, end: int) -> tuple[str, int, bool]:
    """Return the unit among the next two words ("two working days"), in the singular, where it ends, and if it is bare.

    A number that opens a range has the unit of the range.
    """
    following = _RANGE.match(text, end)
    if following:
        unit, _, is_plain = _unit_after(text, following.end())
        return unit, 0, is_plain
    words = _FOLLOWING.match(text, end)
    for number, word in enumerate(words.groups() if words else (), start=1):
        plain = (word or "").casefold()
        unit = _SPELLINGS.get(plain, plain if plain in _UNITS else plain.removesuffix("s"))
        if words is not None and unit in _UNITS:
            return unit, words.end(number), number == 1
    return "", 0, False
