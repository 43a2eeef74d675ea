"""Everything one cycle of a Daily QA3 pump is going to say about the database, as records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from qcpump_qt.engine.errors import MappingError
from qcpump_qt.engine.memory import Item, SourceMemory
from qcpump_qt.engine.records import (
    DeliveryState,
    IsThere,
    Ready,
    Record,
    Upload,
    WaitingFor,
    Waits,
)
from qcpump_qt.pumps.dqa3.keys import better_key, states_about
from qcpump_qt.pumps.dqa3.look import Found, item_of, sight_of
from qcpump_qt.pumps.dqa3.machine_mapping import Mapped
from qcpump_qt.pumps.dqa3.payload import fingerprint
from qcpump_qt.pumps.dqa3.style import Style, members_of
from qcpump_qt.pumps.dqa3.takeover import Takeover
from qcpump_qt.pumps.dqa3.unit_mapping import UnitMapping
from qcpump_qt.sources.dqa3.groups import Fixed, Group
from qcpump_qt.sources.dqa3.measurements import Sight

AHEAD = timedelta(hours=1)
"""Clocks differ by minutes; more than this is a wrong clock or time zone."""


class CyclePlan:
    """What is new or still open, made into records; to be made once doubts of earlier cycles are settled.

    Args:
        found: of this cycle's look.
        mapped: the machines that are read, by id.
        units: finds the unit of a record that is about to be sent.
        memory: what the ledger knows.
        style: one beam or several to a test list.
        now: by the clock on the wall.
    """

    def __init__(
        self,
        found: Found,
        mapped: Mapping[str, Mapped],
        units: UnitMapping,
        memory: SourceMemory,
        style: Style,
        now: datetime,
    ) -> None:
        self._found = found
        self._mapped = mapped
        self._units = units
        self._memory = memory
        self._style = style
        self._now = now
        self._open = [(sight_of(item), item) for item in memory.open_items()]
        self._kept = self._kept_records()
        apart = {
            sight
            for sight, item in self._open
            if item.state is DeliveryState.SENDING or item.record in self._kept
        }
        self._usable = [sight for sight in found.measurements if sight not in apart]
        self._members: dict[str, list[Sight]] = {}
        self.records: list[Record] = []

    def make_records(self, takeover: Takeover | None) -> None:
        """Fill `records`.

        Args:
            takeover: compares with what an earlier program delivered; None where that is not needed now.
        """
        states, fixed = self._standing()
        groups = self._style.groups(self._usable, fixed)
        there: dict[str, list[Sight]] = {}
        if takeover is not None:
            groups, there = takeover.compare(groups, self._found.measurements, fixed, self._style)
        taken = {key for key, state in states.items() if state.arrived or state is DeliveryState.SENDING}
        taken.update(there)
        self.records = [
            *(self._there_record(key, sights) for key, sights in there.items()),
            *(self._record(found, _free(self._style.key(found), found, taken)) for found in groups),
            *self._stranded(),
        ]

    def items(self) -> list[Item]:
        """Which measurement belongs to which record."""
        return [item_of(sight, key) for key, sights in self._members.items() for sight in sights]

    def struck_out(self) -> tuple[list[str], list[str]]:
        """Open records that are no more: those whose measurements have gone into other records, and those that
        were deleted from the database before they were sent.
        """
        covered = {sight for sights in self._members.values() for sight in sights}
        moved, deleted = [], []
        for key, sights in self._open_members(DeliveryState.WAITING, DeliveryState.REJECTED).items():
            if key in self._members or key in self._kept or not sights <= covered | self._found.gone:
                continue
            if sights & covered:
                moved.append(key)
            elif key in self._open_members(DeliveryState.WAITING):
                deleted.append(key)
        return moved, deleted

    def _open_members(self, *states: DeliveryState) -> dict[str, set[Sight]]:
        members: dict[str, set[Sight]] = {}
        for sight, item in self._open:
            if item.record is not None and item.state in states:
                members.setdefault(item.record, set()).add(sight)
        return members

    def _kept_records(self) -> set[str]:
        """Waiting records whose content is kept and of which a measurement was deleted: sent as they were kept."""
        drafted = {item.record for _, item in self._open if item.drafted}
        waiting = self._open_members(DeliveryState.WAITING)
        return {key for key, sights in waiting.items() if key in drafted and sights & self._found.gone}

    def _standing(self) -> tuple[dict[str, DeliveryState], list[Fixed]]:
        """Records about the time of these measurements, and those of them that stand as they are."""
        states: dict[str, DeliveryState] = {}
        fixed: list[Fixed] = []
        for machine_id in {sight.machine_id for sight in self._usable}:
            times = [sight.time for sight in self._usable if sight.machine_id == machine_id]
            near = states_about(self._memory, machine_id, min(times), max(times))
            near |= dict.fromkeys(self._kept & near.keys(), DeliveryState.SENDING)
            states |= near
            fixed += self._fixed(machine_id, near, min(times) - timedelta(days=2), max(times))
        return states, fixed

    def _fixed(
        self, machine_id: str, states: Mapping[str, DeliveryState], first: datetime, last: datetime
    ) -> Iterator[Fixed]:
        starts: dict[str, datetime] = {}
        names = (first.isoformat(sep=" "), f"{last.isoformat(sep=' ')}~")
        for item in self._memory.items_named(machine_id, *names):
            state = states.get(item.record or "")
            if item.record and state and (state.arrived or state is DeliveryState.SENDING):
                moment = sight_of(item).time
                starts[item.record] = min(moment, starts.get(item.record, moment))
        for key, start in starts.items():
            yield Fixed(key, machine_id, start)

    def _record(self, found: Group, key: str) -> Record:
        machine = self._mapped[found.machine_id].machine
        self._members[key] = list(found.sights)
        return Record(
            key=key,
            title=self._style.title(found, machine),
            prepare=self._preparer(found, key),
            standing=self._readiness(found),
            source=tuple(sight.title for sight in found.sights),
            fingerprint=fingerprint(members_of(found, self._found.measurements)),
        )

    def _preparer(self, found: Group, key: str) -> Callable[[], Upload]:
        mapped = self._mapped[found.machine_id]

        def prepare() -> Upload:
            if mapped.trouble:
                raise MappingError(mapped.trouble, title="Machine has changed", subject=mapped.machine.label)
            unit = self._units.unit(mapped.unit)
            members = members_of(found, self._found.measurements)
            return self._style.upload(found, key, members, mapped.machine, unit)

        return prepare

    def _readiness(self, found: Group) -> Ready | Waits:
        if found.newest > self._now + AHEAD:
            return Waits(
                f"Its time, {found.newest:%Y-%m-%d %H:%M}, lies in the future. It waits until then; look at the clocks "
                "(and time zones) of the computer with Daily QA3 and of this one.",
                WaitingFor.CLOCK,
            )
        due = found.newest + self._style.wait
        if self._now < due:
            same_day = due.date() == self._now.date()
            clock = f"{due:%H:%M}" if same_day else f"{due:%Y-%m-%d %H:%M}"
            return Waits(f"Waits until {clock} for more beams of this machine.")
        return Ready()

    def _there_record(self, key: str, sights: Iterable[Sight]) -> Record:
        members = self._members.setdefault(key, [])
        members.extend(sights)
        machine = self._mapped[members[0].machine_id].machine
        return Record(
            key=key,
            title=self._style.title(Group(machine.id, tuple(members)), machine),
            prepare=_nothing_to_prepare,
            standing=IsThere("An earlier program or installation delivered it."),
            source=tuple(sight.title for sight in members),
        )

    def _stranded(self) -> Iterator[Record]:
        """Records that wait without their content, and whose machine is not read any more."""
        members: dict[str, list[Sight]] = {}
        for sight, item in self._open:
            waits = item.state is DeliveryState.WAITING and not item.drafted
            if waits and item.record and sight.machine_id not in self._mapped:
                members.setdefault(item.record, []).append(sight)
        for key, sights in members.items():
            self._members[key] = sights
            yield Record(
                key=key,
                title=f"Daily QA3 {min(sight.time for sight in sights):%Y-%m-%d %H:%M}",
                prepare=_nothing_to_prepare,
                standing=Waits(
                    "Its machine is not read at present. Look at the machine's row in section Unit; once that is in "
                    "order, it will be sent.",
                    WaitingFor.MAPPING,
                ),
                source=tuple(sight.title for sight in sights),
            )


def _free(key: str, found: Group, taken: set[str]) -> str:
    """The key, or a better one where other measurements have it; and from now on it is taken."""
    free = better_key(key, found.sights) if key in taken else key
    taken.add(free)
    return free


def _nothing_to_prepare() -> Upload:
    raise AssertionError("this record is never sent")
