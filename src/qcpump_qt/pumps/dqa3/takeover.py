"""What an earlier program delivered: recognised by what is on the server, never sent a second time.

QCPump 0.3 may have cut a morning otherwise than this program does, and has cut its keys to 255 characters. So
its groups are looked for by machine, time and the database's keys; beyond a cut the values tell. The server is
asked when the pump first meets a machine, and again for what is older than anything compared before.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from qcpump_qt.engine.errors import PumpError, ServerRefused, ServerUnavailable
from qcpump_qt.engine.memory import SourceMemory
from qcpump_qt.pumps.dqa3.keys import GroupKey, read_group_key
from qcpump_qt.pumps.dqa3.style import Style
from qcpump_qt.pumps.slugs import slugify
from qcpump_qt.sources.dqa3.groups import Fixed, Group
from qcpump_qt.sources.dqa3.measurements import Measurement, Sight

MARK = "taken over"
MARGIN = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


class Survey(Protocol):
    """The part of a server that is needed here."""

    def sessions_named(
        self, test_list_name: str, since: datetime, until: datetime
    ) -> Iterable[Mapping[str, Any]]:
        """The sessions of a test list by when their work started."""

    def values_of(self, session: Mapping[str, Any]) -> Mapping[str, float | None]:
        """The numbers of a session by macro name."""


@dataclass(frozen=True)
class Held:
    """A group that the server has.

    Attributes:
        key: what its key says.
        end: when its work was completed, by the clock on the wall.
        values: its numbers by macro name.
    """

    key: GroupKey
    end: datetime
    values: Mapping[str, float | None]

    def holds(self, candidates: Sequence[Measurement]) -> list[Sight]:
        """Those of a machine's measurements that it holds."""
        near = [each for each in candidates if self.key.start <= each.sight.time <= self.end + _MINUTE]
        named = Counter(key.casefold() for key in self.key.data_keys)
        claims = Counter(each.sight.data_key.casefold() for each in near)
        found: list[Sight] = []
        beams: set[str] = set()
        for each in sorted(near, key=lambda one: one.sight.time, reverse=True):
            data_key, beam = each.sight.data_key.casefold(), slugify(f"dose_{each.sight.beam_name}")
            sure = 0 < claims[data_key] <= named[data_key]
            possible = bool(named[data_key]) or not self.key.whole
            if sure or (possible and (self._has_values_of(each) or beam in beams)):
                found.append(each.sight)
                beams.add(beam)
        return found

    def _has_values_of(self, measurement: Measurement) -> bool:
        """True when all numbers that the server has a test for are the same."""
        beam = measurement.sight.beam_name
        own = {
            slugify(f"{name}_{beam}"): value
            for name, value in measurement.values.items()
            if isinstance(value, float) and name != "energy_baseline"
        }
        return all(_equal(own[slug], self.values[slug]) for slug in own.keys() & self.values.keys())


class Takeover:
    """Compares new groups with what the server has.

    Args:
        memory: remembers which machines were compared, and from when on.
        server: asked for its sessions.
        test_list: the name of the test list.
    """

    def __init__(self, memory: SourceMemory, server: Survey, test_list: str) -> None:
        self._memory = memory
        self._server = server
        self._test_list = test_list
        self._done: dict[str, str] = memory.mark(MARK) or {}
        self._first: dict[str, str] = {}
        self.trouble: PumpError | None = None
        """Why the comparison could not be made; nothing is sent then."""

    def compare(
        self,
        groups: list[Group],
        measurements: Mapping[Sight, Measurement],
        fixed: Iterable[Fixed],
        style: Style,
    ) -> tuple[list[Group], dict[str, list[Sight]]]:
        """The groups that remain to be sent, and what is there already by key.

        Args:
            groups: of this cycle.
            measurements: of all their members.
            fixed: groups of our own that stand as they are.
            style: groups anew what is left of a group that is there in part.
        """
        new = [each for each in groups if self._is_new(each)]
        if not new:
            return groups, {}
        try:
            held = self._survey(new)
        except (ServerUnavailable, ServerRefused) as error:
            self.trouble = error
            return groups, {}
        for each in new:
            start = each.start.isoformat()
            self._first[each.machine_id] = min(start, self._first.get(each.machine_id, start))
        there = _there(new, measurements, held)
        covered = {sight for sights in there.values() for sight in sights}
        touched = [each for each in new if covered & set(each.sights)]
        missing = [sight for each in touched for sight in each.sights if sight not in covered]
        standing = [
            Fixed(key, sights[0].machine_id, min(sight.time for sight in sights))
            for key, sights in there.items()
        ]
        untouched = [each for each in groups if each not in touched]
        return [*untouched, *style.groups(missing, [*fixed, *standing])], there

    def keep(self) -> None:
        """Remember what was compared, once what is on the server stands in the ledger."""
        if self._first and self.trouble is None:
            first = {
                machine: min(start, self._done.get(machine, start)) for machine, start in self._first.items()
            }
            self._memory.set_mark(MARK, {**self._done, **first})

    def _is_new(self, found: Group) -> bool:
        done = self._done.get(found.machine_id)
        return found.late_of is None and (done is None or found.start.isoformat() < done)

    def _survey(self, groups: Sequence[Group]) -> list[Held]:
        wanted = {each.machine_id.casefold() for each in groups}
        first = min(each.start for each in groups) - MARGIN
        last = max(each.newest for each in groups) + MARGIN
        found: list[Held] = []
        for item in self._server.sessions_named(self._test_list, first, last):
            key = read_group_key(str(item.get("user_key") or ""))
            if key is not None and key.machine_id.casefold() in wanted:
                end = _wall(item.get("work_completed")) or key.start
                found.append(Held(key, max(end, key.start), self._server.values_of(item)))
        return found


def uncompared(memory: SourceMemory, keys: Iterable[str]) -> list[str]:
    """Those of these keys whose groups were never compared with what the server has."""
    done: dict[str, str] = memory.mark(MARK) or {}
    found: list[str] = []
    for key in keys:
        read = read_group_key(key)
        since = done.get(read.machine_id) if read else ""
        # The mark has seconds, the key has not.
        if read and (since is None or (read.start + _MINUTE).isoformat() <= since):
            found.append(key)
    return found


def _there(
    groups: Iterable[Group], measurements: Mapping[Sight, Measurement], held: Iterable[Held]
) -> dict[str, list[Sight]]:
    """What each session on the server holds; a measurement that two could hold goes to the first."""
    by_machine: dict[str, list[Measurement]] = {}
    for each in groups:
        members = by_machine.setdefault(each.machine_id.casefold(), [])
        members += [measurements[sight] for sight in each.sights]
    taken: set[Sight] = set()
    there: dict[str, list[Sight]] = {}
    for session in sorted(held, key=lambda one: (one.key.start, one.key.text)):
        candidates = [
            each for each in by_machine.get(session.key.machine_id.casefold(), []) if each.sight not in taken
        ]
        if sights := session.holds(candidates):
            taken.update(sights)
            there[session.key.text] = sorted(sights, key=lambda sight: sight.time)
    return there


def _equal(value: float, stored: float | None) -> bool:
    return stored is not None and math.isclose(value, stored, rel_tol=1e-9, abs_tol=1e-9)


def _wall(text: Any) -> datetime | None:
    """The clock reading of a time as the server writes it; its offset is the clinic's own."""
    try:
        return datetime.fromisoformat(str(text)[:19])
    except ValueError:
        return None
