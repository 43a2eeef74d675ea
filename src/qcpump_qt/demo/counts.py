"""What the stand-in was asked, and over how many connections; for tests and benchmarks."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any


class Counts:
    """Counters of one stand-in; requests to its own control paths are not counted, connections are."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[tuple[str, str]] = Counter()
        self._statuses: Counter[int] = Counter()
        self._connections = 0
        self._open = 0
        self._most_open = 0
        self._in_flight = 0
        self._most_in_flight = 0

    @property
    def connections(self) -> int:
        """Connections that were made so far."""
        return self._connections

    @property
    def open_connections(self) -> int:
        """Connections that are open now."""
        return self._open

    @property
    def max_connections(self) -> int:
        """The most connections that were open at once."""
        return self._most_open

    @property
    def max_in_flight(self) -> int:
        """The most requests that were being answered at once."""
        return self._most_in_flight

    def requests(self, method: str | None = None, path: str = "") -> int:
        """Requests so far, of one method and to paths that contain `path`."""
        with self._lock:
            return sum(
                number
                for (how, where), number in self._requests.items()
                if method in (None, how) and path in where
            )

    def statuses(self) -> dict[int, int]:
        """Answers by HTTP status; those that were dropped are not in it."""
        with self._lock:
            return dict(self._statuses)

    def reset(self) -> None:
        """Count from zero again (open connections stay counted as open)."""
        with self._lock:
            self._requests.clear()
            self._statuses.clear()
            self._connections = self._most_open = self._open
            self._most_in_flight = self._in_flight

    def opened(self) -> None:
        """A connection was made."""
        with self._lock:
            self._connections += 1
            self._open += 1
            self._most_open = max(self._most_open, self._open)

    def closed(self) -> None:
        """A connection ended."""
        with self._lock:
            self._open -= 1

    def began(self, method: str, path: str) -> None:
        """A request was read."""
        with self._lock:
            self._requests[method, path] += 1
            self._in_flight += 1
            self._most_in_flight = max(self._most_in_flight, self._in_flight)

    def ended(self, status: int | None) -> None:
        """A request is done with; `status` is None when it was dropped."""
        with self._lock:
            self._in_flight -= 1
            if status is not None:
                self._statuses[status] += 1

    def plain(self) -> dict[str, Any]:
        """Everything as plain data."""
        with self._lock:
            return {
                "requests": [
                    {"method": method, "path": path, "number": number}
                    for (method, path), number in sorted(self._requests.items())
                ],
                "statuses": {str(status): number for status, number in sorted(self._statuses.items())},
                "connections": self._connections,
                "open_connections": self._open,
                "max_connections": self._most_open,
                "max_in_flight": self._most_in_flight,
            }
