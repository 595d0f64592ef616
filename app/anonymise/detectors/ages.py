"""Ages: Safe Harbor C groups those over 89; the younger ones are quasi-identifiers and are found as well.

``94 years old``, ``aged 91``, ``my 92-year-old mother``, ``she turned ninety-three``, ``age: 95``. Which ages are replaced is the
profile's decision. Out of scope: ages of things ("a 10-year-old car" is found; when unsure, redact).
"""

import re

from app.anonymise.detectors.patterns import Pattern, shape
from app.anonymise.labels import Label
from app.anonymise.spans import Ground

_TENS = r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|(?:an?|one)\shundred(?:\sand)?)(?:[\s-](?:one|two|three|four|five|six|seven|eight|nine))?"
_SMALL = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)"
_AGE = rf"(?:1[01]\d|\d{{1,2}}|{_TENS}|{_SMALL})"
_WHO = (
    r"(?:i|i'?m|im|s?he'?s?|who'?s?|they'?re|we'?re|you'?re|mother|father|mom|mum|dad|wife|husband|son|daughter|sister|brother|aunt|uncle|"
    r"grand(?:mother|father|ma|pa)|gran|granny|nan|nana|child|baby|kid|girl|boy|twins|patient|client|man|woman|both|all)"
)
_NOT_AGE = r"(?!\s?(?:%|am\b|pm\b|:|minutes?|mins?|hours?|miles|km|mg|ml|dollars|pounds|percent|days|weeks?\slate|people|of\s(?:us|them)|th\b|st\b|times|o'?clock|pages))"
_DIGITS_OR_TENS = (
    *"0123456789",
    "twent",
    "thirt",
    "fort",
    "fift",
    "sixt",
    "sevent",
    "eight",
    "ninet",
    "hundred",
    "teen",
    "ten",
    "eleven",
    "twelve",
)

PATTERNS = (
    Pattern(
        "age.years_old",
        Label.AGE,
        shape(
            rf"\b{_AGE}[\s-]?(?:years?|yrs?|y/?o|yo|months?|mos?|weeks?|wks?|days?)(?:[\s-]old)?(?<=old|y/o)s?\b|\b{_AGE}\s?(?:y/?o\b|y\.\s?o\.?(?!\w))|\b{_AGE}\s?yrs?\s(?:fe)?male\b"
        ),
        Ground.PROOF,
        asks=re.compile(r"old|y/?\s?o|y\.|yrs?$", re.IGNORECASE),
        cues=("old", "y/o", "yo", "y.", "male"),
    ),
    Pattern(
        "age.aged",
        Label.AGE,
        shape(
            rf"\b(?:aged?|turn(?:ed|s|ing)|turning)\s?(?:is|:|=|-|about|around|only|just|nearly)?\s?(?P<id>{_AGE})\b(?!\s?(?:%|am|pm|:|dollars|pages))"
        ),
        Ground.SHAPE,
        cues=("age", "turn"),
    ),
    Pattern(
        "age.of",
        Label.AGE,
        shape(rf"\bage\sof\s{_AGE}\b"),
        Ground.PROOF,
        cues=("age of",),
    ),
    Pattern(
        "age.years",
        Label.AGE,
        shape(rf"\b(?P<id>{_AGE}\s?(?:years?|yrs?))\sof\sage\b"),
        Ground.PROOF,
        cues=("of age",),
    ),
    Pattern(
        "age.said",
        Label.AGE,
        shape(
            rf"\b(?:i'?m|i\sam|(?:s?he|who)(?:'s|\sis)|(?:mother|father|mom|mum|dad|wife|husband|son|daughter|sister|brother|aunt|uncle|grand(?:mother|father|ma|pa)|gran|granny|nan|nana|child|baby|kid|tiene|tengo|cumple)(?:\sis|'s)?)\s(?P<id>{_AGE})\b(?=\s*(?:[,.;!?)]|$|and\b|years|yrs|años|now\b|but\b|with\b|so\b|do\b|does\b|can\b))"
        ),
        Ground.SHAPE,
        asks=re.compile(
            r"(?:i'?m|am|'s|is|mother|father|mom|mum|dad|wife|husband|son|daughter|sister|brother|aunt|uncle|grand(?:ma|pa)|gran|granny|nana?|child|baby|kid|tiene|tengo|cumple)$",
            re.IGNORECASE,
        ),
        cues=_DIGITS_OR_TENS,
    ),
    Pattern(
        "age.set_off",
        Label.AGE,
        shape(rf"\b{_WHO},\s(?P<id>{_AGE})(?=\s*[,.;)])"),
        Ground.SHAPE,
        asks=re.compile(r",$", re.IGNORECASE),
        cues=_DIGITS_OR_TENS,
    ),
    Pattern(
        "age.about",
        Label.AGE,
        shape(
            rf"""\b{_WHO}(?:\s(?:is|am|are|was|were|will\sbe|turns|just\sturned))?,?\s(?:only|nearly|almost|just|about|over|under|both|now|still|around|barely|already|not\syet)\s
            (?P<id>{_AGE})\b{_NOT_AGE}|\b(?:will\sbe|'ll\sbe|turns|(?:just|have|has)\sturned)\s(?P<late>{_AGE})\b{_NOT_AGE}"""
        ),
        Ground.SHAPE,
        asks=re.compile(
            r"(?:,|only|nearly|almost|just|about|over|under|both|now|still|around|barely|already|yet|be|turns|turned)$",
            re.IGNORECASE,
        ),
        cues=_DIGITS_OR_TENS,
    ),
    Pattern(
        "age.of_several",
        Label.AGE,
        shape(
            rf"""\b(?:aged?|kids|children|boys|girls|twins|sons|daughters|grandkids)\s(?:are\s|aged\s)?
            (?P<id>{_AGE}(?:\s?(?:,|&|and|\+)\s?{_AGE})+)\b{_NOT_AGE}"""
        ),
        Ground.SHAPE,
        cues=("age", "kids", "children", "boys", "girls", "twins", "sons", "daughters"),
    ),
    Pattern(
        "age.person_of",
        Label.AGE,
        shape(
            rf"\b(?:(?:wo)?man|boy|girl|lady|child|mother|father|at\sthe\sage)\sof\s(?P<id>{_AGE})\b{_NOT_AGE}|"
            rf"\b(?:when|since|until|while)\s(?:i|s?he|we|they)\s(?:was|were|am|is|turned)\s(?P<then>{_AGE})\b{_NOT_AGE}|"
            rf"\bat\s(?P<at>{_AGE})\s(?=s?he\b|i\b|my\b)"
        ),
        Ground.SHAPE,
        asks=re.compile(r"(?:of|was|were|am|is|turned|at)$", re.IGNORECASE),
        cues=_DIGITS_OR_TENS,
    ),
    Pattern(
        "age.decade",
        Label.AGE,
        shape(
            r"\b(?:his|her|my|their|your)\s(?:early\s|mid[\s-]?|late\s)?(?P<id>[2-9]0'?s|twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties)\b"
        ),
        Ground.SHAPE,
        cues=("0s", "0's", "ties"),
    ),
    Pattern(
        "age.in_brackets",
        Label.AGE,
        shape(rf"(?<=[a-z]\s\()(?P<id>(?:{_AGE}\s?(?:,|&|and)\s?){{1,4}}{_AGE}|{_TENS}|{_SMALL})(?=\))"),
        Ground.GUESS,
        needs="(",
    ),
    Pattern(
        "age.span",
        Label.AGE,
        shape(
            r"\b(?:s?he'?s|i'?m|who'?s|is)\s(?P<id>\d{1,3}\s?(?:yrs?|years?))(?=\s*(?:[,.;!?)]|$|and\b|now\b|but\b|with\b))"
        ),
        Ground.SHAPE,
        needs="0",
    ),
    Pattern(
        "age.beside_name",
        Label.AGE,
        shape(r"(?<=[a-z])(?:,\s|\s\()(?P<id>[1-9]\d?|1[01]\d)(?=\)|,\s(?![a-z]+\s\d))"),
        Ground.GUESS,
        needs="(,",
    ),
    Pattern("age.spanish", Label.AGE, shape(r"\b(?P<id>\d{1,3})\saños\b"), Ground.PROOF, needs="ñÑ"),
    Pattern(
        "age.short", Label.AGE, shape(r"(?<![\w.,])(?P<id>\d{1,3})\s?/?\s?[mf]\b(?=[\s,.;)])"), Ground.GUESS, needs="0"
    ),
)
