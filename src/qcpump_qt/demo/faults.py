"""Troubles that the stand-in makes on demand, so that tests can see what a pump does about them.

::

    standin.faults.latency_ms = 20
    standin.faults.add("drop-after", times=1)              # the next POST is stored, its answer never comes
    standin.faults.add("429", method="GET", times=3, seconds=2)
    standin.faults.add("500", times=None, probability=0.1, seed=7)
    standin.faults.clear()
"""

from __future__ import annotations

import random
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class FaultKind(str, Enum):
    """What goes wrong; "after" means that the request was carried out (a session stored) before."""

    DROP_BEFORE = "drop-before"
    """The connection breaks, nothing was done."""
    DROP_AFTER = "drop-after"
    """The request is carried out, then the connection breaks without an answer."""
    ERROR = "500"
    """An HTML error page, nothing was done."""
    ERROR_AFTER = "500-after"
    """The request is carried out, then answered by an HTML error page."""
    UNAVAILABLE = "503"
    """A gateway's HTML page."""
    THROTTLED = "429"
    """The throttle's answer, with `Retry-After` of `seconds`."""
    HANG = "hang"
    """Nothing for `seconds`; then the request is carried out and answered, whoever still listens."""
    HANG_AFTER = "hang-after"
    """The request is carried out, the answer comes `seconds` later."""
    REDIRECT = "307"
    """A redirection to the same address."""
    PAGE = "html"
    """Status 200 and an HTML page, as a proxy or a login page in between gives; nothing was done."""
    SLOW_BODY = "slow-body"
    """The request is carried out; head at once, then the body in small pieces over `seconds`."""


@dataclass
class Fault:
    """One planned trouble.

    Args:
        kind: what goes wrong.
        method: the method that it happens to, or ``ANY``.
        times: how often at most; None for without end.
        probability: of happening to a request that fits.
        seed: makes the chances repeatable.
        seconds: for the kinds that take time, and `Retry-After`.
        path: a part of the path that it happens to; empty for every path.
    """

    kind: FaultKind
    method: str = "POST"
    times: int | None = 1
    probability: float = 1.0
    seed: int = 0
    seconds: float = 0.0
    path: str = ""
    _chance: random.Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.kind = FaultKind(self.kind)
        # Chance here is for repeatable tests, nothing secret.
        self._chance = random.Random(self.seed)  # noqa: S311

    def strikes(self, method: str, path: str) -> bool:
        """Whether it happens to this request; counts it when it does."""
        if self.times == 0 or self.method not in (method, "ANY") or self.path not in path:
            return False
        if self.probability < 1.0 and self._chance.random() >= self.probability:
            return False
        if self.times is not None:
            self.times -= 1
        return True


class Faults:
    """All planned troubles of one stand-in; may be changed from any thread while it runs."""

    def __init__(self) -> None:
        self.latency_ms = 0.0
        self._lock = threading.Lock()
        self._planned: list[Fault] = []

    def add(
        self,
        kind: FaultKind | str,
        *,
        method: str = "POST",
        times: int | None = 1,
        probability: float = 1.0,
        seed: int = 0,
        seconds: float = 0.0,
        path: str = "",
    ) -> None:
        """Plan a trouble (see `Fault`); several are asked in the order of adding, one strikes per request.

        Raises:
            ValueError: there is no such kind.
        """
        fault = Fault(FaultKind(kind), method, times, probability, seed, seconds, path)
        with self._lock:
            self._planned.append(fault)

    def clear(self) -> None:
        """Forget all troubles and the latency."""
        with self._lock:
            self._planned.clear()
            self.latency_ms = 0.0

    def strike(self, method: str, path: str) -> Fault | None:
        """The trouble that this request meets, if any."""
        with self._lock:
            return next((fault for fault in self._planned if fault.strikes(method, path)), None)

    def set(self, plan: Mapping[str, Any]) -> None:
        """Carry out a posted plan ``{"clear": true, "latency_ms": 5, "add": [{"kind": "500"}]}``.

        Raises:
            ValueError: it has a word that is not known.
        """
        unknown = set(plan) - {"clear", "latency_ms", "add"}
        if unknown:
            raise ValueError(f"Not known: {', '.join(sorted(unknown))}.")
        if plan.get("clear"):
            self.clear()
        for each in plan.get("add", []):
            try:
                self.add(**each)
            except TypeError as error:
                raise ValueError(str(error)) from error
        if "latency_ms" in plan:
            self.latency_ms = float(plan["latency_ms"])
