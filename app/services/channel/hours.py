"""The hours of an office as JSON, and back."""

from datetime import date, time
from typing import Any

from app.domain.events import JsonValue
from app.domain.office_hours import Hours


def hours_to_json(hours: Hours) -> dict[str, JsonValue]:
    """Return the hours as JSON values."""
    week: list[JsonValue] = [None if day is None else [_time(day[0]), _time(day[1])] for day in hours.week]
    holidays: list[JsonValue] = [[day.isoformat(), name] for day, name in hours.holidays]
    return {
        "away_text": dict(hours.away_text),
        "week": week,
        "holidays": holidays,
        "is_acknowledging": hours.is_acknowledging,
    }


def hours_from_json(json: dict[str, Any]) -> Hours:
    """Return what ``hours_to_json`` wrote."""
    return Hours(
        json["away_text"],
        tuple(
            None if day is None else (time.fromisoformat(day[0]), time.fromisoformat(day[1])) for day in json["week"]
        ),
        tuple((date.fromisoformat(day), name) for day, name in json["holidays"]),
        json["is_acknowledging"],
    )


def _moment(text: str) -> time:
    return time.fromisoformat(text)


def _time(moment: time) -> str:
    return moment.isoformat("minutes")
