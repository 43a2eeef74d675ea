"""Surveys the sessions that a server has of one test list on one unit, to compare with the source."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from qcpump_qt.qatrack.address import path_of
from qcpump_qt.qatrack.listing import items
from qcpump_qt.qatrack.transport import Transport
from qcpump_qt.qatrack.units import Unit

PAGE = 100
"""Sessions of one request: each carries all its tests (17 kB), so 100 are 1.7 MB and a second of work."""
_FIRST, _LAST = date(1971, 1, 1), date(2199, 12, 31)
"""No session is older than QATrack+, nor newer than anybody."""


def sessions_within(
    transport: Transport,
    path: str,
    unit: Unit,
    *,
    test_list_name: str,
    places: Collection[str],
    since: datetime,
    until: datetime,
) -> Iterator[dict[str, Any]]:
    """The sessions whose work started between `since` and `until`, both included.

    The server is asked for whole days, one more on both sides, and each answer is checked here, because the server
    ignores filters that it does not know.

    Args:
        transport: the way to the server.
        path: the list of sessions.
        unit: the unit they are on.
        test_list_name: of the test list.
        places: paths of the assignments of that list to the unit.
        since: earliest start; without a zone it is the server's local time.
        until: latest start, likewise.
    """
    found = sessions_named(
        transport, path, test_list_name, since, until, {"unit_test_collection__unit__number": unit.number}
    )
    return (item for item in found if path_of(str(item.get("unit_test_collection") or "")) in places)


def sessions_named(
    transport: Transport,
    path: str,
    test_list_name: str,
    since: datetime,
    until: datetime,
    more: Mapping[str, Any] | None = None,
) -> Iterator[dict[str, Any]]:
    """The sessions of a test list on any unit; arguments as `sessions_within`, `more` are further filters."""
    params = {
        **(more or {}),
        "unit_test_collection__name": test_list_name,
        "work_started_min": _day(since, -1),
        "work_started_max": _day(until, 2),
    }
    for item in items(transport, path, "sessions", params, ordering="created", page=PAGE):
        started = _moment(item.get("work_started"))
        if started is not None and _not_after(since, started) and _not_after(started, until):
            yield item


def _day(moment: datetime, days: int) -> str:
    """The date some days off, as the server's filters read it; servers fail on the calendar's ends."""
    bounded = min(max(moment.date(), _FIRST), _LAST)
    return str(bounded + timedelta(days=days))


def _moment(text: Any) -> datetime | None:
    """A time as the server writes it, with its offset (``Z`` too, which Python 3.10 cannot read)."""
    try:
        return datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    except ValueError:
        return None


def _not_after(one: datetime, other: datetime) -> bool:
    """Compared as moments when both have a zone, else by the clock on the server's wall."""
    if one.tzinfo is None or other.tzinfo is None:
        return one.replace(tzinfo=None) <= other.replace(tzinfo=None)
    return one <= other
