"""A window that nobody uses: it shows how the pumps stand, and has loaded nothing of what only a cycle needs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from qcpump_qt.app import Program
from qcpump_qt.engine.paths import Places
from qcpump_qt.engine.report import CycleOutcome
from qcpump_qt.engine.secrets import MemorySecrets
from qcpump_qt.engine.store import Values

HEAVY = ("sqlalchemy", "requests", "keyring", "cryptography", "jinja2", "pydantic", "numpy", "pyqtgraph")
STARTED = """
import json, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from qcpump_qt.app import Program
from qcpump_qt.desktop.application import application
from qcpump_qt.desktop.desktop import Desktop
from qcpump_qt.desktop.home import first_window
from qcpump_qt.engine.paths import Places

home, heavy, hidden = Path(sys.argv[1]), sys.argv[2].split(","), sys.argv[3] == "hidden"
app = application()
instance = first_window(Places(home))
told = {}

def look(desktop):
    rows = desktop.backstage.overview.rows()
    busy = desktop.backstage.tasks.busy or desktop.backstage.long_tasks.busy
    if not busy and len(rows) == 5 and all(row.last_success and row.state.value == "Invalid" for row in rows):
        told["heavy"] = sorted(set(heavy) & set(sys.modules))
        told["reasons"] = sorted({row.reason for row in rows})
        desktop.ending.end_at_once()

with Program(Places(home)) as program:
    desktop = Desktop(app, program, instance, hidden=hidden, tray_there=lambda: hidden)
    timer = QTimer()
    timer.timeout.connect(lambda: look(desktop))
    timer.start(50)
    desktop.run()
print(json.dumps(told))
"""


def home_with_history(folder: Path) -> Path:
    """Five pumps that have run before, whose results are no longer where they were."""
    home = folder / "home"
    with Program(Places(home), MemorySecrets()) as program:
        for number in range(5):
            values: Values = {
                "MPC": [{"tds directory": str(home / "TDS"), "history days": 30}],
                "QATrack+ API": [{"api url": "http://127.0.0.1:9/api", "auth token": "4f" * 20}],
                "Test List": [{"name": ""}],
            }
            fields = program.secret_fields("QATrackMPCPump")
            (home / "TDS").mkdir(exist_ok=True)
            pump = program.store.add(f"Linac {number}", "QATrackMPCPump", values, fields)
            cycle = program.ledger.cycles.begin(pump.id, "timer")
            program.ledger.cycles.end(pump.id, cycle, CycleOutcome.OK.value, {})
    return home


@pytest.mark.parametrize("how", ["shown", "hidden"])
def test_it_shows_what_it_knows_and_loads_nothing_for_cycles(tmp_path: Path, how: str) -> None:
    home = home_with_history(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", STARTED, str(home), ",".join(HEAVY), how],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    told = json.loads(done.stdout.splitlines()[-1])
    assert told == {"heavy": [], "reasons": ["Not in order: Test List."]}
