"""What is said of all pumps together, and why one of them needs attention."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from qcpump_qt.engine.pump_state import OverallState, PumpState

NO_PUMP = "No pump is configured yet"
NO_TYPE = "Cannot be read"
NOT_SAVED = "It has not been saved yet."
SWITCHED_OFF = "It is switched off in its configuration."
NOT_IN_ORDER = "Its configuration is not in order. The tab Configuration shows what has to be put right."
FAILED = "The last cycle failed. The tab Activity shows what happened."
LOOK = "The last cycle left something to look at. The tab Activity shows what."

_DOES = {
    PumpState.ATTENTION: ("needs attention", "need attention"),
    PumpState.INVALID: ("is invalid", "are invalid"),
    PumpState.STOPPING: ("is stopping", "are stopping"),
    PumpState.RUNNING: ("is running", "are running"),
    PumpState.WAITING: ("waits for its next cycle", "wait for their next cycle"),
    PumpState.IDLE: ("is idle", "are idle"),
    PumpState.NOT_CONFIGURED: ("is not saved yet", "are not saved yet"),
    PumpState.INACTIVE: ("is inactive", "are inactive"),
}
_HAPPENING = frozenset({OverallState.ATTENTION, OverallState.STOPPING, OverallState.RUNNING})


def overall_text(overall: OverallState, states: Sequence[PumpState]) -> str:
    """The state of all pumps together, in some words without a full stop.

    Args:
        overall: that state.
        states: of each pump.
    """
    if not states:
        return NO_PUMP
    counts = Counter(states)
    if overall in _HAPPENING:
        return _counted(PumpState(overall.value), counts)
    if len(counts) == 1:
        singular, plural = _DOES[states[0]]
        return f"The pump {singular}" if len(states) == 1 else f"All {len(states)} pumps {plural}"
    return ", ".join(_counted(state, counts) for state in _DOES if counts[state])


def rejected(number: int) -> str:
    """Records that the server refused and nobody has cared for."""
    if number == 1:
        return "1 record was rejected by the server. The tab Records shows why; mend it and retry it there."
    return f"{number} records were rejected by the server. The tab Records shows why; mend them and retry them there."


def in_trouble(number: int) -> str:
    """Records that wait for something that somebody has to do."""
    if number == 1:
        return "1 record waits for something that has to be put right. The tab Records shows what."
    return f"{number} records wait for something that has to be put right. The tab Records shows what."


def waits_for_server(message: str) -> str:
    """A cycle that did not reach what it needs, for the first time."""
    return _with("Waiting for the server or the source; it is tried again in the next cycle.", message)


def unreachable(times: int, message: str) -> str:
    """Some cycles after another that did not reach what they need."""
    return _with(f"The server or the source could not be reached in the last {times} cycles.", message)


def unreachable_long(message: str) -> str:
    """One cycle that did not, and that is long ago."""
    return _with("The server or the source has not been reached for more than an hour.", message)


def _with(sentence: str, message: str) -> str:
    return f"{sentence} {message}" if message else sentence


def _counted(state: PumpState, counts: Counter[PumpState]) -> str:
    number = counts[state]
    singular, plural = _DOES[state]
    return f"1 pump {singular}" if number == 1 else f"{number} pumps {plural}"
