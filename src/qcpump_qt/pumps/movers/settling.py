"""Files that may still be written to, remembered from one cycle to the next."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from qcpump_qt.engine.memory import SourceMemory
from qcpump_qt.sources.files.contents import Stamp
from qcpump_qt.sources.files.settled import is_settled
from qcpump_qt.sources.files.walk import FoundFile

MARK = "still written"


class Settling:
    """Tells which files are complete; see `is_settled`.

    Args:
        memory: where the others are kept.
        now: the time, aware of its zone.
    """

    def __init__(self, memory: SourceMemory, now: datetime) -> None:
        self._memory = memory
        self._now = now
        self._before: dict[str, list[Any]] = memory.mark(MARK) or {}
        self._after: dict[str, list[Any]] = {}

    def complete(self, found: FoundFile) -> bool:
        """Whether the file may be taken; one that may not is remembered as it looks now."""
        stamp = Stamp(found.size, found.mtime_ns)
        if is_settled(stamp, None, self._now):
            return True
        name = ascii(str(found.path))
        size, mtime_ns, since = self._before.get(name, (None, None, None))
        if (size, mtime_ns) != (found.size, found.mtime_ns):
            since = self._now.isoformat()
        self._after[name] = [found.size, found.mtime_ns, since]
        return is_settled(stamp, datetime.fromisoformat(str(since)), self._now)

    def keep(self) -> None:
        """Write down which files were not complete, where that has changed."""
        if self._after != self._before:
            self._memory.set_mark(MARK, self._after)
