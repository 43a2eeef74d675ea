"""Whether a file is finished: nobody has written it for a while, or it looked the same in two looks."""

from __future__ import annotations

from datetime import datetime, timedelta

from qcpump_qt.sources.files.contents import Stamp

SETTLE = timedelta(seconds=10)
"""How long a file must have been left alone. Programs that export results write without such pauses, and it is
short beside the interval of a pump, so there is no setting for it."""

SETTLE_EMPTY = timedelta(minutes=10)
"""An empty file is nearly always one that somebody has opened and will fill."""


def is_settled(stamp: Stamp, since: datetime | None, now: datetime) -> bool:
    """Whether the file may be read as a whole.

    Its own time tells it where the clocks agree. Where the file server's clock is ahead, the file must have
    looked the same for as long; where it is behind, reading it notices that somebody writes.

    Args:
        stamp: how it looks now.
        since: when it was first seen looking so, None when that is now; aware of its zone.
        now: the present moment, aware of its zone.
    """
    needed = SETTLE if stamp.size else SETTLE_EMPTY
    age = now.timestamp() - stamp.mtime_ns / 1e9
    return age >= needed.total_seconds() or (since is not None and now - since >= needed)
