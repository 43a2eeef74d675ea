"""What a running pump may ask of the program around it; the narrow door between the two."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import PumpError
from qcpump_qt.engine.memory import SourceMemory
from qcpump_qt.engine.records import Destination, Record
from qcpump_qt.engine.settings import Settings


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

    @property
    def settings(self) -> Settings:
        """The program's settings, such as time-outs."""

    @property
    def memory(self) -> SourceMemory:
        """What the pump remembers of its source from one cycle to the next."""

    @property
    def previewing(self) -> bool:
        """True where it is only looked at what a cycle would do: nothing may be changed then."""

    def log(self, level: int, message: str) -> None:
        """Write one line to the pump's log (levels as in `logging`); warnings also go into the report."""

    def progress(self, percent: float, message: str) -> None:
        """Tell how far the cycle is (0 to 100) and what it is doing."""

    def unreachable(self, message: str) -> None:
        """Tell that a part of the source could not be reached now; the cycle goes on and comes back to it."""

    def settle_doubts(self, destination: Destination) -> PumpError | None:
        """Ask the server about records that a cut-off cycle left behind; what kept some in doubt, or None."""

    def forget(self, keys: Iterable[str]) -> None:
        """Strike out waiting records that were never sent and have gone into others."""

    def deliver(
        self,
        records: Iterable[Record],
        destination: Destination,
        *,
        throttle: float = 0.0,
        autoskip: bool = True,
        hold: PumpError | None = None,
    ) -> None:
        """See to it that each record arrives exactly once; records what became of each in the ledger.

        Args:
            records: everything that is at the source and not yet final; may be a generator.
            destination: the server.
            throttle: seconds to pause between requests that are really sent.
            autoskip: whether tests that the server misses may be marked as skipped.
            hold: why nothing may be sent in this cycle; the records are met and wait for that reason.
        """
