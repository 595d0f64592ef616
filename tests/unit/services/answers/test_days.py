"""Days as people type them: read in one way or refused."""

from datetime import date

import pytest

from app.services.answers.days import months_later, read_day, show_day

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("", None),
        ("  ", None),
        ("2026-12-03", date(2026, 12, 3)),
        ("3 Dec 2026", date(2026, 12, 3)),
        ("3. December 2026", date(2026, 12, 3)),
        ("Dec 3, 2026", date(2026, 12, 3)),
        ("3rd september 2027", date(2027, 9, 3)),
        ("1 sept 2027", date(2027, 9, 1)),
        ("3 December", date(2026, 12, 3)),
        ("3 March", date(2027, 3, 3)),
        ("today", TODAY),
        ("tomorrow", date(2026, 11, 25)),
        ("in 3 months", date(2027, 2, 24)),
        ("a year", date(2027, 11, 24)),
        ("2 weeks", date(2026, 12, 8)),
    ],
)
def test_a_day_is_read(typed, day):
    assert read_day(typed, TODAY) == day


@pytest.mark.parametrize(
    "typed", ["3/12/2026", "soon", "30 Feb 2027", "2026-13-01", "12", "3 ma 2026 x", "in many months"]
)
def test_what_can_be_read_in_two_ways_or_none_is_refused(typed):
    with pytest.raises(ValueError):
        read_day(typed, TODAY)


def test_what_is_shown_can_be_read_again():
    for day in (TODAY, date(2028, 2, 29), date(2027, 5, 1)):
        assert read_day(show_day(day), TODAY) == day


def test_months_end_where_the_later_month_ends():
    assert months_later(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert months_later(date(2026, 12, 31), 12) == date(2027, 12, 31)
