"""A host that collects what a pump would deliver, and delivers nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from qcpump_qt.engine.preview import PreviewHost
from qcpump_qt.engine.records import Destination, Record


class CollectingHost(PreviewHost):
    """Keeps every record that a pump hands over, also two with one key."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.found: list[Record] = []
        self.lines: list[tuple[int, str]] = []

    def log(self, level: int, message: str) -> None:
        """As in a preview; kept as well."""
        self.lines.append((level, message))
        super().log(level, message)

    def deliver(self, records: Iterable[Record], destination: Destination, **_options: Any) -> None:  # noqa: ARG002 - nothing is sent
        """Collect."""
        self.found.extend(records)
