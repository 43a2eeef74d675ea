"""The window over a made-up clinic, with a stand-in for QATrack+; nothing is left behind."""

from __future__ import annotations

import tempfile
from pathlib import Path

from PySide6.QtWidgets import QApplication

from qcpump_qt.app import Program
from qcpump_qt.demo.clinic import demo_world
from qcpump_qt.demo.clinic_pumps import DEMONSTRATION_TYPES, set_up
from qcpump_qt.demo.server import StandIn
from qcpump_qt.desktop.desktop import Desktop
from qcpump_qt.desktop.home import first_window
from qcpump_qt.desktop.leaving import leave
from qcpump_qt.engine.paths import Places
from qcpump_qt.engine.secrets import MemorySecrets


def show_demonstration(app: QApplication) -> int:
    """Show the window until it is quit; returns the exit code of the process."""
    with (
        tempfile.TemporaryDirectory(prefix="qcpump-qt-demo-", ignore_cleanup_errors=True) as folder,
        StandIn(demo_world()) as server,
        Program(Places(Path(folder) / "home"), MemorySecrets(), DEMONSTRATION_TYPES) as program,
    ):
        set_up(program.store, program.secret_fields, Path(folder), server.url)
        instance = first_window(program.places)
        if instance is None:
            return 0
        desktop = Desktop(app, program, instance, demonstration=True)
        desktop.say_demonstration(f"{server.page_url}/")
        code = desktop.run()
    return leave(code, everything_ended=desktop.all_ended)
