"""What a cycle has to tell: counts, messages, outcome. Plain data, ready for JSON."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from qcpump_qt.engine.records import DeliveryState

MOST_MESSAGES = 1000
"""Messages kept in one report; the log has them all."""


class CycleOutcome(str, Enum):
    """How a cycle ended, in one word."""

    OK = "ok"
    ATTENTION = "attention"
    """It ended, and something needs looking at (rejected, no match, one folder unreadable)."""
    UNREACHABLE = "unreachable"
    """The source or the server could not be reached; it is tried again in the next cycle."""
    FAILED = "failed"
    INVALID = "invalid"
    INACTIVE = "inactive"
    BUSY = "busy"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Message:
    """One thing told: a level name as in `logging`, in lower case, and a text that names its item."""

    level: str
    text: str


COUNT_NAMES = {
    DeliveryState.DELIVERED: "delivered",
    DeliveryState.ALREADY_THERE: "already_there",
    DeliveryState.WAITING: "waiting",
    DeliveryState.SENDING: "waiting",
    DeliveryState.SKIPPED: "skipped",
    DeliveryState.REJECTED: "rejected",
}


@dataclass
class Tally:
    """Collects what a cycle found and told while it runs.

    Args:
        listen: called with level and text of every message, e.g. the pump's log.
    """

    listen: Callable[[int, str], None]
    states: dict[str, DeliveryState] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    unreachable: bool = False
    trouble: bool = False
    _told: set[str] = field(default_factory=set)
    _failure: str = ""
    _serious: str = ""

    def note(self, key: str, state: DeliveryState) -> None:
        """The record with this key now has this state."""
        self.states[key] = state

    def tell(self, level: int, text: str, *, keep: bool = False, serious: bool = False) -> None:
        """Tell a person; the same text is told once a cycle.

        Args:
            level: as in `logging`; warnings and errors always go into the report.
            text: what is told.
            keep: True puts it into the report whatever its level, as what a pump itself wants to say.
            serious: True when somebody has to look at it, whatever its level.
        """
        self.trouble |= serious
        if level >= logging.ERROR:
            self._failure = self._failure or text
        elif serious:
            self._serious = self._serious or text
        if keep or level >= logging.WARNING:
            if text in self._told:
                return
            self._told.add(text)
            if len(self.messages) < MOST_MESSAGES:
                self.messages.append(Message(logging.getLevelName(level).lower(), text))
        self.listen(level, text)

    def counts(self) -> dict[str, int]:
        """How many records were found, and in which state they are now; found is the sum of the others."""
        found = Counter(COUNT_NAMES[state] for state in self.states.values())
        counts = {name: found.get(name, 0) for name in dict.fromkeys(COUNT_NAMES.values())}
        return {"found": len(self.states), **counts}

    def gist(self) -> str:
        """What somebody has to look at: first what failed, such as a share that is away, then what else there is.

        Where nothing of that was told, the last that was; empty when all is well.
        """
        told = " ".join(filter(None, (self._failure, self._serious)))
        if told or self.outcome() is CycleOutcome.OK:
            return told
        return self.messages[-1].text if self.messages else ""

    def outcome(self) -> CycleOutcome:
        """The worst of what happened, in one word."""
        if self.trouble or DeliveryState.REJECTED in self.states.values():
            return CycleOutcome.ATTENTION
        return CycleOutcome.UNREACHABLE if self.unreachable else CycleOutcome.OK


@dataclass(frozen=True)
class CycleReport:
    """The result of one cycle of one pump."""

    name: str
    type: str
    outcome: CycleOutcome
    counts: dict[str, int]
    seconds: float
    messages: tuple[Message, ...] = ()
    reason: str = ""
    """Why it ended so: what somebody has to look at first; empty when all is well."""

    def as_json(self) -> dict[str, Any]:
        """The shape that the command line prints."""
        return {
            "name": self.name,
            "type": self.type,
            "outcome": self.outcome.value,
            **dict.fromkeys(("found", *COUNT_NAMES.values()), 0),
            **self.counts,
            "seconds": round(self.seconds, 3),
            "messages": [{"level": message.level, "text": message.text} for message in self.messages],
        }
