"""The crash report and the diagnostics bundle, from the click to the zip."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QDir, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from qcpump_qt.controllers.diagnostics import Diagnostics
from qcpump_qt.controllers.tasks import Tasks
from qcpump_qt.engine.logs.redaction import Redactor
from qcpump_qt.engine.paths import Places
from qcpump_qt.views.dialogs.crash_report import CrashReportDialog
from qcpump_qt.views.dialogs.diagnostics import DiagnosticsDialog

LEFT = Qt.MouseButton.LeftButton
WORDS = "QCPump-Qt 1.0 did not end properly last time."


def words(dialog: QDialog, name: str) -> str:
    found = dialog.findChild(QLabel, name)
    assert found is not None
    return found.text()


def button(dialog: QDialog, name: str) -> QPushButton:
    found = dialog.findChild(QPushButton, name)
    assert found is not None
    assert found.accessibleName()
    return found


@pytest.fixture
def report(qtbot: QtBot) -> CrashReportDialog:
    dialog = CrashReportDialog(WORDS)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_a_crash_is_told_and_the_report_offered(report: CrashReportDialog, qtbot: QtBot) -> None:
    assert words(report, "crash_words") == (
        f"{WORDS}\n\n"
        "Nothing is lost: every record is delivered exactly once, also after a crash, as soon as the "
        "pumps run again. If this happens again, save a "
        "report and send it to those who look after QCPump-Qt."
    )
    with qtbot.waitSignal(report.report_wanted):
        QTest.mouseClick(button(report, "save_report"), LEFT)
    with qtbot.waitSignal(report.log_wanted):
        QTest.mouseClick(button(report, "open_log"), LEFT)
    assert report.isVisible()
    QTest.keyClick(report, Qt.Key.Key_Return)
    assert not report.isVisible()


@pytest.fixture
def dialog(qtbot: QtBot, tmp_path: Path) -> DiagnosticsDialog:
    dialog = DiagnosticsDialog(str(tmp_path / "report.zip"))
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_it_says_what_will_be_in_it(dialog: DiagnosticsDialog) -> None:
    assert words(dialog, "diagnostics_what") == (
        "The diagnostics bundle is a zip file for those who help you. It holds the versions, the settings, the "
        "configuration of each pump, the newest logs, and how many records are in which state. It holds no tokens or "
        "passwords, and no measured values. Names of machines, units, people and folders can be in it: look through "
        "it before you send it."
    )
    assert words(dialog, "diagnostics_said") == ""
    assert not button(dialog, "open_folder").isVisible()


def test_it_asks_where_and_says_where_it_is(dialog: DiagnosticsDialog, qtbot: QtBot, tmp_path: Path) -> None:
    path = str(tmp_path / "report.zip")
    with qtbot.waitSignal(dialog.save_wanted) as said:
        QTest.mouseClick(button(dialog, "save"), LEFT)
    assert said.args == [QDir.toNativeSeparators(path)]
    assert words(dialog, "diagnostics_said") == "Saving…"
    assert not button(dialog, "save").isEnabled()
    dialog.show_saved(path, ["The ledger cannot be read."])
    assert words(dialog, "diagnostics_said") == (
        f"The diagnostics bundle is saved as {QDir.toNativeSeparators(path)}.\nThe ledger cannot be read."
    )
    assert button(dialog, "save").isEnabled()
    with qtbot.waitSignal(dialog.open_folder_wanted) as said:
        QTest.mouseClick(button(dialog, "open_folder"), LEFT)
    assert said.args is not None
    assert Path(said.args[0]) == tmp_path


def test_a_failure_is_told(dialog: DiagnosticsDialog) -> None:
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    dialog.show_failed("Disk refuses", "The disk is full.")
    assert words(dialog, "diagnostics_said") == "Disk refuses: The disk is full."
    assert button(dialog, "save").isEnabled()


def test_without_a_name_nothing_can_be_saved(dialog: DiagnosticsDialog) -> None:
    line = dialog.findChild(QLineEdit, "target")
    assert line is not None
    line.selectAll()
    QTest.keyClick(line, Qt.Key.Key_Delete)
    assert not button(dialog, "save").isEnabled()
    QTest.keyClicks(line, "x.zip")
    assert button(dialog, "save").isEnabled()


def test_another_file_can_be_chosen(dialog: DiagnosticsDialog, tmp_path: Path) -> None:
    QTest.mouseClick(button(dialog, "browse"), LEFT)
    (chooser,) = dialog.findChildren(QFileDialog)
    assert chooser.windowTitle() == "Save the diagnostics bundle"
    chooser.fileSelected.emit(str(tmp_path / "other.zip"))
    chooser.close()
    line = dialog.findChild(QLineEdit, "target")
    assert line is not None
    assert Path(line.text()) == tmp_path / "other.zip"


@pytest.mark.parametrize("width", [300, 500, 900])
def test_no_words_are_cut(dialog: DiagnosticsDialog, report: CrashReportDialog, width: int) -> None:
    dialog.show_saved("/a/very/long/" + "path/" * 20 + "report.zip", ["One thing is missing. " * 8] * 3)
    for each in (dialog, report):
        font = each.font()
        font.setPointSizeF(font.pointSizeF() * 1.5)
        each.setFont(font)
        each.resize(width, 10)
        QApplication.processEvents()
        for label in each.findChildren(QLabel):
            if label.wordWrap():
                assert label.height() >= label.heightForWidth(label.width()), label.text()


# --- from the click to the zip -------------------------------------------------------------------


@pytest.fixture
def places(tmp_path: Path) -> Places:
    places = Places(tmp_path / "home")
    places.ensure()
    (places.logs / "qcpump-qt.log").write_text("refused s3cret-t0ken\n", encoding="utf-8")
    return places


@pytest.fixture
def diagnostics(places: Places, qapp: object) -> Iterator[Diagnostics]:
    tasks = Tasks()
    yield Diagnostics(places, Redactor(["s3cret-t0ken"]), lambda: {"QCPump-Qt": "1.0"}, tasks)
    assert tasks.wait(10)


def test_the_bundle_is_written_without_secrets(
    dialog: DiagnosticsDialog, diagnostics: Diagnostics, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog.save_wanted.connect(diagnostics.write)
    diagnostics.written.connect(dialog.show_saved)
    with qtbot.waitSignal(diagnostics.written):
        QTest.mouseClick(button(dialog, "save"), LEFT)
    target = tmp_path / "report.zip"
    assert words(dialog, "diagnostics_said").startswith(f"The diagnostics bundle is saved as {target}.")
    with zipfile.ZipFile(target) as bundle:
        texts = {name: bundle.read(name).decode("utf-8") for name in bundle.namelist()}
    assert '"QCPump-Qt": "1.0"' in texts["versions.json"]
    assert texts["logs/qcpump-qt.log"] == "refused ***\n"
    assert not any("s3cret-t0ken" in text for text in texts.values())


def test_a_folder_that_is_not_there_is_told(
    dialog: DiagnosticsDialog, diagnostics: Diagnostics, qtbot: QtBot, tmp_path: Path
) -> None:
    diagnostics.failed.connect(dialog.show_failed)
    target = tmp_path / "gone" / "report.zip"
    with qtbot.waitSignal(diagnostics.failed):
        diagnostics.write(str(target))
    assert f"{target} could not be written: " in words(dialog, "diagnostics_said")
