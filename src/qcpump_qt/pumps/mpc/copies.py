"""Folders whose results were delivered already: the same folder touched again, or a copy of it elsewhere.

A machine's folder that was renamed, copied or is now looked at from further above brings every check folder
under a new path; name and content together tell that it is the same run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from qcpump_qt.engine.memory import Item, SourceMemory
from qcpump_qt.pumps.mpc.readings import Kind, Reading


def copies(readings: Mapping[str, Reading], memory: SourceMemory) -> dict[str, Reading]:
    """The readings that bring nothing new, with what to say about each.

    Args:
        readings: of this cycle.
        memory: what was read in earlier cycles, and what became of it.
    """
    new = {run_id: reading for run_id, reading in readings.items() if reading.kind is Kind.RESULTS}
    arrived: dict[tuple[str, str], Item] = {}
    for item in memory.items_called({reading.run.name.folder for reading in new.values()}):
        if item.state is not None and item.state.arrived:
            arrived[item.name, str(item.facts.get("content"))] = item
    found: dict[str, Reading] = {}
    for run_id, reading in new.items():
        first = arrived.get((reading.run.name.folder, reading.content))
        if first is not None:
            found[run_id] = _told(reading, run_id, f"{first.container}/{first.name}".lstrip("/"))
    return found


def _told(reading: Reading, run_id: str, first: str) -> Reading:
    if first == run_id:
        return replace(reading, kind=Kind.UNCHANGED)
    return replace(
        reading, kind=Kind.REPUBLISHED, reason=f"It is a copy of {first}, whose results were delivered."
    )
