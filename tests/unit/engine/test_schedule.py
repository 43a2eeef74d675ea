"""When a pump is due: no drift, no moment twice, and nothing piled up behind a long cycle."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qcpump_qt.engine.schedule import Schedule


class Clock:
    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


def test_starts_are_one_interval_apart_whatever_a_cycle_takes() -> None:
    clock = Clock()
    schedule = Schedule(60, clock)
    starts = [clock.time]
    for takes in (1.0, 59.0, 20.0):
        clock.time += takes
        clock.time += schedule.seconds_to_next()
        starts.append(clock.time)
    assert starts == [1000.0, 1060.0, 1120.0, 1180.0]


def test_starts_that_a_long_cycle_missed_are_left_out() -> None:
    clock = Clock()
    schedule = Schedule(60, clock)
    clock.time += 200
    assert schedule.seconds_to_next() == 40.0


def test_a_cycle_that_takes_exactly_the_interval_waits_for_the_next_moment() -> None:
    clock = Clock()
    schedule = Schedule(60, clock)
    clock.time += 60
    assert schedule.seconds_to_next() == 60.0


def test_waking_a_little_early_does_not_run_a_moment_twice() -> None:
    clock = Clock()
    schedule = Schedule(60, clock)
    clock.time += schedule.seconds_to_next() - 0.001
    assert schedule.seconds_to_next() > 60.0


def test_no_interval_is_shorter_than_a_second() -> None:
    assert Schedule(0, Clock()).seconds_to_next() == 1.0
    assert Schedule(-5, Clock()).seconds_to_next() == 1.0


@given(interval=st.integers(1, 100_000), takes=st.lists(st.floats(0, 1_000_000), min_size=1, max_size=20))
def test_the_next_start_is_always_ahead_and_on_the_beat(interval: int, takes: list[float]) -> None:
    clock = Clock()
    schedule = Schedule(interval, clock)
    for each in takes:
        clock.time += each
        wait = schedule.seconds_to_next()
        assert 0 < wait <= interval * 1.000001
        clock.time += wait
        beats = (clock.time - 1000.0) / interval
        assert abs(beats - round(beats)) < 1e-6 * max(1.0, beats)


def test_the_clock_is_one_that_no_clock_change_moves() -> None:
    assert 0 < Schedule(300).seconds_to_next() <= 300


def test_the_first_start_is_due_at_once_and_the_others_on_the_beat() -> None:
    clock = Clock()
    schedule = Schedule(60, clock)
    assert schedule.is_due()
    assert (schedule.due, schedule.interval) == (1000.0, 60)
    assert schedule.take() == 0
    assert not schedule.is_due()
    assert schedule.due == 1060.0
    assert schedule.take() is None
    clock.time += 59.9
    assert schedule.take() is None
    clock.time = 1075.0
    assert schedule.take() == 0
    assert schedule.due == 1120.0


def test_starts_that_passed_while_the_computer_slept_are_counted_and_not_made_up_for() -> None:
    clock = Clock()
    schedule = Schedule(60, clock)
    schedule.take()
    clock.time = 1000 + 8 * 3600
    assert schedule.take() == 8 * 60 - 1
    assert schedule.take() is None
    assert schedule.due == clock.time + 60


def test_a_moment_that_is_just_reached_is_taken_once() -> None:
    clock = Clock()
    schedule = Schedule(60, clock)
    schedule.take()
    clock.time = 1060.0
    assert [schedule.take(), schedule.take()] == [0, None]


@given(interval=st.integers(1, 10_000), steps=st.lists(st.floats(0, 100_000), min_size=1, max_size=30))
def test_every_start_is_taken_or_told_as_passed_over(interval: int, steps: list[float]) -> None:
    clock = Clock()
    schedule = Schedule(interval, clock)
    starts = 0
    for step in steps:
        clock.time += step
        passed = schedule.take()
        starts += 0 if passed is None else passed + 1
        assert schedule.due > clock.time
    assert schedule.due == 1000.0 + starts * interval
    assert starts == (clock.time - 1000.0) // interval + 1


def test_another_interval_counts_from_the_last_start() -> None:
    clock = Clock()
    schedule = Schedule(600, clock)
    schedule.take()
    clock.time += 100
    longer = schedule.with_interval(900)
    assert (longer.due, longer.interval) == (1900.0, 900)
    shorter = longer.with_interval(300)
    assert shorter.due == 1300.0
    assert shorter.with_interval(300).due == 1300.0
    at_once = shorter.with_interval(30)
    assert at_once.due == clock.time
    assert at_once.take() == 0
    assert at_once.due == clock.time + 30


def test_another_interval_keeps_a_start_that_nobody_took() -> None:
    clock = Clock()
    fresh = Schedule(600, clock)
    clock.time += 10
    assert fresh.with_interval(7200).is_due()
    fresh.take()
    clock.time = 1700.0
    overdue = fresh.with_interval(60)
    assert overdue.due == 1600.0
    assert overdue.take() == 1
    assert fresh.with_interval(3600).due == 4600.0
