"""Folders, a file mover and a ledger: cycles as the program runs them, in a home of their own."""

from __future__ import annotations

import itertools
import logging
import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.config.report import Report
from qcpump_qt.engine.config.validation import validate
from qcpump_qt.engine.config.values import Configuration
from qcpump_qt.engine.cycle import CycleOrder, run_cycle
from qcpump_qt.engine.ledger.ledger import Ledger
from qcpump_qt.engine.preview import Preview, PreviewHost
from qcpump_qt.engine.report import CycleReport
from qcpump_qt.engine.settings import Settings
from qcpump_qt.pumps.base import BasePump
from qcpump_qt.pumps.movers.pump import FileMover

AN_HOUR = 3600.0
_count = itertools.count()


def write(path: Path, content: str | bytes = "", *, age: float = AN_HOUR) -> Path:
    """A file that was last written so many seconds ago; no two files have the same time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    moment = time.time_ns() - int(age * 1e9) + next(_count)
    os.utime(path, ns=(moment, moment))
    return path


def contents(folder: Path) -> dict[str, str]:
    """All files below a folder, whatever their names: path to text."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@dataclass
class MoverScene:
    """One pump.

    Args:
        base: where its folders are made.
        kind: its pump type.
    """

    base: Path
    kind: type[BasePump] = FileMover
    pairs: list[dict[str, Any]] = field(default_factory=list)
    cancel: CancelToken = field(default_factory=CancelToken)
    lines: list[tuple[int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.home = self.base / "home"
        (self.home / "locks").mkdir(parents=True)
        self.source = self.folder("source")
        self.destination = self.folder("destination")
        self.ledger = Ledger.at(self.home / "ledger.sqlite3")

    @property
    def own_folder(self) -> Path:
        return self.home / "mover-1"

    def folder(self, name: str) -> Path:
        path = self.base / name
        path.mkdir()
        return path

    def pair(self, **values: Any) -> None:
        """Add a pair; what is left out has its default, and blanks in names are underscores here."""
        named = {name.replace("_", " "): value for name, value in values.items()}
        self.pairs.append({"source": str(self.source), "destination": str(self.destination), **named})

    @property
    def configuration(self) -> Configuration:
        section = self.kind.sections()[1].name
        return Configuration(self.kind.sections(), {section: [_as_text(pair) for pair in self.pairs]})

    def cycle(self) -> CycleReport:
        """One cycle; the lines of earlier ones are dropped."""
        self.lines.clear()
        if not self.pairs:
            self.pair()
        order = CycleOrder(
            pump_id="mover-1",
            name="Mover",
            type=self.kind.__name__,
            folder=self.own_folder,
            trigger="manual",
            settings=Settings(),
            make=lambda host: self.kind(self.configuration, host),
            log=lambda level, text: self.lines.append((level, text)),
        )
        return run_cycle(order, self.ledger, self.home / "locks", self.cancel)

    def told(self, least: int = logging.INFO) -> list[str]:
        """What the last cycle said."""
        return [text for level, text in self.lines if level >= least]

    def _host(self) -> PreviewHost:
        return PreviewHost(
            "mover-1",
            "Mover",
            self.own_folder,
            Settings(),
            self.cancel,
            lambda: self.ledger,
            lambda level, text: self.lines.append((level, text)),
        )

    def preview(self) -> Preview:
        self.lines.clear()
        return self._host().preview(lambda host: self.kind(self.configuration, host))

    def validate(self, *, online: bool = True) -> Report:
        pump = self.kind(self.configuration, self._host())
        return validate(pump, self.configuration, cancel=self.cancel, online=online)

    def verdicts(self) -> list[tuple[bool, str]]:
        """What validation says of each pair."""
        name = self.kind.sections()[1].name
        return [(each.valid, each.message) for each in self.validate().sections if each.section == name]

    def close(self) -> None:
        self.ledger.close()


def _as_text(pair: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, Path) else value for name, value in pair.items()}
