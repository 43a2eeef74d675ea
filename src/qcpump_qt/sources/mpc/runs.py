"""One run of one check: a check folder with a name that could be read."""

from __future__ import annotations

from dataclasses import dataclass

from qcpump_qt.sources.mpc.names import CheckName


@dataclass(frozen=True, slots=True)
class Run:
    """One check folder.

    Args:
        name: what the folder's name says.
        id: its path relative to the TDS directory, with forward slashes; tells it from all others.
    """

    name: CheckName
    id: str


def age(run: Run) -> tuple[object, ...]:
    """Sorts runs from the oldest to the newest: by time, then by running number, then by place."""
    number = run.name.number
    return (run.name.time, -1 if number is None else number, run.id)
