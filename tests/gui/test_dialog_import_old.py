"""The dialog that brings the pumps of QCPump 0.3 over."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QComboBox,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
)
from pytestqt.qtbot import QtBot

from gui.form_samples import bring_up, part
from qcpump_qt.views.dialogs.import_old import ImportDialog

LEFT = Qt.MouseButton.LeftButton
OLD = "/old/qcpump"


def shown(qtbot: QtBot, dialog: ImportDialog) -> ImportDialog:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.open()
    bring_up(qtbot, dialog)
    return dialog


@pytest.fixture
def dialog(qtbot: QtBot) -> ImportDialog:
    return shown(qtbot, ImportDialog([OLD, "/other/qcpump"]))


def texts(dialog: ImportDialog) -> list[str]:
    return [label.text() for label in dialog.findChildren(QLabel) if label.isVisible() and label.text()]


def folder(dialog: ImportDialog) -> QComboBox:
    box: QComboBox = part(dialog, QComboBox, "import/folder")
    return box


def test_found_folders_are_offered(qtbot: QtBot, dialog: ImportDialog) -> None:
    assert texts(dialog) == [
        "Brings the pumps of QCPump 0.3 over: their configuration, their tokens and the settings. The old folder is "
        "only read, and importing a second time makes nothing twice.",
        "These folders of QCPump were found. Choose one, or another folder that holds its pumps.",
    ]
    assert [folder(dialog).itemText(place) for place in range(2)] == [OLD, "/other/qcpump"]
    with qtbot.waitSignal(dialog.import_wanted) as wanted:
        QTest.mouseClick(dialog.start, LEFT)
    assert wanted.args == [OLD]


def test_enter_imports(qtbot: QtBot, dialog: ImportDialog) -> None:
    QTest.keyClick(folder(dialog), Qt.Key.Key_Down)
    with qtbot.waitSignal(dialog.import_wanted) as wanted:
        QTest.keyClick(folder(dialog), Qt.Key.Key_Return)
    assert wanted.args == ["/other/qcpump"]


def test_without_a_found_folder_one_is_typed(qtbot: QtBot) -> None:
    dialog = shown(qtbot, ImportDialog())
    assert texts(dialog)[1] == (
        "No folder of QCPump was found. Choose the folder that holds its pumps; its window names it under About."
    )
    assert not dialog.start.isEnabled()
    QTest.keyClicks(folder(dialog), "  /my/pumps ")
    with qtbot.waitSignal(dialog.import_wanted) as wanted:
        QTest.mouseClick(dialog.start, LEFT)
    assert wanted.args == ["/my/pumps"]


def test_a_folder_is_browsed_for(qtbot: QtBot, dialog: ImportDialog, tmp_path: Path) -> None:
    QTest.mouseClick(part(dialog, QPushButton, "import/browse"), LEFT)
    chooser = dialog.findChild(QFileDialog)
    assert isinstance(chooser, QFileDialog)
    assert chooser.windowTitle() == "Choose the folder of QCPump"
    part(chooser, QLineEdit, "fileNameEdit").setText(str(tmp_path))
    with qtbot.waitSignal(chooser.fileSelected):
        chooser.accept()
    assert folder(dialog).currentText() == str(tmp_path)


def test_an_import_under_way_is_told_and_not_started_twice(qtbot: QtBot, dialog: ImportDialog) -> None:
    dialog.set_busy("Importing…")
    assert texts(dialog)[-1] == "Importing…"
    assert not dialog.start.isEnabled()
    assert not folder(dialog).isEnabled()
    with qtbot.assertNotEmitted(dialog.import_wanted):
        QTest.keyClick(dialog, Qt.Key.Key_Return)


def test_the_report_is_shown(qtbot: QtBot, dialog: ImportDialog) -> None:
    dialog.set_busy("Importing…")
    before = dialog.height()
    dialog.show_report(["Import from /old/qcpump: pumps 1 imported.", "Pump MPC: imported.", "    A note."])
    assert texts(dialog)[-1] == "Import from /old/qcpump: pumps 1 imported."
    report = part(dialog, QPlainTextEdit, "import/report")
    assert (report.isVisible(), report.isReadOnly()) == (True, True)
    assert report.toPlainText() == "Pump MPC: imported.\n    A note."
    assert dialog.start.isEnabled()
    assert dialog.height() > before


def test_a_report_of_one_line_needs_no_box(dialog: ImportDialog) -> None:
    dialog.show_report(["Import from /old/qcpump: pumps 0 imported."])
    assert texts(dialog)[-1] == "Import from /old/qcpump: pumps 0 imported."
    assert not part(dialog, QPlainTextEdit, "import/report").isVisible()


def test_a_failure_is_told_and_the_folder_can_be_changed(qtbot: QtBot, dialog: ImportDialog) -> None:
    dialog.show_report(["One.", "Two."])
    QTest.mouseClick(dialog.start, LEFT)
    dialog.set_busy("Importing…")
    dialog.show_failure("The folder /old/qcpump cannot be read.")
    assert texts(dialog)[-1] == "The folder /old/qcpump cannot be read."
    assert not part(dialog, QPlainTextEdit, "import/report").isVisible()
    assert folder(dialog).isEnabled()


def test_close_closes(qtbot: QtBot, dialog: ImportDialog) -> None:
    close = part(dialog, QDialogButtonBox).button(QDialogButtonBox.StandardButton.Close)
    QTest.mouseClick(close, LEFT)
    assert not dialog.isVisible()
