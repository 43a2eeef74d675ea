"""What came in over the years: per day, per pump, and the values of one test of one unit."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.clock import now
from qcpump_qt.engine.errors import Cancelled
from qcpump_qt.engine.ledger.browse import Browse
from qcpump_qt.engine.ledger.ledger import Ledger
from qcpump_qt.engine.ledger.measured import CHUNK, NEWEST
from unit.engine.ledger.ledger_writing import NOON, add_record

UNIT = "Site: TB1"
LONG_AGO = 40_000


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger.at(tmp_path / "ledger.sqlite3")
    yield made
    made.close()


@pytest.fixture
def browse(ledger: Ledger) -> Browse:
    return ledger.browse


@pytest.fixture
def in_zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    if sys.platform == "win32":
        pytest.skip("Windows cannot have another time zone in one process")
    before = os.environ.get("TZ")

    def be_in(zone: str) -> None:
        os.environ["TZ"] = zone
        time.tzset()

    yield be_in
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


def add(ledger: Ledger, key: str, tests: Any, started: object = "2026-11-19 07:00:00", **more: Any) -> None:
    payload = {"user_key": key, "work_started": started, "tests": tests}
    add_record(ledger, key, **{"payload": payload, **more})


def test_days_without_a_delivery_stand_between_the_others_with_zero(ledger: Ledger, browse: Browse) -> None:
    for number, day in enumerate([0, 0, 3, 4, 4, 4]):
        add_record(ledger, f"{number}", updated=NOON + timedelta(days=day, seconds=number))
    first = NOON.astimezone().date()
    assert browse.delivered_per_day("p", LONG_AGO) == [
        (first + timedelta(days=step), count) for step, count in enumerate([2, 0, 0, 1, 3])
    ]


def test_only_deliveries_count_of_one_pump_or_of_all(ledger: Ledger, browse: Browse) -> None:
    for state in ("waiting", "sending", "delivered", "already there", "skipped", "rejected"):
        add_record(ledger, state, state=state)
    add_record(ledger, "x", pump="q")
    day = NOON.astimezone().date()
    assert browse.delivered_per_day("p", LONG_AGO) == [(day, 1)]
    assert browse.delivered_per_day(None, LONG_AGO) == [(day, 2)]
    assert browse.delivered_per_day("none", LONG_AGO) == []


def test_what_is_too_long_ago_is_left_out(ledger: Ledger, browse: Browse) -> None:
    add_record(ledger, "old", updated=now() - timedelta(days=400))
    add_record(ledger, "new", updated=now() - timedelta(days=10))
    assert [count for _, count in browse.delivered_per_day("p")] == [1]
    assert len(browse.delivered_per_day("p", 500)) == 391


@pytest.mark.parametrize(
    ("zone", "days"),
    [
        ("UTC", [date(2026, 3, 28), date(2026, 3, 29)]),
        ("Europe/Berlin", [date(2026, 3, 29)]),
        ("Asia/Kolkata", [date(2026, 3, 29)]),
        ("America/Toronto", [date(2026, 3, 28)]),
    ],
)
def test_days_are_those_of_the_clock_on_the_wall(
    ledger: Ledger, browse: Browse, in_zone: Callable[[str], None], zone: str, days: list[date]
) -> None:
    """The night in which summer time begins in Europe."""
    in_zone(zone)
    add_record(ledger, "a", updated=datetime(2026, 3, 28, 23, 30, tzinfo=timezone.utc))
    add_record(ledger, "b", updated=datetime(2026, 3, 29, 1, 30, tzinfo=timezone.utc))
    assert browse.delivered_per_day("p", LONG_AGO) == [(day, 2 // len(days)) for day in days]


def test_arrivals_are_told_in_order_from_a_moment_on(ledger: Ledger, browse: Browse) -> None:
    for number, state in enumerate(["delivered", "already there", "rejected", "delivered"]):
        add_record(ledger, f"{number}", state=state, updated=NOON - timedelta(hours=number))
    add_record(ledger, "x", pump="q")
    assert browse.arrivals("p", NOON - timedelta(hours=3)) == [
        NOON - timedelta(hours=3),
        NOON - timedelta(hours=1),
        NOON,
    ]
    assert browse.arrivals("p", NOON) == [NOON]
    assert browse.arrivals("p", NOON + timedelta(seconds=1)) == []


def test_arrivals_are_by_the_clock_on_the_wall_of_their_day(
    ledger: Ledger, browse: Browse, in_zone: Callable[[str], None]
) -> None:
    in_zone("Europe/Berlin")
    add_record(ledger, "winter", updated=datetime(2026, 3, 20, 6, 30, tzinfo=timezone.utc))
    add_record(ledger, "summer", updated=datetime(2026, 4, 10, 5, 30, tzinfo=timezone.utc))
    found = browse.arrivals("p", datetime(2026, 3, 1, tzinfo=timezone.utc))
    assert [f"{each:%d %H:%M}" for each in found] == ["20 07:30", "10 07:30"]


def test_units_are_those_with_something_that_arrived(ledger: Ledger, browse: Browse) -> None:
    add_record(ledger, "a", unit="b: 2")
    add_record(ledger, "b", unit="A: 1", state="already there")
    add_record(ledger, "c", unit="C: 3", pump="q")
    add_record(ledger, "d", unit="D: 4", state="rejected")
    add_record(ledger, "e", unit="")
    assert browse.units("p") == ["A: 1", "b: 2"]
    assert browse.units() == ["A: 1", "b: 2", "C: 3"]


def test_tests_are_those_with_numbers(ledger: Ledger, browse: Browse) -> None:
    add(ledger, "a", {"output": {"value": 1.0}, "Flat": {"value": 2}, "ok": {"value": True}})
    add(ledger, "b", {"text": {"value": "fine"}, "blank": {"value": None}, "skipped": {"skipped": True}})
    add(ledger, "c", {"elsewhere": {"value": 3.0}}, unit="other")
    add(ledger, "d", {"rejected": {"value": 3.0}}, state="rejected")
    add(ledger, "e", {"list": {"value": 4.0}}, test_list="Weekly")
    add(ledger, "f", [], state="already there")
    add_record(ledger, "g", payload='"odd"')
    add_record(ledger, "h", payload={"tests": {"odd": 5, "huge": {"value": 10**400}}})
    assert browse.tests_of(UNIT) == [("Flat", "Daily"), ("list", "Weekly"), ("output", "Daily")]
    assert browse.tests_of("nowhere") == []


def test_a_seldom_list_is_not_crowded_out_by_a_frequent_one(ledger: Ledger, browse: Browse) -> None:
    add(ledger, "yearly", {"yearly": {"value": 1}}, test_list="Yearly")
    for number in range(NEWEST + 5):
        add(ledger, f"{number}", {"daily": {"value": 1}})
    assert browse.tests_of(UNIT) == [("daily", "Daily"), ("yearly", "Yearly")]


def test_values_are_told_with_the_time_of_the_work(ledger: Ledger, browse: Browse) -> None:
    add(ledger, "b", {"output": {"value": 2}}, "2026-11-19 07:00:00")
    add(ledger, "a", {"output": {"value": 1.5, "comment": "x"}}, "2026-11-18 07:00:00", state="already there")
    add(ledger, "c", {"output": {"value": 9.0}}, unit="other")
    add(ledger, "d", {"output": {"value": 9.0}}, state="rejected")
    add(ledger, "e", {"other": {"value": 9.0, "comment": "not output"}})
    add(ledger, "f", {"output": {"value": "nine"}})
    assert browse.values_of(UNIT, "output") == [
        (datetime(2026, 11, 18, 7).astimezone(), 1.5),
        (datetime(2026, 11, 19, 7).astimezone(), 2.0),
    ]
    assert browse.values_of(UNIT, "unheard") == []


def test_tests_and_values_are_those_of_one_pump(ledger: Ledger, browse: Browse) -> None:
    """Two servers may both have a unit of this name."""
    add(ledger, "a", {"output": {"value": 1}, "mine": {"value": 1}})
    add(ledger, "b", {"output": {"value": 2}, "theirs": {"value": 2}}, pump="q")
    assert browse.tests_of(UNIT, "p") == [("mine", "Daily"), ("output", "Daily")]
    assert browse.tests_of(UNIT, "q") == [("output", "Daily"), ("theirs", "Daily")]
    assert [value for _, value in browse.values_of(UNIT, "output", pump="p")] == [1.0]
    assert [value for _, value in browse.values_of(UNIT, "output", pump="q")] == [2.0]
    assert [value for _, value in browse.values_of(UNIT, "output")] == [1.0, 2.0]
    assert browse.tests_of(UNIT, "none") == []


def test_a_test_of_several_lists_is_told_for_each_of_them(ledger: Ledger, browse: Browse) -> None:
    """The output of two energies is sent to the same test of two lists."""
    for number, test_list in enumerate(["Daily: 9E", "Daily: 6X", "Daily: 6X"]):
        add(ledger, f"{number}", {"output": {"value": number}}, test_list=test_list)
    assert browse.tests_of(UNIT) == [("output", "Daily: 6X"), ("output", "Daily: 9E")]
    of_6x = browse.values_of(UNIT, "output", test_list="Daily: 6X")
    assert [value for _, value in of_6x] == [1.0, 2.0]
    assert browse.values_of(UNIT, "output", test_list="Daily: 18X") == []


def test_what_was_skipped_is_no_value(ledger: Ledger, browse: Browse) -> None:
    add(ledger, "a", {"t": {"value": 0, "skipped": True}, "only skipped": {"value": 5, "skipped": True}})
    add(ledger, "b", {"t": {"value": 7, "skipped": False}})
    assert browse.tests_of(UNIT) == [("t", "Daily")]
    assert [value for _, value in browse.values_of(UNIT, "t")] == [7.0]


@pytest.mark.parametrize(
    ("text", "value"),
    [("9.0", 9.0), (" -0.25 ", -0.25), ("+1e-3", 0.001), (".5", 0.5), ("5.", 5.0), ("007", 7.0)],
)
def test_numbers_that_were_sent_as_text_count(
    ledger: Ledger, browse: Browse, text: str, value: float
) -> None:
    add(ledger, "a", {"t": {"value": text}})
    assert browse.tests_of(UNIT) == [("t", "Daily")]
    assert [found for _, found in browse.values_of(UNIT, "t")] == [value]


@pytest.mark.parametrize(
    "text", ["", "1,5", "1_000", "nan", "inf", "0x10", "2026-11-19", "1 mm", "1e999", "٣", "1" * 41]
)
def test_texts_that_are_no_numbers_do_not(ledger: Ledger, browse: Browse, text: str) -> None:
    add(ledger, "a", {"t": {"value": text}})
    assert browse.tests_of(UNIT) == []
    assert browse.values_of(UNIT, "t") == []


@pytest.mark.parametrize("started", [None, 5, "yesterday", ""])
def test_work_without_a_time_counts_from_when_it_was_first_seen(
    ledger: Ledger, browse: Browse, started: object
) -> None:
    add(ledger, "a", {"output": {"value": 1}}, started)
    assert browse.values_of(UNIT, "output") == [(NOON, 1.0)]


@pytest.mark.parametrize("started", ["2026-11-19T07:00:00Z", "2026-11-19T08:00:00+01:00"])
def test_a_time_with_its_zone_is_taken_by_it(ledger: Ledger, browse: Browse, started: str) -> None:
    add(ledger, "a", {"output": {"value": 1}}, started)
    ((when, _),) = browse.values_of(UNIT, "output")
    assert when == datetime(2026, 11, 19, 7, tzinfo=timezone.utc)


@pytest.mark.parametrize("test", ['a"b', "a\\b", "Ü 6×", "a/b", "tab\there"])
def test_any_name_of_a_test_will_do(ledger: Ledger, browse: Browse, test: str) -> None:
    add(ledger, "a", {test: {"value": 1}})
    assert browse.tests_of(UNIT) == [(test, "Daily")]
    assert [value for _, value in browse.values_of(UNIT, test)] == [1.0]


def test_numbers_that_cannot_be_drawn_are_left_out(ledger: Ledger, browse: Browse) -> None:
    add_record(ledger, "a", payload='{"tests": {"t": {"value": NaN}}}')
    add_record(ledger, "b", payload='{"tests": {"t": {"value": -Infinity}}}')
    add_record(ledger, "c", payload='{"tests": {"t": {"value": ' + "9" * 400 + "}}}")
    add_record(ledger, "d", payload='{"tests": {"t": {"value": 3}}}')
    assert [value for _, value in browse.values_of(UNIT, "t")] == [3.0]
    assert browse.tests_of(UNIT) == [("t", "Daily")]


def test_more_payloads_than_one_query_takes(ledger: Ledger, browse: Browse) -> None:
    for number in range(CHUNK * 2 + 3):
        add(
            ledger, f"{number}", {"t": {"value": number}}, f"2026-01-01 00:{number // 60:02}:{number % 60:02}"
        )
    assert [value for _, value in browse.values_of(UNIT, "t")] == list(range(CHUNK * 2 + 3))


def test_it_ends_when_it_is_asked_to(ledger: Ledger, browse: Browse) -> None:
    add(ledger, "a", {"t": {"value": 1}})
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        browse.values_of(UNIT, "t", cancel=cancel)
