"""Why a start did not become a cycle, and why a pump cannot be run now: the words for it."""

from __future__ import annotations

UNKNOWN = (
    "This pump cannot be run, as it has no configuration that can be used. Save one in the tab Configuration."
)
STOPPED = "It was stopped before its turn came."
SWITCHED_OFF = "The pump was switched off in its configuration before its turn came."
DELETED = "The pump was deleted before its turn came."


def slept(starts: int) -> str:
    """Starts that went by while the computer slept."""
    one = starts == 1
    makes_up = "The cycle that runs now makes up for it." if one else "One cycle makes up for all of them."
    return f"{_passed(starts)}, as the computer slept or was held up. {makes_up}"


def still_running(starts: int) -> str:
    """Starts that went by during a long cycle."""
    return f"{_passed(starts)}, as the cycle before was still running."


def no_turn(starts: int) -> str:
    """Starts that went by while the pump waited for others."""
    return f"{_passed(starts)}, as the one before was still waiting for its turn."


def queued(parallel: int) -> str:
    """A start that waits because enough pumps are running."""
    running = (
        "1 pump is running, and no more run"
        if parallel == 1
        else f"{parallel} pumps are running, and no more run"
    )
    return f"It waits for its turn: {running} at the same time."


def inactive(name: str) -> str:
    """A start of a pump that is switched off."""
    return f'"{name}" is switched off. Tick "active" in its configuration and save it, then run it.'


def under_way(name: str) -> str:
    """A start of a pump that is running."""
    return f'"{name}" is running already. Its next cycle can be started when this one has ended.'


def stopping(name: str) -> str:
    """A start of a pump that is being stopped."""
    return f'"{name}" is still stopping. Run it again when it has stopped.'


def in_line(name: str) -> str:
    """A start of a pump that waits for its turn."""
    return f'"{name}" is waiting for its turn already and runs as soon as it comes.'


def not_now(reason: str) -> str:
    """What keeps all pumps from running."""
    return f"The pumps cannot run now. {reason}"


def _passed(starts: int) -> str:
    return "1 start was passed over" if starts == 1 else f"{starts} starts were passed over"
