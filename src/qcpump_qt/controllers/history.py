"""Reads a pump's past from the ledger: cycles, deliveries per day, and values of its units' tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from qcpump_qt.controllers.program import HomeProgram
from qcpump_qt.controllers.tasks import Tasks
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import PumpError
from qcpump_qt.engine.ledger.shown import CycleEntry
from qcpump_qt.models.rows import CycleRow, DayCount, ValuePoint

CYCLES = 500
"""How many of the newest cycles are shown."""
DAYS = 365
"""How many days back deliveries are counted."""

T = TypeVar("T")
Tests = dict[str, tuple[str, str]]
"""Test and test list, by what people choose from."""


class History(QObject):
    """What the tab *History* shows of one pump. Of several requests of one kind only the newest is answered.

    Args:
        program: whose ledger is read; on the threads of `tasks` only.
        tasks: where the reading is done.
        parent: as for every Qt object.
    """

    cycles = Signal(object)
    """list[CycleRow], newest first."""
    days = Signal(object)
    """list[DayCount], from the first day with a delivery to the last one."""
    units = Signal(object)
    """list[str], the units that the pump has delivered for."""
    tests = Signal(str, object)
    """A unit, and list[str] of its tests that have numbers; one that is in several test lists once for each."""
    values = Signal(str, str, object)
    """A unit, a test, and list[ValuePoint], oldest first."""
    failed = Signal(str, str)
    """Title and message of what could not be read."""

    def __init__(self, program: HomeProgram, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._program = program
        self._tasks = tasks
        self._pump: str | None = None
        self._chosen: tuple[str, str] | None = None
        self._tests: Tests = {}
        self._days: list[DayCount] | None = None
        self._under_way: dict[str, CancelToken] = {}
        self._again = False
        self._told = ""

    def show(self, pump_id: str | None) -> None:
        """Read this pump's past; nothing about a former pump is told any more."""
        self._forget("cycles", "days", "units", "tests", "values")
        self._pump, self._chosen, self._days, self._again, self._told = pump_id, None, None, False, ""
        self._tests = {}
        if pump_id is None:
            self.cycles.emit([])
            self.days.emit([])
            self.units.emit([])
            return
        self._read()

    def refresh(self) -> None:
        """Read the same again, e.g. since a cycle has ended; while it is being read, once more afterwards."""
        if self._pump is None:
            return
        if self._under_way.keys() & {"cycles", "days", "units"}:
            self._again = True
        else:
            self._read()

    def ask_tests(self, unit: str) -> None:
        """Which tests of this unit have numbers that the pump delivered."""
        self._forget("values")
        self._chosen, self._told = None, ""
        pump = self._pump

        def told(found: list[tuple[str, str]]) -> None:
            self._tests = _by_label(found)
            self.tests.emit(unit, list(self._tests))

        self._ask("tests", lambda _cancel: self._program.ledger.browse.tests_of(unit, pump), told)

    def ask_values(self, unit: str, test: str) -> None:
        """The numbers of this test (as `tests` told it) of a unit; kept up to date until another one is asked for."""
        self._chosen, self._told = (unit, test), ""
        pump, (name, test_list) = self._pump, self._tests.get(test, (test, None))

        def read(cancel: CancelToken) -> list[ValuePoint]:
            found = self._program.ledger.browse.values_of(
                unit, name, test_list=test_list, pump=pump, cancel=cancel
            )
            return [ValuePoint(when, value) for when, value in found]

        self._ask("values", read, lambda found: self.values.emit(unit, test, found))

    def _read(self) -> None:
        pump = self._pump
        if pump is None:
            return

        def read_cycles(_cancel: CancelToken) -> list[CycleRow]:
            return [_cycle_row(entry) for entry in self._program.ledger.cycles.latest(pump, CYCLES)]

        def read_days(_cancel: CancelToken) -> list[DayCount]:
            found = self._program.ledger.browse.delivered_per_day(pump, DAYS)
            return [DayCount(day, delivered) for day, delivered in found]

        self._ask("cycles", read_cycles, self.cycles.emit)
        self._ask("days", read_days, self._got_days)
        self._ask("units", lambda _cancel: self._program.ledger.browse.units(pump), self.units.emit)

    def _got_days(self, found: list[DayCount]) -> None:
        changed = self._days is not None and found != self._days
        self._days = found
        self.days.emit(found)
        if changed and self._chosen is not None and "values" not in self._under_way:
            self.ask_values(*self._chosen)

    def _ask(self, kind: str, work: Callable[[CancelToken], T], done: Callable[[T], None]) -> None:
        """Do the work on another thread; what was asked before of this kind is given up."""
        self._forget(kind)

        def finished(found: T) -> None:
            del self._under_way[kind]
            self._told = ""
            done(found)
            self._once_more()

        def failed(error: PumpError) -> None:
            del self._under_way[kind]
            if error.message != self._told:  # one broken ledger fails everything that is read from it
                self._told = error.message
                self.failed.emit(error.title, error.message)
            self._once_more()

        self._under_way[kind] = self._tasks.start(work, finished, failed)

    def _once_more(self) -> None:
        if self._again and not self._under_way.keys() & {"cycles", "days", "units"}:
            self._again = False
            self._read()

    def _forget(self, *kinds: str) -> None:
        for kind in kinds:
            token = self._under_way.pop(kind, None)
            if token is not None:
                token.cancel()


def _by_label(found: list[tuple[str, str]]) -> Tests:
    """Each test by its name, with the test list behind it where the name alone does not tell."""
    often = Counter(test for test, _test_list in found)
    return {
        f"{test} ({test_list})" if often[test] > 1 else test: (test, test_list) for test, test_list in found
    }


def _cycle_row(entry: CycleEntry) -> CycleRow:
    seconds = None if entry.ended is None else (entry.ended - entry.started).total_seconds()
    return CycleRow(
        number=entry.number,
        trigger=entry.trigger,
        started=entry.started,
        seconds=seconds,
        outcome=entry.outcome,
        reason=entry.reason,
        counts=entry.counts,
    )
