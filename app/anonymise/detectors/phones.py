"""Telephone and fax numbers: Safe Harbor D and E.

Shapes come from one expression; the arithmetic of the countries' numbering plans is phonenumbers'. ``(860)
555-0142``, ``+44 1632 960 983``, ``555-0142 ext. 12``, ``fax 0161 496 0000``. A number that fits no plan stays when a
word of telephony stands beside it. Out of scope: emergency and short numbers (911, 112, 116 123), which name nobody.
"""

import re
from collections.abc import Iterator

import phonenumbers

from app.anonymise.detectors.patterns import CONTEXT_CHARS, Step, digits, has_words, shape, words
from app.anonymise.gates import DIGIT_SIGN, Gate
from app.anonymise.labels import Label
from app.anonymise.spans import Ground, Span
from app.anonymise.word_classes import WordClasses

REGIONS = ("US", "GB", "DE", "FR", "ES", "IT", "IE", "AU", "NZ", "IN")
"""Plans that are tried for a number without a country code; US covers Canada."""

MIN_DIGITS = 7
"""Shorter ones are extensions, prices and emergency numbers."""

_SHAPE = shape(
    r"""(?<![\w.,$£€/@-])(?:\+|00)?\(?\d(?:[\s().\u00a0/-]{0,3}\d){5,15}(?![\w/@-]?\d|\.\d|%)
    (?:\s?,?\s?(?:ext|extension|x|xtn)\.?\s?\d{1,6})?"""
)
_CONTEXT = words(
    "phone",
    "tele?phone",
    "tel",
    "call",
    "calling",
    "cell(?:phone)?",
    "mobile",
    "mob",
    "fax",
    "text",
    "sms",
    "whats ?app",
    "reach(?:ed)?",
    "ring",
    "contact",
    "voicemail",
    "landline",
    r"my (?:new )?number is",
    "tel[eé]fono",
    "m[oó]vil",
    "llamar",
    "ph",
)
_NOT_PHONE = words(
    "account",
    "acct",
    "policy",
    "claim",
    "ssn",
    "social security",
    "card",
    "member",
    "case",
    "docket",
    "order",
    "invoice",
    "ref(?:erence)?",
    "npi",
    "id",
    "mrn",
    "routing",
    "confirmation",
    "nhs",
    "passport",
    "licen[cs]e",
    "iban",
    "aadhaa?r",
    "sin",
    "tfn",
    "ird",
    "utr",
    "serial",
    "zip",
)
_DATE_LIKE = re.compile(
    r"^(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}[./-]\d{1,2}[./-]\d{1,2}|(?:19|20)\d{2}\s?[-/]\s?(?:19|20)\d{2})$"
)


def find(text: str, _words: WordClasses) -> Iterator[Span]:
    """Yield telephone numbers of ``text``."""
    for match in _SHAPE.finditer(text):
        start, end = match.span()
        ground = _ground_of(text, match.group(), start, end)
        if ground is not None:
            yield Span(start, end, Label.PHONE, ground, "phone")


def _ground_of(text: str, number: str, start: int, end: int) -> Ground | None:
    if _DATE_LIKE.match(number):
        return None
    is_named = has_words(_CONTEXT, text, start, end)
    count = len(digits(number))
    if _named_last(_NOT_PHONE, text, start) > _named_last(_CONTEXT, text, start):
        return None
    if number.startswith(("+", "00")) and _fits_plan(number, None):
        return Ground.PROOF
    if _looks_written(number) and any(_fits_plan(number, region) for region in REGIONS):
        return Ground.PROOF if is_named else Ground.SHAPE
    if is_named:
        return Ground.SHAPE if count >= MIN_DIGITS else None
    return Ground.GUESS if _looks_written(number) and count in {7, 10, 11} else None


def _named_last(words_before: re.Pattern[str], text: str, start: int) -> int:
    """Return where the nearest of these words before ``start`` begins, -1 when there is none: the nearer one decides."""
    before = text[max(0, start - CONTEXT_CHARS) : start]
    return max((match.start() for match in words_before.finditer(before)), default=-1)


def _looks_written(number: str) -> bool:
    """People group the digits of telephone numbers; ten in a row may be anything else and weigh less."""
    return bool(re.search(r"\d[\s().-]+\d", number)) or len(digits(number)) in {10, 11}


def _fits_plan(number: str, region: str | None) -> bool:
    text = "+" + number[2:] if number.startswith("00") else number
    try:
        parsed = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return False
    # "Possible" and not "valid": the plans' fictitious ranges (555-01xx) are what people use in examples.
    return bool(phonenumbers.is_possible_number(parsed)) and len(str(parsed.national_number)) >= MIN_DIGITS


STEPS = (Step(find, Gate(DIGIT_SIGN, digits=6)),)
