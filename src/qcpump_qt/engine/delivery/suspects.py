"""Records over which the server breaks down: they go last, and after some cycles they are named as the cause.

Otherwise a few of them at the front would keep everything behind them from ever being sent.
"""

from __future__ import annotations

from qcpump_qt.engine.memory import SourceMemory

MARK = "records that the server broke down over"

TRIED_OFTEN = 5
"""Cycles in which the server broke down over one record while it took others: then it is the record."""


class Suspects:
    """Remembers, from cycle to cycle, how often the server broke down over which record.

    Args:
        memory: where it is kept.
    """

    def __init__(self, memory: SourceMemory) -> None:
        self._memory = memory
        self._counts: dict[str, int] = dict(memory.mark(MARK) or {})
        self._before = dict(self._counts)
        self._now: list[str] = []

    def __contains__(self, key: str) -> bool:
        return key in self._counts

    def broke_down(self, key: str) -> None:
        """The server failed over this record."""
        self._now.append(key)

    def cleared(self, key: str) -> None:
        """The record has another state now; nothing is held against it."""
        self._counts.pop(key, None)

    def convict(self, *, server_fine: bool) -> list[str]:
        """Add this cycle's break-downs up; the keys of those that have become too many.

        Args:
            server_fine: whether the server took other records in this cycle; else it is not the record.
        """
        now, self._now = self._now, []
        for key in now:
            self._counts[key] = self._counts.get(key, 0) + server_fine
        return [key for key in now if self._counts[key] >= TRIED_OFTEN]

    def keep(self) -> None:
        """Write down what has changed."""
        if self._counts != self._before:
            self._memory.set_mark(MARK, self._counts)
            self._before = dict(self._counts)
