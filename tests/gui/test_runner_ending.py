"""The runner with the real engine: stops and ends, one program for each home, and troubles."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.heartbeat import Heartbeat
from gui.runner_desk import Desk, others_may_run
from qcpump_qt.engine.pumping import RunPumping
from qcpump_qt.engine.report import CycleOutcome, CycleReport
from qcpump_qt.engine.store import StoredPump
from qcpump_qt.pumps.base import BasePump


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(tmp_path / "home", qtbot)
    yield made
    made.close()


# --- stopping ------------------------------------------------------------------------------------------


def test_stopped_it_is_stopping_until_the_cycle_has_really_ended(desk: Desk) -> None:
    pump = desk.home.add()
    desk.home.gate.deaf = True
    desk.runner.set_pumps([pump])
    desk.runner.start_all()
    desk.at_the_gate()
    desk.runner.stop(pump.id)
    assert desk.runner.is_stopping(pump.id)
    assert desk.runner.is_running(pump.id)
    assert not desk.runner.is_scheduled(pump.id)
    desk.runner.run_now(pump.id)
    assert desk.refusals == ['"Linac" is still stopping. Run it again when it has stopped.']
    desk.clock.passes(600)
    desk.home.gate.opened.set()
    desk.ended()
    assert not desk.runner.is_stopping(pump.id)
    desk.until(lambda: others_may_run(desk))
    assert len(desk.home.gate.begun) == 1
    assert desk.left_out == []


def test_stop_all_stops_every_one(desk: Desk) -> None:
    pumps = [desk.home.add(f"Linac {number}") for number in range(3)]
    desk.runner.set_pumps(pumps)
    desk.runner.start_all()
    desk.at_the_gate(3)
    desk.runner.stop_all()
    assert all(desk.runner.is_stopping(pump.id) for pump in pumps)
    desk.ended(3)
    assert desk.outcomes() == [CycleOutcome.STOPPED] * 3
    assert not any(desk.runner.is_scheduled(pump.id) for pump in pumps)


def test_started_again_while_it_stops_it_runs_when_that_has_ended(desk: Desk) -> None:
    pump = desk.home.add()
    desk.home.gate.deaf = True
    desk.runner.set_pumps([pump])
    desk.runner.start_all()
    desk.at_the_gate()
    desk.runner.stop(pump.id)
    desk.runner.start(pump.id)
    assert desk.runner.is_stopping(pump.id)
    desk.home.gate.opened.set()
    desk.ended(2)
    assert desk.home.gate.most == 1
    assert [trigger for trigger, *_ in desk.home.history(pump)] == ["start", "start"]


def test_shut_down_ends_everything_and_starts_nothing_more(desk: Desk) -> None:
    pump = desk.home.add()
    desk.runner.set_pumps([pump])
    desk.runner.start_all()
    desk.at_the_gate()
    desk.runner.shut_down()
    desk.runner.start_all()
    desk.runner.run_now(pump.id)
    desk.until(lambda: desk.ends)
    assert desk.ends == [True]
    assert desk.outcomes() == [CycleOutcome.STOPPED]
    assert others_may_run(desk)
    assert len(desk.home.gate.begun) == 1


def test_shut_down_with_nothing_to_end_is_told_too(desk: Desk) -> None:
    desk.runner.shut_down()
    assert desk.ends == []
    desk.until(lambda: desk.ends)
    assert desk.ends == [True]


def test_shut_down_waits_for_threads_that_close_connections(desk: Desk) -> None:
    """The cycle itself ends at once, but what it asked to close does not: that is told, as a thread is left."""
    closing, closed = threading.Event(), threading.Event()

    def hold(gated: BasePump) -> None:
        def close() -> None:
            closing.set()
            closed.wait(20)

        with gated.pump_host.cancel.closing(close):
            gated.pump_host.cancel.wait(20)
            gated.pump_host.cancel.check()

    pump = desk.home.add()
    desk.home.gate.act = hold
    desk.home.gate.opened.set()
    desk.runner.set_pumps([pump])
    desk.runner.run_now(pump.id)
    desk.at_the_gate()
    desk.runner.shut_down(patience=0.5)
    desk.ended()
    assert closing.is_set()
    assert not desk.runner.busy
    desk.until(lambda: desk.ends)
    assert desk.ends == [False]
    closed.set()
    desk.until(lambda: not desk.runner._lanes.cancelling)


def test_shut_down_is_over_when_such_a_thread_is_done(desk: Desk) -> None:
    closed = threading.Event()

    def close() -> None:
        closed.wait(20)

    def hold(gated: BasePump) -> None:
        with gated.pump_host.cancel.closing(close):
            gated.pump_host.cancel.wait(20)
            gated.pump_host.cancel.check()

    pump = desk.home.add()
    desk.home.gate.act = hold
    desk.home.gate.opened.set()
    desk.runner.set_pumps([pump])
    desk.runner.run_now(pump.id)
    desk.at_the_gate()
    desk.runner.shut_down(patience=20)
    desk.ended()
    assert desk.ends == []
    closed.set()
    desk.until(lambda: desk.ends)
    assert desk.ends == [True]


def test_shut_down_waits_no_longer_than_its_patience(desk: Desk) -> None:
    pump = desk.home.add()
    desk.home.gate.deaf = True
    desk.runner.set_pumps([pump])
    desk.runner.run_now(pump.id)
    desk.at_the_gate()
    desk.runner.shut_down(patience=0.1)
    desk.until(lambda: desk.ends)
    assert desk.ends == [False]
    assert desk.runner.is_stopping(pump.id)
    desk.home.gate.opened.set()
    desk.ended()
    assert desk.ends == [False]


# --- one program pumps a home ----------------------------------------------------------------------------


def test_while_anything_is_scheduled_no_command_line_runs(desk: Desk) -> None:
    pump = desk.home.add()
    desk.runner.set_pumps([pump])
    desk.home.gate.opened.set()
    assert others_may_run(desk)
    desk.runner.start_all()
    desk.ended()
    assert not others_may_run(desk)
    desk.runner.stop_all()
    desk.until(lambda: others_may_run(desk))


def test_beside_a_command_line_run_nothing_runs_and_it_is_told_once(desk: Desk) -> None:
    pump = desk.home.add()
    desk.runner.set_pumps([pump])
    desk.home.gate.opened.set()
    run = RunPumping(desk.home.program.places.locks)
    run.acquire()
    desk.runner.start_all()
    desk.until(lambda: len(desk.left_out) == 1)
    reason = desk.left_out[0][1]
    assert reason.startswith("The command `qcpump-qt run` (process ")
    assert desk.refusals == [f"The pumps cannot run now. {reason}"]
    assert desk.runner.is_scheduled(pump.id)
    assert desk.runner.reason(pump.id) == f"The pumps cannot run now. {reason}"
    desk.clock.passes(60)
    desk.until(lambda: len(desk.left_out) == 2)
    assert len(desk.refusals) == 1
    assert desk.home.gate.begun == []
    assert desk.home.history(pump) == [("start", "not run", reason), ("interval", "not run", reason)]
    run.release()
    desk.ended()
    assert desk.outcomes() == [CycleOutcome.OK]
    assert desk.runner.reason(pump.id) == ""
    assert len(desk.home.gate.begun) == 1


def test_beside_a_command_line_run_a_start_by_hand_is_refused_each_time(desk: Desk) -> None:
    pump = desk.home.add()
    desk.runner.set_pumps([pump])
    desk.home.gate.opened.set()
    with RunPumping(desk.home.program.places.locks):
        desk.runner.run_now(pump.id)
        desk.until(lambda: len(desk.refusals) == 1)
        desk.runner.run_now(pump.id)
        desk.until(lambda: len(desk.refusals) == 2)
        desk.until(lambda: len(desk.left_out) == 2)
    assert desk.home.gate.begun == []
    assert [line[:2] for line in desk.home.history(pump)] == [("manual", "not run")], (
        "one line while it goes on"
    )
    desk.runner.run_now(pump.id)
    desk.ended()


def test_cycles_begin_one_after_the_other(desk: Desk) -> None:
    pumps = [desk.home.add(f"Linac {number}") for number in range(3)]
    desk.runner.set_pumps(pumps)
    desk.runner.start_all()
    running: list[int] = []
    desk.runner.changed.connect(lambda _id: running.append(sum(desk.runner.is_running(p.id) for p in pumps)))
    desk.at_the_gate(3)
    assert running == sorted(running), "none ended meanwhile"
    assert {1, 2, 3} <= set(running), "no two of them began at once"
    assert sorted(desk.home.gate.names) == ["Linac 0", "Linac 1", "Linac 2"]


# --- trouble ---------------------------------------------------------------------------------------------


def test_an_invalid_pump_reports_it_and_is_tried_again(desk: Desk) -> None:
    pump = desk.home.program.store.add(
        "Linac", "GatedPump", {"Pump": [{"interval (s)": 60, "active": True}], "Gate": [{"wide": "perhaps"}]}
    )
    desk.runner.set_pumps([pump])
    desk.runner.start_all()
    desk.ended(1)
    assert desk.outcomes() == [CycleOutcome.INVALID]
    assert desk.runner.is_scheduled(pump.id)
    desk.clock.passes(60)
    desk.ended(2)


def test_a_pump_with_a_log_level_that_there_is_not_is_invalid_and_that_stands_in_its_history(
    desk: Desk,
) -> None:
    pump = desk.home.add(log_level="loudly")
    desk.runner.set_pumps([pump])
    desk.runner.run_now(pump.id)
    desk.ended()
    ((_pump, report),) = desk.reports
    assert report.outcome is CycleOutcome.INVALID
    assert report.messages[0].text == (
        "Linac: Configuration not in order: Pump: Log Level must be one of debug, info, warning, error, critical, "
        "not 'loudly'."
    )
    (cycle,) = desk.home.program.ledger.cycles.latest(pump.id)
    assert cycle.outcome == "invalid"


def test_a_ledger_that_cannot_be_opened_is_a_failed_cycle_and_the_runner_goes_on(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    pump = desk.home.add()
    desk.home.program.places.ledger_file.write_bytes(b"no database at all" * 100)
    desk.runner.set_pumps([pump])
    desk.home.gate.opened.set()
    desk.runner.run_now(pump.id)
    desk.ended()
    ((_pump, report),) = desk.reports
    assert report.outcome is CycleOutcome.FAILED
    assert "The file is damaged." in report.messages[0].text
    assert report.messages[0].text.startswith("Linac: ")
    assert not desk.runner.busy


def test_a_fault_of_the_program_is_told_as_one(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pump = desk.home.add()
    desk.runner.set_pumps([pump])

    def broken(*_arguments: object) -> CycleReport:
        raise ValueError("nobody thought of this")

    monkeypatch.setattr(desk.home.program, "run", broken)
    desk.runner.run_now(pump.id)
    desk.ended()
    ((_pump, report),) = desk.reports
    assert report.messages[0].text == (
        "Linac: Fault in QCPump-Qt: ValueError: nobody thought of this. The log shows where; please report it."
    )
    assert "The cycle of Linac failed" in caplog.text


def test_a_pump_type_that_ends_in_sys_exit_fails_and_the_next_pump_runs(desk: Desk) -> None:
    def leave(gated: BasePump) -> None:
        if gated.name == "Linac 1":
            sys.exit("no beam today")

    runner = desk.runner_of(parallel=1)
    one, two = desk.home.add("Linac 1"), desk.home.add("Linac 2")
    desk.home.gate.act = leave
    desk.home.gate.opened.set()
    runner.set_pumps([one, two])
    runner.start_all()
    desk.ended(2)
    assert desk.outcomes() == [CycleOutcome.FAILED, CycleOutcome.OK]
    told = (
        "the pump type GatedPump failed (SystemExit: no beam today). This is a fault in the program or in a pump "
        "type of your own; the log at level debug shows where."
    )
    assert [message.text for message in desk.reports[0][1].messages] == [f"Linac 1: {told}"]
    assert desk.home.history(one) == [("start", "failed", told)]
    assert desk.home.history(two) == [("start", "ok", "")]
    assert not runner.is_running(one.id)
    assert runner.is_scheduled(one.id)


def test_a_cycle_that_never_began_because_of_sys_exit_ends_too(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pump = desk.home.add()
    desk.runner.set_pumps([pump])
    monkeypatch.setattr(desk.home.program, "run", lambda *_arguments: sys.exit(3))
    desk.runner.run_now(pump.id)
    desk.ended()
    ((_pump, report),) = desk.reports
    assert report.outcome is CycleOutcome.FAILED
    assert report.messages[0].text == (
        "Linac: Fault in QCPump-Qt: SystemExit: 3. The log shows where; please report it."
    )
    assert "The cycle of Linac failed" in caplog.text


def test_a_start_that_cannot_be_entered_is_logged(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    runner = desk.runner_of(parallel=1)
    one, two = desk.home.add("Linac 1"), desk.home.add("Linac 2")
    runner.set_pumps([one, two])
    runner.start_all()
    desk.at_the_gate()
    broken = "The disk is full."

    def refuse(*_arguments: object) -> int:
        from qcpump_qt.engine.errors import LedgerError

        raise LedgerError(broken)

    monkeypatch.setattr(desk.home.program.ledger.cycles, "not_run", refuse)
    runner.stop(two.id)
    desk.until(lambda: desk.left_out)
    assert (
        f"{two.id}: not run (It was stopped before its turn came.). Ledger not usable: {broken}"
        in caplog.text
    )


def test_a_flood_of_progress_stalls_nothing(
    desk: Desk, heartbeat: Callable[[], AbstractContextManager[Heartbeat]]
) -> None:
    def flood(gated: BasePump) -> None:
        for number in range(20_000):
            gated.update_progress(number / 200, f"Step {number}")

    pump = desk.home.add()
    desk.home.gate.act = flood
    desk.home.gate.opened.set()
    desk.runner.set_pumps([pump])
    with heartbeat():
        desk.runner.run_now(pump.id)
        desk.ended()
    assert desk.steps[-1] == (pump.id, 99.995, "Step 19999")
    assert len(desk.steps) < 1000


def test_two_hundred_pumps_start_and_stop_without_a_stall(
    desk: Desk, heartbeat: Callable[[], AbstractContextManager[Heartbeat]]
) -> None:
    pumps: list[StoredPump] = [desk.home.add(f"Linac {number}") for number in range(200)]
    desk.runner.set_pumps(pumps)
    with heartbeat():
        desk.runner.start_all()
        desk.at_the_gate(8)
        desk.runner.stop_all()
        desk.ended(8)
        desk.until(lambda: len(desk.left_out) == 192)
    assert desk.home.gate.most == 8
