"""The one window of a home: this process, or another one that is asked to show itself."""

from __future__ import annotations

import time

from qcpump_qt.controllers.instance import Instance
from qcpump_qt.engine.errors import BusyError
from qcpump_qt.engine.paths import Places

PATIENCE = 6.0
"""Seconds that a window that was quit gets to end; it gives a cycle 2 s."""
ANSWER = 1.5
"""Seconds that a window gets to answer."""


def first_window(places: Places) -> Instance | None:
    """Become the window of this home.

    Args:
        places: the home.

    Returns:
        what other starts will call, or None when another window was there and shows itself now.

    Raises:
        BusyError: another window is there and does not answer; the message says what to do.
    """
    instance = Instance(places.locks, places.root)
    until = time.monotonic() + PATIENCE
    while not instance.claim():
        reason = instance.ask_other(ANSWER)
        if not reason:
            return None
        # A window that is about to end answers nobody; this one then takes its place.
        if time.monotonic() > until:
            raise BusyError(reason, title="QCPump-Qt is open already")
    return instance
