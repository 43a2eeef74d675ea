"""A pump's past is read from a real ledger off the UI thread; of several requests the newest is answered."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from gui.heartbeat import Heartbeat
from gui.records_book import fill_many
from qcpump_qt.app import Program
from qcpump_qt.controllers.history import History
from qcpump_qt.controllers.tasks import Tasks
from qcpump_qt.engine.clock import now
from qcpump_qt.engine.paths import Places
from qcpump_qt.engine.secrets import MemorySecrets
from qcpump_qt.models.rows import CycleRow, DayCount, ValuePoint
from unit.engine.ledger.ledger_writing import NOON, add_cycle, add_record

Watch = Callable[[], AbstractContextManager[Heartbeat]]


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    with Program(Places(tmp_path / "home"), secrets=MemorySecrets()) as made:
        yield made


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    made = Tasks(threads=1)
    yield made
    made.cancel()
    assert made.wait(20)


@pytest.fixture
def history(program: Program, tasks: Tasks) -> History:
    return History(program, tasks)


class Told:
    """Everything that a `History` says, by the name of the signal."""

    def __init__(self, history: History) -> None:
        names = ("cycles", "days", "units", "tests", "values", "failed")
        self._spies = {name: QSignalSpy(getattr(history, name)) for name in names}

    def all(self, name: str) -> list[list[Any]]:
        spy = self._spies[name]
        return [spy.at(number) for number in range(spy.count())]

    def last(self, name: str) -> Any:
        return self.all(name)[-1]

    def count(self, *names: str) -> list[int]:
        return [self._spies[name].count() for name in names]


class Gate:
    """Keeps the only thread of the pool busy until it is opened."""

    def __init__(self, tasks: Tasks) -> None:
        self._open = threading.Event()
        tasks.start(lambda _cancel: self._open.wait(30), lambda _done: None, lambda _error: None)

    def open(self) -> None:
        self._open.set()


def fill(program: Program, pump: str, unit: str, count: int = 2) -> None:
    for number in range(count):
        add_record(
            program.ledger,
            f"{pump}-{number}",
            pump,
            unit=unit,
            updated=now() - timedelta(days=1),
            payload={
                "work_started": f"2026-11-{number + 1:02d} 07:00:00",
                "tests": {"size": {"value": number / 2}},
            },
        )


def test_everything_about_a_pump(qtbot: QtBot, program: Program, history: History, tasks: Tasks) -> None:
    add_cycle(program.ledger, 1, "ok", ended=NOON + timedelta(seconds=90), delivered=2)
    add_cycle(program.ledger, 2, "not run", trigger="start", reason="The computer was asleep.")
    add_cycle(program.ledger, 3, "running", ended=None)
    fill(program, "p", "TB1")
    told = Told(history)
    history.show("p")
    qtbot.waitUntil(lambda: told.count("cycles", "days", "units") == [1, 1, 1])
    [cycles] = told.last("cycles")
    assert [(row.number, row.outcome, row.trigger, row.seconds) for row in cycles] == [
        (3, "running", "interval", None),
        (2, "not run", "start", 0.0),
        (1, "ok", "interval", 90.0),
    ]
    assert isinstance(cycles[0], CycleRow)
    assert cycles[1].reason == "The computer was asleep."
    assert cycles[2].counts["delivered"] == 2
    assert cycles[2].started == NOON
    yesterday = (now() - timedelta(days=1)).astimezone().date()
    assert told.last("days") == [[DayCount(yesterday, 2)]]
    assert told.last("units") == [["TB1"]]
    assert told.count("failed") == [0]


def test_tests_and_values_of_a_unit(qtbot: QtBot, program: Program, history: History) -> None:
    fill(program, "p", "TB1", count=3)
    told = Told(history)
    history.show("p")
    history.ask_tests("TB1")
    qtbot.waitUntil(lambda: told.count("tests") == [1])
    assert told.last("tests") == ["TB1", ["size"]]
    history.ask_values("TB1", "size")
    qtbot.waitUntil(lambda: told.count("values") == [1])
    unit, test, points = told.last("values")
    assert (unit, test) == ("TB1", "size")
    assert [point.value for point in points] == [0.0, 0.5, 1.0]
    assert points[0] == ValuePoint(datetime(2026, 11, 1, 7).astimezone(), 0.0)


def test_tests_and_values_are_those_of_the_pump_that_is_shown(
    qtbot: QtBot, program: Program, history: History, tasks: Tasks
) -> None:
    """Two servers may both have a unit of this name."""
    fill(program, "p", "TB1", count=3)
    fill(program, "q", "TB1", count=5)
    add_record(program.ledger, "other", "q", unit="TB1", payload={"tests": {"theirs": {"value": 1}}})
    told = Told(history)
    for pump, tests, count in (("p", ["size"], 3), ("q", ["size", "theirs"], 5)):
        history.show(pump)
        history.ask_tests("TB1")
        qtbot.waitUntil(lambda: not tasks.busy)
        assert told.last("tests") == ["TB1", tests]
        history.ask_values("TB1", "size")
        qtbot.waitUntil(lambda: not tasks.busy)
        assert len(told.last("values")[2]) == count


def test_a_test_of_several_lists_is_offered_once_for_each(
    qtbot: QtBot, program: Program, history: History, tasks: Tasks
) -> None:
    for number, test_list in enumerate(["Daily: 6X", "Daily: 9E", "Daily: 9E"]):
        payload = {"tests": {"output": {"value": number}, f"only {test_list}": {"value": 9}}}
        add_record(program.ledger, f"{number}", unit="TB1", test_list=test_list, payload=payload)
    told = Told(history)
    history.show("p")
    history.ask_tests("TB1")
    qtbot.waitUntil(lambda: not tasks.busy)
    assert told.last("tests") == [
        "TB1",
        ["only Daily: 6X", "only Daily: 9E", "output (Daily: 6X)", "output (Daily: 9E)"],
    ]
    history.ask_values("TB1", "output (Daily: 9E)")
    qtbot.waitUntil(lambda: not tasks.busy)
    unit, test, points = told.last("values")
    assert (unit, test) == ("TB1", "output (Daily: 9E)")
    assert [point.value for point in points] == [1.0, 2.0]
    add_record(
        *(program.ledger, "more"),
        unit="TB1",
        test_list="Daily: 9E",
        payload={"tests": {"output": {"value": 3}}},
        updated=now(),
    )
    history.refresh()
    qtbot.waitUntil(lambda: len(told.last("values")[2]) == 3)


def test_a_weekend_without_a_cycle_is_one_row(
    qtbot: QtBot, program: Program, history: History, tasks: Tasks
) -> None:
    add_cycle(program.ledger, 1, "not run", reason="Closed.", ended=NOON + timedelta(hours=60))
    told = Told(history)
    history.show("p")
    qtbot.waitUntil(lambda: not tasks.busy)
    [cycles] = told.last("cycles")
    assert [(row.number, row.started, row.seconds) for row in cycles] == [(1, NOON, 60 * 3600.0)]


def test_no_pump_at_all(qtbot: QtBot, history: History, tasks: Tasks) -> None:
    told = Told(history)
    history.show(None)
    assert [told.last(name) for name in ("cycles", "days", "units")] == [[[]], [[]], [[]]]
    history.refresh()
    assert not tasks.busy


def test_nothing_of_the_former_pump_is_told(
    qtbot: QtBot, program: Program, history: History, tasks: Tasks
) -> None:
    add_cycle(program.ledger, 1, "ok", "old")
    add_cycle(program.ledger, 7, "failed", "new")
    told = Told(history)
    gate = Gate(tasks)
    history.show("old")
    history.show("new")
    gate.open()
    qtbot.waitUntil(lambda: not tasks.busy)
    assert told.count("cycles", "days", "units") == [1, 1, 1]
    assert [row.number for row in told.last("cycles")[0]] == [7]


def test_of_two_wishes_for_values_the_newer_one_is_answered(
    qtbot: QtBot, program: Program, history: History, tasks: Tasks
) -> None:
    fill(program, "p", "TB1")
    fill(program, "p2", "TB2")
    told = Told(history)
    gate = Gate(tasks)
    history.ask_values("TB1", "size")
    history.ask_values("TB2", "size")
    gate.open()
    qtbot.waitUntil(lambda: not tasks.busy)
    assert [call[0] for call in told.all("values")] == ["TB2"]


def test_another_unit_ends_the_reading_of_values(
    qtbot: QtBot, program: Program, history: History, tasks: Tasks
) -> None:
    fill(program, "p", "TB1")
    told = Told(history)
    gate = Gate(tasks)
    history.ask_values("TB1", "size")
    history.ask_tests("TB2")
    gate.open()
    qtbot.waitUntil(lambda: not tasks.busy)
    assert told.count("values", "tests") == [0, 1]
    assert told.last("tests") == ["TB2", []]


def test_a_refresh_tells_what_is_new(qtbot: QtBot, program: Program, history: History, tasks: Tasks) -> None:
    told = Told(history)
    history.show("p")
    qtbot.waitUntil(lambda: not tasks.busy)
    assert told.last("cycles") == [[]]
    add_cycle(program.ledger, 1, "ok")
    history.refresh()
    qtbot.waitUntil(lambda: not tasks.busy)
    assert [row.number for row in told.last("cycles")[0]] == [1]


def test_refreshes_while_it_reads_lead_to_one_more_reading(
    qtbot: QtBot, history: History, tasks: Tasks
) -> None:
    told = Told(history)
    gate = Gate(tasks)
    history.show("p")
    for _ in range(5):
        history.refresh()
    gate.open()
    qtbot.waitUntil(lambda: told.count("cycles", "days", "units") == [2, 2, 2])
    qtbot.waitUntil(lambda: not tasks.busy)
    assert told.count("cycles", "days", "units") == [2, 2, 2]


def test_values_are_read_again_only_when_something_was_delivered(
    qtbot: QtBot, program: Program, history: History, tasks: Tasks
) -> None:
    fill(program, "p", "TB1", count=2)
    told = Told(history)
    history.show("p")
    history.ask_values("TB1", "size")
    qtbot.waitUntil(lambda: not tasks.busy)
    history.refresh()
    qtbot.waitUntil(lambda: not tasks.busy)
    assert told.count("values") == [1]
    add_record(program.ledger, "more", unit="TB1", updated=now(), payload={"tests": {"size": {"value": 9}}})
    history.refresh()
    qtbot.waitUntil(lambda: told.count("values") == [2])
    assert [point.value for point in told.last("values")[2]] == [0.0, 0.5, 9.0]


def test_a_damaged_ledger_is_told_once_until_somebody_asks_anew(
    qtbot: QtBot, program: Program, history: History, tasks: Tasks
) -> None:
    program.places.ledger_file.write_bytes(b"this is no database at all, and it is long enough for one" * 50)
    told = Told(history)
    history.show("p")
    qtbot.waitUntil(lambda: not tasks.busy)
    [[title, message]] = told.all("failed")
    assert title == "Ledger not usable"
    assert message == (
        "The record of deliveries could not be read or written (file is not a database). The file is damaged. "
        "Put back a copy of it, or move it away: a new one is made then, and what is on the server already is "
        "recognised there and not stored twice."
    )
    history.refresh()
    qtbot.waitUntil(lambda: not tasks.busy)
    assert told.count("failed") == [1]
    history.ask_values("TB1", "size")
    qtbot.waitUntil(lambda: not tasks.busy)
    assert told.count("failed", "cycles", "values") == [2, 0, 0]


def test_a_large_ledger_stalls_nothing(
    qtbot: QtBot, program: Program, history: History, tasks: Tasks, heartbeat: Watch
) -> None:
    fill_many(program.ledger, 20_000, "p")
    told = Told(history)
    with heartbeat():
        history.show("p")
        history.ask_values("TrueBeam 1", "a")
        qtbot.waitUntil(lambda: not tasks.busy, timeout=60_000)
    [days] = told.last("days")
    assert 363 <= len(days) <= 366
    assert told.last("units") == [[f"TrueBeam {number}" for number in range(7)]]
    points = told.last("values")[2]
    assert len(points) == 2857
    assert points[0].when < points[-1].when <= datetime.now(timezone.utc)
