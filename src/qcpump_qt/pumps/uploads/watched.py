"""The watched directories: which of them a file belongs to when they overlap, and what is never looked at."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Watched:
    """One sub-section *Directories*.

    Args:
        unit: the name of the unit that its files belong to.
        source: the directory that is watched.
        destination: where files are moved; None leaves them where they are.
        left_out: folders below the source that belong to another directory or are a destination.
    """

    unit: str
    source: Path
    destination: Path | None = None
    left_out: tuple[Path, ...] = ()

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Watched:
        """What one sub-section says."""
        destination = str(row["destination"] or "").strip()
        return cls(
            str(row["unit name"]).strip(),
            Path(str(row["source"])),
            Path(destination) if destination else None,
        )


def all_watched(rows: Iterable[Mapping[str, Any]]) -> list[Watched]:
    """The directories to be looked at; each file belongs to one of them at most.

    A file below several sources belongs to the innermost one. Of two that watch the same folder, the first
    counts. What lies in a destination was sent before and is not looked at, except by a directory whose
    source lies in there.

    Args:
        rows: the values of the sub-sections.
    """
    found = [Watched.of(row) for row in rows]
    real = [resolved(each.source) for each in found]
    ends = [resolved(each.destination) for each in found if each.destination]
    return [
        replace(each, left_out=_below(place, [*real, *ends]))
        for number, (each, place) in enumerate(zip(found, real, strict=True))
        if place not in real[:number]
    ]


def resolved(folder: Path) -> Path:
    """The folder without links and drive letters of shares, as far as the system can tell."""
    return Path(os.path.normcase(os.path.realpath(folder)))


def _below(source: Path, folders: Iterable[Path]) -> tuple[Path, ...]:
    return tuple(sorted({each for each in folders if each != source and each.is_relative_to(source)}))
