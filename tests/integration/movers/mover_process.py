"""A process that runs a file mover's cycles one after the other until it is killed."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.config.values import Configuration
from qcpump_qt.engine.cycle import CycleOrder, run_cycle
from qcpump_qt.engine.ledger.ledger import Ledger
from qcpump_qt.engine.report import CycleReport
from qcpump_qt.engine.settings import Settings
from qcpump_qt.pumps.movers.pump import FileMover


def one_cycle(home: Path, pair: dict[str, Any]) -> CycleReport:
    """As the program runs it; locks and ledger are in `home`."""
    (home / "locks").mkdir(parents=True, exist_ok=True)
    configuration = Configuration(FileMover.sections(), {"FileMover": [pair]})
    order = CycleOrder(
        pump_id="mover-1",
        name="Mover",
        type="FileMover",
        folder=home / "mover-1",
        trigger="interval",
        settings=Settings(),
        make=lambda host: FileMover(configuration, host),
        log=lambda _level, _text: None,
    )
    ledger = Ledger.at(home / "ledger.sqlite3")
    try:
        return run_cycle(order, ledger, home / "locks", CancelToken())
    finally:
        ledger.close()


def _for_ever(home: Path, pair: dict[str, Any]) -> None:
    while True:
        one_cycle(home, pair)


class MoverProcesses:
    """Starts such processes quickly, one at a time."""

    def __init__(self) -> None:
        self._context: SpawnContext | ForkServerContext
        if sys.platform == "win32":
            self._context = multiprocessing.get_context("spawn")
        else:
            self._context = multiprocessing.get_context("forkserver")
            self._context.set_forkserver_preload([__name__])

    @contextmanager
    def running(self, home: Path, pair: dict[str, Any]) -> Iterator[BaseProcess]:
        """One process; killed at the end of the block, wherever it is then."""
        process = self._context.Process(target=_for_ever, args=(home, pair))
        process.start()
        try:
            yield process
        finally:
            if process.pid is not None and process.is_alive():
                os.kill(process.pid, signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
            process.join()
            process.close()
