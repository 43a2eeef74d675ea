"""What plots are made of: the axis of time, its labels, and sentences for those who do not see them."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcpump_qt.models.dates import DateStyle
from qcpump_qt.models.plain_text import TIP_CHARACTERS, TIP_LINES, tooltip, tsv
from qcpump_qt.models.plot_data import (
    day_place,
    day_words,
    days_summary,
    moment_at,
    moment_place,
    number_words,
    ticks,
    value_words,
    values_summary,
)
from qcpump_qt.models.rows import DayCount, ValuePoint

ISO = DateStyle()
FRIDAY = date(2026, 11, 20)
MORNING = datetime(2026, 11, 20, 7, 5, 9).astimezone()


def test_a_moment_stands_within_its_day() -> None:
    assert moment_place(MORNING) == pytest.approx(day_place(FRIDAY) + 7.085833 / 24, abs=1e-5)
    assert day_place(FRIDAY + timedelta(days=1)) - day_place(FRIDAY) == 1


@given(st.integers(86_400, 4_000_000_000))
def test_a_place_leads_back_to_its_moment(seconds: int) -> None:
    local = datetime.fromtimestamp(seconds, tz=timezone.utc).astimezone()
    assert abs(moment_at(moment_place(local)) - local.replace(tzinfo=None)) <= timedelta(seconds=1)


@pytest.mark.parametrize("place", [-1e9, 0, 1e9])
def test_a_place_beyond_the_calendar_is_no_fault(place: float) -> None:
    assert isinstance(moment_at(place), datetime)


@pytest.mark.parametrize(
    ("days", "most", "labels"),
    [
        (2, 3, ["2026-11-20", "2026-11-21", "2026-11-22"]),
        (0.5, 2, ["2026-11-20\n00:00", "2026-11-20\n06:00", "2026-11-20\n12:00"]),
        (0.05, 8, ["2026-11-20\n00:00", "2026-11-20\n01:00"]),
        (90, 3, ["2026-12-01", "2027-01-01", "2027-02-01"]),
        (90, 2, ["2027-01-01"]),
        (400, 2, ["2027-01-01"]),
        (800, 2, ["2028-01-01"]),
    ],
)
def test_labels_stand_on_round_dates_and_hours(days: float, most: int, labels: list[str]) -> None:
    first = day_place(FRIDAY)
    assert [label for _, label in ticks(first, first + days, most, ISO)] == labels


def test_whole_days_have_no_hours() -> None:
    first = day_place(FRIDAY)
    assert [label for _, label in ticks(first, first + 1.2, 9, ISO, whole_days=True)] == [
        "2026-11-20",
        "2026-11-21",
    ]


def test_labels_follow_the_date_style() -> None:
    first = day_place(FRIDAY)
    assert ticks(first, first + 0.9, 1, DateStyle("dd.MM.yyyy")) == [(first, "20.11.2026")]


@given(
    st.floats(day_place(date(1990, 1, 1)), day_place(date(2090, 1, 1))),
    st.floats(0.001, 20_000),
    st.integers(1, 30),
)
def test_labels_are_few_in_order_and_within_the_axis(first: float, days: float, most: int) -> None:
    places = [place for place, _ in ticks(first, first + days, most, ISO)]
    assert places == sorted(set(places))
    assert all(first <= place <= first + days for place in places)
    assert len(places) <= 2 * most + 2


@pytest.mark.parametrize("span", [(-5e6, 9e6), (3.6e6, 3.7e6), (-10.0, -5.0)])
def test_an_axis_beyond_the_calendar_is_no_fault(span: tuple[float, float]) -> None:
    assert len(ticks(*span, 5, ISO)) < 1000


def counts(*delivered: int) -> list[DayCount]:
    return [DayCount(FRIDAY + timedelta(days=step), count) for step, count in enumerate(delivered)]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([], "Nothing has been delivered yet."),
        (counts(0, 0), "Nothing has been delivered yet."),
        (counts(1), "1 record delivered in 1 day, newest 2026-11-20, most on 2026-11-20 (1)."),
        (counts(3, 0, 9, 1, 0), "13 records delivered in 5 days, newest 2026-11-23, most on 2026-11-22 (9)."),
    ],
)
def test_deliveries_in_a_sentence(days: list[DayCount], words: str) -> None:
    assert days_summary(days, ISO) == words


def test_values_in_a_sentence() -> None:
    points = [
        ValuePoint(MORNING - timedelta(days=2 - step), value) for step, value in enumerate([0.5, -1, 0.25])
    ]
    assert values_summary("TB1", "size", points, ISO) == (
        "3 values of size on TB1, from -1 to 0.5, newest 0.25 on 2026-11-20 07:05:09."
    )
    assert values_summary("TB1", "size", points[:1], DateStyle("dd/MM/yyyy")) == (
        "1 value of size on TB1, from 0.5 to 0.5, newest 0.5 on 18/11/2026 07:05:09."
    )
    assert values_summary("TB1", "size", [], ISO) == "There is no value of this test yet."


def test_one_day_and_one_value_in_words() -> None:
    assert day_words(DayCount(FRIDAY, 1), ISO) == "2026-11-20: 1 record delivered"
    assert day_words(DayCount(FRIDAY, 0), ISO) == "2026-11-20: 0 records delivered"
    assert value_words(ValuePoint(MORNING, 1.003), ISO) == "2026-11-20 07:05:09: 1.003"


@pytest.mark.parametrize(
    ("value", "words"),
    [(1.0, "1"), (0.1 + 0.2, "0.3"), (-1234.5678, "-1234.57"), (1e-9, "1e-09"), (math.pi, "3.14159")],
)
def test_numbers_are_the_same_in_every_language(value: float, words: str) -> None:
    assert number_words(value) == words


def test_a_long_tooltip_is_cut() -> None:
    assert tooltip("") == ""
    many = tooltip("\n".join(str(number) for number in range(100)))
    assert many.count("\n") == TIP_LINES
    assert many.endswith("29\n…</p>")
    wide = tooltip("x" * 10_000)
    assert wide.count("x") == TIP_CHARACTERS
    assert wide.endswith("x\n…</p>")


def test_cells_for_a_spreadsheet() -> None:
    assert tsv([]) == ""
    assert tsv([["a", "b\tc"], ["", 'd"e']]) == 'a\t"b\tc"\n\t"d""e"\n'
