"""In which state a pump is, and all of them together: one word each, for tree, tray and tooltip."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class PumpState(str, Enum):
    """One pump's state; the values are the words shown to people."""

    NOT_CONFIGURED = "Not configured"
    """It was added and never saved."""
    INVALID = "Invalid"
    """Its configuration is not in order, so it cannot run."""
    INACTIVE = "Inactive"
    """It was switched off in its configuration."""
    IDLE = "Idle"
    """It could run, and nobody has started it."""
    WAITING = "Waiting"
    """It was started and waits for its next cycle."""
    RUNNING = "Running"
    STOPPING = "Stopping"
    """Its cycle was asked to end and has not ended yet."""
    ATTENTION = "Needs attention"
    """Somebody has to look: its last cycle failed, or records were rejected or find no unit."""


class OverallState(str, Enum):
    """The state of all pumps together; the values are the words shown to people."""

    NOT_CONFIGURED = "Not configured"
    INVALID = "Invalid"
    INACTIVE = "Inactive"
    IDLE = "Idle"
    WAITING = "Waiting"
    RUNNING = "Running"
    STOPPING = "Stopping"
    ATTENTION = "Needs attention"
    MIXED = "Mixed"


@dataclass(frozen=True, kw_only=True)
class PumpFacts:
    """What decides about a pump's state.

    Args:
        saved: it has a configuration on disk.
        active: it is switched on in that configuration.
        valid: what the last validation said; None while nobody has looked.
        scheduled: it was started and has a next cycle.
        running: a cycle is under way.
        stopping: that cycle was asked to end.
        attention: somebody has to look at what its last cycle left.
    """

    saved: bool = True
    active: bool = True
    valid: bool | None = None
    scheduled: bool = False
    running: bool = False
    stopping: bool = False
    attention: bool = False


def state_of(facts: PumpFacts) -> PumpState:
    """The one state that these facts add up to; what is happening now comes before what was found."""
    ranked = (
        (not facts.saved, PumpState.NOT_CONFIGURED),
        (facts.running and facts.stopping, PumpState.STOPPING),
        (facts.running, PumpState.RUNNING),
        (not facts.active, PumpState.INACTIVE),
        (facts.valid is False, PumpState.INVALID),
        (facts.attention, PumpState.ATTENTION),
        (facts.scheduled, PumpState.WAITING),
    )
    return next((state for holds, state in ranked if holds), PumpState.IDLE)


def overall_of(states: Iterable[PumpState]) -> OverallState:
    """The state of all pumps together.

    Trouble comes first, then what is happening; pumps that were switched off count only where there are no
    others; otherwise all have to agree, or the state is *Mixed*.
    """
    found = set(states)
    for state in (PumpState.ATTENTION, PumpState.STOPPING, PumpState.RUNNING):
        if state in found:
            return OverallState(state.value)
    counting = found - {PumpState.INACTIVE} or found
    if len(counting) > 1:
        return OverallState.MIXED
    return OverallState(counting.pop().value) if counting else OverallState.NOT_CONFIGURED
