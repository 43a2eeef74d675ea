"""Noticing that the clock on the wall was set."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from qcpump_qt.controllers import running_clock
from qcpump_qt.controllers.running_clock import WallClock
from unit.controllers.steady import SteadyByHand


@pytest.mark.parametrize(
    ("wall", "steady", "noticed"),
    [(0, 0, False), (3600, 3600, False), (3601.5, 3600, False), (7200, 3600, True), (-3600, 10, True)],
)
def test_only_a_clock_that_was_set_is_noticed_and_only_once(
    monkeypatch: pytest.MonkeyPatch, wall: float, steady: float, noticed: bool
) -> None:
    now = [datetime(2026, 11, 20, 7, 0, tzinfo=timezone.utc)]
    monkeypatch.setattr(running_clock, "now", lambda: now[0])
    clock = SteadyByHand()
    watched = WallClock(clock)
    now[0] += timedelta(seconds=wall)
    clock.passes(steady)
    assert watched.was_set() is noticed
    assert not watched.was_set()
