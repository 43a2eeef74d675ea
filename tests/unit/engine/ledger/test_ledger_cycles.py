"""The book of cycles: numbered for each pump, also those that did not run or were cut off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from qcpump_qt.engine.ledger import cycles as book
from qcpump_qt.engine.ledger.cycles import COUNTED, CUT_OFF, NOT_RUN, RUNNING
from qcpump_qt.engine.ledger.ledger import Ledger

Hours = Callable[[int], None]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Hours:
    """Turns the clock of the book so many hours on from a Friday evening."""

    def turn(hours: int) -> None:
        moment = datetime(2026, 11, 20, 19, tzinfo=timezone.utc) + timedelta(hours=hours)
        monkeypatch.setattr(book, "now", lambda: moment)

    return turn


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger.at(tmp_path / "ledger.sqlite3")
    yield made
    made.close()


def test_cycles_are_numbered_for_each_pump(ledger: Ledger) -> None:
    cycles = ledger.cycles
    assert [cycles.begin("a", "start"), cycles.begin("b", "start"), cycles.begin("a", "interval")] == [
        1,
        1,
        2,
    ]
    assert [each.number for each in cycles.latest("a")] == [2, 1]
    assert cycles.latest("unknown") == []


def test_a_cycle_has_trigger_times_outcome_and_counts(ledger: Ledger) -> None:
    number = ledger.cycles.begin("a", "manual")
    running = ledger.cycles.latest("a")[0]
    assert (running.trigger, running.outcome, running.ended) == ("manual", RUNNING, None)
    ledger.cycles.end("a", number, "attention", {"found": 3, "rejected": 1}, "One was refused.")
    ended = ledger.cycles.latest("a")[0]
    assert ended.outcome == "attention"
    assert ended.reason == "One was refused."
    assert ended.ended is not None
    assert ended.started <= ended.ended
    assert ended.started.tzinfo is not None
    assert ended.counts == {**dict.fromkeys(COUNTED, 0), "found": 3, "rejected": 1}


def test_a_cycle_that_did_not_run_is_recorded_with_the_reason(ledger: Ledger) -> None:
    ledger.cycles.begin("a", "interval")
    assert ledger.cycles.not_run("a", "interval", "It is running already.") == 2
    left_out, running = ledger.cycles.latest("a")
    assert (left_out.outcome, left_out.reason) == (NOT_RUN, "It is running already.")
    assert left_out.started == left_out.ended
    assert running.outcome == RUNNING  # the one that runs is not touched


def test_the_same_reason_again_and_again_is_one_line_whose_end_moves_on(ledger: Ledger, at: Hours) -> None:
    """A window that stays closed over a weekend, asked every five minutes."""
    closed = "It is outside the hours in which this pump may run."
    ledger.cycles.begin("a", "interval")
    numbers = []
    for hour in range(60):
        at(hour)
        numbers.append(ledger.cycles.not_run("a", "interval", closed))
    assert numbers == [2] * 60
    weekend, running = ledger.cycles.latest("a")
    assert (weekend.number, weekend.outcome, weekend.reason) == (2, NOT_RUN, closed)
    assert weekend.ended is not None
    assert weekend.ended - weekend.started == timedelta(hours=59)
    assert running.outcome == RUNNING


def test_another_reason_trigger_or_cycle_begins_another_line(ledger: Ledger, at: Hours) -> None:
    cycles = ledger.cycles
    steps: list[Callable[[], int]] = [
        lambda: cycles.not_run("a", "interval", "Closed."),
        lambda: cycles.not_run("a", "interval", "Asleep."),
        lambda: cycles.not_run("a", "manual", "Asleep."),
        lambda: cycles.begin("a", "manual"),
        lambda: cycles.not_run("a", "manual", "Asleep."),
        lambda: cycles.not_run("b", "manual", "Asleep."),
    ]
    found = []
    for hour, step in enumerate(steps):
        at(hour)
        found.append(step())
    assert found == [1, 2, 3, 4, 5, 1]
    assert cycles.not_run("a", "manual", "Asleep.") == 5
    assert [each.outcome for each in cycles.latest("a")] == [NOT_RUN, RUNNING, *[NOT_RUN] * 3]
    assert all(each.started == each.ended for each in cycles.latest("a")[2:])


def test_half_a_character_in_the_reason_does_not_keep_lines_apart(ledger: Ledger) -> None:
    reason = "The folder Pr\udcfcfung is away."
    assert [ledger.cycles.not_run("a", "interval", reason) for _ in range(2)] == [1, 1]


def test_a_cycle_that_was_cut_off_is_closed_by_the_next(ledger: Ledger) -> None:
    ledger.cycles.begin("a", "interval")
    ledger.cycles.begin("b", "interval")
    ledger.cycles.begin("a", "start")
    running, dead = ledger.cycles.latest("a")
    assert dead.outcome == CUT_OFF
    assert dead.ended is not None
    assert dead.reason == (
        "The program ended while this cycle was running; the next one goes on where it was."
    )
    assert running.outcome == RUNNING
    assert ledger.cycles.latest("b")[0].outcome == RUNNING


def test_only_the_newest_are_given(ledger: Ledger) -> None:
    for _ in range(7):
        ledger.cycles.begin("a", "interval")
    assert [each.number for each in ledger.cycles.latest("a", limit=3)] == [7, 6, 5]
