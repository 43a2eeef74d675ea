"""One look into the database: what is new or still open, with all its numbers, and nothing else."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from qcpump_qt.engine.memory import Item, SourceMemory
from qcpump_qt.engine.records import DeliveryState
from qcpump_qt.pumps.dqa3.keys import states_about
from qcpump_qt.sources.dqa3.machines import Machine
from qcpump_qt.sources.dqa3.measurements import BEAM_TYPES, Measurement, Sight
from qcpump_qt.sources.dqa3.reader import Reader

LISTED = "listed"


@dataclass
class Found:
    """What one look has brought up.

    Attributes:
        measurements: new or still open, by what tells them apart.
        gone: remembered as open, and not in the database any more.
        strange: names of beams whose type is none that is known, with that type.
        marks: how far each machine was listed, to be remembered once all of this has its state.
    """

    measurements: dict[Sight, Measurement] = field(default_factory=dict)
    gone: set[Sight] = field(default_factory=set)
    strange: dict[str, str] = field(default_factory=dict)
    marks: dict[str, dict[str, str]] = field(default_factory=dict)


class Look:
    """Lists what the database has, and reads what was not dealt with yet.

    Args:
        memory: what was dealt with in earlier cycles.
        now: by the clock on the wall.
        history: how far back a machine is looked at that is new; what is listed again of a known one.
        beam_types: those that are wanted, in small letters.
    """

    def __init__(
        self, memory: SourceMemory, now: datetime, history: timedelta, beam_types: Collection[str]
    ) -> None:
        self._memory = memory
        self._now = now
        self._history = history
        self._beam_types = frozenset(beam_types)
        self._marks: dict[str, dict[str, str]] = memory.mark(LISTED) or {}

    def take(self, reader: Reader, machines: Iterable[Machine]) -> Found:
        """What is new or still open on these machines.

        Raises:
            PumpError: the database cannot be read.
        """
        by_id = {machine.id: machine for machine in machines}
        found = Found(marks=dict(self._marks))
        since = {machine_id: self._since(machine_id) for machine_id in by_id}
        wanted: set[Sight] = set()
        if by_id:
            listed = reader.sights(list(by_id.values()), min(since.values()))
            for machine_id in by_id:
                own = [
                    each
                    for each in listed
                    if each.machine_id == machine_id and each.time >= since[machine_id]
                ]
                wanted.update(self._unseen(machine_id, self._of_type(own, found)))
                found.marks[machine_id] = self._mark(machine_id, since[machine_id], own)
        still_open = open_sights(self._memory, by_id)
        found.measurements = reader.measurements(wanted | still_open)
        found.gone = still_open - set(found.measurements)
        return found

    def start_with(self, machine_id: str, marks: dict[str, dict[str, str]]) -> None:
        """Look at this machine from now on, whenever somebody has settled which one it is."""
        if machine_id not in marks:
            marks[machine_id] = self._mark(machine_id, self._since(machine_id), ())

    def _since(self, machine_id: str) -> datetime:
        """From when on a machine is listed: its newest measurement less the history, and never before its start.

        So neither an outage nor a month in which the pump was off, nor a computer whose measurements reach the
        database days later, loses anything.
        """
        start = datetime.combine((self._now - self._history).date(), time.min)
        mark = self._marks.get(machine_id)
        if mark is None:
            return start
        first = min(start, datetime.fromisoformat(mark["first"]))
        newest = min(self._now, datetime.fromisoformat(mark["newest"]))
        return max(first, datetime.combine((newest - self._history).date(), time.min))

    def _mark(self, machine_id: str, since: datetime, listed: Iterable[Sight]) -> dict[str, str]:
        before = self._marks.get(machine_id, {})
        newest = max((sight.time for sight in listed), default=None)
        if newest is None:
            newest = datetime.fromisoformat(before["newest"]) if before else self._now
        first = before.get("first")
        earliest = since if first is None else min(since, datetime.fromisoformat(first))
        return {"first": earliest.isoformat(), "newest": min(newest, self._now).isoformat()}

    def _of_type(self, listed: Iterable[Sight], found: Found) -> list[Sight]:
        kept = []
        for sight in listed:
            if sight.beam_type in self._beam_types:
                kept.append(sight)
            elif sight.beam_type not in BEAM_TYPES:
                found.strange[sight.beam_name] = sight.beam_type
        return kept

    def _unseen(self, machine_id: str, listed: list[Sight]) -> list[Sight]:
        """Those that have no state yet; all that was listed is compared with what is remembered."""
        if not listed:
            return []
        first, last = listed[0].time, listed[-1].time
        items = self._memory.items_named(machine_id, first.isoformat(sep=" "), f"{last.isoformat(sep=' ')}~")
        states = states_about(self._memory, machine_id, first, last)
        if any(item.record not in states for item in items):
            known = self._memory.final_names(machine_id)
        else:
            known = {item.name for item in items if item.record and _is_settled(states[item.record])}
        return [sight for sight in listed if sight.name not in known]


def item_of(sight: Sight, key: str) -> Item:
    """How a measurement is remembered with the record that it belongs to."""
    raw = sight.key if sight.key is None or isinstance(sight.key, int | str) else sight.data_key
    facts = {"time": sight.time.isoformat(), "key": raw, "data_key": sight.data_key, "beam": sight.beam_name}
    return Item(sight.machine_id, sight.name, key, facts)


def sight_of(item: Item) -> Sight:
    """The measurement that was remembered."""
    facts: Mapping[str, Any] = item.facts
    moment = datetime.fromisoformat(facts["time"])
    return Sight(item.container, moment, facts["data_key"], facts["beam"], key=facts["key"])


def open_sights(memory: SourceMemory, machines: Collection[str]) -> set[Sight]:
    """Remembered measurements of these machines whose record is not final."""
    return {sight_of(item) for item in memory.open_items() if item.container in machines}


def _is_settled(state: DeliveryState) -> bool:
    return state.final and state is not DeliveryState.REJECTED
