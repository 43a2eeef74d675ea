"""Notices that the clock on the wall was set, so that the times shown for next cycles can be put right."""

from __future__ import annotations

from collections.abc import Callable

from qcpump_qt.engine.clock import now

NOTICED = 2.0
"""Seconds; smaller corrections, as time servers make all day, change no time that is shown."""


class WallClock:
    """Compares the clock on the wall with the steady one.

    Args:
        steady: seconds that no clock change moves.
    """

    def __init__(self, steady: Callable[[], float]) -> None:
        self._steady = steady
        self._offset = self._now()

    def was_set(self) -> bool:
        """True when it was set by more than a little since the last call."""
        offset = self._now()
        if abs(offset - self._offset) < NOTICED:
            return False
        self._offset = offset
        return True

    def _now(self) -> float:
        return now().timestamp() - self._steady()
