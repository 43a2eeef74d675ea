"""What plots are made of: places on a time axis, its labels, and what a plot says in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from qcpump_qt.models.dates import DateStyle
from qcpump_qt.models.rows import DayCount, ValuePoint

NO_DAYS = "Nothing has been delivered yet."
NO_VALUES = "There is no value of this test yet."

Tick = tuple[float, str]

_DAY = 86_400
_HOURS = (3600, 3 * 3600, 6 * 3600, 12 * 3600)
_DAYS = (_DAY, 2 * _DAY, 7 * _DAY, 14 * _DAY)
_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200)
"""Distances of ticks: in seconds, in seconds, in months."""


def day_place(day: date) -> float:
    """Where a day begins on the axis: a number of days."""
    return float(day.toordinal())


def moment_place(when: datetime) -> float:
    """Where a moment, in local time, stands on the axis."""
    local = when.astimezone()
    return local.toordinal() + (local.hour * 3600 + local.minute * 60 + local.second) / _DAY


def moment_at(place: float) -> datetime:
    """The local time, without a zone, at a place on the axis, to the nearest second."""
    day = min(max(int(place // 1), 1), date.max.toordinal() - 1)
    seconds = round((place - place // 1) * _DAY)
    return datetime.combine(date.fromordinal(day), time()) + timedelta(seconds=seconds)


def ticks(first: float, last: float, most: int, style: DateStyle, *, whole_days: bool = False) -> list[Tick]:
    """Places on round dates and hours, with their labels.

    Args:
        first, last: where the axis begins and ends.
        most: how many labels there is room for.
        style: how dates are written.
        whole_days: True gives no hours, however short the axis is.
    """
    wanted = max(last - first, 1e-9) * _DAY / max(most, 1)
    steps = _DAYS if whole_days else _HOURS + _DAYS
    step = next((step for step in steps if step >= wanted), None)
    if step is None:
        return _monthly(first, last, wanted / _DAY, style)
    numbers = range(math.ceil(first * _DAY / step), math.floor(last * _DAY / step) + 1)
    return [(number * step / _DAY, _label(number * step / _DAY, step, style)) for number in numbers]


def days_summary(days: Sequence[DayCount], style: DateStyle) -> str:
    """The deliveries in a sentence, for those who do not see the plot."""
    total = sum(entry.delivered for entry in days)
    if not total:
        return NO_DAYS
    with_any = [entry for entry in days if entry.delivered]
    most = max(with_any, key=lambda entry: entry.delivered)
    span = (days[-1].day - days[0].day).days + 1
    return (
        f"{_counted(total, 'record')} delivered in {_counted(span, 'day')}, newest {style.day(with_any[-1].day)}, "
        f"most on {style.day(most.day)} ({most.delivered})."
    )


def values_summary(unit: str, test: str, points: Sequence[ValuePoint], style: DateStyle) -> str:
    """The values in a sentence, for those who do not see the plot."""
    if not points:
        return NO_VALUES
    values = [point.value for point in points]
    newest = max(points, key=lambda point: point.when)
    return (
        f"{_counted(len(points), 'value')} of {test} on {unit}, from {number_words(min(values))} "
        f"to {number_words(max(values))}, newest {number_words(newest.value)} on {style.moment(newest.when)}."
    )


def day_words(entry: DayCount, style: DateStyle) -> str:
    """One bar in words: ``2026-11-20: 12 records delivered``."""
    return f"{style.day(entry.day)}: {_counted(entry.delivered, 'record')} delivered"


def value_words(point: ValuePoint, style: DateStyle) -> str:
    """One point in words: ``2026-11-20 07:05:09: 1.003``."""
    return f"{style.moment(point.when)}: {number_words(point.value)}"


def number_words(value: float) -> str:
    """A number with up to six digits, the same in every language."""
    return f"{value:.6g}"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _label(place: float, step: int, style: DateStyle) -> str:
    when = moment_at(place)
    return style.day(when) if step >= _DAY else f"{style.day(when)}\n{when:%H:%M}"


def _monthly(first: float, last: float, wanted: float, style: DateStyle) -> list[Tick]:
    """Ticks on the first of a month, every so many months."""
    months = next((months for months in _MONTHS if months * 30.4 >= wanted), _MONTHS[-1])
    start = moment_at(first)
    number = start.year * 12 + start.month - 1
    number += -number % months
    found: list[Tick] = []
    while number < date.max.year * 12:
        day = date(number // 12, number % 12 + 1, 1)
        if day_place(day) > last:
            break
        if day_place(day) >= first:
            found.append((day_place(day), style.day(day)))
        number += months
    return found
