"""Settings, help, about and diagnostics in the whole desktop."""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTabWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from gui.desktop_scene import CTRL, Scene, scene_in
from qcpump_qt.demo.clinic import TOKEN
from qcpump_qt.models.record_words import COLUMNS
from qcpump_qt.models.rows import PumpState
from qcpump_qt.version import VERSION


@pytest.fixture
def scene(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[Scene]:
    with scene_in(tmp_path, qtbot, qapp) as found:
        yield found


def settings_dialog(scene: Scene) -> Any:
    scene.press(Qt.Key.Key_Comma, CTRL)
    return scene.dialog("settings_dialog")


def bring_in_sight(dialog: QWidget, editor: QWidget) -> None:
    """Show the page of the dialog that an editor is on."""
    tabs = dialog.findChild(QTabWidget, "settings_groups")
    assert isinstance(tabs, QTabWidget)
    pages = [tabs.widget(place) for place in range(tabs.count())]
    tabs.setCurrentWidget(next(page for page in pages if page is not None and page.isAncestorOf(editor)))


def said(dialog: QWidget, name: str) -> str:
    label = dialog.findChild(QLabel, name)
    assert isinstance(label, QLabel)
    return label.text()


def says(dialog: QWidget, name: str, words: str) -> bool:
    return said(dialog, name) == words


def entered(entry: Path, *, on: bool) -> bool:
    return entry.exists() is on


def on_disk(scene: Scene) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(scene.places.settings_file.read_text(encoding="utf-8"))
    return read


def test_another_date_format_counts_everywhere_at_once(scene: Scene) -> None:
    scene.add("Linacs")
    desktop = scene.begin(tray=True)
    scene.in_state("Linacs", PumpState.IDLE)
    scene.show_tab("Records")
    scene.run_once()
    stage = desktop.stage
    scene.until(stage.record_rows.rowCount)
    scene.show_tab("History")
    scene.until(stage.cycle_rows.rowCount)
    scene.until(lambda: "Last success: " in stage.tray.tooltip)
    now = date.today()  # noqa: DTZ011 - as it is shown here
    updated = [column.key for column in COLUMNS].index("updated")
    before, after = now.strftime("%Y-%m-%d"), now.strftime("%d.%m.%Y")
    assert str(stage.record_rows.index(0, updated).data()).startswith(before)
    scene.until(lambda: before in _cycle_texts(scene))
    dialog = settings_dialog(scene)
    editor = scene.find(QComboBox, "DATE_FORMAT", dialog)
    bring_in_sight(dialog, editor)
    editor.setFocus()
    QTest.keyClicks(editor, "dd.")
    assert editor.currentText() == "dd.MM.yyyy (as in 20.11.2026)"
    scene.click(scene.find(QPushButton, "ok", dialog))
    scene.gone("settings_dialog")
    assert on_disk(scene)["DATE_FORMAT"] == "dd.MM.yyyy"
    assert str(stage.record_rows.index(0, updated).data()).startswith(after)
    assert after in _cycle_texts(scene)
    scene.show_tab("Activity")
    log = desktop.backstage.logs.model(scene.row("Linacs").id)
    assert log is not None
    scene.until(log.rowCount)
    assert str(log.index(0, 0).data()).startswith(after)
    assert f"Last success: {after}" in stage.tray.tooltip
    assert scene.messages() == []


def _cycle_texts(scene: Scene) -> str:
    rows = scene.desktop.stage.cycle_rows
    return " ".join(str(rows.index(0, column).data()) for column in range(rows.columnCount()))


def test_close_to_tray_is_switched_off_and_closing_quits(scene: Scene) -> None:
    desktop = scene.begin(tray=True)
    dialog = settings_dialog(scene)
    box = scene.find(QCheckBox, "CLOSE_TO_TRAY", dialog)
    bring_in_sight(dialog, box)
    assert box.isChecked()
    QTest.keyClick(box, Qt.Key.Key_Space)
    scene.click(scene.find(QPushButton, "ok", dialog))
    scene.gone("settings_dialog")
    assert on_disk(scene)["CLOSE_TO_TRAY"] is False
    ended: list[bool] = []
    desktop.ending.ended.connect(ended.append)
    desktop.stage.window.close()
    scene.until(lambda: ended)
    assert scene.put_away()


def test_settings_that_count_later_say_so(scene: Scene) -> None:
    scene.begin()
    dialog = settings_dialog(scene)
    editor = scene.find(QComboBox, "LOG_LEVEL", dialog)
    bring_in_sight(dialog, editor)
    editor.setFocus()
    QTest.keyClicks(editor, "debug")
    scene.click(scene.find(QPushButton, "apply", dialog))
    scene.until(
        lambda: (
            said(dialog, "settings_said") == "The settings are saved. Start QCPump-Qt again for: Log level."
        )
    )
    assert on_disk(scene)["LOG_LEVEL"] == "debug"
    scene.click(scene.find(QPushButton, "cancel", dialog))
    scene.gone("settings_dialog")


def test_settings_that_cannot_be_saved_are_told_in_the_dialog_or_without_it(scene: Scene) -> None:
    scene.places.settings_file.unlink()
    scene.places.settings_file.mkdir()
    scene.begin()
    while scene.messages():
        scene.desktop.stage.window.messages.dismiss()
    dialog = settings_dialog(scene)
    editor = scene.find(QCheckBox, "PUMP_ON_STARTUP", dialog)
    bring_in_sight(dialog, editor)
    QTest.keyClick(editor, Qt.Key.Key_Space)
    scene.click(scene.find(QPushButton, "apply", dialog))
    scene.until(lambda: str(scene.places.settings_file) in said(dialog, "settings_said"))
    words = said(dialog, "settings_said")
    scene.click(scene.find(QPushButton, "cancel", dialog))
    scene.gone("settings_dialog")
    settings = scene.program.settings.changed(PUMP_ON_STARTUP=True)
    scene.desktop.backstage.settings.save(settings)
    scene.until(scene.messages)
    ((level, title, text),) = scene.messages()
    assert level == "error"
    assert f"{title}: {text}" == words


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="these enter it elsewhere")
def test_start_at_login_is_switched_on_and_off(scene: Scene) -> None:
    entry = scene.folder / "user" / "config" / "autostart" / "qcpump-qt.desktop"
    scene.begin()
    for on in (True, False):
        dialog = settings_dialog(scene)
        box = scene.find(QCheckBox, "start_at_login", dialog)
        bring_in_sight(dialog, box)
        scene.until(box.isEnabled)
        assert box.isChecked() is not on
        QTest.keyClick(box, Qt.Key.Key_Space)
        scene.click(scene.find(QPushButton, "apply", dialog))
        scene.until(partial(entered, entry, on=on))
        if on:
            assert f"--home {scene.places.root} --tray\n" in entry.read_text(encoding="utf-8")
        scene.until(partial(says, dialog, "settings_said", "The settings are saved."))
        scene.click(scene.find(QPushButton, "cancel", dialog))
        scene.gone("settings_dialog")


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="these enter it elsewhere")
def test_an_entry_of_before_a_move_follows_the_program(scene: Scene) -> None:
    entry = scene.folder / "user" / "config" / "autostart" / "qcpump-qt.desktop"
    entry.parent.mkdir(parents=True)
    command = f"/gone/python -m qcpump_qt --home {scene.places.root} --tray"
    entry.write_text(f"[Desktop Entry]\nType=Application\nName=QCPump-Qt\nExec={command}\n")
    scene.begin()
    scene.told("info", "Start at login", "QCPump-Qt had moved; it starts at login from its new place now.")
    assert sys.executable in entry.read_text(encoding="utf-8")


def test_about_tells_version_folders_and_libraries(scene: Scene) -> None:
    desktop = scene.begin()
    desktop.stage.window.actions_of_window["about"].trigger()
    dialog = scene.dialog("about_dialog")
    assert said(dialog, "about_words").startswith(f"QCPump-Qt {VERSION}\n")
    folders = [scene.find(QLineEdit, f"folder_{number}", dialog).text() for number in range(3)]
    places = scene.places
    assert folders == [str(places.config), str(places.state), str(places.logs)]
    table = scene.find(QTableWidget, "libraries", dialog)
    scene.until(table.rowCount)
    names = [table.model().index(row, 0).data() for row in range(table.rowCount())]
    assert "requests" in names
    scene.click(scene.find(QPushButton, "open_folder_2", dialog))
    assert scene.opened.addresses == [places.logs.as_uri()]
    scene.press(Qt.Key.Key_Escape, on=dialog)
    scene.gone("about_dialog")


def test_the_help_stands_beside_the_window_and_is_opened_once(scene: Scene) -> None:
    desktop = scene.begin()
    scene.press(Qt.Key.Key_F1)
    dialog = scene.dialog("help_dialog")
    assert not dialog.isModal()
    assert len(dialog.text.toPlainText()) > 500
    scene.come_back()
    scene.press(Qt.Key.Key_F1)
    assert scene.dialog("help_dialog") is dialog
    assert len(desktop.stage.window.findChildren(type(dialog), "help_dialog")) == 1
    dialog.page_wanted.emit("https://example.org/manual")
    assert scene.opened.addresses == ["https://example.org/manual"]
    dialog.page_wanted.emit("file:///etc/passwd")
    assert scene.opened.addresses == ["https://example.org/manual"]
    dialog.close()


def test_the_diagnostics_bundle_is_saved_without_secrets(scene: Scene) -> None:
    scene.add("Linacs")
    desktop = scene.begin()
    scene.in_state("Linacs", PumpState.IDLE)
    scene.run_once()
    desktop.stage.window.actions_of_window["diagnostics"].trigger()
    dialog = scene.dialog("diagnostics_dialog")
    target = scene.folder / "bundle.zip"
    scene.write(scene.find(QLineEdit, "target", dialog), str(target))
    scene.click(scene.find(QPushButton, "save", dialog))
    words = f"The diagnostics bundle is saved as {target}."
    scene.until(lambda: said(dialog, "diagnostics_said") == words)
    with zipfile.ZipFile(target) as bundle:
        assert all(TOKEN.encode() not in bundle.read(name) for name in bundle.namelist())
        assert any(VERSION.encode() in bundle.read(name) for name in bundle.namelist())
    scene.click(scene.find(QPushButton, "open_folder", dialog))
    assert scene.opened.addresses == [scene.folder.as_uri()]
    scene.press(Qt.Key.Key_Escape, on=dialog)
    scene.gone("diagnostics_dialog")
    target.unlink()
    desktop.backstage.diagnostics.write(str(target))
    scene.told("info", "Diagnostics bundle", words)
    desktop.backstage.diagnostics.write(str(scene.folder / "missing" / "bundle.zip"))
    scene.until(scene.messages)
    ((level, _title, text),) = scene.messages()
    assert level == "error"
    assert str(scene.folder / "missing") in text


def test_the_demonstration_says_what_it_is_and_opens_the_page(scene: Scene) -> None:
    desktop = scene.begin()
    desktop.say_demonstration("http://127.0.0.1:5/")
    assert scene.messages() == [
        (
            "info",
            "Demonstration",
            "This clinic, its results and its QATrack+ server are made up and gone when you quit. "
            "Press Run all, then look at the records, or at the server's own page: http://127.0.0.1:5/",
        )
    ]
    scene.click(scene.find(QPushButton, "message_action"))
    assert scene.opened.addresses == ["http://127.0.0.1:5/"]
    assert scene.messages() == []
