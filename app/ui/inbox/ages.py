"""Times in the few words that a list has room for. Pure functions; all times are Unix milliseconds, UTC."""

from datetime import datetime, timedelta

from PySide6.QtCore import QCoreApplication, QDate, QLocale, QTime

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
_WEEK_DAYS = 7


def age_words(since_ms: int, now_ms: int) -> str:
    """How long ago, for the right edge of a row: "now", "12 min", "3 h 05", "2 d 4 h", "3 wk"."""
    age_ms = max(0, now_ms - since_ms)
    if age_ms < MINUTE_MS:
        return _tr("now")
    if age_ms < HOUR_MS:
        return _tr("{minutes} min").format(minutes=age_ms // MINUTE_MS)
    if age_ms < DAY_MS:
        return _tr("{hours} h {minutes:02}").format(hours=age_ms // HOUR_MS, minutes=age_ms % HOUR_MS // MINUTE_MS)
    if age_ms < 14 * DAY_MS:
        return _tr("{days} d {hours} h").format(days=age_ms // DAY_MS, hours=age_ms % DAY_MS // HOUR_MS)
    return _tr("{weeks} wk").format(weeks=age_ms // (7 * DAY_MS))


def age_sentence(since_ms: int, now_ms: int) -> str:
    """The same for a screen reader: "waiting 3 hours 5 minutes"."""
    age_ms = max(0, now_ms - since_ms)
    if age_ms < MINUTE_MS:
        return _tr("waiting since just now")
    parts = [
        counted(age_ms // DAY_MS, _tr("day"), _tr("days")),
        counted(age_ms % DAY_MS // HOUR_MS, _tr("hour"), _tr("hours")),
        counted(age_ms % HOUR_MS // MINUTE_MS, _tr("minute"), _tr("minutes")),
    ]
    return _tr("waiting {time}").format(time=" ".join(part for part in parts if not part.startswith("0 ")))


def clock_words(moment_ms: int, now_ms: int) -> str:
    """A moment near today: "14:05", "yesterday 14:05", "Tue 14:05", "3 Nov 14:05", "3 Nov 2025"."""
    moment, now = _local(moment_ms), _local(now_ms)
    clock = QLocale().toString(QTime(moment.hour, moment.minute), QLocale.FormatType.ShortFormat)
    days = (now.date() - moment.date()).days
    if days == 0:
        return clock
    if days in {1, -1}:
        return f"{_tr('yesterday') if days == 1 else _tr('tomorrow')} {clock}"
    if abs(days) < _WEEK_DAYS:
        return f"{QLocale().toString(_qt(moment), 'ddd')} {clock}"
    return f"{short_date(moment_ms, now_ms)} {clock}" if moment.year == now.year else short_date(moment_ms, now_ms)


def short_date(moment_ms: int, now_ms: int) -> str:
    """A day: "3 Nov" this year, "3 Nov 2025" otherwise."""
    moment = _local(moment_ms)
    return QLocale().toString(_qt(moment), "d MMM" if moment.year == _local(now_ms).year else "d MMM yyyy")


def day_words(moment_ms: int, now_ms: int) -> str:
    """The words of a day separator: "Today", "Yesterday", "Tuesday 3 November", with another year."""
    moment, now = _local(moment_ms), _local(now_ms)
    days = (now.date() - moment.date()).days
    if days == 0:
        return _tr("Today")
    if days == 1:
        return _tr("Yesterday")
    return QLocale().toString(_qt(moment), "dddd d MMMM" if moment.year == now.year else "dddd d MMMM yyyy")


def is_same_day(first_ms: int, second_ms: int) -> bool:
    """True when both moments lie on one calendar day here."""
    return _local(first_ms).date() == _local(second_ms).date()


def morning_after(now_ms: int, days: int, hour: int = 8) -> int:
    """The moment ``days`` days from now at ``hour`` o'clock local time, in Unix milliseconds."""
    morning = (_local(now_ms) + timedelta(days=days)).replace(hour=hour, minute=0, second=0, microsecond=0)
    return int(morning.timestamp() * 1000)


def counted(number: int, one: str, many: str) -> str:
    """A number with its noun: "1 word", "62 words"."""
    return f"{number} {one if number == 1 else many}"


def _qt(moment: datetime) -> QDate:
    return QDate(moment.year, moment.month, moment.day)


def _local(moment_ms: int) -> datetime:
    return datetime.fromtimestamp(moment_ms / 1000).astimezone()


def _tr(text: str) -> str:
    return QCoreApplication.translate("ages", text)
