"""Everything of the desktop that is not seen: the controllers of one home, built together."""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import QObject

from qcpump_qt.app import Program
from qcpump_qt.controllers.autostart import StartAtLogin
from qcpump_qt.controllers.crashes import Crashes
from qcpump_qt.controllers.diagnostics import Diagnostics
from qcpump_qt.controllers.editing import Editing
from qcpump_qt.controllers.export import Export
from qcpump_qt.controllers.history import History
from qcpump_qt.controllers.imports import Imports
from qcpump_qt.controllers.log_gatherer import LogGatherer
from qcpump_qt.controllers.notifier import Notifier
from qcpump_qt.controllers.overview import Overview
from qcpump_qt.controllers.previews import Previews
from qcpump_qt.controllers.pumps import Pumps
from qcpump_qt.controllers.records import Records
from qcpump_qt.controllers.runner import Runner
from qcpump_qt.controllers.settings import SettingsKeeper
from qcpump_qt.controllers.tasks import Tasks
from qcpump_qt.controllers.versions import Versions, versions
from qcpump_qt.engine.autostart.choice import autostart
from qcpump_qt.engine.store import StoredPump


class Backstage(QObject):
    """The controllers, none of which knows a widget.

    Args:
        program: the home.
        login_command: what starts this window at login; None where it never should.
        parent: as for every Qt object.
    """

    def __init__(
        self, program: Program, login_command: Sequence[str] | None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.program = program
        self.pumps_on_disk: dict[str, StoredPump] = {}
        """The pumps as they are saved, by id and in their order."""
        self.tasks = Tasks(4, self)
        # Previews and exports may wait for a server or a big ledger; what is quick does not wait for them.
        self.long_tasks = Tasks(4, self)
        self.crashes = Crashes(program.places, str(program.logs.program_file), self.tasks, self)
        self.pumps = Pumps(program, self.tasks, self)
        self.runner = Runner(program, parent=self)
        self.overview = Overview(program, self.runner, self.tasks, self)
        self.editing = Editing(program, self.tasks, self)
        self.records = Records(program, self.tasks, self)
        self.history = History(program, self.tasks, self)
        self.previews = Previews(program, self.long_tasks, self)
        self.export = Export(program, self.long_tasks, self)
        self.imports = Imports(program, self.tasks, self)
        self.logs = LogGatherer(program, self)
        self.notifier = Notifier(program, self.tasks, parent=self)
        self.settings = SettingsKeeper(program.places, self.tasks, self)
        self.login = _start_at_login(login_command, self.tasks, self)
        self.diagnostics = Diagnostics(program.places, program.redactor, versions, self.tasks, self)
        self.versions = Versions(self.tasks, self)

    def close(self, patience: float = 0.5) -> bool:
        """Ask everything in the background to end, for the end of the program.

        Args:
            patience: seconds that it gets.

        Returns:
            False when a thread is still at work: the process then has to be ended without waiting for it.
        """
        self.wind_down()
        self.runner.stop_all()
        self.tasks.cancel()
        self.logs.shut_down()
        until = time.monotonic() + patience
        waiting = (self.editing.wait, self.pumps.wait, self.tasks.wait, self.long_tasks.wait)
        ended = [wait(max(0.0, until - time.monotonic())) for wait in waiting]
        return all(ended) and not self.runner.busy

    def wind_down(self) -> None:
        """Ask everything to end that only shows something; what is being saved goes on. Returns at once."""
        self.long_tasks.cancel()
        self.editing.close()

    def pump(self, pump_id: str | None) -> StoredPump | None:
        """The pump of this id as it is saved; None for none, and for one that was never saved."""
        return self.pumps_on_disk.get(pump_id) if pump_id is not None else None


def _start_at_login(command: Sequence[str] | None, tasks: Tasks, parent: QObject) -> StartAtLogin | None:
    return StartAtLogin(autostart(command), command, tasks, parent) if command is not None else None
