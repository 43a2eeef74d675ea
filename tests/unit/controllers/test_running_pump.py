"""One pump between its starts, with a clock that is turned by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcpump_qt.controllers.running_pump import NotRun, RunningPump
from qcpump_qt.engine.clock import local_now
from qcpump_qt.engine.store import StoredPump
from unit.controllers.steady import SteadyByHand

STORED = StoredPump("linac-abc123", "SomeType", "Linac", {})
NEVER = 10**9


@pytest.fixture
def clock() -> SteadyByHand:
    return SteadyByHand()


@pytest.fixture
def pump(clock: SteadyByHand) -> RunningPump:
    return RunningPump(STORED, active=True, interval=60.0, clock=clock)


def run_cycle(pump: RunningPump) -> list[NotRun]:
    return [*pump.begin(), *pump.end()]


def test_a_pump_that_nobody_started_has_no_next_run(pump: RunningPump, clock: SteadyByHand) -> None:
    clock.passes(NEVER)
    assert pump.tick() == []
    assert (pump.scheduled, pump.waiting, pump.next_run(), pump.quiet) == (False, "", None, True)


def test_the_first_start_is_at_once_and_the_next_one_an_interval_later(
    pump: RunningPump, clock: SteadyByHand
) -> None:
    pump.start("start")
    assert pump.tick() == []
    assert pump.waiting == "start"
    assert run_cycle(pump) == []
    clock.passes(59.9)
    assert pump.tick() == []
    assert pump.waiting == ""
    clock.passes(0.1)
    assert pump.tick() == []
    assert pump.waiting == "interval"


def test_starting_again_changes_nothing(pump: RunningPump, clock: SteadyByHand) -> None:
    pump.start("start")
    pump.tick()
    run_cycle(pump)
    clock.passes(10)
    pump.start("start")
    assert pump.tick() == []
    assert pump.waiting == ""
    assert pump.seconds_to_next() == 50


def test_the_next_run_is_told_by_the_clock_on_the_wall(pump: RunningPump, clock: SteadyByHand) -> None:
    pump.start("start")
    pump.tick()
    clock.passes(20)
    found = pump.next_run()
    assert found is not None
    assert abs(found - local_now() - timedelta(seconds=40)) < timedelta(seconds=1)
    clock.passes(1000)
    assert pump.seconds_to_next() == 0


def test_late_looks_do_not_make_it_drift(pump: RunningPump, clock: SteadyByHand) -> None:
    pump.start("start")
    pump.tick()
    run_cycle(pump)
    for late in (0.9, 0.3, 0.7):
        clock.passes((pump.seconds_to_next() or 0) + late)
        pump.tick()
        run_cycle(pump)
    assert (clock.seconds - 1000 + (pump.seconds_to_next() or 0)) % 60 == pytest.approx(0)


@pytest.mark.parametrize(
    ("asleep", "reason"),
    [
        (
            125,
            "1 start was passed over, as the computer slept or was held up. The cycle that runs now makes up for it.",
        ),
        (
            8 * 3600 + 5,
            "479 starts were passed over, as the computer slept or was held up. One cycle makes up for all of them.",
        ),
    ],
)
def test_after_a_sleep_it_runs_once_and_says_what_was_passed_over(
    pump: RunningPump, clock: SteadyByHand, asleep: float, reason: str
) -> None:
    pump.start("start")
    pump.tick()
    run_cycle(pump)
    clock.passes(asleep)
    assert pump.tick() == [NotRun("interval", reason)]
    assert pump.waiting == "interval"
    assert run_cycle(pump) == []
    assert pump.tick() == []
    assert pump.waiting == ""


def test_starts_during_a_long_cycle_are_told_once_when_it_ends(
    pump: RunningPump, clock: SteadyByHand
) -> None:
    pump.start("start")
    pump.tick()
    pump.begin()
    for _ in range(5):
        clock.passes(30)
        assert pump.tick() == []
    clock.passes(31)
    assert pump.end() == [
        NotRun("interval", "3 starts were passed over, as the cycle before was still running.")
    ]
    assert pump.waiting == ""
    assert pump.seconds_to_next() == 59


def test_starts_while_its_turn_has_not_come_are_told_when_it_comes(
    pump: RunningPump, clock: SteadyByHand
) -> None:
    pump.start("start")
    pump.tick()
    clock.passes(65)
    assert pump.tick() == []
    assert pump.begin() == [
        NotRun("interval", "1 start was passed over, as the one before was still waiting for its turn.")
    ]
    assert pump.end() == []


def test_stopped_while_it_waits_for_its_turn(pump: RunningPump, clock: SteadyByHand) -> None:
    pump.start("start")
    pump.tick()
    clock.passes(60)
    pump.tick()
    assert pump.stop() == [
        NotRun("start", "It was stopped before its turn came."),
        NotRun("interval", "1 start was passed over, as the one before was still waiting for its turn."),
    ]
    assert pump.quiet
    assert not pump.stopping


def test_stopped_while_it_runs_it_is_stopping_until_the_cycle_has_ended(
    pump: RunningPump, clock: SteadyByHand
) -> None:
    pump.start("start")
    pump.tick()
    pump.begin()
    assert pump.stop() == []
    assert (pump.running, pump.stopping, pump.scheduled, pump.quiet) == (True, True, False, False)
    clock.passes(NEVER)
    assert pump.end() == []
    assert (pump.running, pump.stopping, pump.quiet) == (False, False, True)


def test_started_again_while_it_stops_it_runs_when_it_has_stopped(pump: RunningPump) -> None:
    pump.start("start")
    pump.tick()
    pump.begin()
    pump.stop()
    pump.start("start")
    assert pump.tick() == []
    assert pump.waiting == "start"
    assert pump.end() == []
    assert pump.waiting == "start"
    assert not pump.running


def test_refused_it_goes_on_waiting_and_every_start_is_told(pump: RunningPump, clock: SteadyByHand) -> None:
    pump.start("start")
    pump.tick()
    assert pump.refuse("Somebody else runs them.") == [NotRun("start", "Somebody else runs them.")]
    assert pump.refuse("Somebody else runs them.") == []
    clock.passes(60)
    assert pump.tick() == [NotRun("interval", "Somebody else runs them.")]
    assert pump.waiting == "start"
    assert pump.begin() == []
    assert pump.hindrance == ""


def test_refused_a_start_by_hand_is_given_up(pump: RunningPump) -> None:
    pump.waiting = "manual"
    assert pump.refuse("Somebody else runs them.") == [NotRun("manual", "Somebody else runs them.")]
    assert pump.quiet
    assert pump.refuse("Somebody else runs them.") == []


def test_a_pump_that_is_switched_off_is_not_scheduled(clock: SteadyByHand) -> None:
    pump = RunningPump(STORED, active=False, interval=60.0, clock=clock)
    pump.start("start")
    assert not pump.scheduled
    pump.renew(STORED, active=True, interval=60.0)
    assert not pump.scheduled


def test_switched_off_and_on_again_it_goes_on(pump: RunningPump, clock: SteadyByHand) -> None:
    pump.start("start")
    pump.tick()
    assert pump.renew(STORED, active=False, interval=60.0) == [
        NotRun("start", "The pump was switched off in its configuration before its turn came.")
    ]
    assert pump.quiet
    pump.renew(STORED, active=True, interval=60.0)
    pump.tick()
    assert pump.waiting == "start"


def test_a_saved_change_counts_from_the_next_cycle_on(pump: RunningPump, clock: SteadyByHand) -> None:
    pump.start("start")
    pump.tick()
    run_cycle(pump)
    clock.passes(10)
    renamed = STORED.changed(name="Linac 1")
    assert pump.renew(renamed, active=True, interval=30.0) == []
    assert pump.pump is renamed
    assert pump.seconds_to_next() == 20
    pump.renew(renamed, active=True, interval=300.0)
    assert pump.seconds_to_next() == 290


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("inactive", '"Linac" is switched off. Tick "active" in its configuration and save it, then run it.'),
        (
            "running",
            '"Linac" is running already. Its next cycle can be started when this one has ended.',
        ),
        ("stopping", '"Linac" is still stopping. Run it again when it has stopped.'),
        ("waiting", '"Linac" is waiting for its turn already and runs as soon as it comes.'),
        ("idle", ""),
    ],
)
def test_why_it_cannot_be_run_by_hand(pump: RunningPump, state: str, words: str) -> None:
    pump.active = state != "inactive"
    if state in ("running", "stopping"):
        pump.begin()
    if state == "stopping":
        pump.stop()
    if state == "waiting":
        pump.waiting = "manual"
    assert pump.why_not_now() == words


@given(steps=st.lists(st.tuples(st.integers(1, 500), st.sampled_from(["look", "begin", "end"])), max_size=60))
def test_every_start_is_run_or_told_and_none_is_both(steps: list[tuple[int, str]]) -> None:
    """However long cycles take and whenever it is looked: starts = cycles + passed over, and the beat is kept."""
    clock = SteadyByHand()
    pump = RunningPump(STORED, active=True, interval=60.0, clock=clock)
    pump.start("start")
    begun, told = 0, []
    for seconds, step in steps:
        clock.passes(seconds)
        told += pump.tick()
        if step == "begin" and pump.waiting and not pump.running:
            begun += 1
            told += pump.begin()
        if step == "end" and pump.running:
            told += pump.end()
    told += pump.tick()
    if pump.running:
        told += pump.end()
    still_waiting = bool(pump.waiting)
    told += pump.stop()
    starts = 1 + int((clock.seconds - 1000) // 60)
    passed = sum(int(line.reason.split()[0]) for line in told if "passed over" in line.reason)
    assert begun + passed + still_waiting == starts
