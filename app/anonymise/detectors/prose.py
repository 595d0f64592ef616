"""What narrows down who somebody is in long prose: years, amounts, shares, nationalities, professions.

A line of chat says "$40" and "in 2024" of nobody in particular. A judgment or a letter of several paragraphs tells a
life, and each year and amount in it is a quasi-identifier (Pilán et al., Text Anonymization Benchmark, 2022, §3.2), so
from ``MIN_PROSE_CHARS`` on they are found: ``in 1998``, ``EUR 4,000``, ``33,658 Austrian schillings``, ``60 %``, ``of Kurdish
origin``, ``worked as a fitter``. In a shorter text only years behind "since" and the like and what somebody says of themselves
("I am a welder", "we are Syrian"). Which of these are replaced is the profile's decision: safe-harbor keeps years.
"""

import re
from collections.abc import Iterator
from typing import Final

from app.anonymise.detectors.patterns import Step
from app.anonymise.gates import DIGIT_SIGN, Gate
from app.anonymise.labels import Label
from app.anonymise.spans import Ground, Span
from app.anonymise.word_classes import EVERYDAY, NATION, ROLE, WordClasses

MIN_PROSE_CHARS: Final = 600

_WORD = re.compile(r"[^\W\d_]{4,}")
_PART = re.compile(r"\w[\w-]*|\w+")
_YEAR = re.compile(
    r"(?<![\w.,/:$£€#-])(?<!Act )(?<!Act, )(?<!Code )(?<!no )(?:19[0-9]{2}|20[0-4][0-9])(?:[-/\u2013](?:19|20)?\d{2})?(?![\w/:$%]|[.,]\d|-\d)"
)
_YEAR_SAID = re.compile(
    r"\b(?:since|born\sin|back\sin|class\sof|died\sin|married\sin|(?:summer|winter|spring|fall|autumn)(?:\sof)?|desde)"
    r"\s(?:the\s)?(?P<id>(?:19[2-9]\d|20[0-3]\d)s?)\b(?![-/:%]|[.,]\d)",
    re.IGNORECASE,
)
_CURRENCY = (
    r"(?:euros?|dollars?|pounds?(?:\s+sterling)?|liras?|zlotys?|francs?|schillings?|marks?|rubles?|roubles?|rupees?|kron(?:a|or|er|e)|"
    r"forints?|lei|leva|hryvni(?:a|as)|pesetas?|escudos?|drachmas?|lire|yen|yuan|crores?|lakhs?|guilders?|korunas?|litai|denars?|dinars?)"
)
_CODES = (
    r"(?:EUR|USD|GBP|TRY|TRL|PLN|CHF|DEM|ATS|SEK|NOK|DKK|HUF|CZK|RON|ROL|BGN|UAH|RUB|RUR|FRF|ITL|ESP|PTE|GRD|NLG|BEF|FIM|SKK|SIT|HRK|"
    r"LTL|LVL|EEK|ISK|MDL|CYP|MTL|INR|AUD|CAD|JPY|CNY|Rs\.?)"
)
_NUMBER = r"\d{1,3}(?:[,.\s\u00a0]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_AMOUNT = re.compile(
    rf"""(?<![\w.,])(?:(?:approximately|about|some|over|around|nearly|at\sleast)\s)?(?:{_CODES}\s?(?:{_NUMBER})(?:\s(?:million|billion))?(?:\s\([^()\n]{{1,50}}\))?
    |[$£€]\s?(?:{_NUMBER})(?:\s(?:million|billion)|k\b)?
    |(?:{_NUMBER}|(?:one|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|fifty|a\shundred|five\shundred|thousand))
     (?:\s(?:million|billion|thousand|hundred))?\s(?:{_CODES}|(?:[A-Z][a-z]+\s)?(?i:{_CURRENCY}))(?!\w)(?:\s\([^()\n]{{1,50}}\))?
    |\d+(?:[.,]\d+)?\s?(?:%|per\s?cent\b|percent\b)
    |\d+(?:[.,]\d+)?\s(?:sq(?:uare)?\.?\s?)?(?:met(?:re|er)s?|m2|hectares?|acres?|kilomet(?:re|er)s?|km|kilograms?|kg|lit(?:re|er)s?|grams?|mm|cm|miles?)\b)""",
    re.VERBOSE,
)
_COUNTED = re.compile(
    r"(?<![\w.,/:§-])(?<!Article )(?<!Articles )(?<!Section )(?<!section )(?<!paragraph )(?<!paragraphs )(?<!Rule )(?<!no\. )(?<!of )(?<!and )"
    r"[1-9]\d{1,2}(?:,\d{3})*\s(?!and\b|or\b|of\b|to\b|above\b|below\b|in\b|days?\b|years?\b|months?\b)[a-z]{3,}(?:\s[a-z]{4,}s\b)?"
)
_TERM = re.compile(
    r"\b(?:\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fourteen|fifteen|eighteen|twenty|thirty|forty|sixty|ninety)"
    r"(?:[\s-](?:one|two|three|four|five|six|seven|eight|nine))?[\s-](?:days?|weeks?|months?|years?)\b",
    re.IGNORECASE,
)
_OFFICE_HELD = re.compile(
    r"\b(?:Chief|Deputy|Vice|Lance|Senior|Managing|Executive|Assistant|Associate|Lieutenant|Staff|Head)(?:[\s-](?:of|[A-Z][a-z]+)){1,3}"
)
_SPECIAL = re.compile(
    r"\b(?:black|white|disabled|deaf|blind|gay|lesbian|transgender|homosexual|bisexual|illiterate)\s(?:wo)?m[ae]n\b",
    re.IGNORECASE,
)
_NATIONAL = re.compile(r"(?<![\w-])[A-Z][a-zA-Z]{3,}(?:-[A-Z][a-z]+)?(?:\s(?:nationals?|citizens?|origin|descent)\b)?")
_ROLE = re.compile(
    r"""\b(?:(?:work(?:ed|s|ing)?|serv(?:ed|es|ing)|employ(?:ed|ment)|act(?:ed|s|ing)|practis(?:ed|ing)|train(?:ed|ing)|retired|appointed|job|career|post|position)\s
    (?:[\w]{1,12}\s){0,2}?(?:as|of)\s(?:an?\s|the\s)?|(?:was|is|were|been|became|being|am|i'?m),?\s(?:an?|the)\s|,\s(?:an?)\s|\ba\sretired\s)
    (?P<id>(?:[a-z][\w-]{2,16}\s){0,2}?(?P<role>[a-z][\w-]{3,20}))\b""",
    re.VERBOSE | re.IGNORECASE,
)
_SELF = re.compile(
    r"""\b(?:(?:(?:i|we|he|she)(?:\s(?:am|are|is|was)|'?m|'?re|'s)|(?:my|our|his|her)\s[a-z]{3,12}\s(?:is|are|was|were))\s(?:an?\s)?|(?:work(?:s|ed|ing)?|job)\s(?:is\s)?as\san?\s|(?:ex|former|retired)\s)
    (?P<id>(?:(?:retired|former|trainee|qualified)\s)?(?P<role>[a-z][\w-]{3,20}))\b(?!\s(?:of|to)\b)""",
    re.VERBOSE | re.IGNORECASE,
)

_BELIEF = re.compile(r"\bjehovah(?:'?s|s'?)?\switness(?:es)?\b", re.IGNORECASE)

_PROSE = (
    (_YEAR, Label.DATE, Ground.GUESS, "date.year"),
    (_AMOUNT, Label.QUANTITY, Ground.SHAPE, "quantity"),
    (_COUNTED, Label.QUANTITY, Ground.GUESS, "quantity.counted"),
    (_TERM, Label.DATE, Ground.GUESS, "date.term"),
    (_OFFICE_HELD, Label.NRP, Ground.GUESS, "role.held"),
    (_SPECIAL, Label.NRP, Ground.GUESS, "special"),
)


def _selves(text: str, words: WordClasses) -> Iterator[Span]:
    return _roles(_SELF, text, words)


def _beliefs(text: str, _words: WordClasses) -> Iterator[Span]:
    for match in _BELIEF.finditer(text):
        yield Span(*match.span(), Label.NRP, Ground.SHAPE, "nation")


def _years(text: str, _words: WordClasses) -> Iterator[Span]:
    for match in _YEAR_SAID.finditer(text):
        yield Span(*match.span("id"), Label.DATE, Ground.SHAPE, "date.year")


def _nations(text: str, words: WordClasses) -> Iterator[Span]:
    for match in _WORD.finditer(text):
        kind = words.of(match.group())
        if NATION in kind and EVERYDAY not in kind:
            yield Span(*match.span(), Label.NRP, Ground.GUESS, "nation")


def _in_prose(text: str, words: WordClasses) -> Iterator[Span]:
    if len(text) < MIN_PROSE_CHARS:
        return
    for pattern, label, ground, why in _PROSE:
        for match in pattern.finditer(text):
            yield Span(*match.span(), label, ground, why)
    yield from _roles(_ROLE, text, words)
    for match in _NATIONAL.finditer(text):
        if NATION in words.of(match.group().split()[0].split("-")[0]):
            yield Span(*match.span(), Label.NRP, Ground.GUESS, "nation")


def _roles(pattern: re.Pattern[str], text: str, words: WordClasses) -> Iterator[Span]:
    for match in pattern.finditer(text):
        kind = words.of(match.group("role"))
        if ROLE in kind or NATION in kind:
            yield Span(*match.span("id"), Label.NRP, Ground.GUESS, "role" if ROLE in kind else "nation")


def _has_role(word: str, words: WordClasses) -> bool:
    return any({ROLE, NATION} & set(words.of(part)) for part in _PART.findall(word))


def _has_nation(word: str, words: WordClasses) -> bool:
    kinds = (words.of(part) for part in _WORD.findall(word))
    return any(NATION in kind and EVERYDAY not in kind for kind in kinds)


STEPS = (
    Step(_selves, Gate(test=_has_role)),
    Step(_beliefs, Gate(cues=("jehovah",))),
    Step(_years, Gate(DIGIT_SIGN, digits=4)),
    Step(_nations, Gate(test=_has_nation)),
    Step(_in_prose),
)
"""What narrows somebody down."""
