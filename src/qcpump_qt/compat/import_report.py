"""What came over from QCPump 0.3 and what did not, as data and in lines for people."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from qcpump_qt.compat.old_config import UnusableItem


class Outcome(str, Enum):
    """What became of a pump; the values are also the words shown to people."""

    IMPORTED = "imported"
    ALREADY_THERE = "already there"
    FAILED = "not imported"


@dataclass(frozen=True)
class PumpOutcome:
    """What became of one pump.

    Args:
        outcome: whether it came over.
        path: its old `config.json`.
        name: its name, here as well as there unless a note says otherwise.
        type: the class name of its pump type.
        id: its id here, empty when it is not here.
        notes: what else there is to know, as whole sentences; never with a secret in them.
    """

    outcome: Outcome
    path: Path
    name: str
    type: str
    id: str = ""
    notes: tuple[str, ...] = ()

    def line(self) -> str:
        """The outcome for people, the notes indented below it."""
        head = f"Pump {self.name} ({self.type}): {self.outcome.value}."
        return "\n".join([head, *(_indented(note) for note in self.notes)])


@dataclass
class ImportReport:
    """What an import did.

    Args:
        folder: the configuration folder that was read.
        pumps: what became of each pump that could be read.
        unusable: what could not be read, and why.
        settings: the names of the settings that came over.
        messages: what else there is to know, as whole sentences.
    """

    folder: Path
    pumps: list[PumpOutcome] = field(default_factory=list)
    unusable: list[UnusableItem] = field(default_factory=list)
    settings: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """True when every pump of the old folder is here now, with its secrets."""
        failed = any(pump.outcome is Outcome.FAILED for pump in self.pumps)
        return not (failed or self.unusable or self.secrets_missing)

    @property
    def secrets_missing(self) -> bool:
        """True when tokens or passwords have to be typed anew."""
        return any("qcpump-qt secret set" in note for pump in self.pumps for note in pump.notes)

    def of(self, outcome: Outcome) -> list[PumpOutcome]:
        """The pumps with this outcome."""
        return [pump for pump in self.pumps if pump.outcome is outcome]

    def lines(self) -> list[str]:
        """The report for people; the first line is the summary."""
        counts = ", ".join(f"{len(self.of(outcome))} {outcome.value}" for outcome in Outcome)
        noun = "item" if len(self.unusable) == 1 else "items"
        lines = [f"Import from {self.folder}: pumps {counts}; {len(self.unusable)} {noun} could not be read."]
        lines += [pump.line() for pump in self.pumps]
        lines += [f"Not imported: {item.path}\n{_indented(item.reason)}" for item in self.unusable]
        if self.settings:
            lines.append(f"Settings imported: {', '.join(self.settings)}.")
        return lines + self.messages


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())
