"""Watches the UI thread: a timer of 20 ms, and the largest gap between two of its beats."""

from __future__ import annotations

import time
from types import TracebackType

from PySide6.QtCore import Qt, QTimer

BEAT = 0.020
STALL = 0.25
"""Seconds from which a gap is a stall. The goal of 0.05 s is measured by the benchmarks on a quiet machine;
tests run beside others, and are after work that waits on the UI thread, which takes far longer."""


class Heartbeat:
    """Used as a `with` block around what may not stall the UI thread; the block must let events run."""

    def __init__(self, limit: float = STALL) -> None:
        self.largest_gap = 0.0
        self.beats = 0
        self._limit = limit
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(round(BEAT * 1000))
        self._timer.timeout.connect(self._beat)
        self._last = 0.0

    def __enter__(self) -> Heartbeat:
        self._last = time.perf_counter()
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.stop()
        self._beat()
        if error is None:
            assert self.largest_gap < self._limit, f"the UI thread stood still for {self.largest_gap:.3f} s"

    def _beat(self) -> None:
        now = time.perf_counter()
        self.largest_gap = max(self.largest_gap, now - self._last)
        self._last = now
        self.beats += 1
