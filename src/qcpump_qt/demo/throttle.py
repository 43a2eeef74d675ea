"""The limit of requests a minute that the real server has by default (qatrack-api, "Throttling")."""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable


class Throttle:
    """Counts requests of each user in a sliding window.

    Args:
        limit: requests allowed in a window; None for no limit. May be changed at any time.
        seconds: length of the window; the real server has 60 (and a limit of 500).
        clock: gives the time in seconds.
    """

    def __init__(
        self, limit: int | None = None, seconds: float = 60.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.limit = limit
        self.seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._times: dict[str, deque[float]] = {}

    def wait(self, user: str) -> int:
        """Whole seconds that the user has to wait; 0 when the request is allowed (and counted)."""
        if self.limit is None:
            return 0
        with self._lock:
            now, times = self._clock(), self._times.setdefault(user, deque())
            while times and times[0] <= now - self.seconds:
                times.popleft()
            if len(times) < self.limit:
                times.append(now)
                return 0
            return max(1, math.ceil(self.seconds - (now - times[0]))) if times else math.ceil(self.seconds)
