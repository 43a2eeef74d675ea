"""What controllers need of the program; `qcpump_qt.app.Program` has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    # For types alone: what stands behind them takes its time to load, and controllers are loaded at the start.
    from collections.abc import Callable, Collection, Mapping

    from qcpump_qt.engine.cancel import CancelToken
    from qcpump_qt.engine.config.report import Report
    from qcpump_qt.engine.config.values import Configuration
    from qcpump_qt.engine.ledger.ledger import Ledger
    from qcpump_qt.engine.ledger.shown import PumpSummary
    from qcpump_qt.engine.logs.logs import Logs, PumpLog
    from qcpump_qt.engine.paths import Places
    from qcpump_qt.engine.preview import Preview
    from qcpump_qt.engine.report import CycleReport
    from qcpump_qt.engine.settings import Settings
    from qcpump_qt.engine.store import BrokenPump, PumpStore, StoredPump


class HomeProgram(Protocol):
    """One home with everything in it. What may take its time is called on a pool's thread only."""

    places: Places
    settings: Settings
    logs: Logs
    store: PumpStore

    @property
    def ledger(self) -> Ledger:
        """The ledger; opened when it is first needed, which takes its time."""

    def standing(self) -> Mapping[str, PumpSummary]:
        """How each pump stands that has a record or a cycle, by its id."""

    @property
    def catalogue(self) -> Any:
        """All pump types (`compat.catalogue.Catalogue`); loaded when first needed, which takes its time."""

    def pumps(self) -> tuple[list[StoredPump], list[BrokenPump]]:
        """The configured pumps, and those whose document cannot be read."""

    def is_active(self, pump: StoredPump) -> bool:
        """False when the pump was switched off."""

    def interval(self, pump: StoredPump) -> float:
        """Seconds between two cycles."""

    def configuration(self, pump: StoredPump, *, secrets: bool = True) -> Configuration:
        """The pump's values, checked against its type."""

    def run(
        self, pump: StoredPump, trigger: str, cancel: CancelToken, progress: Callable[[float, str], None]
    ) -> CycleReport:
        """One cycle of the pump; never raises for what happens in it."""

    def preview(self, pump: StoredPump, cancel: CancelToken) -> Preview:
        """What a cycle would do; nothing is sent or recorded."""

    def validate(self, pump: StoredPump, cancel: CancelToken) -> Report:
        """Validate the pump's configuration, servers and shares included."""

    def validate_values(self, pump: StoredPump, cancel: CancelToken) -> Report:
        """What can be told of the pump's configuration at once, without its secrets and servers."""

    def log_of(self, pump: StoredPump) -> PumpLog:
        """The pump's own log."""

    def secret_fields(self, type_key: str) -> Collection[tuple[str, str]]:
        """(section, field) of each secret field of a pump type."""
