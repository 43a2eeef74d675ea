"""Which runs belong together: one session for each machine, type of check and stretch of time."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from qcpump_qt.sources.mpc.choosing import Chosen, Pick, choose
from qcpump_qt.sources.mpc.files import Sight
from qcpump_qt.sources.mpc.names import minute_text
from qcpump_qt.sources.mpc.runs import Run, age
from qcpump_qt.sources.mpc.templates import CheckType

__all__ = [
    "Chosen",
    "Fixed",
    "Pick",
    "Run",
    "Session",
    "choose",
    "group",
    "growing",
    "session_key",
]

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Fixed:
    """A session that was delivered earlier; what turns up for it now is late.

    Args:
        key: the key it was delivered under.
        start: its first result's time, to the minute, local time of the machine.
        serial: the machine's serial number.
        check_type: the type of check.
        late: how many late records were made for it so far.
    """

    key: str
    start: datetime
    serial: str
    check_type: CheckType
    late: int = 0


@dataclass(frozen=True)
class Session:
    """Runs that go into one record.

    Args:
        key: the record's identity (reference qcpump-0.3-compatibility, section 4).
        serial: the machine's serial number.
        check_type: the type of check.
        runs: from the oldest to the newest.
        late_of: the key of the delivered session that these runs came too late for, or None.
    """

    key: str
    serial: str
    check_type: CheckType
    runs: tuple[Run, ...]
    late_of: str | None = None


def session_key(serial: str, first: datetime, check_type: CheckType) -> str:
    """The identity of a session, byte for byte as QCPump 0.3 made it.

    Args:
        serial: the machine's serial number.
        first: the time of its first result.
        check_type: the type of check.
    """
    return f"QCPump/MPC/{serial}/{minute_text(first)}/{check_type.value}"


def group(runs: Iterable[Run], window_minutes: float, fixed: Iterable[Fixed] = ()) -> list[Session]:
    """Put runs into sessions; every run comes out in exactly one.

    A session opens with its first run and takes all runs up to the window after that first one
    (manual, *Varian MPC Pumps*, point 3). Couch, MLC and device checks are not windowed: those of the
    same minute belong together. A window of 0 minutes means the same minute as well.

    Args:
        runs: in any order.
        window_minutes: the grouping window in minutes.
        fixed: sessions that were delivered earlier, without their runs. A run within the window after
            or before the start of such a session is late: it joins the late record of that session.

    Returns:
        The sessions, sorted by the time of their first run.
    """
    window = timedelta(minutes=max(0.0, window_minutes))
    delivered = _by_machine_and_type(fixed)
    sessions: list[Session] = []
    for (serial, check_type), kind in _runs_by_machine_and_type(runs).items():
        kind.sort(key=age)
        reach = window if check_type.windowed else timedelta(0)
        fresh, late = _apart(kind, delivered.get((serial, check_type), []), reach)
        sessions += late
        for members in _stretches(fresh, reach):
            key = session_key(serial, members[0].name.time, check_type)
            sessions.append(Session(key, serial, check_type, tuple(members)))
    sessions.sort(key=lambda session: (session.runs[0].name.time, session.key))
    return sessions


def growing(before: Sight, after: Sight) -> bool:
    """True when a result file changed between two looks, so that it is still being written.

    Args:
        before: the earlier look.
        after: the later look.
    """
    return (before.exists, before.size, before.mtime_ns) != (after.exists, after.size, after.mtime_ns)


def _runs_by_machine_and_type(runs: Iterable[Run]) -> dict[tuple[str, CheckType], list[Run]]:
    kinds: dict[tuple[str, CheckType], list[Run]] = defaultdict(list)
    for run in runs:
        kinds[run.name.serial, run.name.check_type].append(run)
    return kinds


def _by_machine_and_type(fixed: Iterable[Fixed]) -> dict[tuple[str, CheckType], list[Fixed]]:
    kinds: dict[tuple[str, CheckType], list[Fixed]] = defaultdict(list)
    for session in sorted(fixed, key=lambda session: session.start):
        kinds[session.serial, session.check_type].append(session)
    return kinds


def _apart(runs: list[Run], fixed: list[Fixed], reach: timedelta) -> tuple[list[Run], list[Session]]:
    """Tell new runs from those that are late for a delivered session."""
    if not fixed:
        return runs, []
    starts = [session.start for session in fixed]
    fresh: list[Run] = []
    late: dict[int, list[Run]] = defaultdict(list)
    for run in runs:
        at = _late_for(_minute(run.name.time), starts, reach)
        (fresh if at is None else late[at]).append(run)
    return fresh, [
        Session(
            key=f"{fixed[at].key}/late-{fixed[at].late + 1}",
            serial=fixed[at].serial,
            check_type=fixed[at].check_type,
            runs=tuple(members),
            late_of=fixed[at].key,
        )
        for at, members in late.items()
    ]


def _late_for(minute: datetime, starts: list[datetime], reach: timedelta) -> int | None:
    """Which delivered session a run is late for; the one that began before it comes first.

    Delivered sessions are known to the minute, so both sides are compared in whole minutes.
    """
    after = bisect_right(starts, minute)
    if after and minute - starts[after - 1] <= reach:
        return after - 1
    if after < len(starts) and starts[after] - minute <= reach:
        return after
    return None


def _stretches(runs: list[Run], reach: timedelta) -> Iterator[list[Run]]:
    """Cut sorted runs into stretches that reach from their first run up to the window after it."""
    members: list[Run] = []
    for run in runs:
        if members and not _within(members[0].name.time, run.name.time, reach):
            yield members
            members = []
        members.append(run)
    if members:
        yield members


def _within(first: datetime, time: datetime, reach: timedelta) -> bool:
    if reach < _MINUTE:
        return _minute(first) == _minute(time)
    return time - first <= reach


def _minute(time: datetime) -> datetime:
    return time.replace(second=0, microsecond=0)
