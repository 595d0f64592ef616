"""Dates finer than a year: Safe Harbor C. Written, numeric, weekdays, relative ones, and times of birth.

``3 November 2026``, ``Nov. 3rd``, ``03/11/2026``, ``2026-11-03``, ``next Tuesday``, ``the day before yesterday``, ``in three
weeks``, ``el 3 de noviembre``. A year alone may stay (45 CFR 164.514(b)(2)(i)(C)) and is not found here unless it stands in a
date. Out of scope: clock times, which name no day; durations without a direction ("for two weeks").
"""

import re

from app.anonymise.detectors.patterns import Pattern, shape
from app.anonymise.labels import Label
from app.anonymise.spans import Ground

MONTHS = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?|enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre)"
)
DAYS = (
    r"(?:mon(?:day)?s?|tues?(?:day)?s?|wed(?:nesday)?s?|thur?s?(?:day)?s?|fri(?:day)?s?|satu?r?(?:day)?s?|sun(?:day)?s?|"
    r"lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo)"
)
_DAYS_LONG = (
    r"(?:mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?|tues|thurs|weds|"
    r"we(?:n|ds|dn)sday|wendesday|thrusday|thirsday|thurday|tusday|teusday|tuseday|satuday|saterday|saturaday|sunady|mondy|firday|firday|"
    r"lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo)"
)
_ORDINAL = (
    r"(?:(?:twenty|thirty)[\s-]?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|first|second|third|fourth|fifth|sixth|seventh|"
    r"eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)"
)
MAX_DAY = 31
MONTHS_OF_YEAR = 12
_YEAR = r"(?:(?:19|20)\d{2}|'?\d{2}(?!\s?(?:am|pm|:|\d|hours|people|days|min)))"
_NUMBER = r"(?:a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|couple\sof|few|several|\d{1,3})"
_UNIT = r"(?:days?|weeks?|fortnights?|months?|years?|yrs?|wks?)"


def _is_day(text: str) -> bool:
    """Day and month in either order; what is neither ("20-00-00") is some other number."""
    first, second, third = (int(part) for part in re.split(r"[./-]", text))
    pair = (second, third) if first > MAX_DAY else (first, second)
    return 1 <= min(pair) <= MONTHS_OF_YEAR and 1 <= max(pair) <= MAX_DAY


_MONTH_CUES = (
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "ener", "abr", "ago", "dic",
)  # fmt: skip
"""Beginnings of months, English and Spanish: a text without any of them is not searched."""

PATTERNS = (
    Pattern(
        "date.numeric",
        Label.DATE,
        shape(
            r"(?<![\w./-])(?:[0-3]?\d([./-])[0-3]?\d\1(?:(?:19|20)\d{2}|\d{2})|(?:19|20)\d{2}([./-])[01]?\d\2[0-3]?\d)(?![\w/-]|\.\d)"
        ),
        check=_is_day,
        needs="0",
        digits=4,
    ),
    Pattern(
        "date.timestamp",
        Label.DATE,
        shape(r"(?<![\w./-])(?:19|20)\d{2}-[01]\d-[0-3]\d[t\s][0-2]\d:[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?z?(?![\w:])"),
        Ground.PROOF,
        needs=":",
    ),
    Pattern(
        "date.day_month",
        Label.DATE,
        shape(
            rf"\b(?:the\s)?[0-3]?\d(?:st|nd|rd|th)?\s?(?:of\s|de\s|-)?{MONTHS}\b\.?(?:,?\s?(?:of\s|de\s|del\s|-)?{_YEAR}\b)?"
        ),
        Ground.PROOF,
        needs="0",
        cues=_MONTH_CUES,
    ),
    Pattern(
        "date.month_day",
        Label.DATE,
        shape(
            rf"\b{MONTHS}\b\.?\s?(?:the\s)?[0-3]?\d(?:st|nd|rd|th)?\b(?!\s?(?:%|am\b|pm\b|[:.]\d))(?:,?\s?{_YEAR}\b)?"
        ),
        Ground.PROOF,
        needs="0",
        cues=_MONTH_CUES,
    ),
    Pattern(
        "date.month_year",
        Label.DATE,
        shape(rf"\b{MONTHS}\b\.?,?\s?(?:of\s|de\s|in\s)?{_YEAR}\b"),
        Ground.PROOF,
        needs="0",
        digits=2,
        cues=_MONTH_CUES,
    ),
    Pattern(
        "date.month",
        Label.DATE,
        shape(
            rf"\b(?:in|since|last|next|this|until|till|by|early|late|mid|of|from|during|en|desde)[\s-](?:early\s|late\s|mid-?)?(?P<id>{MONTHS})\b(?!\s+(?:be|have|not|i|we|you|also|need)\b)"
        ),
        Ground.SHAPE,
        cues=_MONTH_CUES,
    ),
    Pattern(
        "date.slash",
        Label.DATE,
        shape(r"(?<![\w/.-])(?!1/[2-48]\b|2/3|3/[48])(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12]\d|3[01])(?![\w/-]|\.\d)"),
        Ground.SHAPE,
        needs="/",
    ),
    Pattern(
        "date.weekday",
        Label.DATE,
        shape(
            rf"""\b(?:(?:next|last|this|coming|past|every|on|by|until|el|pr[oó]ximo)\s)?{_DAYS_LONG}\b
            (?:\s(?:next|last|week|morning|afternoon|evening|night))?|\b(?:next|last|this|on)\s{DAYS}\b"""
        ),
        Ground.SHAPE,
        cues=(
            "day",
            "tues",
            "thu",
            "weds",
            "wedn",
            "wend",
            "sund",
            "sunad",
            "mondy",
            "lunes",
            "martes",
            "rcoles",
            "jueves",
            "viernes",
            "bado",
            "domingo",
            " mon",
            " tue",
            " wed",
            " fri",
            " sat",
            " sun",
        ),
    ),
    Pattern(
        "date.relative",
        Label.DATE,
        shape(
            rf"""\b(?:(?:the\s)?day\s(?:before\syesterday|after\stomorrow)|good\sfriday|ash\swednesday|boxing\sday|mother's\sday|yesterday|tomorrow|tomorow|tmrw|tmr|tonight|last\snight|
            (?:next|last|this|past|coming)\s(?:week(?:end)?|month|year|spring|summer|autumn|fall|winter)|
            {_NUMBER}\s{_UNIT}\s(?:ago|from\s(?:now|today)|later|earlier|back)|in\s{_NUMBER}\s{_UNIT}\b(?:'\s?time)?|
            (?:christmas|new\syear'?s|easter|thanksgiving|halloween|ramadan|hanukkah|diwali)(?:\s(?:eve|day))?|
            ma[ñn]ana|ayer|anteayer|pasado\sma[ñn]ana|la\s(?:semana|pr[oó]xima)\s(?:pasada|que\sviene|semana))\b"""
        ),
        Ground.SHAPE,
        cues=(
            "day",
            "morrow",
            "tom",
            "tmr",
            "night",
            "week",
            "month",
            "year",
            "yr",
            "spring",
            "summer",
            "autumn",
            "fall",
            "winter",
            "wk",
            "christmas",
            "easter",
            "thanksgiv",
            "halloween",
            "ramadan",
            "hanukkah",
            "diwali",
            "ana",
            "ayer",
            "semana",
            "xima",
        ),
    ),
    Pattern(
        "date.ordinal",
        Label.DATE,
        shape(
            rf"""\b{MONTHS}\s(?:the\s)?{_ORDINAL}\b|\b(?:the\s)?{_ORDINAL}\sof\s{MONTHS}\b|
            \b(?:on|its|it's|since|until|till|by|from)\sthe\s(?P<late>{_ORDINAL})\b
            (?!\s(?:time|floor|one|class|grade|street|avenue|edition|place|century|circuit|district|row|birthday|day|visit|page|step|person))"""
        ),
        Ground.SHAPE,
        cues=(
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
            "teenth",
            "tieth",
        ),
    ),
    Pattern(
        "date.expiry", Label.DATE, shape(r"(?<![\w/.-])(?:0?[1-9]|1[0-2])/20[2-4]\d(?![\w/-])"), Ground.SHAPE, needs="/"
    ),
    Pattern(
        "date.day_slash",
        Label.DATE,
        shape(rf"\b{DAYS},?\s(?:0?[1-9]|[12]\d|3[01])[/.](?:0?[1-9]|1[0-2])(?![\w/-])"),
        Ground.SHAPE,
        needs="/.",
    ),
    Pattern(
        "date.day",
        Label.DATE,
        shape(
            r"""\bthe\s(?:[12]?\d|3[01])(?:st|nd|rd|th)\b
            (?!\s(?:time|floor|one|class|grade|street|avenue|edition|amendment|place|century|circuit|district|row|birthday))
            (?:\sof\s(?:this|next|last)\smonth)?|\b(?:[12]?\d|3[01])(?:st|nd|rd|th)\sof\s(?:this|next|last)\smonth"""
        ),
        Ground.SHAPE,
        needs="0",
        cues=("st", "nd", "rd", "th"),
    ),
    Pattern(
        "date.birth",
        Label.DATE,
        shape(
            r"\b(?:dob|d\.o\.b\.?|date\sof\sbirth|birth\s?da(?:y|te)|born(?:\son|\sin)?|nacimiento)\s*(?:is|:|=|-|was)?\s*(?P<id>(?:\d[\s/.-]?){3,8}|(?:19|20)\d{2})\b"
        ),
        Ground.PROOF,
        needs="0",
        digits=3,
        cues=("dob", "d.o.b", "birth", "born", "nacimiento"),
    ),
)
