"""Times of day, dates and weekdays, in digits and in words."""

import re
from collections.abc import Iterator

from app.services.facts.kinds import Fact, FactKind
from app.services.facts.names import starts_sentence
from app.services.facts.numbers import NUMBER_WORDS

_NOON = 12 * 60
_DAY_MINUTES = 24 * 60
_MONTHS = [
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
]  # fmt: skip
_WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

_TIME = re.compile(
    r"(?<![\w:.])(?P<hour>[01]?\d|2[0-3])(?:[:.](?P<minute>[0-5]\d))?\s?(?P<half>[ap])\.?\s?m\b\.?"
    r"|(?<![\w:.])(?P<hour24>[01]?\d|2[0-3])[:h](?P<minute24>[0-5]\d)\b"
    r"|\b(?P<word>noon|midday|midnight)\b"
    r"|\b(?:(?P<shift>half|quarter|five|ten|twenty|twenty[- ]five)\s(?:minutes?\s)?(?P<way>past|after|to|before)\s"
    r"(?P<base>[1-9]|1[0-2]|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b(?!\s?[:.]?\d)"
    r"(?!\s(?:working\s|business\s)?(?:year|month|week|day|night|hour|minute|mile|page|time|person|people|visit)s?\b))"
    r"|\b(?P<clock>[1-9]|1[0-2]|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\s?o['\u2019]clock\b",
    re.IGNORECASE,
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_SHIFTS = {"half": 30, "quarter": 15}
_ORDINAL_TEXT = """
first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth
sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth twenty-fifth
twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first
"""
_ORDINALS = _ORDINAL_TEXT.split()
_ORDINAL = "|".join(sorted(_ORDINALS, key=len, reverse=True)).replace("-", "[- ]")
_DATE = re.compile(
    r"(?<!\d)(?P<iso_year>\d{4})-(?P<iso_month>\d{2})-(?P<iso_day>\d{2})(?!\d)"
    rf"|\b(?P<day_first>\d{{1,2}}(?=st|nd|rd|th|\s)|{_ORDINAL})(?:st|nd|rd|th)?(?:\s+of)?\s+(?P<month_after>{_MONTH})"
    rf"|\b(?P<month_first>{_MONTH})\s+(?:the\s+)?(?P<day_after>\d{{1,2}}(?!\d)|(?:{_ORDINAL})\b)(?:st|nd|rd|th)?\b(?!:)"
    r"|(?<![\w/])(?P<one>\d{1,2})/(?P<other>\d{1,2})(?:/\d{2,4})?(?![\w/])",
    re.IGNORECASE,
)
_MONTH_ALONE = re.compile(rf"\b(?:{'|'.join(name.capitalize() for name in _MONTHS)})\b")
_DAY = r"(mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?s?\b\.?"
_DAY_RANGE = re.compile(rf"\b{_DAY}\s?(?:to|-|\u2013|through|until|till)\s?{_DAY}", re.IGNORECASE)
_DAY_ALONE = re.compile(
    r"\b(Mon|Tues?|Wed|Thu|Thurs?|Fri|Sat|Sun)\b\.?|\b((?i:monday|tuesday|wednesday|thursday|friday|saturday|sunday))s?\b"
)
_DAY_GROUP = re.compile(
    r"\b(?:(weekdays?|working days?)|(weekends?)|(every day|daily|seven days a week))\b", re.IGNORECASE
)


def find_times(text: str, *, is_source: bool) -> Iterator[Fact]:
    """Yield times as minutes after midnight.

    "5:30" in a source may be morning or afternoon, unless the source counts to 24 elsewhere; in a proposal it is what
    it says, for "7:00" must not pass as 19:00.
    """
    may_be_open = is_source and not any(int(match["hour24"] or 0) > _NOON // 60 for match in _TIME.finditer(text))
    for match in _TIME.finditer(text):
        is_open = False
        if match["word"]:
            minutes = 0 if match["word"].casefold() == "midnight" else _NOON
        elif match["half"]:
            is_afternoon = match["half"].casefold() == "p"
            minutes = int(match["hour"]) % 12 * 60 + int(match["minute"] or 0) + is_afternoon * _NOON
        elif match["clock"]:
            minutes = 60 * _spelled(match["clock"])
            is_open = True
        elif match["shift"]:
            shift = _SHIFTS.get(match["shift"].casefold()) or _spelled(match["shift"])
            minutes = 60 * _spelled(match["base"]) + (shift if match["way"].casefold() in {"past", "after"} else -shift)
            is_open = True
        else:
            minutes = int(match["hour24"]) * 60 + int(match["minute24"])
            is_open = may_be_open and match["hour24"][0] != "0" and minutes < _NOON + 60
        minutes %= _DAY_MINUTES
        also = frozenset({str((minutes + _NOON) % _DAY_MINUTES)}) if is_open else frozenset()
        yield Fact(FactKind.TIME, *match.span(), str(minutes), also)


def find_dates(text: str, *, is_source: bool) -> Iterator[Fact]:  # noqa: ARG001  (all finders share one signature)
    """Yield dates as month-day, and months that stand alone; "3/4" may be read either way round."""
    taken: set[int] = set()
    for match in _DATE.finditer(text):
        taken.update(range(*match.span()))
        also: frozenset[str] = frozenset()
        if match["iso_year"]:
            value = f"{int(match['iso_month'])}-{int(match['iso_day'])}"
        elif match["one"]:
            value = f"{int(match['one'])}-{int(match['other'])}"
            also = frozenset({f"{int(match['other'])}-{int(match['one'])}"})
        else:
            month = _number_of(_MONTHS, match["month_after"] or match["month_first"])
            value = f"{month + 1}-{_day_of_month(match['day_first'] or match['day_after'])}"
        yield Fact(FactKind.DATE, *match.span(), value, also)
    for match in _MONTH_ALONE.finditer(text):
        if match.start() not in taken and not (
            match.group() in {"May", "March"} and starts_sentence(text, match.start())
        ):
            yield Fact(FactKind.DATE, *match.span(), str(_number_of(_MONTHS, match.group()) + 1))


def find_weekdays(text: str, *, is_source: bool) -> Iterator[Fact]:
    """Yield weekdays. A range or group in a source holds every day of it; in a proposal each of its days is a fact."""
    taken: set[int] = set()
    for match in _DAY_RANGE.finditer(text):
        first, last = _number_of(_WEEKDAYS, match[1]), _number_of(_WEEKDAYS, match[2])
        days = [_WEEKDAYS[day % 7] for day in range(first, last + (1 if last >= first else 8))]
        taken.update(range(*match.span()))
        yield from _days(match, days, is_source=is_source)
    for match in _DAY_ALONE.finditer(text):
        if match.start() not in taken:
            yield Fact(FactKind.WEEKDAY, *match.span(), _WEEKDAYS[_number_of(_WEEKDAYS, match[1] or match[2])])
    for match in _DAY_GROUP.finditer(text):
        group = _WEEKDAYS[:5] if match[1] else _WEEKDAYS[5:] if match[2] else _WEEKDAYS
        if is_source or not match[1]:
            yield from _days(match, group, is_source=is_source)


def _days(match: re.Match[str], days: list[str], *, is_source: bool) -> Iterator[Fact]:
    if is_source:
        yield Fact(FactKind.WEEKDAY, *match.span(), days[0], frozenset(days[1:]))
    else:
        yield from (Fact(FactKind.WEEKDAY, *match.span(), day) for day in days)


def _day_of_month(text: str) -> int:
    return int(text) if text.isdigit() else _ORDINALS.index(text.casefold().replace(" ", "-")) + 1


def _spelled(number: str) -> int:
    plain = number.casefold().replace(" ", "-")
    return int(plain) if plain.isdigit() else NUMBER_WORDS[plain]


def _number_of(names: list[str], word: str) -> int:
    return next(number for number, name in enumerate(names) if name.startswith(word.casefold()[:3]))
