"""Work times, also in the two nights in which clocks change."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime

import pytest

from qcpump_qt.pumps.uploads.times import work_times


@pytest.fixture(autouse=True)
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if not hasattr(time, "tzset"):
        pytest.skip("Windows takes its time zone from the system")
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
        time.tzset()
        yield
    time.tzset()


def test_an_upload_takes_a_second() -> None:
    times = work_times(datetime(2026, 3, 10, 7, 41, 59, 900_000))  # noqa: DTZ001 - the clock on the wall
    assert (times.started, times.completed, times.notes) == ("2026-03-10 07:41:59", "2026-03-10 07:42:00", ())


def test_the_hour_that_is_left_out_is_not_named() -> None:
    times = work_times(datetime(2026, 3, 29, 1, 59, 59))  # noqa: DTZ001
    assert (times.started, times.completed, times.notes) == ("2026-03-29 01:59:59", "2026-03-29 03:00:00", ())


@pytest.mark.parametrize("fold", [0, 1])
def test_the_hour_that_comes_twice_is_told(fold: int) -> None:
    times = work_times(datetime(2026, 10, 25, 2, 30, 0, fold=fold))  # noqa: DTZ001
    assert (times.started, times.completed) == ("2026-10-25 02:30:00", "2026-10-25 02:30:01")
    assert times.notes == (
        "its time 2026-10-25 02:30 came twice in that night, as the clocks were set back; QATrack+ may take it for the "
        "other one, an hour off. Look at it there.",
    )


def test_the_end_is_never_before_the_start() -> None:
    times = work_times(datetime(2026, 10, 25, 2, 59, 59))  # noqa: DTZ001
    assert (times.started, times.completed) == ("2026-10-25 02:59:59", "2026-10-25 03:00:00")
