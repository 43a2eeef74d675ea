"""A host for pumps under test: keeps what the pump said, and does nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import PumpError
from qcpump_qt.engine.memory import SourceMemory
from qcpump_qt.engine.records import Destination, Record
from qcpump_qt.engine.settings import Settings


class RecordingHost:
    """Keeps log lines, progress and records in lists."""

    def __init__(self, folder: Path = Path("unused"), name: str = "My pump") -> None:
        self.pump_id = "my-pump-1"
        self.pump_name = name
        self.folder = folder
        self.cancel = CancelToken()
        self.settings = Settings()
        self.lines: list[tuple[int, str]] = []
        self.steps: list[tuple[float, str]] = []
        self.records: list[Record] = []
        self.previewing = False

    @property
    def memory(self) -> SourceMemory:
        raise AssertionError("This host remembers nothing; use a real ledger.")

    @property
    def messages(self) -> list[str]:
        return [message for _, message in self.lines]

    def log(self, level: int, message: str) -> None:
        self.lines.append((level, message))

    def progress(self, percent: float, message: str) -> None:
        self.steps.append((percent, message))

    def unreachable(self, message: str) -> None:
        self.lines.append((0, message))

    def settle_doubts(self, destination: Destination) -> PumpError | None:
        return None

    def forget(self, keys: Iterable[str]) -> None: ...

    def deliver(self, records: Iterable[Record], destination: Destination, **options: Any) -> None:
        self.records.extend(records)
