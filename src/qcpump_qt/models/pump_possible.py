"""What can be done with a pump in the state it is in; buttons and menus follow it."""

from __future__ import annotations

from qcpump_qt.models.rows import PumpRow, PumpState


def can_run(row: PumpRow) -> bool:
    """True when a cycle of the pump can be started now."""
    return row.state in {PumpState.IDLE, PumpState.WAITING, PumpState.ATTENTION}


def can_start(row: PumpRow) -> bool:
    """True when the pump could run by its interval and does not yet."""
    unfit = {PumpState.NOT_CONFIGURED, PumpState.INACTIVE, PumpState.INVALID}
    return row.next_run is None and row.state not in unfit


def can_stop(row: PumpRow) -> bool:
    """True when the pump runs, or has a next run that can be called off."""
    scheduled = row.next_run is not None and row.state is not PumpState.STOPPING
    return scheduled or row.state in {PumpState.RUNNING, PumpState.WAITING}


def can_preview(row: PumpRow) -> bool:
    """True when the pump was saved, so that there is something to look at."""
    return row.state is not PumpState.NOT_CONFIGURED


def can_be_started(row: PumpRow) -> bool:
    """True when *Run all* has anything to do for the pump."""
    return row.state not in {PumpState.NOT_CONFIGURED, PumpState.INACTIVE}
