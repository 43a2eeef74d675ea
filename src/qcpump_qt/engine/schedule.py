"""When a pump is due: by a clock that no clock change moves, without drift, and never twice for one moment."""

from __future__ import annotations

from collections.abc import Callable

from qcpump_qt.engine.steady_clock import steady_seconds


class Schedule:
    """The interval of one pump; its first start is due at once, the others one interval apart.

    Who waits for a moment to come asks `seconds_to_next`; who looks again and again asks `take`.

    Args:
        interval: seconds from one start to the next, at least 1.
        clock: seconds that only go forward, also while the computer sleeps.
    """

    def __init__(self, interval: float, clock: Callable[[], float] = steady_seconds) -> None:
        self._interval = max(1.0, interval)
        self._clock = clock
        self._due = clock()
        self._taken = False

    @property
    def interval(self) -> float:
        """Seconds from one start to the next."""
        return self._interval

    @property
    def due(self) -> float:
        """When the next start is due, in seconds of the clock; in the past until somebody takes it."""
        return self._due

    def is_due(self) -> bool:
        """True when a start can be taken now."""
        return self._clock() >= self._due

    def take(self) -> int | None:
        """Take the start that is due; the next one is then ahead, on the same beat.

        Returns:
            how many starts before it passed and were not taken (while the computer slept, or a cycle took
            longer than the interval); None when none is due.
        """
        if not self.is_due():
            return None
        return self._go_on(self._clock())

    def seconds_to_next(self) -> float:
        """Seconds until the next start; starts that passed while a long cycle ran are left out."""
        now = self._clock()
        self._go_on(max(now, self._due))
        return self._due - now

    def with_interval(self, interval: float) -> Schedule:
        """The same with another interval, counted from the last start; a start that is past then is due at once."""
        other = Schedule(interval, self._clock)
        if self._taken:
            other._taken = True
            other._due = max(self._due - self._interval + other._interval, min(self._due, other._due))
        return other

    def _go_on(self, now: float) -> int:
        """Make the first moment on the beat after `now` the one that is due; how many more were passed over."""
        missed = int((now - self._due) // self._interval)
        self._taken = True
        self._due += (missed + 1) * self._interval
        return missed
