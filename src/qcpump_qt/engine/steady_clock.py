"""Seconds that no clock change moves and that go on while the computer sleeps, so that a pump is due in time."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

_CLOCKS = {"linux": "CLOCK_BOOTTIME", "darwin": "CLOCK_MONOTONIC"}
"""`time.monotonic` stands still while these systems sleep. On Windows it goes on."""


def steady_clock(platform: str = sys.platform, clocks: Any = time) -> Callable[[], float]:
    """The clock of this system; its seconds count from any moment.

    Args:
        platform: as `sys.platform`.
        clocks: has what the module `time` has.
    """
    number = getattr(clocks, _CLOCKS.get(platform, ""), None)
    read = getattr(clocks, "clock_gettime", None)
    monotonic: Callable[[], float] = clocks.monotonic
    if number is None or read is None:
        return monotonic
    try:
        read(number)
    except OSError:  # known to Python and not to this kernel
        return monotonic
    return lambda: float(read(number))


steady_seconds: Callable[[], float] = steady_clock()
"""The clock that schedules go by."""
