"""When the work of an uploaded file was done, as QATrack+ takes it: the clock on the wall, without a zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

SECOND = timedelta(seconds=1)
"""QCPump 0.3 gives every upload one second (compatibility reference, section 5)."""


@dataclass(frozen=True)
class WorkTimes:
    """Start and end of the work, with what should be told about them."""

    started: str
    completed: str
    notes: tuple[str, ...] = ()


def work_times(moment: datetime) -> WorkTimes:
    """The work times of an upload.

    Args:
        moment: a moment that has been, by the local clock and without zone; ``fold`` tells the two passes of
            an hour apart that comes twice when clocks are set back.
    """
    after = (moment.astimezone() + SECOND).astimezone().replace(tzinfo=None)
    # Where the clock jumps in that second, forward leaves out an hour, and back would end before the start.
    completed = after if after > moment.replace(fold=0) else moment + SECOND
    notes: tuple[str, ...] = ()
    if _comes_twice(moment):
        notes = (
            f"its time {moment:%Y-%m-%d %H:%M} came twice in that night, as the clocks were set back; QATrack+ may "
            "take it for the other one, an hour off. Look at it there.",
        )
    return WorkTimes(_text(moment), _text(completed), notes)


def _comes_twice(moment: datetime) -> bool:
    first, second = (moment.replace(fold=fold).astimezone().utcoffset() for fold in (0, 1))
    return first is not None and second is not None and first > second


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S")
