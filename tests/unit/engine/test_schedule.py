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
