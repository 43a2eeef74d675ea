"""What the share holds now that has not been dealt with: one finding for each check folder worth a look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from qcpump_qt.engine.errors import ItemError
from qcpump_qt.engine.memory import SourceMemory
from qcpump_qt.sources.mpc.names import minute_text, parse_name, shown, sift
from qcpump_qt.sources.mpc.scan import MachineListing
from qcpump_qt.sources.mpc.sessions import Run

CONTEXT = timedelta(days=1)
"""A session over midnight is only seen whole when grouping begins a day before the history does."""


@dataclass(frozen=True)
class Place:
    """Where a check folder lies: its machine's folder as named in the ledger, and its own name."""

    container: str
    name: str

    @property
    def id(self) -> str:
        """The path relative to the TDS directory."""
        return f"{self.container}/{self.name}" if self.container else self.name

    @property
    def key(self) -> str:
        """Under which a folder that is skipped stands in the ledger."""
        return f"MPC folder {self.id}"


@dataclass
class Findings:
    """Everything one look at the share has brought up.

    Args:
        runs: check folders whose name could be read, by their id.
        places: where each of them lies, by its id.
        strangers: entries whose name could not be read, with the reason in words.
        settled: containers with nothing new, by name.
        digests: of each container that was looked at, to be remembered when all of it has its state.
        gone: containers that held something in an earlier cycle and are not there any more.
        incomplete: True when a part of the share could not be listed.
    """

    runs: dict[str, Run] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    strangers: list[tuple[Place, str]] = field(default_factory=list)
    settled: list[str] = field(default_factory=list)
    digests: dict[str, dict[str, Any]] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    incomplete: bool = False

    @property
    def nothing_new(self) -> bool:
        """True when every container is as it was when all in it had its state."""
        return len(self.settled) == len(self.digests)

    def drop(self, ids: Iterable[str]) -> None:
        """Leave out check folders that have turned out to need no further look."""
        for run_id in ids:
            self.runs.pop(run_id, None)
            self.places.pop(run_id, None)


class Sifter:
    """Finds what is new without touching what is old.

    Args:
        memory: what was dealt with before.
        since: the first day of interest.
        extra: ids of folders that are to be looked at again although they have their state.
    """

    def __init__(self, memory: SourceMemory, since: date, extra: Mapping[str, Iterable[str]]) -> None:
        self._memory = memory
        self._since = since
        self._extra = {container: set(names) for container, names in extra.items()}
        # A rejected record is no open one, but its files may be mended.
        self._nothing_open = not memory.open_records() and not memory.open_items()
        self._digests: dict[str, dict[str, Any]] = memory.mark("digests") or {}
        start = datetime.combine(since, datetime.min.time()) - CONTEXT
        self._cut_off = minute_text(start)

    def take(self, listing: MachineListing, findings: Findings) -> None:
        """Add what is new in one machine's folder to the findings."""
        seen = {"digest": listing.digest.hex(), "since": self._since.isoformat(), "names": len(listing.names)}
        findings.digests[listing.base] = seen
        extra = self._extra.get(listing.base, set())
        if self._nothing_open and not extra and self._digests.get(listing.base) == seen:
            findings.settled.append(listing.base)
            return
        known = self._memory.final_names(listing.base) - extra
        for name in sift(listing.names, self._cut_off, known):
            self._add(Place(listing.base, name), findings)

    def held_before(self, container: str) -> bool:
        """True when the folder had entries in an earlier cycle."""
        return bool(self._digests.get(container, {}).get("names"))

    def gone(self, listed: Iterable[str]) -> list[str]:
        """Folders that had entries in an earlier cycle and are not among those listed now."""
        seen = set(listed)
        return [
            container for container in self._digests if container not in seen and self.held_before(container)
        ]

    def any_before(self) -> bool:
        """True when the share held any machine in an earlier cycle."""
        return bool(self._digests)

    def _add(self, place: Place, findings: Findings) -> None:
        try:
            name = parse_name(place.name)
        except ItemError as error:
            findings.strangers.append((place, error.message))
            return
        findings.runs[place.id] = Run(name, place.id)
        findings.places[place.id] = place


def open_ids(memory: SourceMemory) -> set[str]:
    """The ids of all remembered check folders whose record is not final."""
    return {Place(item.container, item.name).id for item in memory.open_items()}


def folder_of(tds: Path, place: Place) -> Path:
    """The check folder on the share."""
    return tds / place.container / place.name if place.container else tds / place.name


def label(place: Place) -> str:
    """How a folder is called in messages."""
    return shown(place.name)
