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
refill tablet pill dose unit instalment payment bus line stop
"""
_UNITS = frozenset(_UNIT_TEXT.split())
_SPELLINGS = {
    "people": "person", "persons": "person", "children": "child", "pennies": "penny", "feet": "foot", "copies": "copy",
    "inches": "inch", "buses": "bus", "min": "minute", "mins": "minute", "hr": "hour", "hrs": "hour", "km": "kilometre",
    "kilometers": "kilometre", "cm": "centimetre", "centimeters": "centimetre", "meters": "metre",
    "installments": "instalment", "installment": "instalment",
}  # fmt: skip
_AMBIGUOUS = frozenset({"one", "hundred", "thousand"})
_MIN_PHONE_DIGITS = 7
_CURRENCIES = {
    "$": "USD", "dollar": "USD", "usd": "USD", "£": "GBP", "pound": "GBP", "gbp": "GBP", "€": "EUR", "euro": "EUR",
    "eur": "EUR", "cent": "cent", "p": "cent",
}  # fmt: skip

_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,5}[\w-]{2,63}")
_URL = re.compile(
    r"(?:https?://|www\.)[^\s,;)]+"
    r"|(?<![\w.@-])(?:[a-z0-9-]{1,63}\.){1,4}(?:com|org|net|gov|edu|info|uk|co|io|us|eu|de|example)\b(?:/[^\s,;)]*)?",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    rf"(?P<sign>[$£€])\s?(?P<after>{_DIGITS})"
    rf"|(?<![\w.])(?P<before>{_DIGITS})\s?(?P<unit>dollars?|pounds?|euros?|USD|GBP|EUR|cents?|p(?!\.?\s?m))\b"
)
_PERCENT = re.compile(rf"(?<![\w.])(?P<value>{_DIGITS})\s?(?:%|per\s?cent\b)")
_PHONE = re.compile(r"(?<![\w.])\+?\(?\d[\d\s()./-]{5,22}\d(?!\w)")
_WORDS = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
_NUMBER = re.compile(
    rf"(?<![\w.])(?P<digits>{_DIGITS})(?:st|nd|rd|th)?(?!\w)|(?<![\w-])(?P<word>{_WORDS})(?![\w])", re.IGNORECASE
)
_FOLLOWING = re.compile(r"[\s-]+([A-Za-z]+)(?:[\s-]+([A-Za-z]+))?")


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
        unit = (match["sign"] or match["unit"]).casefold()
        currency = _CURRENCIES[unit if unit in _CURRENCIES else unit.removesuffix("s")]
        yield Fact(FactKind.AMOUNT, *match.span(), f"{currency} {_canonical(match['after'] or match['before'])}")


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


def find_numbers(text: str, *, is_source: bool) -> Iterator[Fact]:
    """Yield numbers with the unit after them, if any; "one" without a unit is a pronoun and no number.

    A source's number also stands for itself without the unit, so that a reply may leave a unit out but not change it.
    """
    for match in _NUMBER.finditer(text):
        word = (match["word"] or "").casefold()
        unit, unit_end = _unit_after(text, match.end())
        if word in _AMBIGUOUS and not unit:
            continue
        value = _canonical(match["digits"]) if match["digits"] else str(NUMBER_WORDS[word])
        also = frozenset({value}) if is_source else frozenset()
        yield Fact(FactKind.NUMBER, *match.span(), f"{value} {unit}".strip(), also, unit_end)


def _canonical(digits: str) -> str:
    return format(Decimal(digits.replace(",", "")).normalize(), "f")


def _unit_after(text: str, end: int) -> tuple[str, int]:
    """Return the unit among the next two words ("two working days"), in the singular, and where it ends."""
    following = _FOLLOWING.match(text, end)
    for number, word in enumerate(following.groups() if following else (), start=1):
        plain = (word or "").casefold()
        unit = _SPELLINGS.get(plain, plain if plain in _UNITS else plain.removesuffix("s"))
        if following is not None and unit in _UNITS:
            return unit, following.end(number)
    return "", 0
