"""A result is missing when nothing came today although something always did by then."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcpump_qt.engine.config.sections import COMMON_SECTION
from qcpump_qt.engine.expectation import EXPECT_BY, missing_result

ZONE = timezone(timedelta(hours=1))
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=ZONE)
BY = "09:30"


def before(weeks: int = 0, days: int = 0, hour: int = 7, minute: int = 5) -> datetime:
    return NOW.replace(hour=hour, minute=minute) - timedelta(weeks=weeks, days=days)


THREE = [before(1), before(2), before(3)]


def test_three_weeks_with_and_today_without_is_missing() -> None:
    assert missing_result(NOW, BY, THREE)
    assert missing_result(NOW, BY, THREE[::-1])
    assert missing_result(NOW, BY, [*THREE, before(days=1), before(4)])


@pytest.mark.parametrize("hour", [0, 7, 9])
def test_what_came_today_is_not_missing(hour: int) -> None:
    assert not missing_result(NOW, BY, [*THREE, before(hour=hour)])


def test_before_its_time_nothing_is_missing() -> None:
    assert not missing_result(NOW.replace(hour=9, minute=29, second=59), BY, THREE)
    assert missing_result(NOW.replace(hour=9, minute=30), BY, THREE)


@pytest.mark.parametrize("weeks", [1, 2, 3])
def test_one_week_without_makes_it_a_thing_that_does_not_always_come(weeks: int) -> None:
    others = [before(week) for week in (1, 2, 3) if week != weeks]
    assert missing_result(NOW, BY, [*others, before(4), before(weeks)])
    assert not missing_result(NOW, BY, [*others, before(4)])


def test_what_came_too_late_did_not_come_by_then() -> None:
    assert not missing_result(NOW, BY, [before(1), before(2), before(3, hour=9, minute=31)])
    assert missing_result(NOW, BY, [before(1), before(2), before(3, hour=9, minute=30)])


def test_weeks_before_the_first_arrival_do_not_count() -> None:
    assert missing_result(NOW, BY, [before(1)])
    assert missing_result(NOW, BY, [before(1), before(2)])
    assert missing_result(NOW, BY, [before(weeks=1, days=3), before(1)])
    assert not missing_result(NOW, BY, [before(weeks=2, days=3), before(1)])


def test_without_a_week_to_go_by_nothing_is_missing() -> None:
    assert not missing_result(NOW, BY, [])
    assert not missing_result(NOW, BY, [before(days=1), before(days=6)])


def test_a_day_on_which_nothing_ever_comes_stays_quiet() -> None:
    """The machine is not used on Fridays; every other day something came."""
    others = [before(days=day) for day in range(1, 29) if day % 7]
    assert not missing_result(NOW, BY, others)


@pytest.mark.parametrize("by", ["", "  ", "soon", "25:00", "9.30", "09:30:00"])
def test_without_a_time_it_is_off(by: str) -> None:
    assert not missing_result(NOW, by, THREE)


@pytest.mark.parametrize("by", ["9:30", " 09:30 ", "0:00"])
def test_times_are_taken_as_people_write_them(by: str) -> None:
    early = [each.replace(hour=0, minute=0) for each in THREE]
    assert missing_result(NOW, by, early)


def test_each_arrival_counts_by_the_clock_on_the_wall_of_its_day() -> None:
    """Summer time ended in between; at 9:20 on the wall it was 9:20, whatever the distance in hours."""
    summer = timezone(timedelta(hours=2))
    arrivals = [(NOW - timedelta(weeks=week)).replace(hour=9, minute=20, tzinfo=summer) for week in (1, 2, 3)]
    assert missing_result(NOW, BY, arrivals)


@given(st.lists(st.integers(0, 60 * 24 * 30), max_size=40))
def test_it_is_never_missing_once_something_came_today(minutes: list[int]) -> None:
    arrivals = [NOW - timedelta(minutes=each) for each in minutes]
    came = any(each.date() == NOW.date() for each in arrivals)
    assert not (came and missing_result(NOW, BY, arrivals))


def test_it_is_a_field_of_every_pump() -> None:
    assert COMMON_SECTION.field(EXPECT_BY) is not None
