"""The settings dialog, with clicks and keys, and the file that it ends in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QSpinBox,
    QTabWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from qcpump_qt.controllers.settings import SettingsKeeper
from qcpump_qt.controllers.tasks import Tasks
from qcpump_qt.engine.paths import Places
from qcpump_qt.engine.settings import KEYS, Settings
from qcpump_qt.models.login_row import LoginRow
from qcpump_qt.models.settings_model import SettingsModel
from qcpump_qt.views.dialogs.settings import SettingsDialog

W = TypeVar("W", bound=QWidget)
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def model() -> SettingsModel:
    return SettingsModel(Settings())


@pytest.fixture
def dialog(model: SettingsModel, qtbot: QtBot) -> SettingsDialog:
    dialog = SettingsDialog(model)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


@pytest.fixture
def saved(dialog: SettingsDialog) -> list[Settings]:
    found: list[Settings] = []
    dialog.save_wanted.connect(found.append)
    return found


def part(dialog: QWidget, kind: type[W], name: str) -> W:
    found = dialog.findChild(kind, name)
    assert found is not None, name
    return found


def words(dialog: QWidget, name: str) -> str:
    label = part(dialog, QLabel, name)
    return label.text() if not label.isHidden() else ""


def open_group(dialog: SettingsDialog, title: str) -> None:
    tabs = part(dialog, QTabWidget, "settings_groups")
    tabs.setCurrentIndex([tabs.tabText(at) for at in range(tabs.count())].index(title))


def press(dialog: SettingsDialog, name: str) -> None:
    QTest.mouseClick(part(dialog, QPushButton, name), LEFT)


def test_every_setting_has_an_editor_with_a_name(dialog: SettingsDialog) -> None:
    for key in KEYS:
        editor = part(dialog, QWidget, key)
        spoken = editor.accessibleName() or editor.findChildren(QListWidget)[0].accessibleName()
        assert spoken
        assert editor.toolTip()
    assert part(dialog, QWidget, "HTTP_READ_TIMEOUT").accessibleName() == "Time for an answer, in s"
    for name in ("ok", "cancel", "apply", "restore_defaults"):
        assert part(dialog, QPushButton, name).accessibleName()


def test_nothing_changed_is_nothing_saved(dialog: SettingsDialog, saved: list[Settings]) -> None:
    assert not part(dialog, QPushButton, "apply").isEnabled()
    press(dialog, "ok")
    assert not dialog.isVisible()
    assert saved == []


def test_what_is_typed_is_saved(dialog: SettingsDialog, saved: list[Settings]) -> None:
    QTest.mouseClick(part(dialog, QCheckBox, "PUMP_ON_STARTUP"), LEFT, pos=QPoint(8, 8))
    open_group(dialog, "Network")
    connections = part(dialog, QSpinBox, "MAX_CONNECTIONS")
    connections.selectAll()
    QTest.keyClicks(connections, "12")
    read = part(dialog, QDoubleSpinBox, "HTTP_READ_TIMEOUT")
    read.selectAll()
    QTest.keyClicks(read, "2.5")
    browser = part(dialog, QLineEdit, "BROWSER_USER_AGENT")
    browser.selectAll()
    QTest.keyClicks(browser, "Clinic")
    open_group(dialog, "Window")
    QTest.keyClick(part(dialog, QComboBox, "DATE_FORMAT"), Qt.Key.Key_Down)
    press(dialog, "apply")
    expected = Settings(
        PUMP_ON_STARTUP=True,
        MAX_CONNECTIONS=12,
        HTTP_READ_TIMEOUT=2.5,
        BROWSER_USER_AGENT="Clinic",
        DATE_FORMAT="dd.MM.yyyy",
    )
    assert saved == [expected]
    assert saved[0].given == expected.given
    assert words(dialog, "settings_said") == "Saving…"
    dialog.show_saved(saved[0])
    assert words(dialog, "settings_said") == "The settings are saved."
    assert dialog.isVisible()
    assert not part(dialog, QPushButton, "apply").isEnabled()


def test_ok_saves_and_closes(dialog: SettingsDialog, saved: list[Settings]) -> None:
    QTest.keyClick(part(dialog, QCheckBox, "PUMP_ON_STARTUP"), Qt.Key.Key_Space)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert saved == [Settings(PUMP_ON_STARTUP=True)]
    assert dialog.isVisible()
    dialog.show_saved(saved[0])
    assert not dialog.isVisible()


def test_what_needs_a_restart_is_said_before_it_closes(dialog: SettingsDialog, saved: list[Settings]) -> None:
    open_group(dialog, "Logging")
    level = part(dialog, QComboBox, "LOG_LEVEL")
    QTest.keyClick(level, Qt.Key.Key_Up)
    press(dialog, "ok")
    assert saved == [Settings(LOG_LEVEL="debug")]
    dialog.show_saved(saved[0])
    assert words(dialog, "settings_said") == "The settings are saved. Start QCPump-Qt again for: Log level."
    assert dialog.isVisible()
    helps = [label.text() for label in dialog.findChildren(QLabel)]
    assert any(
        text.startswith("How much QCPump-Qt writes") and text.endswith("Counts from the next start on.")
        for text in helps
    )
    press(dialog, "ok")
    assert not dialog.isVisible()


def test_what_cannot_be_used_is_refused_beside_the_field(
    dialog: SettingsDialog, saved: list[Settings]
) -> None:
    open_group(dialog, "Network")
    browser = part(dialog, QLineEdit, "BROWSER_USER_AGENT")
    browser.selectAll()
    QTest.keyClick(browser, Qt.Key.Key_Backspace)
    assert words(dialog, "problem_BROWSER_USER_AGENT") == "⚠ Expected here: a text."
    connect = part(dialog, QDoubleSpinBox, "HTTP_CONNECT_TIMEOUT")
    connect.selectAll()
    QTest.keyClicks(connect, "0")
    assert (
        words(dialog, "problem_HTTP_CONNECT_TIMEOUT")
        == "⚠ Expected here: seconds, more than 0 and at most 3600."
    )
    open_group(dialog, "Running")
    press(dialog, "ok")
    assert saved == []
    assert words(dialog, "settings_said") == "Nothing is saved yet: mend what is marked first."
    assert part(dialog, QTabWidget, "settings_groups").currentIndex() == 3
    QTest.keyClicks(browser, "x")
    assert words(dialog, "problem_BROWSER_USER_AGENT") == ""
    assert words(dialog, "problem_HTTP_CONNECT_TIMEOUT") != ""


def test_typing_is_not_interrupted(dialog: SettingsDialog, model: SettingsModel) -> None:
    open_group(dialog, "Network")
    browser = part(dialog, QLineEdit, "BROWSER_USER_AGENT")
    browser.setFocus()
    browser.setCursorPosition(3)
    QTest.keyClicks(browser, "ab")
    assert browser.cursorPosition() == 5
    assert model.value("BROWSER_USER_AGENT").startswith("Mozabilla/5.0")


def test_a_save_that_fails_keeps_everything(dialog: SettingsDialog, saved: list[Settings]) -> None:
    QTest.keyClick(part(dialog, QCheckBox, "PUMP_ON_STARTUP"), Qt.Key.Key_Space)
    press(dialog, "ok")
    dialog.show_failed("Disk refuses", "The disk is full.")
    assert words(dialog, "settings_said") == "Disk refuses: The disk is full."
    assert dialog.isVisible()
    assert part(dialog, QCheckBox, "PUMP_ON_STARTUP").isChecked()
    assert part(dialog, QPushButton, "apply").isEnabled()


def test_defaults_are_restored_and_nothing_is_saved_yet(qtbot: QtBot) -> None:
    dialog = SettingsDialog(SettingsModel(Settings(MAX_CONNECTIONS=9, PUMP_DIRECTORIES=["/a"])))
    qtbot.addWidget(dialog)
    dialog.show()
    saved: list[Settings] = []
    dialog.save_wanted.connect(saved.append)
    press(dialog, "restore_defaults")
    assert words(dialog, "settings_said") == (
        "Every setting has its default now. Nothing is saved until you press OK or Apply."
    )
    assert part(dialog, QSpinBox, "MAX_CONNECTIONS").value() == 4
    assert part(dialog, QListWidget, "folders").count() == 0
    assert saved == []
    press(dialog, "ok")
    assert saved == [Settings()]
    assert saved[0].given == {}


@pytest.mark.parametrize("way", ["button", "key", "window"])
def test_cancel_saves_nothing(dialog: SettingsDialog, saved: list[Settings], qtbot: QtBot, way: str) -> None:
    QTest.keyClick(part(dialog, QCheckBox, "PUMP_ON_STARTUP"), Qt.Key.Key_Space)
    with qtbot.waitSignal(dialog.rejected):
        if way == "button":
            press(dialog, "cancel")
        elif way == "key":
            QTest.keyClick(dialog, Qt.Key.Key_Escape)
        else:
            dialog.close()
    assert not dialog.isVisible()
    assert saved == []


def test_a_broken_file_is_told(qtbot: QtBot) -> None:
    model = SettingsModel(Settings(), ("settings.json, line 4: MAX_CONNECTIONS is 900.",))
    dialog = SettingsDialog(model)
    qtbot.addWidget(dialog)
    dialog.show()
    assert words(dialog, "settings_trouble") == "settings.json, line 4: MAX_CONNECTIONS is 900."
    dialog.show_saved(Settings())
    assert words(dialog, "settings_trouble") == ""


# --- start at login ------------------------------------------------------------------------------


def test_start_at_login_is_shown_as_it_is(dialog: SettingsDialog, saved: list[Settings]) -> None:
    box = part(dialog, QCheckBox, "start_at_login")
    assert not box.isEnabled()
    assert words(dialog, "login_words") == "Looking whether QCPump-Qt starts at login…"
    dialog.show_login(LoginRow(True, "", True))
    assert (box.isEnabled(), box.isChecked()) == (True, True)
    assert words(dialog, "login_words") == ""
    wanted: list[bool] = []
    dialog.login_wanted.connect(wanted.append)
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert wanted == []
    press(dialog, "ok")
    assert wanted == [False]
    assert saved == [Settings()]
    dialog.show_login(LoginRow(False, "", True))
    dialog.show_saved(saved[0])
    assert not dialog.isVisible()


def test_a_choice_is_not_taken_back_by_a_late_answer(dialog: SettingsDialog) -> None:
    dialog.show_login(LoginRow(False, "", True))
    box = part(dialog, QCheckBox, "start_at_login")
    QTest.keyClick(box, Qt.Key.Key_Space)
    dialog.show_login(LoginRow(False, "It was switched off in Windows' own Task Manager list.", True))
    assert box.isChecked()
    assert words(dialog, "login_words") == "It was switched off in Windows' own Task Manager list."
    dialog.show_login(LoginRow(False, "The registry cannot be read.", False))
    assert not box.isChecked()
    assert not box.isEnabled()


# --- folders -------------------------------------------------------------------------------------


@pytest.fixture
def folders(qtbot: QtBot) -> tuple[SettingsDialog, QListWidget, list[Settings]]:
    dialog = SettingsDialog(SettingsModel(Settings(PUMP_DIRECTORIES=["/first", "/second"])))
    qtbot.addWidget(dialog)
    dialog.show()
    open_group(dialog, "Folders")
    saved: list[Settings] = []
    dialog.save_wanted.connect(saved.append)
    return dialog, part(dialog, QListWidget, "folders"), saved


def test_folders_are_taken_off(folders: tuple[SettingsDialog, QListWidget, list[Settings]]) -> None:
    dialog, shown, saved = folders
    assert not part(dialog, QPushButton, "remove_folder").isEnabled()
    shown.setCurrentRow(0)
    press(dialog, "remove_folder")
    press(dialog, "apply")
    assert saved[-1].PUMP_DIRECTORIES == ["/second"]
    shown.setFocus()
    shown.setCurrentRow(0)
    QTest.keyClick(shown, Qt.Key.Key_Delete)
    press(dialog, "apply")
    assert saved[-1].PUMP_DIRECTORIES is None


def test_a_folder_is_typed_anew(
    folders: tuple[SettingsDialog, QListWidget, list[Settings]], qtbot: QtBot
) -> None:
    dialog, shown, saved = folders
    shown.setCurrentRow(1)
    press(dialog, "change_folder")
    editor = shown.findChildren(QLineEdit)[0]
    QTest.keyClicks(editor, "/third")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shown.item(1).text() == "/third")
    assert dialog.isVisible()
    press(dialog, "apply")
    assert saved[-1].PUMP_DIRECTORIES == ["/first", "/third"]


def test_folders_are_added_by_choosing(
    folders: tuple[SettingsDialog, QListWidget, list[Settings]], tmp_path: Path
) -> None:
    dialog, shown, saved = folders
    for _twice in range(2):
        press(dialog, "add_folder")
        chooser = dialog.findChildren(QFileDialog)[-1]
        assert chooser.windowTitle() == "Choose a folder with pump types"
        chooser.fileSelected.emit(str(tmp_path))
        chooser.close()
    assert shown.count() == 3
    press(dialog, "apply")
    assert ["/first", "/second", str(tmp_path)] == saved[-1].PUMP_DIRECTORIES


def test_the_wheel_scrolls_the_page_and_changes_nothing_by_the_way(dialog: SettingsDialog) -> None:
    open_group(dialog, "Network")
    spin = part(dialog, QSpinBox, "MAX_CONNECTIONS")
    number = part(dialog, QDoubleSpinBox, "HTTP_READ_TIMEOUT")
    open_group(dialog, "Logging")
    choice = part(dialog, QComboBox, "LOG_LEVEL")
    for editor in (spin, number, choice):
        editor.clearFocus()
        turn = QWheelEvent(
            QPointF(5, 5),
            QPointF(5, 5),
            QPoint(0, 0),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(editor, turn)
        assert not turn.isAccepted()
    assert (spin.value(), number.value(), choice.currentText()) == (4, 30.0, "info")


def test_nothing_is_cut_with_a_large_font(qtbot: QtBot) -> None:
    dialog = SettingsDialog(SettingsModel(Settings(), ("A long message about settings. " * 6,)))
    qtbot.addWidget(dialog)
    font = dialog.font()
    font.setPointSizeF(font.pointSizeF() * 1.5)
    dialog.setFont(font)
    dialog.show()
    for at in range(5):
        part(dialog, QTabWidget, "settings_groups").setCurrentIndex(at)
        QApplication.processEvents()
        for label in dialog.findChildren(QLabel):
            if label.isVisible() and label.wordWrap():
                assert label.height() >= label.heightForWidth(label.width()), label.text()


# --- the controller ------------------------------------------------------------------------------


@pytest.fixture
def keeper(tmp_path: Path, qapp: object) -> Iterator[SettingsKeeper]:
    places = Places(tmp_path / "home")
    places.ensure()
    tasks = Tasks()
    yield SettingsKeeper(places, tasks)
    assert tasks.wait(10)


def file_of(tmp_path: Path) -> Path:
    return tmp_path / "home" / "settings.json"


def test_settings_are_saved_and_loaded(keeper: SettingsKeeper, tmp_path: Path, qtbot: QtBot) -> None:
    file_of(tmp_path).write_text('{"OTHER": 1, "LOG_LEVEL": "debug"}', encoding="utf-8")
    with qtbot.waitSignal(keeper.saved) as said:
        keeper.save(Settings(MAX_CONNECTIONS=9))
    assert said.args == [Settings(MAX_CONNECTIONS=9)]
    assert json.loads(file_of(tmp_path).read_text("utf-8")) == {"MAX_CONNECTIONS": 9, "OTHER": 1}
    with qtbot.waitSignal(keeper.loaded) as loaded:
        keeper.load()
    assert loaded.args == [
        Settings(MAX_CONNECTIONS=9),
        [f'{file_of(tmp_path)}: the key "OTHER" is not known and is ignored.'],
    ]


def test_a_broken_file_is_kept(keeper: SettingsKeeper, tmp_path: Path, qtbot: QtBot) -> None:
    file_of(tmp_path).write_text("{ broken", encoding="utf-8")
    with qtbot.waitSignal(keeper.set_aside) as said:
        keeper.save(Settings(MAX_CONNECTIONS=9))
    (aside,) = (tmp_path / "home").glob("settings.json.broken-*")
    assert said.args == [
        f"The former settings.json was broken. It is kept as {aside}, and a sound one was written."
    ]
    assert aside.read_text("utf-8") == "{ broken"


def test_what_cannot_be_saved_is_told(keeper: SettingsKeeper, tmp_path: Path, qtbot: QtBot) -> None:
    file_of(tmp_path).mkdir()
    with qtbot.waitSignal(keeper.failed) as said:
        keeper.save(Settings(MAX_CONNECTIONS=9))
    assert said.args is not None
    assert str(file_of(tmp_path)) in said.args[1]
