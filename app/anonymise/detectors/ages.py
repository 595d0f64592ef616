"""Ages: Safe Harbor C groups those over 89; the younger ones are quasi-identifiers and are found as well.

``94 years old``, ``aged 91``, ``my 92-year-old mother``, ``she turned ninety-three``, ``age: 95``. Which ages are replaced is the
profile's decision. Out of scope: ages of things ("a 10-year-old car" is found; when unsure, redact).
"""

from app.anonymise.detectors.patterns import Pattern, shape
from app.anonymise.labels import Label
from app.anonymise.spans import Ground

_TENS = r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|(?:an?|one)\shundred(?:\sand)?)(?:[\s-](?:one|two|three|four|five|six|seven|eight|nine))?"
_AGE = rf"(?:1[01]\d|\d{{1,2}}|{_TENS})"

PATTERNS = (
    Pattern(
        "age.years_old",
        Label.AGE,
        shape(rf"\b{_AGE}[\s-]?(?:years?|yrs?|y/?o|yo|months?|weeks?)(?:[\s-]old)?(?<=old|y/o)\b|\b{_AGE}\s?y/?o\b"),
        Ground.PROOF,
        cues=("old", "y/o", "yo"),
    ),
    Pattern(
        "age.aged",
        Label.AGE,
        shape(
            rf"\b(?:aged?|turn(?:ed|s|ing)|turning)\s?(?:is|:|=)?\s?(?P<id>{_AGE})\b(?!\s?(?:%|am|pm|:|dollars|pages))"
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
        cues=(
            "0",
            "1",
            "2",
            "3",
            "4",
            "5",
            "6",
            "7",
            "8",
            "9",
            "twenty",
            "thirty",
            "forty",
            "fifty",
            "sixty",
            "seventy",
            "eighty",
            "ninety",
            "hundred",
        ),
    ),
    Pattern(
        "age.beside_name",
        Label.AGE,
        shape(r"(?<=[a-z])(?:,\s|\s\()(?P<id>[1-9]\d?|1[01]\d)(?=\)|,\s(?![a-z]+\s\d))"),
        Ground.GUESS,
        needs="(,",
    ),
    Pattern("age.spanish", Label.AGE, shape(r"\b(?P<id>\d{1,3})\saños\b"), Ground.PROOF, needs="ñ"),
    Pattern(
        "age.short", Label.AGE, shape(r"(?<![\w.,])(?P<id>\d{1,3})\s?/?\s?[mf]\b(?=[\s,.;)])"), Ground.GUESS, needs="0"
    ),
)
