"""Which version of which file a copying pair has copied already."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

from qcpump_qt.engine.memory import Item, SourceMemory
from qcpump_qt.pumps.movers.pair import Pair
from qcpump_qt.sources.files.walk import FoundFile

MARK = "copied folders"
LAST = "\U0010ffff"
"""Comes after every name in the order of text."""

Facts = dict[str, Any]


class Copied:
    """The copies that were made so far; a folder in which nothing has changed costs one look at its digest.

    Args:
        memory: where they are kept.
        pair: what is copied.
    """

    def __init__(self, memory: SourceMemory, pair: Pair) -> None:
        self._memory = memory
        self._pair = pair
        self._digests: dict[str, str] = memory.mark(self._mark) or {}
        self._before = dict(self._digests)
        self._new: list[Item] = []

    @property
    def _mark(self) -> str:
        return f"{MARK}: {_text(str(self._pair.source))} to {_text(str(self._pair.destination))}"

    def unchanged(self, folder: str, files: Sequence[FoundFile]) -> bool:
        """Whether the folder holds what it held when all of it had been copied."""
        return self._digests.get(_text(folder)) == _digest(files)

    def versions(self, folder: str) -> dict[str, tuple[int, int]]:
        """Size and time of last change of what was copied from a folder, by name."""
        items = self._memory.items_named(self._container(folder), "", LAST)
        return {item.name: (item.facts["size"], item.facts["mtime_ns"]) for item in items}

    @staticmethod
    def name(found: FoundFile) -> str:
        """How a file is called in `versions`."""
        return _text(found.relative.name)

    def add(self, folder: str, found: FoundFile, copy: str) -> None:
        """A copy was made; written down by `write`."""
        facts: Facts = {"size": found.size, "mtime_ns": found.mtime_ns, "copy": _text(copy)}
        self._new.append(Item(self._container(folder), self.name(found), facts=facts))

    def write(self) -> None:
        """Remember the copies that were added."""
        self._memory.remember(self._new)
        self._new = []

    def complete(self, folder: str, files: Sequence[FoundFile]) -> None:
        """All of the folder has been copied."""
        self._digests[_text(folder)] = _digest(files)

    def keep(self) -> None:
        """Write down which folders are complete, where that has changed."""
        if self._digests != self._before:
            self._memory.set_mark(self._mark, self._digests)
            self._before = dict(self._digests)

    def _container(self, folder: str) -> str:
        return f"{_text(str(self._pair.source))} to {_text(str(self._pair.destination))}: {_text(folder)}"


def _digest(files: Sequence[FoundFile]) -> str:
    digest = blake2b(digest_size=16)
    for found in files:
        digest.update(f"{found.inner}\0{found.size}\0{found.mtime_ns}\0".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _text(name: str) -> str:
    """A name as a database takes it: on Linux it need not be valid text."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")
