"""Closed results that MPC publishes a second time: a new folder with a later time, the same run in it.

Reference mpc-results, "What real clinics' folders contain". Told by the run's own identity, never by its
values alone: two electron checks may well give the same two numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from qcpump_qt.engine.memory import SourceMemory
from qcpump_qt.pumps.mpc.findings import Findings, Place
from qcpump_qt.pumps.mpc.readings import Kind, Reading

NEAR = timedelta(minutes=1)
"""A folder's name and the date in its `Check.xml` differ by less than this when the folder is the first one."""


def republished(
    readings: Mapping[str, Reading], findings: Findings, memory: SourceMemory
) -> dict[str, Reading]:
    """The readings that repeat a run which is there under its own time too, with what to say about each.

    Args:
        readings: of this cycle.
        findings: where the folders lie.
        memory: what was read in earlier cycles.
    """
    originals = {
        facts["run"]: run_id
        for run_id, reading in readings.items()
        if (facts := facts_of(reading)).get("run")
    }
    found: dict[str, Reading] = {}
    for run_id, reading in readings.items():
        identity = _identity(reading)
        if not identity or reading.kind is not Kind.RESULTS or _is_first(reading):
            continue
        first = originals.get(identity) or _remembered(identity, reading, findings.places[run_id], memory)
        if first:
            reason = f"It is the run of {first.rpartition('/')[2]} published a second time; that one counts."
            found[run_id] = replace(reading, kind=Kind.REPUBLISHED, reason=reason)
    return found


def facts_of(reading: Reading) -> dict[str, str]:
    """What the ledger keeps of a folder: ``run`` is the run's identity, only where the folder is its first."""
    facts = {"content": reading.content, "kind": reading.kind.value}
    if reading.kind is Kind.RESULTS and _is_first(reading):
        facts["run"] = _identity(reading)
    return facts


def _identity(reading: Reading) -> str:
    """Machine, template, the run's UUID and its results; empty without a usable `Check.xml`."""
    if reading.check is None or not reading.check.uuid or reading.check.date is None:
        return ""
    name = reading.run.name
    return f"{name.serial}/{name.template}/{reading.check.uuid}/{reading.content}"


def _is_first(reading: Reading) -> bool:
    """True when the folder's name has the time at which the run was made."""
    if reading.check is None or reading.check.date is None:
        return False
    return abs(reading.check.date.replace(tzinfo=None) - reading.run.name.time) < NEAR


def _remembered(identity: str, reading: Reading, place: Place, memory: SourceMemory) -> str:
    """The first folder of the run, if it was read in an earlier cycle."""
    check = reading.check
    if check is None or check.date is None:
        return ""
    name = reading.run.name
    day = f"{name.prefix}-SN{name.serial}-{check.date:%Y-%m-%d}"
    for item in memory.items_named(place.container, day, f"{day}~"):
        if item.facts.get("run") == identity:
            return item.name
    return ""
