"""When a pump is due: by a clock that no clock change moves, without drift, and never twice for one moment."""

from __future__ import annotations

import time
from collections.abc import Callable


class Schedule:
    """The interval of one pump.

    Args:
        interval: seconds from one start to the next.
        clock: monotonic seconds.
    """

    def __init__(self, interval: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._interval = max(1.0, interval)
        self._clock = clock
        self._due = clock()

    def seconds_to_next(self) -> float:
        """Seconds until the next start; starts that passed while a long cycle ran are left out."""
        now = self._clock()
        missed = int(max(0.0, now - self._due) // self._interval)
        self._due += (missed + 1) * self._interval
        return self._due - now
