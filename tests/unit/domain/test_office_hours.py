"""Away or not, and whether to say so: by tables, without a clock."""

from datetime import date, datetime, time

import pytest

from app.domain.office_hours import AWAY_AGAIN_MS, Hours, away_answer

NINE_TO_FIVE = (time(9), time(17))
WEEK = (NINE_TO_FIVE,) * 5 + (None, None)
TEXT = {"en": "We are closed and read this tomorrow.", "es": "Está cerrado; lo leemos mañana."}
HOURS = Hours(TEXT, WEEK, ((date(2026, 12, 24), "Christmas Eve"),), is_acknowledging=True)


def at(text: str) -> datetime:
    """The office's own wall clock, which knows no zone."""
    return datetime.fromisoformat(text)


OPEN, NIGHT = at("2026-11-24T10:00"), at("2026-11-24T22:00")


def ask(hours: Hours | None = HOURS, local: datetime = NIGHT, **changes: object) -> str | None:
    asked = {"language": "en", "is_emergency": False, "since_last_ms": None, "is_told_unanswered": False} | changes
    return away_answer(hours, local, **asked)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("local", "is_open"),
    [
        (at("2026-11-24T09:00"), True),
        (at("2026-11-24T08:59:59"), False),
        (at("2026-11-24T16:59:59"), True),
        (at("2026-11-24T17:00"), False),
        (at("2026-11-28T10:00"), False),
        (at("2026-12-24T10:00"), False),
        (at("2026-12-23T10:00"), True),
    ],
)
def test_the_desk_is_open_by_day_of_week_and_calendar_of_holidays(local: datetime, is_open: bool) -> None:
    assert HOURS.is_open(local) is is_open


def test_somebody_who_writes_at_night_is_told_in_their_language_or_the_first_there_is() -> None:
    assert ask() == TEXT["en"]
    assert ask(language="es") == TEXT["es"]
    assert ask(language="fr") == TEXT["en"]


@pytest.mark.parametrize(
    "changes",
    [
        {"local": OPEN},
        {"hours": None},
        {"hours": Hours(TEXT, WEEK)},
        {"is_emergency": True},
        {"is_told_unanswered": True, "since_last_ms": AWAY_AGAIN_MS - 1},
    ],
)
def test_nothing_is_said_by_day_without_hours_in_an_emergency_or_again_at_once(changes: dict[str, object]) -> None:
    assert ask(**changes) is None  # type: ignore[arg-type]


def test_it_is_said_again_after_a_quarter_of_an_hour_or_once_a_person_has_answered() -> None:
    assert ask(is_told_unanswered=True, since_last_ms=AWAY_AGAIN_MS) == TEXT["en"]
    assert ask(is_told_unanswered=False, since_last_ms=10) == TEXT["en"]


@pytest.mark.parametrize(
    "hours",
    [
        lambda: Hours(TEXT, WEEK[:6]),
        lambda: Hours(TEXT, ((time(17), time(9)),) * 7),
        lambda: Hours(TEXT, WEEK, ((date(2026, 1, 1), "a"), (date(2026, 1, 1), "b"))),
        lambda: Hours({"en": "  "}, WEEK),
        lambda: Hours({"en": "x" * 2_001}, WEEK),
        lambda: Hours({}, WEEK, is_acknowledging=True),
    ],
)
def test_hours_that_make_no_sense_are_refused(hours) -> None:
    with pytest.raises(ValueError):
        hours()
