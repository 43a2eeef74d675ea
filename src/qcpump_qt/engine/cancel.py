"""A wish to stop, that every wait looks at and that open connections can be tied to."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from qcpump_qt.engine.errors import Cancelled


class CancelToken:
    """Set once by whoever wants an end; asked by whoever is working."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._closers: list[Callable[[], None]] = []

    @property
    def cancelled(self) -> bool:
        """True once an end was asked for."""
        return self._event.is_set()

    def cancel(self) -> None:
        """Ask for an end and close whatever is tied to this token; may be called more than once."""
        with self._lock:
            self._event.set()
            closers, self._closers = self._closers, []
        with ExitStack() as stack:  # all are called, also when one of them fails
            for close in closers:
                stack.callback(close)

    def wait(self, seconds: float) -> bool:
        """Sleep up to `seconds`, or until cancelled; True when cancelled."""
        return self._event.wait(max(0.0, seconds))

    def check(self) -> None:
        """Raise `Cancelled` when an end was asked for."""
        if self.cancelled:
            raise Cancelled("The cycle was stopped; what was not finished goes on in the next one.")

    @contextmanager
    def closing(self, close: Callable[[], None]) -> Iterator[None]:
        """Call `close` when cancelled while the block runs (at once if that was before)."""
        with self._lock:
            self._closers.append(close)
        if self.cancelled:
            self.cancel()
        try:
            yield
        finally:
            with self._lock:
                if close in self._closers:
                    self._closers.remove(close)
