"""How fast a server may be asked: one gate for all pumps that share a server and a token.

QATrack+ counts requests by user (500 a minute on sessions, qatrack-api, Throttling), and some servers
answer parallel requests with 500, so what one pump learns has to hold for the others too.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import ServerUnavailable
from qcpump_qt.qatrack.address import ServerAddress

CONNECTIONS = 4
"""Most requests that are under way at once, unless the settings say otherwise."""
SERIAL_SECONDS = 300.0
"""How long requests go one at a time after parallel ones were answered with 5xx."""
LONGEST_WAIT = 120.0
"""Seconds that a request waits at most for a pause that the server asked for; longer ones are an error."""
_LOOK_AROUND = 0.1


class Turn:
    """One request under way."""

    def __init__(self) -> None:
        self.parallel = False
        """True once another request was under way at the same time."""


class RateGate:
    """Lets requests pass at the pace that the server bears; may be used from any thread.

    Args:
        clock: monotonic seconds.
        most: requests under way at once, of all pumps together.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, most: int = CONNECTIONS) -> None:
        self._clock = clock
        self.most = most
        self._lock = threading.Lock()
        self._left = threading.Condition(self._lock)
        self._not_before = float("-inf")
        self._serial_until = float("-inf")
        self._last_turn = float("-inf")
        self._turns: list[Turn] = []

    def connections(self, throttle: float = 0.0) -> int:
        """How many requests may be under way at once: one with a throttle or in the serial phase, else `most`."""
        with self._lock:
            return 1 if throttle > 0 or self._serial() else self.most

    def pause_left(self) -> float:
        """Seconds left of a pause that the server asked for; 0 when there is none."""
        with self._lock:
            return max(0.0, self._not_before - self._clock())

    def wait_turn(self, cancel: CancelToken, throttle: float = 0.0) -> None:
        """Wait until the next request may leave.

        Args:
            cancel: ends the wait.
            throttle: least seconds between two requests that are really sent.

        Raises:
            Cancelled: `cancel` was set.
            ServerUnavailable: the server asked for a pause that is too long to sit out.
        """
        self.wait_open(cancel)
        if throttle <= 0:
            return
        with self._lock:
            turn = self._last_turn = max(self._clock(), self._last_turn + throttle)
        self._wait_until(lambda: turn, cancel)
        self.wait_open(cancel)

    def wait_open(self, cancel: CancelToken) -> None:
        """Wait for the end of a pause that the server asked for; errors as in `wait_turn`."""
        left = self.pause_left()
        if left > LONGEST_WAIT:
            raise ServerUnavailable(
                f"The server asked for a pause; {left:.0f} seconds of it are left. "
                "What was not sent goes in a later cycle.",
                title="Server asks for a pause",
                retry_after=left,
                reached=True,
                status=429,
            )
        self._wait_until(lambda: self._not_before, cancel)

    def note_throttled(self, seconds: float) -> None:
        """The server asked for a pause (429); a shorter one never cuts an earlier one."""
        with self._lock:
            self._not_before = max(self._not_before, self._clock() + max(0.0, seconds))

    def note_server_error(self, parallel: bool) -> None:
        """The server answered 5xx; when requests were parallel, they go one at a time for five minutes."""
        if parallel:
            with self._lock:
                self._serial_until = self._clock() + SERIAL_SECONDS

    @contextmanager
    def under_way(self, cancel: CancelToken) -> Iterator[Turn]:
        """Around each request; waits until there is room for it (in the serial phase, until no other is under way)."""
        turn = Turn()
        while not self._enter(turn):
            with self._left:
                self._left.wait(_LOOK_AROUND)
            cancel.check()
        try:
            yield turn
        finally:
            with self._left:
                self._turns.remove(turn)
                self._left.notify()

    def _enter(self, turn: Turn) -> bool:
        with self._lock:
            if len(self._turns) >= (1 if self._serial() else self.most):
                return False
            self._turns.append(turn)
            if len(self._turns) > 1:
                for each in self._turns:
                    each.parallel = True
            return True

    def _serial(self) -> bool:
        return self._clock() < self._serial_until

    def _wait_until(self, moment: Callable[[], float], cancel: CancelToken) -> None:
        cancel.check()
        while (left := moment() - self._clock()) > 0:
            cancel.wait(min(left, LONGEST_WAIT))
            cancel.check()


_gates: dict[str, RateGate] = {}
_gates_lock = threading.Lock()


def gate_for(address: ServerAddress, most: int = CONNECTIONS) -> RateGate:
    """The gate of this process for the address's server and token; kept by a hash, never by the token.

    Args:
        address: server and token.
        most: requests under way at once; the newest word counts.
    """
    text = f"{address.api_url}\0{address.token}"
    key = hashlib.sha256(text.encode("utf-8")).hexdigest()
    with _gates_lock:
        gate = _gates.setdefault(key, RateGate())
        gate.most = most
        return gate
