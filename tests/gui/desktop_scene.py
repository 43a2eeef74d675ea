"""A whole desktop in this process: a real home, a real stand-in, made-up results, and hands that click and type."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from qcpump_qt.app import Program
from qcpump_qt.demo.clinic import TOKEN, demo_world
from qcpump_qt.demo.server import StandIn
from qcpump_qt.demo.story import TdsStory
from qcpump_qt.demo.tds import write_tds
from qcpump_qt.desktop.desktop import Desktop
from qcpump_qt.desktop.home import first_window
from qcpump_qt.engine.clock import local_now
from qcpump_qt.engine.paths import Places
from qcpump_qt.engine.report import CycleReport
from qcpump_qt.engine.secrets import MemorySecrets
from qcpump_qt.engine.settings import load_settings, save_settings
from qcpump_qt.engine.store import StoredPump, Values
from qcpump_qt.models.rows import PumpRow, PumpState

TYPE = "QATrackMPCPump"
PATIENCE = 30_000
LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier
FAULTS = ("qcpump_qt.crashes", "qcpump_qt.qt", "qcpump_qt.tasks", "qcpump_qt.runner")
"""Where is logged what must not happen: while a desktop is there, it hears Qt's warnings instead of pytest-qt."""
HARMLESS = ("This plugin does not support", "systemTrayWindowChanged")
"""The screen in memory lacks what those of users have."""

Kind = TypeVar("Kind", bound=QWidget)


class Faults(logging.Handler):
    """Keeps what nobody caught and what Qt complains about."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        text = logging.Formatter().format(record)
        if not any(harmless in text for harmless in HARMLESS):
            self.told.append(text)


class Opened(QObject):
    """Stands where the system would open folders, files and pages, and keeps their addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        for scheme in ("http", "https", "file"):
            # The stub of PySide asks for bytes, PySide itself for a text.
            QDesktopServices.setUrlHandler(scheme, self, "take")  # type: ignore[arg-type]

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        self.addresses.append(url.toString())

    def close(self) -> None:
        for scheme in ("http", "https", "file"):
            QDesktopServices.unsetUrlHandler(scheme)


class TrayHost:
    """A tray that can come and go."""

    def __init__(self, *, there: bool) -> None:
        self.there = there

    def __call__(self) -> bool:
        return self.there


class Scene:
    """A department with one server, its results, a home, and one desktop after the other over it."""

    def __init__(self, folder: Path, qtbot: QtBot, app: QApplication) -> None:
        self.folder = folder
        self.qtbot = qtbot
        self.app = app
        self.tds = folder / "TDS"
        self.story: TdsStory = write_tds(self.tds, local_now().date())
        self.server = StandIn(demo_world())
        self.secrets = MemorySecrets()
        self.places = Places(folder / "home")
        self.places.ensure()
        self.set_settings(HTTP_CONNECT_TIMEOUT=2.0, HTTP_READ_TIMEOUT=5.0)
        self.program = Program(self.places, secrets=self.secrets)
        self.tray = TrayHost(there=False)
        self.opened = Opened()
        self.faults = Faults()
        self.expected_faults: list[str] = []
        self.reports: list[tuple[str, CycleReport]] = []
        self._desktop: Desktop | None = None
        for name in FAULTS:
            logging.getLogger(name).addHandler(self.faults)

    # --- what is there before the program is started ------------------------------------------------

    def set_settings(self, **values: Any) -> None:
        """Write into settings.json, as people do by hand."""
        settings, _messages = load_settings(self.places.settings_file)
        save_settings(self.places.settings_file, settings.changed(**values))

    def values(self, **changes: Mapping[str, Any]) -> Values:
        """A pump's values: on top come those of ``pump``, ``mpc`` and ``api``."""
        return {
            "Pump": [{"interval (s)": 300, "active": True, **changes.get("pump", {})}],
            "MPC": [{"tds directory": str(self.tds), "history days": 30, **changes.get("mpc", {})}],
            "QATrack+ API": [
                {"api url": self.server.url, "auth token": TOKEN, "throttle": 0.0, **changes.get("api", {})}
            ],
            "Test List": [{"name": "MPC: {{ check_type }}"}],
        }

    def add(self, name: str = "Linacs", **changes: Mapping[str, Any]) -> StoredPump:
        """A saved pump that reads the results and sends them to the server."""
        return self.program.store.add(name, TYPE, self.values(**changes), self.program.secret_fields(TYPE))

    # --- the program ----------------------------------------------------------------------------------

    def begin(self, *, hidden: bool = False, tray: bool = False, touched: bool = True) -> Desktop:
        """Start the desktop and wait until it knows its pumps; unless told otherwise, somebody presses a key then."""
        self.tray.there = tray
        self.program.with_settings_anew()
        instance = first_window(self.places)
        assert instance is not None
        desktop = Desktop(self.app, self.program, instance, hidden=hidden, tray_there=self.tray)
        self._desktop = desktop
        loaded: list[bool] = []
        desktop.together.loaded.connect(lambda: loaded.append(True))
        desktop.backstage.runner.ended.connect(lambda *told: self.reports.append(told))
        desktop.begin()
        self.until(lambda: loaded)
        self.until(lambda: not desktop.backstage.crashes.busy)
        if desktop.stage.window.isVisible():
            self.come_back()
            if touched:
                QTest.keyClick(desktop.stage.window, Qt.Key.Key_Shift)
        return desktop

    def end(self) -> bool:
        """End it as the system would, and take it away; whether everything in it has ended."""
        desktop = self.desktop
        ended: list[bool] = []
        desktop.ending.ended.connect(ended.append)
        desktop.ending.end_at_once()
        self.until(lambda: ended)
        return self.put_away()

    def put_away(self) -> bool:
        """Take away a desktop whose event loop has ended."""
        desktop, self._desktop = self.desktop, None
        desktop.finish()
        desktop.stage.window.close()
        assert not desktop.stage.window.isVisible()
        desktop.stage.window.deleteLater()
        desktop.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        return desktop.all_ended

    @property
    def desktop(self) -> Desktop:
        assert self._desktop is not None
        return self._desktop

    def close(self) -> None:
        """The end of the test: nothing is left behind, and nothing went wrong that was not meant to."""
        try:
            if self._desktop is not None:
                assert self.end()
        finally:
            for name in FAULTS:
                logging.getLogger(name).removeHandler(self.faults)
            self.opened.close()
            self.server.stop()
            self.program.close()
            gc.unfreeze()
            gc.collect()
        left = [widget for widget in self.app.topLevelWidgets() if widget.isVisible()]
        assert not left
        unexpected = [
            text for text in self.faults.told if not any(part in text for part in self.expected_faults)
        ]
        assert not unexpected

    # --- waiting --------------------------------------------------------------------------------------

    def until(self, true: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(true()), timeout=PATIENCE)

    def row(self, name: str) -> PumpRow:
        found = [row for row in self.desktop.backstage.overview.rows() if row.name == name]
        assert found, f"there is no {name!r} among {self.names()}"
        return found[0]

    def names(self) -> list[str]:
        return [row.name for row in self.desktop.backstage.overview.rows()]

    def in_state(self, name: str, *states: PumpState) -> None:
        """Wait until the tree shows a pump in one of these states."""
        self.until(lambda: self.row(name).state in states)

    def off_schedule(self, name: str) -> None:
        """Wait until the tree shows no next run of a pump."""
        self.until(lambda: self.row(name).next_run is None)

    def settled(self) -> None:
        """Wait until the form in sight was checked as it is now."""
        shown = self.desktop.shown
        checking = ("unchecked", "checking")
        editing = self.desktop.backstage.editing
        self.until(lambda: shown.id and editing.state(shown.id)[0].value not in checking)

    def hang(self, seconds: float) -> None:
        """Let the next upload hang; a validation, which tries one too, has ended before."""
        editing = self.desktop.backstage.editing
        self.settled()
        self.until(lambda: not (editing._live.busy or editing._verdicts._tasks.busy))
        self.server.faults.add("hang", times=1, seconds=seconds)

    def cycles(self, count: int) -> None:
        """Wait until so many cycles have ended since the scene began."""
        self.until(lambda: len(self.reports) >= count)

    def messages(self) -> list[tuple[str, str, str]]:
        """Level, title and text of everything in the message bar."""
        bar = self.desktop.stage.window.messages
        return [(each.level.value, each.title, each.text) for each in bar.messages]

    def told(self, level: str, title: str, text: str) -> None:
        """Wait until the message bar tells exactly this, and dismiss it with a click."""
        self.until(self.messages)
        assert self.messages()[0] == (level, title, text)
        bar = self.desktop.stage.window.messages
        self.click(self.find(QToolButton, "message_dismiss", bar))

    # --- hands ----------------------------------------------------------------------------------------

    def find(self, kind: type[Kind], name: str, within: QWidget | None = None) -> Kind:
        found = (within or self.desktop.stage.window).findChild(kind, name)
        assert isinstance(found, kind), name
        return found

    def click(self, widget: QWidget) -> None:
        assert widget.isVisible()
        assert widget.isEnabled()
        QTest.mouseClick(widget, LEFT)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE, on: QWidget | None = None) -> None:
        QTest.keyClick(on or self.desktop.stage.window, key, modifier)

    def write(self, widget: QWidget, text: str) -> None:
        """Type a text in place of the one that is there."""
        widget.setFocus()
        QTest.keyClick(widget, Qt.Key.Key_A, CTRL)
        QTest.keyClicks(widget, text)

    def field(self, place: str) -> QWidget:
        """The editor of a field of the form in sight, such as ``MPC/0/history days``."""
        form = self.desktop.stage.configuration.form
        self.until(lambda: form.is_complete() and form.findChild(QWidget, place) is not None)
        return self.find(QWidget, place, form)

    def button(self, name: str) -> QToolButton:
        """A button above the form."""
        return self.find(QToolButton, f"form/{name}", self.desktop.stage.configuration)

    def tool(self, name: str) -> QToolButton:
        return self.find(QToolButton, f"toolbar_{name}")

    def dialog(self, name: str, within: QWidget | None = None) -> Any:
        """The dialog of this name, once it is in sight."""
        parent = within or self.desktop.stage.window

        def seen() -> list[QDialog]:
            found = parent.findChildren(QDialog, name)
            return [dialog for dialog in found if dialog.isVisible()]

        self.until(seen)
        dialog = seen()[0]
        dialog.activateWindow()
        self.until(dialog.isActiveWindow)
        return dialog

    def gone(self, name: str) -> None:
        """Wait until no dialog of this name is in sight."""
        window = self.desktop.stage.window
        self.until(lambda: not any(each.isVisible() for each in window.findChildren(QDialog, name)))
        self.come_back()

    def come_back(self) -> None:
        """Let the window have the keys; the screen in memory has no window manager that would see to it."""
        window = self.desktop.stage.window
        window.activateWindow()
        self.until(window.isActiveWindow)

    def confirm(self, question: str, consequence: str, action: str) -> None:
        """Go ahead in a question that reads exactly like this."""
        box = self.dialog("confirm")
        assert (box.text(), box.informativeText()) == (question, consequence)
        go_ahead = self.find(QPushButton, "confirm/go ahead", box)
        assert go_ahead.text() == action
        self.click(go_ahead)
        self.gone("confirm")

    def select(self, name: str) -> None:
        """Click on a pump in the tree."""
        pumps = self.desktop.stage.window.pumps
        index = pumps.shown.index_of(self.row(name).id)
        assert index.isValid()
        pumps.view.scrollTo(index)
        QTest.mouseClick(pumps.view.viewport(), LEFT, NONE, pumps.view.visualRect(index).center())
        assert self.desktop.stage.window.selected_id == self.row(name).id

    def run_once(self) -> None:
        """One cycle of the selected pump, by key."""
        before = len(self.reports)
        self.until(self.desktop.stage.window.pumps.pump_actions["run"].isEnabled)
        self.press(Qt.Key.Key_F6)
        self.cycles(before + 1)

    def show_tab(self, title: str) -> None:
        """Click on a tab."""
        tabs = self.desktop.stage.window.tabs
        place = [tabs.tabText(each) for each in range(tabs.count())].index(title)
        QTest.mouseClick(tabs.tabBar(), LEFT, NONE, tabs.tabBar().tabRect(place).center())
        assert tabs.currentIndex() == place

    # --- the invariant --------------------------------------------------------------------------------

    def check_all_equal(self, *pumps: str) -> None:
        """Source, ledger and server tell the same: every record that has a unit arrived exactly once."""
        due = sorted(session.user_key for session in self.story.delivered)
        browse = self.program.ledger.browse
        lines = [line for pump in pumps for line in browse.page(pump, limit=10_000)]
        assert sorted(line.key for line in lines if line.state.arrived) == due
        assert sorted(session["user_key"] for session in self.server.sessions()) == due


@contextmanager
def scene_in(folder: Path, qtbot: QtBot, app: QApplication) -> Iterator[Scene]:
    """A scene that is put away at the end, whatever happened in it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(folder / "user"))
        patch.setenv("XDG_CONFIG_HOME", str(folder / "user" / "config"))
        scene = Scene(folder, qtbot, app)
        try:
            yield scene
        finally:
            scene.close()
