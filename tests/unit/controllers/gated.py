"""A real pump type whose cycles wait at a gate that the test opens, and a home with such pumps."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qcpump_qt.app import Program
from qcpump_qt.engine.paths import Places
from qcpump_qt.engine.secrets import MemorySecrets
from qcpump_qt.engine.store import StoredPump
from qcpump_qt.pumps.base import BOOLEAN, STRING, BasePump

TYPE = "GatedPump"


@dataclass
class Gate:
    """What the cycles of one test do.

    Args:
        opened: set once they may go on.
        deaf: they do not hear that they should end.
        act: called in each cycle once it may go on.
        begun: the pump's name and the value of its field *mark*, for each cycle.
        most: how many waited at once.
    """

    opened: threading.Event = field(default_factory=threading.Event)
    deaf: bool = False
    act: Callable[[BasePump], None] = lambda _pump: None
    begun: list[tuple[str, str]] = field(default_factory=list)
    most: int = 0
    _inside: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def pass_through(self, pump: BasePump) -> None:
        with self._lock:
            self.begun.append((pump.name, pump.get_config_value("Gate", "mark")))
            self._inside += 1
            self.most = max(self.most, self._inside)
        try:
            while not self.opened.wait(0.005):
                if not self.deaf:
                    pump.pump_host.cancel.check()
            self.act(pump)
        finally:
            with self._lock:
                self._inside -= 1

    @property
    def names(self) -> list[str]:
        return [name for name, _mark in self.begun]


def gated_type(gate: Gate) -> type[BasePump]:
    class GatedPump(BasePump):
        DISPLAY_NAME = "Gated results"
        HELP_URL = "https://example.com/gated"
        CONFIG = [  # noqa: RUF012 - as the manual shows it
            {
                "name": "Gate",
                "fields": [
                    {"name": "mark", "type": STRING, "default": "as it was", "required": False, "help": "-"},
                    {"name": "wide", "type": BOOLEAN, "default": True, "required": False, "help": "-"},
                ],
            }
        ]

        def pump(self) -> None:
            gate.pass_through(self)

    return GatedPump


class GatedHome:
    """A home with pumps that wait at a gate."""

    def __init__(self, folder: Path) -> None:
        self.gate = Gate()
        self.program = Program(Places(folder), secrets=MemorySecrets(), builtin=[gated_type(self.gate)])

    def add(self, name: str = "Linac", mark: str = "as it was", **common: Any) -> StoredPump:
        values = {
            "Pump": [
                {"interval (s)": 60, "active": True, **{k.replace("_", " "): v for k, v in common.items()}}
            ],
            "Gate": [{"mark": mark}],
        }
        return self.program.store.add(name, TYPE, values)

    def every(self, pump: StoredPump, seconds: int, **common: Any) -> StoredPump:
        """The same pump, saved with another interval."""
        values = {**pump.values, "Pump": [{**pump.values["Pump"][0], "interval (s)": seconds, **common}]}
        return self.program.store.save(pump.changed(values=values))

    def history(self, pump: StoredPump) -> list[tuple[str, str, str]]:
        """Trigger, outcome and reason of each line in the book of cycles, the oldest first."""
        lines = reversed(self.program.ledger.cycles.latest(pump.id))
        return [(line.trigger, line.outcome, line.reason) for line in lines]

    def close(self) -> None:
        self.gate.opened.set()
        self.program.close()
