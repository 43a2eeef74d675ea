"""The dialog *About*, and the libraries that it names."""

from __future__ import annotations

import re
from email.message import Message
from importlib import metadata
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QTableWidget
from pytestqt.qtbot import QtBot

from qcpump_qt.controllers.tasks import Tasks
from qcpump_qt.controllers.versions import USED, Versions, libraries, licence_of, versions
from qcpump_qt.models.about import AboutFacts, FolderRow, LibraryRow
from qcpump_qt.version import VERSION
from qcpump_qt.views.dialogs.about import AboutDialog

FACTS = AboutFacts(
    version="1.2.3",
    python="3.11.7",
    qt="6.8.1",
    system="Linux-6.1",
    folders=[FolderRow("Home", "/srv/qc"), FolderRow("Logs", "/srv/qc/logs")],
)
ROWS = [LibraryRow("keyring", "25.7", "MIT"), LibraryRow("requests", "2.34", "Apache-2.0")]
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def dialog(qtbot: QtBot) -> AboutDialog:
    dialog = AboutDialog(FACTS, QIcon())
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def label(dialog: AboutDialog, name: str) -> str:
    found = dialog.findChild(QLabel, name)
    assert found is not None
    return found.text()


def button(dialog: AboutDialog, name: str) -> QPushButton:
    found = dialog.findChild(QPushButton, name)
    assert found is not None
    return found


def test_it_tells_what_the_program_is(dialog: AboutDialog) -> None:
    assert label(dialog, "about_words") == (
        "QCPump-Qt 1.2.3\n"
        "Fetches radiotherapy QC results and delivers each one, exactly once, to QATrack+.\n"
        "QCPump-Qt is free software under the MIT licence. Copyright (c) 2026 The QCPump-Qt authors.\n"
        "Python 3.11.7, Qt 6.8.1, Linux-6.1"
    )


def test_each_folder_can_be_opened(dialog: AboutDialog, qtbot: QtBot) -> None:
    line = dialog.findChild(QLineEdit, "folder_1")
    assert line is not None
    assert (line.text(), line.isReadOnly(), line.accessibleName()) == ("/srv/qc/logs", True, "Logs: path")
    assert button(dialog, "open_folder_1").accessibleName() == "Open the folder: Logs"
    with qtbot.waitSignal(dialog.open_folder_wanted) as said:
        QTest.mouseClick(button(dialog, "open_folder_1"), LEFT)
    assert said.args == ["/srv/qc/logs"]


def test_the_libraries_follow(dialog: AboutDialog) -> None:
    assert label(dialog, "libraries_heading") == "Looking up the libraries…"
    dialog.set_libraries(ROWS)
    assert label(dialog, "libraries_heading") == "Libraries that QCPump-Qt uses, with their licences:"
    table = dialog.findChild(QTableWidget, "libraries")
    assert table is not None
    shown = [
        [table.model().index(row, column).data() for column in range(3)] for row in range(table.rowCount())
    ]
    assert shown == [["keyring", "25.7", "MIT"], ["requests", "2.34", "Apache-2.0"]]
    dialog.set_libraries([])
    assert label(dialog, "libraries_heading") == "The libraries cannot be looked up in this installation."


def test_everything_can_be_copied(dialog: AboutDialog) -> None:
    dialog.set_libraries(ROWS)
    QTest.mouseClick(button(dialog, "copy"), LEFT)
    assert QGuiApplication.clipboard().text() == (
        "QCPump-Qt 1.2.3\n"
        "Python 3.11.7, Qt 6.8.1, Linux-6.1\n"
        "Home: /srv/qc\n"
        "Logs: /srv/qc/logs\n"
        "keyring 25.7 (MIT)\n"
        "requests 2.34 (Apache-2.0)\n"
    )
    assert label(dialog, "about_said") == "Versions, folders and libraries are in the clipboard."


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_keys_close_it(dialog: AboutDialog, key: Qt.Key) -> None:
    QTest.keyClick(dialog, key)
    assert not dialog.isVisible()


# --- versions and licences -----------------------------------------------------------------------


def test_the_libraries_are_those_of_the_project_and_what_they_use() -> None:
    project = (Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8")
    used = project[project.index("dependencies = [") : project.index("test = [")]
    named = {re.sub(r"[-_.]+", "-", name).lower() for name in re.findall(r'"([A-Za-z0-9_.-]+)>=', used)}
    assert {re.sub(r"[-_.]+", "-", name).lower() for name in USED} == named
    found = {row.name.lower(): row for row in libraries()}
    assert found["requests"].version == metadata.version("requests")
    assert "certifi" in found, "requests uses it"
    assert "pytest" not in found
    assert all(row.licence != "not named" for row in found.values())
    assert list(found) == sorted(found, key=lambda name: re.sub(r"[-_.]+", "-", name))


def test_versions_name_what_the_program_runs_on() -> None:
    told = versions()
    assert told["QCPump-Qt"] == VERSION
    assert {"Python", "Qt", "PySide6", "System", "requests"} <= set(told)


@pytest.mark.parametrize(
    ("headers", "licence"),
    [
        ([("License-Expression", "MIT"), ("License", "other")], "MIT"),
        ([("Classifier", "License :: OSI Approved :: BSD License"), ("License", "long")], "BSD License"),
        ([("Classifier", "Topic :: Other"), ("License", "\nApache 2\nand the whole text")], "Apache 2"),
        ([("License-File", "LICENSE")], "see its file LICENSE"),
        ([], "not named"),
    ],
)
def test_licences_are_found_wherever_they_stand(headers: list[tuple[str, str]], licence: str) -> None:
    message = Message()
    for name, value in headers:
        message[name] = value
    assert licence_of(cast(metadata.PackageMetadata, message)) == licence


def test_they_are_looked_up_off_the_ui_thread(qapp: object, qtbot: QtBot) -> None:
    tasks = Tasks()
    looking = Versions(tasks)
    with qtbot.waitSignal(looking.found) as said:
        looking.look()
    assert said.args == [libraries()]
    assert tasks.wait(10)
