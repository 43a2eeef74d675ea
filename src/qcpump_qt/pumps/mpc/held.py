"""Which of a session's runs are on the server, told by values and times."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from qcpump_qt.pumps.mpc.keys import SessionKey
from qcpump_qt.pumps.mpc.readings import Reading
from qcpump_qt.sources.mpc.sessions import Run, Session, choose

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Held:
    """A session that the server has.

    Args:
        key: its key.
        base: the key without ``/late-1``.
        start, end: when its results were measured, by the clock on the machine's wall.
        values: its numbers by macro name, None where a test was skipped.
    """

    key: str
    base: str
    start: datetime
    end: datetime
    values: Mapping[str, float | None]

    @classmethod
    def of(cls, key: SessionKey, item: Mapping[str, Any], values: Mapping[str, float | None]) -> Held:
        """From an item of the server's list."""
        times = [key.start, *(_wall(item.get(name)) for name in ("work_started", "work_completed"))]
        known = [time for time in times if time is not None]
        whole = f"{key.base}/late-{key.late}" if key.late else key.base
        return cls(whole, key.base, min(known), max(known), values)

    def may_hold(self, run: Run, reach: float) -> bool:
        """True when the run was measured in that session's time, or up to `reach` minutes after its start."""
        end = max(self.end, self.start + timedelta(minutes=reach))
        return self.start <= run.name.time < end + _MINUTE


def holders(
    session: Session, readings: Mapping[str, Reading], held: Iterable[Held], reach: float
) -> dict[Run, str | None]:
    """For each run of a session the key under which the server has it, or None.

    A run that another run of its template replaces goes where that one goes. A run whose values the server
    cannot have, because it knows no such tests, counts as there when a session of that time is there.

    Args:
        session: all its runs are readable.
        readings: of its runs.
        held: what the server has of this machine and type of check.
        reach: minutes of the grouping window; 0 for types that are not grouped.
    """
    chosen = choose((run, readings[run.id].results or "") for run in session.runs)
    values: dict[str, dict[str, float]] = {}
    for slug, pick in chosen.tests.items():
        if pick.row.value is not None:
            values.setdefault(pick.run.id, {})[slug] = pick.row.value
    by_likelihood = sorted(held, key=lambda each: (each.key != session.key, -each.start.timestamp()))
    found: dict[str, str | None] = {}
    near: dict[str, list[Held]] = {}
    for run in session.runs:
        near[run.id] = [each for each in by_likelihood if each.may_hold(run, reach)]
        if run.id in values:
            found[run.id] = _holder(values[run.id], near[run.id])
    counting = {run.name.template: run.id for run, _ in chosen.runs}
    anyone = next((key for key in found.values() if key), None)
    for run in session.runs:
        if run.id not in found:
            likely = near[run.id][0].key if near[run.id] and not values else None
            found[run.id] = found.get(counting.get(run.name.template, ""), anyone or likely)
    return {run: found[run.id] for run in session.runs}


def _holder(values: Mapping[str, float], near: list[Held]) -> str | None:
    """The session with these values; where none has any test for them, the most likely one."""
    comparable = False
    for each in near:
        common = [slug for slug in values if slug in each.values]
        comparable = comparable or bool(common)
        if common and all(_equal(values[slug], each.values[slug]) for slug in common):
            return each.key
    return near[0].key if near and not comparable else None


def _equal(value: float, stored: float | None) -> bool:
    return stored is not None and math.isclose(value, stored, rel_tol=1e-9, abs_tol=1e-9)


def _wall(text: Any) -> datetime | None:
    """The clock reading of a time as the server writes it; its offset is the clinic's own."""
    try:
        return datetime.fromisoformat(str(text)[:19])
    except ValueError:
        return None
