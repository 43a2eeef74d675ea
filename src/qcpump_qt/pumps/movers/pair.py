"""One source and one destination, what goes from the one to the other, and which pairs cannot stand together."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from qcpump_qt.engine.errors import ConfigurationError
from qcpump_qt.pumps.movers.config import COPY, NUMBER
from qcpump_qt.sources.files.transfer import Clash
from qcpump_qt.sources.files.walk import FoundFile, Wanted


@dataclass(frozen=True)
class Pair:
    """One sub-section of a file mover.

    Args:
        source, destination: the folders.
        copies: True leaves the files at the source.
        recursive: look into the folders below as well.
        pattern, ignore: which files are taken; see `walk`.
        keep_folders: files from below keep their folders; otherwise all go to the destination itself.
        clash: what is done when the destination has a file of that name.
    """

    source: Path
    destination: Path
    copies: bool = False
    recursive: bool = False
    pattern: str = "*"
    ignore: str = ""
    keep_folders: bool = True
    clash: Clash = Clash.NUMBER

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> Pair:
        """The pair that a sub-section describes; what a simple mover has no field for is as `Pair` has it."""
        return cls(
            source=Path(str(values["source"])),
            destination=Path(str(values["destination"])),
            copies=values["mode"] == COPY,
            recursive=bool(values.get("recursive", False)),
            pattern=str(values.get("pattern") or "*"),
            ignore=str(values.get("ignore pattern") or ""),
            keep_folders=bool(values.get("keep folders", True)),
            clash=Clash(str(values.get("existing files", NUMBER)).lower()),
        )

    @cached_property
    def real_source(self) -> str:
        """The source as its file system knows it."""
        return _real(self.source)

    @cached_property
    def real_destination(self) -> str:
        """The destination as its file system knows it."""
        return _real(self.destination)

    @cached_property
    def _wanted(self) -> Wanted:
        return Wanted(self.pattern, self.ignore)

    def target(self, found: FoundFile) -> Path:
        """Where a file goes."""
        return self.destination / (found.inner if self.keep_folders else found.relative.name)

    def takes(self, path: str) -> bool:
        """Whether a file, by its path in its file system, is one of those that this pair takes."""
        begin = os.path.join(self.real_source, "")  # noqa: PTH118 - compared as text
        if not os.path.normcase(path).startswith(begin):
            return False
        inner = path[len(begin) :]
        return (self.recursive or os.sep not in inner) and self._wanted(inner)


def check_pairs(pairs: Sequence[Pair]) -> None:
    """See that no file can come back to where it was taken from.

    Raises:
        ConfigurationError: source and destination of a pair are the same folder, or pairs form a circle.
    """
    for pair in pairs:
        if _same(pair.source, pair.destination):
            raise ConfigurationError(
                f"Source and destination are the same folder, “{pair.source}”. Choose another destination.",
                subject=str(pair.source),
            )
    for pair in pairs:
        if circle := _way_back(pair, pairs):
            way = " to ".join(f"“{folder}”" for folder in circle)
            raise ConfigurationError(
                f"Files would go round in a circle for ever: from {way}. Take one of these pairs away.",
                subject=str(pair.source),
            )


def left_out(pair: Pair, pairs: Sequence[Pair]) -> list[Path]:
    """Destinations of any pair that lie inside this pair's source: what was put there is not taken again."""
    return [each.destination for each in pairs if each.real_destination != pair.real_source]


def _way_back(start: Pair, pairs: Sequence[Pair]) -> list[Path] | None:
    """The folders on the shortest way from a pair's source through its destination back to its source."""
    ways = [(start, [start.source, start.destination])]
    been = {start.real_destination}
    while ways:
        pair, way = ways.pop(0)
        if pair.real_destination == start.real_source:
            return way
        for following in _following(pair, pairs):
            if following.real_destination not in been:
                been.add(following.real_destination)
                ways.append((following, [*way, following.destination]))
    return None


def _following(pair: Pair, pairs: Sequence[Pair]) -> Iterator[Pair]:
    return (each for each in pairs if each.real_source == pair.real_destination)


def _real(folder: Path) -> str:
    return os.path.normcase(os.path.realpath(folder))


def _same(one: Path, other: Path) -> bool:
    """By name, and where both are there also by what they are, as a share may have two names."""
    if _real(one) == _real(other):
        return True
    try:
        return one.samefile(other)
    except OSError:
        return False
