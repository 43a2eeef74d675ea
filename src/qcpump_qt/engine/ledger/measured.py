"""What the ledger knows over the years: records per day, arrivals, and the values of a unit's tests."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.clock import now
from qcpump_qt.engine.ledger.database import Database
from qcpump_qt.engine.ledger.schema import records as book
from qcpump_qt.engine.records import DeliveryState

CHUNK = 200
"""Payloads read in one query, so that no long list of them is ever held."""

NEWEST = 200
"""Payloads of each test list in which the names of tests are looked for."""

LONGEST = 40
"""Characters of a text that is taken for a number; what is longer is no measurement."""

_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_KEPT = book.c.payload.is_not(None)
_ARRIVED = book.c.state.in_([state.value for state in DeliveryState if state.arrived])


def delivered_per_day(database: Database, pump: str | None, days: int) -> list[tuple[date, int]]:
    """How many records were delivered on each local day; days without any stand between the others with 0."""
    minute = func.substr(book.c.updated, 1, 16)
    since = (now() - timedelta(days=days)).isoformat()
    query = (
        select(minute, func.count())
        .where(book.c.state == DeliveryState.DELIVERED.value, book.c.updated >= since, *_of(pump))
        .group_by(minute)
    )
    counts: dict[date, int] = {}
    with database.reading() as connection:
        for text, number in connection.execute(query):
            day = datetime.fromisoformat(f"{text}:00+00:00").astimezone().date()
            counts[day] = counts.get(day, 0) + number
    if not counts:
        return []
    first = min(counts)
    span = (max(counts) - first).days + 1
    return [(day, counts.get(day, 0)) for day in (first + timedelta(days=step) for step in range(span))]


def arrivals(database: Database, pump: str, since: datetime) -> list[datetime]:
    """When the pump's records arrived on the server, from `since` on, in local time, in order."""
    query = (
        select(book.c.updated)
        .where(book.c.pump == pump, _ARRIVED, book.c.updated >= since.astimezone(now().tzinfo).isoformat())
        .order_by(book.c.updated)
    )
    with database.reading() as connection:
        return [datetime.fromisoformat(text).astimezone() for text in connection.execute(query).scalars()]


def units(database: Database, pump: str | None) -> list[str]:
    """The units that records have arrived for, by name."""
    query = select(book.c.unit).where(_ARRIVED, book.c.unit != "", *_of(pump)).distinct()
    with database.reading() as connection:
        return sorted(connection.execute(query).scalars(), key=str.casefold)


def tests_of(database: Database, unit: str, pump: str | None) -> list[tuple[str, str]]:
    """The tests with numbers in what arrived lately for a unit, by name, each with the test list that it is in."""
    of_unit = (_ARRIVED, book.c.unit == unit, *_of(pump))
    found: set[tuple[str, str]] = set()
    with database.reading() as connection:
        lists = connection.execute(select(book.c.test_list).where(*of_unit).distinct()).scalars().all()
        for test_list in lists:
            in_list = select(book.c.id).where(*of_unit, book.c.test_list == test_list, _KEPT)
            newest = in_list.order_by(book.c.id.desc()).limit(NEWEST)
            for payload in connection.execute(_payloads_of(newest)).scalars():
                tests = _tests(json.loads(payload))
                found.update((slug, test_list) for slug in tests if _number(tests, slug) is not None)
    return sorted(found, key=lambda each: (each[0].casefold(), each[1].casefold()))


def values_of(
    database: Database, unit: str, test: str, test_list: str | None, pump: str | None, cancel: CancelToken
) -> list[tuple[datetime, float]]:
    """The numbers that arrived for one test of a unit, with the local time of the work, in order of time."""
    of_list = [] if test_list is None else [book.c.test_list == test_list]
    wanted = select(book.c.id).where(_ARRIVED, book.c.unit == unit, _KEPT, *of_list, *_of(pump))
    found = []
    spelled = json.dumps(test, ensure_ascii=False)
    for first_seen, text in _payloads(database, wanted, cancel):
        if spelled not in text:
            continue
        payload = json.loads(text)
        number = _number(_tests(payload), test)
        if number is not None:
            found.append((_work_started(payload) or datetime.fromisoformat(first_seen).astimezone(), number))
    return sorted(found)


def _payloads(database: Database, wanted: Select[Any], cancel: CancelToken) -> Iterator[tuple[str, str]]:
    """Of these records when each was first seen and what was sent, a few at a time."""
    with database.reading() as connection:
        numbers = connection.execute(wanted).scalars().all()
    for start in range(0, len(numbers), CHUNK):
        cancel.check()
        chunk = numbers[start : start + CHUNK]
        query = select(book.c.first_seen, book.c.payload).where(book.c.id.in_(chunk))
        with database.reading() as connection:
            rows = connection.execute(query).all()
        for first_seen, payload in rows:
            cancel.check()
            yield first_seen, payload


def _payloads_of(wanted: Select[Any]) -> Select[Any]:
    """Only what is wanted is read whole: rows are large, and which ones they are is found out without that."""
    return select(book.c.payload).where(book.c.id.in_(wanted))


def _of(pump: str | None) -> list[ColumnElement[bool]]:
    return [] if pump is None else [book.c.pump == pump]


def _tests(payload: Any) -> Mapping[str, Any]:
    tests = payload.get("tests") if isinstance(payload, dict) else None
    return tests if isinstance(tests, dict) else {}


def _number(tests: Mapping[str, Any], slug: str) -> float | None:
    """The value of a test, where it is a number that can be drawn; the server takes numbers as text too."""
    test = tests.get(slug)
    if not isinstance(test, dict) or test.get("skipped"):
        return None
    value = test.get("value")
    if isinstance(value, str) and len(value) <= LONGEST and _NUMBER.fullmatch(value.strip()):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None


def _work_started(payload: Mapping[str, Any]) -> datetime | None:
    """When the work began, by the clock of the place: the server is told local time without a zone."""
    text = payload.get("work_started")
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
        return moment.astimezone()
    except (ValueError, OverflowError, OSError):
        # OSError: Windows knows no local time long before 1970
        return None
