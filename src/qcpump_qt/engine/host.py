"""What a running pump may ask of the program around it; the narrow door between the two."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.records import Destination, Record


class PumpHost(Protocol):
    """Given to every pump; implemented by the cycle, by validation, by preview and by tests."""

    @property
    def pump_id(self) -> str:
        """The pump's stable id, also the name of its folder."""

    @property
    def pump_name(self) -> str:
        """The name its users gave it."""

    @property
    def folder(self) -> Path:
        """The pump's own folder, for files it wants to keep."""

    @property
    def cancel(self) -> CancelToken:
        """Set when the cycle should end."""

    def log(self, level: int, message: str) -> None:
        """Write one line to the pump's log (levels as in `logging`)."""

    def progress(self, percent: float, message: str) -> None:
        """Tell how far the cycle is (0 to 100) and what it is doing."""

    def deliver(self, records: Iterable[Record], destination: Destination, *, throttle: float = 0.0) -> None:
        """See to it that each record arrives exactly once; records what became of each in the ledger.

        Args:
            records: everything that is at the source and not yet final; may be a generator.
            destination: the server.
            throttle: seconds to pause between requests that are really sent.
        """
