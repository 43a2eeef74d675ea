"""Whether a result is missing that always came: *expect a result by*, in the section *Pump*."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from qcpump_qt.engine.config.checks import time_of_day

EXPECT_BY = "expect result by"
"""The field of the section *Pump*."""

WEEKS = 3
"""How many of the last weeks have to be alike before a missing result is news."""


def missing_result(now_local: datetime, by: str, arrivals: Sequence[datetime]) -> bool:
    """Whether nothing arrived today although something always did by then.

    That is so when the time has passed today, nothing has arrived today, and on the same weekday of each of
    the last three weeks (those that the arrivals cover, at least one) something had arrived by then. So days
    on which a machine is never used stay quiet.

    Args:
        now_local: the present moment by the clock on the wall.
        by: ``HH:MM``; blank is off.
        arrivals: when records arrived during the last weeks, each by the clock on the wall of its day.
    """
    expected = time_of_day(by)
    if expected is None or now_local.time() < expected or not arrivals:
        return False
    today = now_local.date()
    first = min(each.date() for each in arrivals)
    weeks = [today - timedelta(weeks=week) for week in range(1, WEEKS + 1)]
    covered = [day for day in weeks if day >= first]
    if not covered or any(each.date() == today for each in arrivals):
        return False
    return all(any(_is_by(each, expected) and each.date() == day for each in arrivals) for day in covered)


def _is_by(moment: datetime, expected: time) -> bool:
    return moment.time() <= expected
