"""What every way to start at login can tell and do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

NAME = "QCPump-Qt"
"""What people call the entry where their system lists it."""


class AutostartKind(Enum):
    """Whether the window starts at login."""

    OFF = "off"
    ON = "on"
    ELSEWHERE = "elsewhere"
    """Another program, or this one with other arguments or at another place, is entered."""
    UNKNOWN = "unknown"
    """The system does not tell."""


@dataclass(frozen=True)
class AutostartState:
    """What the system really has entered.

    Args:
        kind: on, off, elsewhere or unknown.
        why: in whole sentences; empty where the kind says it all.
        entered: the command that is entered, program first; empty where there is none.
    """

    kind: AutostartKind
    why: str = ""
    entered: tuple[str, ...] = ()


class Autostart(Protocol):
    """One system's way to start a program when somebody logs in; every call reads or writes what is really there."""

    def state(self) -> AutostartState:
        """What is entered now; never raises."""

    def switch_on(self, command: Sequence[str]) -> None:
        """Enter a command, in place of what was entered.

        Raises:
            ConfigurationError: the system refuses; the message says why.
        """

    def switch_off(self) -> None:
        """Take the entry away; one that is not there is fine.

        Raises:
            ConfigurationError: the system refuses; the message says why.
        """


def state_of(entered: Sequence[str], command: Sequence[str], *, off_because: str = "") -> AutostartState:
    """The state that an entry adds up to.

    Args:
        entered: the command that is entered; empty where there is none.
        command: the one that this program would enter.
        off_because: where the system was told not to start it, although it is entered.
    """
    found = tuple(entered)
    if not found:
        return AutostartState(AutostartKind.OFF)
    if off_because:
        return AutostartState(AutostartKind.OFF, off_because, found)
    if found == tuple(command):
        return AutostartState(AutostartKind.ON, entered=found)
    return AutostartState(
        AutostartKind.ELSEWHERE,
        f"Another QCPump-Qt is entered to start at login: {' '.join(found)}. "
        "Switch it on here to enter this one instead.",
        found,
    )


def unknown(why: str) -> AutostartState:
    """The state where the system cannot be asked."""
    return AutostartState(AutostartKind.UNKNOWN, why)
