"""The clock of schedules: each system's own that goes on in sleep, and another where there is none."""

from __future__ import annotations

import sys
import time
from types import SimpleNamespace

import pytest

from qcpump_qt.engine.steady_clock import steady_clock, steady_seconds


def clocks(**more: object) -> SimpleNamespace:
    """What `time` has: a clock that stands still in sleep, and numbered ones."""
    return SimpleNamespace(monotonic=lambda: 1.0, **more)


def numbered(number: int) -> float:
    return {6: 66.0, 7: 77.0}[number]


@pytest.mark.parametrize(
    ("platform", "seconds"), [("linux", 77.0), ("darwin", 66.0), ("win32", 1.0), ("freebsd14", 1.0)]
)
def test_every_system_has_its_own(platform: str, seconds: float) -> None:
    found = clocks(CLOCK_BOOTTIME=7, CLOCK_MONOTONIC=6, clock_gettime=numbered)
    assert steady_clock(platform, found)() == seconds


def test_a_python_without_that_clock_takes_the_usual_one() -> None:
    assert steady_clock("linux", clocks(clock_gettime=numbered))() == 1.0
    assert steady_clock("darwin", clocks(CLOCK_MONOTONIC=6))() == 1.0


def test_a_kernel_without_that_clock_takes_the_usual_one() -> None:
    def refusing(_number: int) -> float:
        raise OSError(22, "Invalid argument")

    assert steady_clock("linux", clocks(CLOCK_BOOTTIME=7, clock_gettime=refusing))() == 1.0


def test_it_goes_forward_here() -> None:
    before = steady_seconds()
    while steady_seconds() == before:
        pass
    assert steady_seconds() > before


@pytest.mark.skipif(sys.platform != "linux", reason="the clock of Linux")
def test_on_linux_it_counts_from_the_start_of_the_computer() -> None:
    assert abs(steady_seconds() - time.clock_gettime(time.CLOCK_BOOTTIME)) < 60
