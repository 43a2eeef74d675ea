"""The one window of a home: this process, or another one that is asked to show itself."""

from __future__ import annotations

from qcpump_qt.controllers.instance import Instance
from qcpump_qt.engine.errors import BusyError
from qcpump_qt.engine.paths import Places


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
    if instance.claim():
        return instance
    reason = instance.ask_other()
    if reason:
        raise BusyError(reason, title="QCPump-Qt is open already")
    return None
