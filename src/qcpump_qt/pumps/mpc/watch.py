"""Folders that have their state and are looked at again all the same, for a while.

An aborted run may get its results after all, and a file that was written moments before it was read may
have gone on growing. Both are few, and both are looked at only as long as that is likely.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from qcpump_qt.engine.memory import SourceMemory
from qcpump_qt.pumps.mpc.findings import Place, folder_of
from qcpump_qt.pumps.mpc.readings import Kind, Reading
from qcpump_qt.sources.mpc.files import look

MARK = "watched folders"
WATCHED_FOR = timedelta(days=7)
FRESH_SECONDS = 60.0
LIVE = timedelta(days=1)
"""How long at least a folder without results is looked at again: an old one may be on its way here as a copy."""
FEW = 1000
"""Old results that were written just now are looked at twice up to this number; more are a history put in place."""


class Watch:
    """The watched folders of one pump.

    Args:
        memory: where they are kept from one cycle to the next.
        tds: the TDS directory.
        now: local time of the machines, without zone as in the folders' names.
    """

    def __init__(self, memory: SourceMemory, tds: Path, now: datetime) -> None:
        self._memory = memory
        self._tds = tds
        self._now = now
        self._entries: dict[str, dict[str, Any]] = memory.mark(MARK) or {}
        self._before = dict(self._entries)

    def changed(self) -> dict[str, list[str]]:
        """Names, by container, of watched folders whose `Results.csv` is not as it was; ends old watches.

        A folder that has changed is watched on until it was read (`renew`).
        """
        found: dict[str, list[str]] = {}
        for place_id, entry in list(self._entries.items()):
            place = Place(entry["container"], entry["name"])
            sight = look(folder_of(self._tds, place))
            if sight.exists and [sight.size, sight.mtime_ns] != entry["sight"]:
                found.setdefault(place.container, []).append(place.name)
            elif not sight.unreachable and datetime.fromisoformat(entry["until"]) < self._now:
                del self._entries[place_id]
        return found

    def begin(self, readings: Iterable[tuple[Place, Reading]]) -> None:
        """Watch folders that call for it before anything becomes final; what is watched stays as it is.

        Should the cycle be cut off then, a changed folder is still found changed in the next one.
        """
        for place, reading in readings:
            if place.id not in self._entries:
                self._note(place, reading)
        self.keep()

    def renew(self, readings: Iterable[tuple[Place, Reading]]) -> None:
        """Of the folders that were read and have their state now, watch those that call for it, and no others."""
        for place, reading in readings:
            self._entries.pop(place.id, None)
            self._note(place, reading)
        self.keep()

    def keep(self) -> None:
        """Write the watched folders down where they have changed."""
        if self._entries != self._before:
            self._memory.set_mark(MARK, self._entries)
            self._before = dict(self._entries)

    def _note(self, place: Place, reading: Reading) -> None:
        until = self._until(reading)
        if until is not None and until > self._now:
            self._entries[place.id] = {
                "container": place.container,
                "name": place.name,
                "sight": [reading.sight.size, reading.sight.mtime_ns],
                "until": until.isoformat(),
            }

    def _until(self, reading: Reading) -> datetime | None:
        run_time = reading.run.name.time
        cut_off = reading.results is not None and reading.results.cut_off
        if reading.kind in (Kind.ABORTED, Kind.UNUSABLE) or cut_off:
            return max(run_time + WATCHED_FOR, self._now + LIVE)
        written = datetime.fromtimestamp(reading.sight.mtime_ns / 1e9)  # noqa: DTZ006 - compared with local wall clock
        fresh = abs((self._now - written).total_seconds()) < FRESH_SECONDS
        few = len(self._entries) < FEW or abs(self._now - run_time) < LIVE
        return self._now + timedelta(seconds=2 * FRESH_SECONDS) if fresh and few else None
