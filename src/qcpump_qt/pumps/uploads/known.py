"""What the pump remembers of files: which record each went into, and which keys are taken."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from qcpump_qt.engine.memory import Item, SourceMemory
from qcpump_qt.engine.records import DeliveryState
from qcpump_qt.pumps.uploads.keys import clean
from qcpump_qt.sources.files.contents import Stamp

DIGESTS = "digests"
KEYS = "keys of files"
"""The container of taken keys; folders have paths, so none is called so."""
FEW = 200
"""Up to so many files are asked for one by one; of more, all that are known of the directory are read at once."""
_LAST = "\U0010ffff"


@dataclass(frozen=True)
class Known:
    """What is remembered of one file.

    Args:
        record: the key of its record.
        unit: the unit that it was for.
        stamp: how it looked.
        content: the digest of what it held; empty when it was not read as a whole.
        since: when it was first seen looking so; only for a file that was not read yet.
        gone: True when its record was given up because the file had vanished.
        moved: True when it was moved away; what is there afterwards is another file.
        earlier: key and digest of when it was read last, while it is being written to anew.
    """

    record: str
    unit: str
    stamp: Stamp
    content: str = ""
    since: datetime | None = None
    gone: bool = False
    moved: bool = False
    earlier: tuple[str, str] = ("", "")

    @property
    def last_read(self) -> tuple[str, str]:
        """Key and digest of when it was read last; blank where it never was."""
        return (self.record, self.content) if self.content else self.earlier

    @classmethod
    def of(cls, item: Item) -> Known:
        """As it was remembered."""
        facts = item.facts
        since, earlier = facts.get("since"), facts.get("earlier")
        return cls(
            item.record or "",
            str(facts.get("unit", "")),
            Stamp(int(facts.get("size", -1)), int(facts.get("mtime", 0))),
            str(facts.get("content", "")),
            datetime.fromisoformat(since) if since else None,
            bool(facts.get("gone")),
            bool(facts.get("moved")),
            (str(earlier[0]), str(earlier[1])) if earlier else ("", ""),
        )

    def item(self, directory: str, name: str) -> Item:
        """To be remembered."""
        facts: dict[str, Any] = {
            "unit": self.unit,
            "size": self.stamp.size,
            "mtime": self.stamp.mtime_ns,
            "content": self.content,
        }
        if self.since is not None:
            facts["since"] = self.since.isoformat()
        if self.gone:
            facts["gone"] = True
        if self.moved:
            facts["moved"] = True
        if any(self.earlier):
            facts["earlier"] = list(self.earlier)
        return Item(directory, name, self.record, facts)


class UploadMemory:
    """The pump's memory, in the words of files.

    Args:
        memory: behind it.
    """

    def __init__(self, memory: SourceMemory) -> None:
        self._memory = memory
        self.digests: dict[str, str] = memory.mark(DIGESTS) or {}
        """How each directory looked when all in it was at rest."""

    def open_keys(self) -> set[str]:
        """Keys of all records that are not final."""
        return set(self._memory.open_records())

    def open_items(self) -> list[Item]:
        """Files whose record is waiting, on its way, or rejected; a record that somebody asks for again waits."""
        return [item for item in self._memory.open_items() if item.container != KEYS]

    def waiting_directories(self) -> set[str]:
        """Directories with a file whose record is waiting or on its way."""
        return {item.container for item in self.open_items() if item.state is not DeliveryState.REJECTED}

    def files(self, directory: str, names: Collection[str]) -> dict[str, Known]:
        """What is known of these files, and perhaps of others in the directory."""
        spans = [(name, name) for name in names] if len(names) <= FEW else [("", _LAST)]
        return {
            item.name: Known.of(item)
            for first, last in spans
            for item in self._memory.items_named(directory, first, last)
        }

    def finished(self, directory: str) -> set[str]:
        """Names of the files in a directory whose record is final and was not rejected."""
        return self._memory.final_names(directory)

    def marks_of(self, keys: Iterable[str]) -> dict[str, str]:
        """Which version of a file has each of these keys; keys that are free are left out."""
        wanted = sorted(set(keys))
        spans = [(key, key) for key in wanted] if len(wanted) <= FEW else [(wanted[0], wanted[-1])]
        return {
            item.name: str(item.facts.get("mark", ""))
            for first, last in spans
            for item in self._memory.items_named(KEYS, first, last)
        }

    def remember(self, directory: str, files: Mapping[str, Known], keys: Mapping[str, str]) -> None:
        """Write down what is known of files and which versions have which keys, in one transaction."""
        found = [known.item(directory, name) for name, known in files.items()]
        taken = [Item(KEYS, key, key, {"mark": mark}) for key, mark in keys.items()]
        self._memory.remember([*found, *taken])

    def note_moved(self, files: Iterable[tuple[str, str, Known]]) -> None:
        """These files, each with its directory and name, were moved away."""
        self._memory.remember(
            [replace(known, moved=True).item(directory, name) for directory, name, known in files]
        )

    def forget_digests(self, directories: Iterable[str]) -> None:
        """From now on these directories count as changed, whatever happens to this cycle."""
        self._keep({name: seen for name, seen in self.digests.items() if name not in set(directories)})

    def keep_digests(self, digests: Mapping[str, str]) -> None:
        """All in these directories is at rest, as they look now."""
        self._keep({**self.digests, **digests})

    def _keep(self, digests: dict[str, str]) -> None:
        if digests != self.digests:
            self.digests = digests
            self._memory.set_mark(DIGESTS, digests)


def file_name(inner: str, separator: str = os.sep) -> str:
    """A file's path below its directory as it is remembered: with slashes, on every system."""
    return clean(inner if separator == "/" else inner.replace(separator, "/"))
