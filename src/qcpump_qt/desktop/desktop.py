"""The desktop program: the parts, put together, from the first look at the disk to the last cycle's end."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable

from PySide6.QtCore import QObject, QSettings, Qt, QTimer
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from qcpump_qt.app import Program
from qcpump_qt.controllers.instance import Instance
from qcpump_qt.desktop import wiring
from qcpump_qt.desktop.backstage import Backstage
from qcpump_qt.desktop.ending import Ending
from qcpump_qt.desktop.flows.adding import Adding
from qcpump_qt.desktop.flows.importing import Importing
from qcpump_qt.desktop.flows.matching import Matching
from qcpump_qt.desktop.flows.previewing import Previewing
from qcpump_qt.desktop.flows.settling import Settling
from qcpump_qt.desktop.flows.telling import Telling
from qcpump_qt.desktop.login import login_command
from qcpump_qt.desktop.opening import open_page
from qcpump_qt.desktop.pumps_together import PumpsTogether
from qcpump_qt.desktop.shown_pump import ShownPump
from qcpump_qt.desktop.signals import EndedBySignals
from qcpump_qt.desktop.stage import Stage
from qcpump_qt.engine.settings import Settings
from qcpump_qt.models.dates import DateStyle
from qcpump_qt.views.first_touch import FirstTouch
from qcpump_qt.views.window_memory import WindowMemory

MEMORY_FILE = "window.ini"
TRAY_PATIENCE_MS = 15_000
"""Milliseconds that a tray gets to come or to come back before the window is shown in its place."""
LOADED_AFTER = (2, 10, 60)
"""Seconds after which most of what is loaded stays for good. Python's garbage collector need not look at that again:
each full look would stop the window for a tenth of a second."""

GIVE_WAY = 0.0002
"""Seconds after which a thread that computes lets the next one compute. Each of the many times that Qt asks Python
something while it draws, it waits that long for every busy thread; with Python's usual 5 ms that adds up to a third of
a second."""


class Desktop(QObject):
    """One home on the desktop.

    Args:
        app: the Qt application.
        program: the home.
        instance: this process as the one window of the home.
        hidden: show the icon in the tray alone, where there is a tray.
        demonstration: this home is made up and gone afterwards; it is never started at login.
        tray_there: whether there is a tray now.
    """

    def __init__(
        self,
        app: QApplication,
        program: Program,
        instance: Instance,
        *,
        hidden: bool = False,
        demonstration: bool = False,
        tray_there: Callable[[], bool] = QSystemTrayIcon.isSystemTrayAvailable,
    ) -> None:
        super().__init__()
        self._app = app
        self._program = program
        self._instance = instance
        self._hidden = hidden
        self._former_give_way = sys.getswitchinterval()
        self.all_ended = True
        """False when a thread is still at work after `run`, so that nothing can wait for it."""
        self._memory_file = QSettings(
            str(program.places.state / MEMORY_FILE), QSettings.Format.IniFormat, self
        )
        self.stage = Stage(DateStyle(program.settings.DATE_FORMAT), tray_there)
        self.backstage = Backstage(program, None if demonstration else login_command(program.places), self)
        self.together = PumpsTogether(self.backstage, self)
        self.shown = ShownPump(self.backstage, self.stage)
        self.ending = Ending(self.backstage, self.stage, self._memory_file)
        self._window_memory = WindowMemory(self.stage.window, self._memory_file)
        self.first_touch = FirstTouch(app, self)
        self._make_flows()
        self._wire()
        self._on_settings(program.settings)

    def run(self) -> int:
        """Show the window and stay until the program is quit; returns the exit code."""
        signals = EndedBySignals(self.ending.end_at_once, self)
        self.begin()
        code = self._app.exec()
        self.finish()
        signals.close()
        return code

    def begin(self) -> None:
        """Show the window and read the home; everything else follows in the event loop."""
        self._program.logs.write_aside()
        self.backstage.crashes.install()
        sys.setswitchinterval(GIVE_WAY)
        self._window_memory.restore()
        self.stage.tray.start()
        if not self._hidden:
            self.stage.window.show()
            self.backstage.notifier.take_as_known()
        elif not self.stage.tray.available:
            # After a login the tray often comes later than the programs in it.
            QTimer.singleShot(TRAY_PATIENCE_MS, self, self._show_without_tray)
        self.together.loaded.connect(self._first_loaded)
        self.backstage.pumps.load()
        self.backstage.crashes.begin()
        QTimer.singleShot(0, self, self._after_start)

    def finish(self) -> None:
        """Keep what the window looks like and let go of everything; for the end of the program."""
        self._window_memory.save()
        self._memory_file.sync()
        self.stage.tray.stop()
        self.all_ended = self.backstage.close() and self.all_ended
        self.backstage.crashes.end_well()
        self.backstage.crashes.uninstall()
        sys.setswitchinterval(self._former_give_way)
        self.all_ended = self._program.logs.write_at_once() and self.all_ended
        # Last, for whoever takes the home over must find no mark of this window.
        self._instance.release()

    def say_demonstration(self, page: str) -> None:
        """Tell that everything here is made up, and where to see what arrives."""
        self.stage.window.tell(
            "info",
            "Demonstration",
            "This clinic, its results and its QATrack+ server are made up and gone when you quit. "
            f"Press Run all, then look at the records, or at the server's own page: {page}",
            "Open the server's page",
            page,
        )
        self.stage.window.message_action_wanted.connect(lambda _action, subject: open_page(subject))

    def _make_flows(self) -> None:
        window = self.stage.window
        self._adding = Adding(self.backstage, window)
        self._importing = Importing(self.backstage, window)
        self._matching = Matching(self.backstage, window)
        self._previewing = Previewing(self.backstage, window)
        self._settling = Settling(self.backstage, window)
        self._telling = Telling(self.backstage, window)

    def _wire(self) -> None:
        backstage, stage, shown = self.backstage, self.stage, self.shown
        self._show_in_tray = wiring.wire_overview(backstage, stage)
        wiring.wire_running(backstage, stage, shown)
        wiring.wire_editing(backstage, stage, self.together, shown)
        wiring.wire_records(backstage, stage)
        wiring.wire_previews(stage, shown, self._previewing)
        wiring.wire_activity_and_history(backstage, stage, shown)
        wiring.wire_messages(backstage, stage, self.together)
        self._wire_window()

    def _wire_window(self) -> None:
        window, tray = self.stage.window, self.stage.tray
        window.set_close_policy(self.ending.on_close)
        window.closing.connect(lambda _for_good: self._window_memory.save())
        window.add_wanted.connect(self._adding.start)
        window.import_wanted.connect(self._importing.start)
        window.demo_wanted.connect(wiring.start_demonstration)
        window.settings_wanted.connect(self._settling.start)
        window.about_wanted.connect(self._telling.show_about)
        window.diagnostics_wanted.connect(self._telling.show_diagnostics)
        window.help_wanted.connect(self._telling.show_help)
        window.quit_wanted.connect(self.ending.quit)
        tray.open_wanted.connect(window.come_forward)
        tray.settings_wanted.connect(window.come_forward)
        tray.settings_wanted.connect(self._settling.start)
        tray.quit_wanted.connect(self.ending.quit)
        tray.available_changed.connect(self._on_tray)
        self._settling.changed.connect(self._on_settings)
        self._instance.show_wanted.connect(window.come_forward)
        self.ending.ended.connect(self._on_ended)
        self._app.applicationStateChanged.connect(self._on_application_state)
        self.backstage.pumps.settings_changed.connect(lambda: self._on_settings(self._program.settings))
        self.first_touch.touched.connect(self.backstage.editing.attend)
        self._app.commitDataRequest.connect(self.ending.on_logout)
        self.ending.began.connect(self._instance.stop_listening)
        self.ending.began.connect(self.together.stop_looking)

    def _first_loaded(self) -> None:
        self.together.loaded.disconnect(self._first_loaded)
        if self._program.settings.PUMP_ON_STARTUP:
            self.backstage.runner.start_all()

    def _after_start(self) -> None:
        """What need not be done before the window is shown."""
        self.first_touch.watch()
        self.backstage.notifier.start()
        if self.backstage.login is not None:
            self.backstage.login.put_right()
        for seconds in LOADED_AFTER:
            QTimer.singleShot(seconds * 1000, self, gc.freeze)

    def _on_application_state(self, state: Qt.ApplicationState) -> None:
        """Somebody comes back to the window, perhaps from an editor or a terminal."""
        if state is Qt.ApplicationState.ApplicationActive:
            self.together.look()

    def _on_tray(self, available: bool) -> None:
        """A tray host that restarts comes back; without one the window is the only way in."""
        if not available:
            QTimer.singleShot(TRAY_PATIENCE_MS, self, self._show_without_tray)

    def _show_without_tray(self) -> None:
        if not self.stage.tray.available and not self.stage.window.isVisible():
            self.stage.window.show()

    def _on_settings(self, settings: Settings) -> None:
        dates = DateStyle(settings.DATE_FORMAT)
        self.stage.set_dates(dates)
        self._show_in_tray()
        self.backstage.logs.set_date_style(dates)
        self._previewing.set_date_style(dates)

    def _on_ended(self, everything: bool) -> None:
        self.all_ended = everything
        self._app.quit()
