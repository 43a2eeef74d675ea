"""Which measurements of a machine belong to one morning: those within the grouping window of the first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from qcpump_qt.sources.dqa3.measurements import Sight


@dataclass(frozen=True)
class Fixed:
    """A group that is on the server, or may be: what turns up for it now is late.

    Attributes:
        key: of its record.
        machine_id: of its machine.
        start: time of its first measurement.
    """

    key: str
    machine_id: str
    start: datetime


@dataclass(frozen=True)
class Group:
    """Measurements that go to QATrack+ together.

    Attributes:
        machine_id: of their machine.
        sights: by time, at least one.
        late_of: key of the delivered group that they came too late for, or None.
    """

    machine_id: str
    sights: tuple[Sight, ...]
    late_of: str | None = None

    @property
    def start(self) -> datetime:
        """When the first was measured."""
        return self.sights[0].time

    @property
    def newest(self) -> datetime:
        """When the last was measured."""
        return self.sights[-1].time


def group(sights: Iterable[Sight], window: timedelta, fixed: Iterable[Fixed] = ()) -> list[Group]:
    """Put measurements together.

    Args:
        sights: of any machines, in any order.
        window: a measurement this long after the first still belongs to it (manual, chapter 5.2).
        fixed: groups that stand as they are.

    Returns:
        the groups by machine and time; what belongs to a fixed one as a late group of its own.
    """
    by_machine: dict[str, list[Sight]] = {}
    for sight in sights:
        by_machine.setdefault(sight.machine_id, []).append(sight)
    standing: dict[str, list[Fixed]] = {}
    for each in fixed:
        standing.setdefault(each.machine_id, []).append(each)
    return [
        found
        for machine_id, members in sorted(by_machine.items())
        for found in _groups(machine_id, members, window, standing.get(machine_id, []))
    ]


def _groups(machine_id: str, sights: list[Sight], window: timedelta, fixed: list[Fixed]) -> Iterator[Group]:
    late: dict[str, list[Sight]] = {}
    members: list[Sight] = []
    for sight in sorted(sights, key=lambda each: (each.time, each.data_key, each.beam_name)):
        owner = _owner(sight, fixed, window)
        if owner is not None:
            late.setdefault(owner.key, []).append(sight)
        elif members and sight.time - members[0].time > window:
            yield Group(machine_id, tuple(members))
            members = [sight]
        else:
            members.append(sight)
    if members:
        yield Group(machine_id, tuple(members))
    for key, latecomers in late.items():
        yield Group(machine_id, tuple(latecomers), key)


def _owner(sight: Sight, fixed: list[Fixed], window: timedelta) -> Fixed | None:
    """The standing group in whose window it was measured; of several the one that began last."""
    owners = [each for each in fixed if each.start <= sight.time <= each.start + window]
    return max(owners, key=lambda each: each.start, default=None)
