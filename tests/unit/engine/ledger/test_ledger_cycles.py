"""The book of cycles: numbered for each pump, also those that did not run or were cut off."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qcpump_qt.engine.ledger.cycles import COUNTED, CUT_OFF, NOT_RUN, RUNNING
from qcpump_qt.engine.ledger.ledger import Ledger


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
