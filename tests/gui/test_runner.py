"""The runner with the real engine: starts, intervals, turns, and pumps that change meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.runner_desk import UNKNOWN, Desk, others_may_run
from qcpump_qt.engine.clock import local_now
from qcpump_qt.engine.report import CycleOutcome


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(tmp_path / "home", qtbot)
    yield made
    made.close()


# --- start, interval, manual ---------------------------------------------------------------------------


def test_all_active_pumps_are_started_at_once_and_scheduled(desk: Desk) -> None:
    one, two = desk.home.add("Linac 1"), desk.home.add("Linac 2")
    off = desk.home.add("Linac 3", active=False)
    desk.runner.set_pumps([one, two, off])
    desk.home.gate.opened.set()
    desk.runner.start_all()
    desk.ended(2)
    assert sorted(desk.home.gate.names) == ["Linac 1", "Linac 2"]
    assert desk.outcomes() == [CycleOutcome.OK, CycleOutcome.OK]
    assert [desk.runner.is_scheduled(pump.id) for pump in (one, two, off)] == [True, True, False]
    assert desk.home.history(one) == [("start", "ok", "")]
    next_run = desk.runner.next_run(one.id)
    assert next_run is not None
    assert abs(next_run - local_now() - timedelta(seconds=60)) < timedelta(seconds=5)
    assert desk.runner.next_run(off.id) is None
    assert desk.refusals == []


def test_after_the_interval_it_runs_again_by_itself(desk: Desk) -> None:
    pump = desk.home.add()
    desk.runner.set_pumps([pump])
    desk.home.gate.opened.set()
    desk.runner.start_all()
    desk.ended(1)
    desk.clock.passes(60)
    desk.ended(2)
    assert desk.home.history(pump) == [("start", "ok", ""), ("interval", "ok", "")]


def test_while_a_cycle_runs_its_state_and_progress_are_told(desk: Desk) -> None:
    pump = desk.home.add()
    desk.runner.set_pumps([pump])
    desk.home.gate.act = lambda gated: gated.update_progress(40, "Through the gate")
    desk.runner.start(pump.id)
    desk.until(lambda: desk.runner.busy)
    assert desk.runner.is_running(pump.id)
    since = desk.runner.running_since(pump.id)
    assert since is not None
    assert abs(local_now() - since) < timedelta(seconds=20)
    desk.at_the_gate()
    desk.home.gate.opened.set()
    desk.ended()
    assert desk.steps[-1] == (pump.id, 40.0, "Through the gate")
    assert not desk.runner.is_running(pump.id)
    assert desk.runner.running_since(pump.id) is None
    assert not desk.runner.busy


def test_run_now_runs_once_and_schedules_nothing(desk: Desk) -> None:
    pump = desk.home.add()
    desk.runner.set_pumps([pump])
    desk.home.gate.opened.set()
    desk.runner.run_now(pump.id)
    desk.ended()
    assert desk.home.history(pump) == [("manual", "ok", "")]
    assert not desk.runner.is_scheduled(pump.id)
    desk.until(lambda: others_may_run(desk))


def test_run_now_leaves_the_schedule_as_it_is(desk: Desk) -> None:
    pump = desk.home.add()
    desk.runner.set_pumps([pump])
    desk.home.gate.opened.set()
    desk.runner.start(pump.id)
    desk.ended(1)
    desk.clock.passes(30)
    desk.runner.run_now(pump.id)
    desk.ended(2)
    desk.clock.passes(30)
    desk.ended(3)
    assert [trigger for trigger, *_ in desk.home.history(pump)] == ["start", "manual", "interval"]


def test_what_cannot_be_run_is_told_in_words(desk: Desk) -> None:
    off, on = desk.home.add("Old linac", active=False), desk.home.add("Linac")
    desk.runner.set_pumps([off, on])
    desk.runner.run_now(off.id)
    desk.runner.start(off.id)
    desk.runner.run_now("nobody")
    desk.runner.start("nobody")
    desk.runner.run_now(on.id)
    desk.at_the_gate()
    desk.runner.run_now(on.id)
    inactive = '"Old linac" is switched off. Tick "active" in its configuration and save it, then run it.'
    running = '"Linac" is running already. Its next cycle can be started when this one has ended.'
    assert desk.refusals == [inactive, inactive, UNKNOWN, UNKNOWN, running]
    assert desk.home.gate.names == ["Linac"]


def test_what_is_asked_of_an_unknown_pump_is_answered(desk: Desk) -> None:
    desk.runner.stop("nobody")
    assert not desk.runner.is_scheduled("nobody")
    assert not desk.runner.is_running("nobody")
    assert not desk.runner.is_stopping("nobody")
    assert desk.runner.next_run("nobody") is None
    assert desk.runner.running_since("nobody") is None
    assert desk.runner.reason("nobody") == ""


# --- sleep, long cycles, turns -------------------------------------------------------------------------


def test_after_hours_of_sleep_it_runs_once_and_the_history_says_why(desk: Desk) -> None:
    pump = desk.home.add()
    desk.runner.set_pumps([pump])
    desk.home.gate.opened.set()
    desk.runner.start_all()
    desk.ended(1)
    desk.clock.passes(3 * 3600)
    desk.ended(2)
    words = "179 starts were passed over, as the computer slept or was held up. One cycle makes up for all of them."
    desk.until(lambda: desk.left_out == [(pump.id, words)])
    assert sorted(desk.home.history(pump)) == sorted(
        [("start", "ok", ""), ("interval", "not run", words), ("interval", "ok", "")]
    )
    assert len(desk.home.gate.begun) == 2


def test_a_long_cycle_is_never_doubled_and_what_it_passed_over_is_entered(desk: Desk) -> None:
    pump = desk.home.add()
    desk.runner.set_pumps([pump])
    desk.runner.start_all()
    desk.at_the_gate()
    desk.clock.passes(150)
    desk.until(lambda: (desk.runner.next_run(pump.id) or local_now()) - local_now() > timedelta(seconds=20))
    assert len(desk.home.gate.begun) == 1
    desk.home.gate.opened.set()
    desk.ended(1)
    words = "2 starts were passed over, as the cycle before was still running."
    desk.until(lambda: desk.left_out == [(pump.id, words)])
    assert desk.home.history(pump) == [("start", "ok", ""), ("interval", "not run", words)]
    desk.clock.passes(30)
    desk.ended(2)


def test_more_pumps_than_may_run_at_once_wait_for_their_turn(desk: Desk) -> None:
    runner = desk.runner_of(parallel=2)
    pumps = [desk.home.add(f"Linac {number}") for number in range(5)]
    runner.set_pumps(pumps)
    runner.start_all()
    desk.at_the_gate(2)
    waiting = [pump for pump in pumps if runner.reason(pump.id)]
    assert [pump.name for pump in waiting] == ["Linac 2", "Linac 3", "Linac 4"]
    assert runner.reason(waiting[0].id) == (
        "It waits for its turn: 2 pumps are running, and no more run at the same time."
    )
    runner.stop(waiting[0].id)
    assert runner.reason(waiting[0].id) == ""
    desk.until(lambda: desk.left_out == [(waiting[0].id, "It was stopped before its turn came.")])
    desk.home.gate.opened.set()
    desk.ended(4)
    assert "Linac 2" not in desk.home.gate.names
    assert desk.home.gate.most == 2
    assert desk.home.history(pumps[2]) == [("start", "not run", "It was stopped before its turn came.")]


def test_a_single_turn_is_told_in_good_grammar(desk: Desk) -> None:
    runner = desk.runner_of(parallel=1)
    one, two = desk.home.add("Linac 1"), desk.home.add("Linac 2")
    runner.set_pumps([one, two])
    runner.start_all()
    desk.at_the_gate()
    assert runner.reason(two.id) == (
        "It waits for its turn: 1 pump is running, and no more run at the same time."
    )


def test_the_clock_on_the_wall_is_set_and_the_next_run_is_told_anew(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    pump = desk.home.add()
    desk.runner.set_pumps([pump])
    desk.home.gate.opened.set()
    desk.runner.start_all()
    desk.ended(1)
    changed: list[str] = []
    desk.runner.changed.connect(changed.append)
    tomorrow = datetime.now(timezone.utc) + timedelta(days=1)
    monkeypatch.setattr("qcpump_qt.controllers.running_clock.now", lambda: tomorrow)
    monkeypatch.setattr("qcpump_qt.controllers.running_pump.local_now", tomorrow.astimezone)
    desk.until(lambda: changed == [pump.id])
    assert desk.runner.next_run(pump.id) == tomorrow + timedelta(seconds=60)
    assert len(desk.home.gate.begun) == 1


# --- saved changes -------------------------------------------------------------------------------------


def test_what_is_saved_during_a_cycle_counts_from_the_next_one_on(desk: Desk) -> None:
    pump = desk.home.add(mark="before")
    desk.runner.set_pumps([pump])
    desk.runner.start_all()
    desk.at_the_gate()
    saved = desk.home.program.store.save(pump.changed(values={**pump.values, "Gate": [{"mark": "after"}]}))
    desk.runner.set_pumps([saved])
    assert desk.runner.is_running(pump.id)
    desk.home.gate.opened.set()
    desk.ended(1)
    desk.clock.passes(60)
    desk.ended(2)
    assert desk.home.gate.begun == [("Linac", "before"), ("Linac", "after")]


def test_a_shorter_interval_counts_from_the_last_start_on(desk: Desk) -> None:
    pump = desk.home.add()
    desk.runner.set_pumps([pump])
    desk.home.gate.opened.set()
    desk.runner.start_all()
    desk.ended(1)
    desk.clock.passes(10)
    desk.runner.set_pumps([desk.home.every(pump, 20)])
    desk.clock.passes(10)
    desk.ended(2)
    assert len(desk.home.gate.begun) == 2


def test_switched_off_and_saved_it_is_off_the_schedule(desk: Desk) -> None:
    pump = desk.home.add()
    desk.runner.set_pumps([pump])
    desk.home.gate.opened.set()
    desk.runner.start_all()
    desk.ended(1)
    off = desk.home.every(pump, 60, active=False)
    desk.runner.set_pumps([off])
    assert not desk.runner.is_scheduled(pump.id)
    desk.until(lambda: others_may_run(desk))
    desk.runner.set_pumps([desk.home.every(off, 60, active=True)])
    assert desk.runner.is_scheduled(pump.id)
    desk.clock.passes(1)
    desk.ended(2)


def test_a_pump_that_is_deleted_ends_its_cycle_and_is_forgotten(desk: Desk) -> None:
    pump, other = desk.home.add("Linac 1"), desk.home.add("Linac 2")
    desk.runner.set_pumps([pump, other])
    desk.runner.start(pump.id)
    desk.at_the_gate()
    desk.runner.set_pumps([other])
    assert desk.runner.is_stopping(pump.id)
    desk.ended()
    assert desk.outcomes() == [CycleOutcome.STOPPED]
    assert not desk.runner.is_running(pump.id)
    desk.runner.run_now(pump.id)
    assert desk.refusals == [UNKNOWN]
