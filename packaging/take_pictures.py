"""Takes a picture of every screen of the program, over the demonstration's clinic: ``take_pictures.py FOLDER``.

With ``--dark`` in a dark palette, with ``--large`` in a font of 150 %.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before Qt is imported

from PySide6.QtCore import QCoreApplication, QLocale, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QScrollArea, QTabWidget, QWidget

from qcpump_qt.app import Program
from qcpump_qt.demo.clinic import demo_world
from qcpump_qt.demo.clinic_pumps import DEMONSTRATION_TYPES, Demonstration, set_up
from qcpump_qt.demo.server import StandIn
from qcpump_qt.desktop.application import application
from qcpump_qt.desktop.desktop import Desktop
from qcpump_qt.desktop.home import first_window
from qcpump_qt.engine.paths import Places
from qcpump_qt.engine.secrets import MemorySecrets

PATIENCE = 30.0


def until(condition: Callable[[], object], what: str) -> None:
    """Let events run until something is so."""
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise SystemExit(f"waited {PATIENCE:g} s for {what}")
        QCoreApplication.processEvents()
        time.sleep(0.01)


def settle(seconds: float = 0.4) -> None:
    """Let events run for a moment."""
    end = time.monotonic() + seconds
    until(lambda: time.monotonic() > end, "a moment")


class Camera:
    """Takes the pictures of one running desktop.

    Args:
        desktop: begun, and with its pumps loaded.
        folder: where the pictures go.
    """

    def __init__(self, desktop: Desktop, folder: Path) -> None:
        self.desktop = desktop
        self.window = desktop.stage.window
        self.folder = folder

    def take(self, name: str, widget: QWidget | None = None) -> None:
        """One picture."""
        settle()
        (widget or self.window).grab().save(str(self.folder / f"{name}.png"))

    def dialog(self, name: str, ask: Callable[[], object], object_name: str) -> QDialog:
        """Open a dialog and take its picture; the caller closes it."""
        ask()
        found: list[QDialog] = []

        def there() -> bool:
            found[:] = [
                each
                for each in self.window.findChildren(QDialog)
                if each.objectName() == object_name and each.isVisible()
            ]
            return bool(found)

        until(there, f"the dialog {object_name}")
        self.take(name, found[0])
        return found[0]


def take_all(camera: Camera, shown: Demonstration) -> None:
    """Walk through the program as a newcomer would."""
    desktop, window, stage = camera.desktop, camera.window, camera.desktop.stage
    mpc, qa3, profiles = (pump.id for pump in shown.pumps)
    take_form(camera, "daily_qa3", qa3, "Unit")
    take_form(camera, "beam_profiles", profiles, "Directories")
    window.select(mpc)
    settle(1.0)
    camera.take("configuration")
    desktop.backstage.runner.start_all()
    window.show_tab(stage.activity)
    rows = desktop.backstage.overview.rows
    until(lambda: all(row.last_success for row in rows()), "the first cycles")
    until(lambda: not any(desktop.backstage.runner.is_running(pump.id) for pump in shown.pumps), "their end")
    camera.take("activity")
    window.show_tab(stage.records)
    take_records(camera, "records_daily_qa3", qa3)
    take_records(camera, "records_beam_profiles", profiles)
    take_records(camera, "records", mpc)
    window.show_tab(stage.history)
    until(stage.cycle_rows.rowCount, "the cycles")
    settle(2.0)
    camera.take("history")
    for plots in stage.history.findChildren(QTabWidget):
        plots.setCurrentIndex(1)
    settle(1.0)
    camera.take("values")
    window.show_tab(stage.configuration)
    take_dialogs(camera, mpc)


def take_form(camera: Camera, name: str, pump_id: str, section: str) -> None:
    """The top of a pump's form, and the part of it where one section stands."""
    camera.window.select(pump_id)
    settle(1.5)  # the choices are fetched
    camera.take(f"configuration_{name}")
    (form,) = camera.window.findChildren(QScrollArea, "form")
    (box,) = form.findChildren(QWidget, f"{section}/box")
    form.ensureWidgetVisible(box)
    camera.take(f"configuration_{name}_{section.lower()}")


def take_records(camera: Camera, name: str, pump_id: str) -> None:
    """The records of one pump, with the first one chosen."""
    stage = camera.desktop.stage
    camera.window.select(pump_id)
    settle(1.0)
    until(stage.record_rows.rowCount, "the records")
    stage.records.table.setCurrentIndex(stage.record_rows.index(0, 0))
    camera.take(name)


def take_dialogs(camera: Camera, pump_id: str) -> None:
    """All dialogs that can be opened from the window."""
    window = camera.window
    camera.dialog("add_pump", window.add_wanted.emit, "add").reject()
    camera.dialog("import", window.import_wanted.emit, "import").reject()
    settings = camera.dialog("settings", window.settings_wanted.emit, "settings_dialog")
    for tabs in settings.findChildren(QTabWidget):
        for place in range(1, tabs.count()):
            tabs.setCurrentIndex(place)
            camera.take(f"settings_{tabs.tabText(place).lower().replace(' ', '_')}", settings)
    settings.reject()
    camera.dialog("about", window.about_wanted.emit, "about_dialog").reject()
    camera.dialog("diagnostics", window.diagnostics_wanted.emit, "diagnostics_dialog").reject()
    camera.dialog("delete", lambda: window.delete_wanted.emit(pump_id), "confirm").reject()
    camera.dialog("rename", lambda: window.rename_wanted.emit(pump_id), "rename").reject()
    preview = camera.dialog("preview_working", lambda: window.preview_wanted.emit(pump_id), "preview_dialog")
    settle(1.5)
    camera.take("preview", preview)
    preview.close()


@contextmanager
def desktop_over(app: QApplication, program: Program) -> Iterator[Desktop]:
    """The program's window with its pumps loaded; ended with the block."""
    instance = first_window(program.places)
    if instance is None:
        raise SystemExit("another window has this home")
    desktop = Desktop(app, program, instance)
    loaded: list[bool] = []
    desktop.together.loaded.connect(lambda: loaded.append(True))
    desktop.stage.window.resize(1280, 780)  # the screen in memory is smaller than that
    desktop.begin()
    until(lambda: loaded, "the pumps")
    settle()
    QTest.keyClick(desktop.stage.window, Qt.Key.Key_Shift)  # somebody is there, so everything is checked
    yield desktop
    ended: list[bool] = []
    desktop.ending.ended.connect(ended.append)
    desktop.ending.end_at_once()
    until(lambda: ended, "the end")
    desktop.finish()


def dress(app: QApplication, *, dark: bool, large: bool) -> None:
    """Another palette or font, as a user's system may have."""
    app.setStyle("Fusion")
    if dark:
        palette = QPalette(QColor(53, 53, 53), QColor(40, 40, 40))
        palette.setColor(QPalette.ColorRole.Base, QColor(35, 35, 35))
        palette.setColor(QPalette.ColorRole.Highlight, QColor(42, 100, 180))
        palette.setColor(QPalette.ColorRole.Link, QColor(110, 170, 255))
        app.setPalette(palette)
    if large:
        font = app.font()
        font.setPointSizeF(font.pointSizeF() * 1.5)
        app.setFont(font)


def main() -> int:
    """Take them all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--large", action="store_true")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    QLocale.setDefault(QLocale.c())
    app = application()
    dress(app, dark=options.dark, large=options.large)
    with tempfile.TemporaryDirectory() as folder:
        with (
            Program(Places(Path(folder) / "empty"), MemorySecrets()) as empty,
            desktop_over(app, empty) as desktop,
        ):
            Camera(desktop, options.folder).take("welcome")
        with (
            StandIn(demo_world()) as server,
            Program(Places(Path(folder) / "home"), MemorySecrets(), DEMONSTRATION_TYPES) as program,
        ):
            shown = set_up(program.store, program.secret_fields, Path(folder), server.url)
            with desktop_over(app, program) as desktop:
                take_all(Camera(desktop, options.folder), shown)
    return 0


if __name__ == "__main__":
    sys.exit(main())
