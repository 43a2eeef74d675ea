"""Runs one cycle of an uploader in a process of its own, which a test may kill at any moment."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.config.values import Configuration
from qcpump_qt.engine.cycle import CycleOrder, run_cycle
from qcpump_qt.engine.ledger.ledger import Ledger
from qcpump_qt.engine.settings import Settings
from qcpump_qt.pumps.uploads.pump import QATrackGenericBinaryFileUploader as Uploader

PUMP = "uploads"


def tell(line: str) -> None:
    """Write one line to whoever started the process."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Arguments: the home, and the pump's values as JSON."""
    home = Path(sys.argv[1])
    configuration = Configuration(Uploader.sections(), json.loads(sys.argv[2]))
    home.mkdir(exist_ok=True)
    ledger = Ledger.at(home / "ledger.sqlite3")
    order = CycleOrder(
        pump_id=PUMP,
        name="Uploads",
        type="QATrackGenericBinaryFileUploader",
        folder=home,
        trigger="manual",
        settings=Settings(),
        make=lambda host: Uploader(configuration, host),
        log=lambda _level, _text: None,
    )
    import qcpump_qt.qatrack.server  # noqa: F401 - before the clock of the killer starts

    tell("ready")
    report = run_cycle(order, ledger, home / "locks", CancelToken())
    ledger.close()
    tell(json.dumps(report.as_json()))


if __name__ == "__main__":
    main()
