"""Records, previews and imports in the whole desktop, beside the server that they go to."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QMessageBox, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from endtoend.old_folder import mpc_sections, write_old_folder, write_old_pump
from gui.desktop_scene import CTRL, SHIFT, TYPE, Scene, scene_in
from qcpump_qt.demo.clinic import READER_TOKEN
from qcpump_qt.engine.records import DeliveryState
from qcpump_qt.models.record_values import ValueColumn
from qcpump_qt.models.rows import PumpState
from qcpump_qt.views.preview_dialog import PreviewDialog


@pytest.fixture
def scene(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[Scene]:
    with scene_in(tmp_path, qtbot, qapp) as found:
        yield found


def delivered_once(scene: Scene) -> str:
    """A pump whose records have been delivered, with the tab *Records* in front; its id."""
    pump = scene.add("Linacs")
    scene.begin()
    scene.in_state("Linacs", PumpState.IDLE)
    scene.show_tab("Records")
    scene.run_once()
    scene.until(scene.desktop.stage.record_rows.rowCount)
    return pump.id


def set_type(scene: Scene, kind: str) -> None:
    """Make the first test of each list one that takes no value, as a physicist may by mistake, or mend that."""
    for test_list in scene.server.world.test_lists:
        first, *others = test_list.own_tests
        test_list.own_tests = (replace(first, type=kind, constant=-1.0), *others)


def count_line(scene: Scene) -> str:
    return scene.find(QLabel, "record_count", scene.desktop.stage.records).text()


def look_at(scene: Scene, state: str) -> None:
    """Put the cursor on the first record in this state, and wait for its details."""
    stage = scene.desktop.stage
    rows = [stage.record_rows.row_at(place) for place in range(stage.record_rows.rowCount())]
    place = next(place for place, row in enumerate(rows) if row is not None and row.state == state)
    stage.records.table.setCurrentIndex(stage.record_rows.index(place, 0))
    stage.records.table.selectRow(place)
    wanted = rows[place]
    assert wanted is not None
    scene.until(
        lambda: (
            stage.records.detail.detail is not None
            and stage.records.detail.detail.row.number == wanted.number
        )
    )


def test_records_appear_after_a_cycle_with_the_answer_of_the_server(scene: Scene) -> None:
    pump = delivered_once(scene)
    stage = scene.desktop.stage
    total = scene.program.ledger.browse.count(pump)
    scene.until(lambda: count_line(scene) == f"{total} records.")
    look_at(scene, "delivered")
    detail = stage.records.detail.detail
    assert detail is not None
    session = next(each for each in scene.server.sessions() if each["user_key"] == detail.row.key)
    answer = scene.find(QPlainTextEdit, "server_answer", stage.records).toPlainText()
    assert answer.startswith("HTTP status 201\n\n")
    values = stage.records.detail.values
    assert values.echoed
    shown = {
        values.index(row, ValueColumn.TEST).data(): values.index(row, ValueColumn.SERVER).data()
        for row in range(values.rowCount())
    }
    sent = {slug: test["value"] for slug, test in session["tests"].items() if not test["skipped"]}
    assert set(sent) <= set(shown)
    assert {slug: float(shown[slug]) for slug in sent} == pytest.approx(sent)
    scene.click(scene.find(QPushButton, "open", stage.records))
    assert scene.opened.addresses == [detail.row.url]
    scene.check_all_equal(pump)


def test_rejected_records_are_retried_one_by_one_and_all_together(scene: Scene) -> None:
    set_type(scene, "constant")
    pump = delivered_once(scene)
    stage, browse = scene.desktop.stage, scene.program.ledger.browse
    rejected = browse.count(pump, DeliveryState.REJECTED)
    assert rejected > 1
    retry_all = scene.find(QPushButton, "retry_all", stage.records)
    scene.until(lambda: retry_all.text() == f"Retry all rejected ({rejected})")
    look_at(scene, "rejected")
    scene.click(scene.find(QPushButton, "retry", stage.records))
    scene.told("info", "Retry", "1 record will be tried again in the next cycle.")
    scene.until(lambda: browse.count(pump, DeliveryState.REJECTED) == rejected - 1)
    set_type(scene, "simple")
    scene.until(lambda: retry_all.text() == f"Retry all rejected ({rejected - 1})")
    scene.click(retry_all)
    box = scene.dialog("confirm_retry_all")
    assert isinstance(box, QMessageBox)
    scene.press(Qt.Key.Key_Return, on=box)
    scene.gone("confirm_retry_all")
    scene.told("info", "Retry", f"{rejected - 1} records will be tried again in the next cycle.")
    assert browse.count(pump, DeliveryState.REJECTED) == 0
    scene.until(lambda: retry_all.text() == "Retry all rejected")
    scene.run_once()
    scene.check_all_equal(pump)


def test_the_records_are_exported_as_a_table(scene: Scene) -> None:
    pump = delivered_once(scene)
    total = scene.program.ledger.browse.count(pump)
    target = scene.folder / "all.csv"
    export = scene.find(QPushButton, "export", scene.desktop.stage.records)
    scene.until(export.isEnabled)
    scene.click(export)
    dialog = scene.dialog("export_file")
    assert isinstance(dialog, QFileDialog)
    dialog.fileSelected.emit(str(target))
    dialog.reject()
    scene.told("info", "Export", f"{total} records were written to {target}.")
    with target.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    arrived = sorted(line["Key"] for line in lines if line["State"] == "delivered")
    assert arrived == sorted(session["user_key"] for session in scene.server.sessions())
    scene.gone("export_file")


def test_an_export_that_cannot_be_written_is_told(scene: Scene) -> None:
    delivered_once(scene)
    target = scene.folder / "missing" / "all.csv"
    scene.desktop.stage.records.export_wanted.emit(str(target))
    scene.until(scene.messages)
    ((level, _title, text),) = scene.messages()
    assert level == "error"
    assert str(target.parent) in text
    assert not target.exists()


def preview_of(scene: Scene) -> PreviewDialog:
    scene.until(scene.desktop.stage.window.pumps.pump_actions["preview"].isEnabled)
    scene.press(Qt.Key.Key_P, CTRL | SHIFT)
    dialog = scene.dialog("preview_dialog")
    assert isinstance(dialog, PreviewDialog)
    return dialog


def test_a_preview_shows_what_would_be_sent_and_sends_nothing(scene: Scene) -> None:
    scene.add("Linacs")
    scene.begin()
    scene.in_state("Linacs", PumpState.IDLE)
    dialog = preview_of(scene)
    assert dialog.windowTitle() == "Preview of Linacs"
    scene.until(dialog.refresh.isEnabled)
    due = {session.user_key for session in scene.story.delivered}
    rows = [dialog.model.row_at(place) for place in range(dialog.model.rowCount())]
    assert {row.key for row in rows if row is not None and row.state == "would be sent"} == due
    assert dialog.counts.text().startswith(f"{len(due)} would be sent, ")
    assert scene.server.sessions() == []
    assert scene.program.ledger.browse.count(scene.row("Linacs").id) == 0
    scene.click(dialog.close_button)
    scene.gone("preview_dialog")
    scene.run_once()
    again = preview_of(scene)
    scene.until(again.refresh.isEnabled)
    states = {row.state for place in range(again.model.rowCount()) if (row := again.model.row_at(place))}
    assert "would be sent" not in states
    scene.press(Qt.Key.Key_Escape, on=again)
    scene.gone("preview_dialog")


def test_a_preview_of_a_pump_that_was_never_saved_says_what_to_do(scene: Scene) -> None:
    desktop = scene.begin()
    desktop.backstage.editing.open_new(TYPE, "New")
    scene.until(lambda: scene.names() == ["New"])
    scene.settled()
    scene.click(scene.button("preview"))
    scene.told(
        "info",
        "Preview",
        "Save the pump first: a preview shows what its next cycle would send with the saved configuration.",
    )


def test_a_preview_that_cannot_be_made_says_why(scene: Scene) -> None:
    scene.add("Linacs", api={"auth token": READER_TOKEN}, mpc={"tds directory": str(scene.folder / "away")})
    scene.begin()
    scene.in_state("Linacs", PumpState.INVALID, PumpState.IDLE)
    scene.settled()
    dialog = preview_of(scene)
    scene.until(dialog.refresh.isEnabled)
    assert dialog.counts.text() == "The preview could not be made."
    assert str(scene.folder / "away") in dialog.messages.item(0).text()
    scene.click(dialog.close_button)
    scene.gone("preview_dialog")


def report_line(old: Path) -> str:
    return f"Import from {old}: pumps 1 imported, 0 already there, 0 not imported; 0 items could not be read."


def test_pumps_are_imported_and_run_with_their_tokens(scene: Scene) -> None:
    old = write_old_folder(scene.folder / "old", {"DATE_FORMAT": "%d %b %Y"})
    write_old_pump(old, "From before", TYPE, mpc_sections(scene.tds, scene.server.url))
    desktop = scene.begin()
    scene.press(Qt.Key.Key_I, CTRL)
    dialog = scene.dialog("import")
    dialog.folder.setEditText(str(old))
    scene.press(Qt.Key.Key_Return, on=dialog.folder)
    scene.until(dialog.report.isVisible)
    assert dialog.message.text() == report_line(old)
    assert "From before" in dialog.report.toPlainText()
    scene.until(lambda: scene.names() == ["From before"])
    scene.press(Qt.Key.Key_Escape, on=dialog)
    scene.gone("import")
    scene.in_state("From before", PumpState.IDLE)
    scene.run_once()
    scene.check_all_equal(scene.row("From before").id)
    assert desktop.backstage.editing.unsaved() == set()


def test_an_import_from_a_wrong_folder_says_so(scene: Scene) -> None:
    scene.begin()
    scene.press(Qt.Key.Key_I, CTRL)
    dialog = scene.dialog("import")
    dialog.folder.setEditText(str(scene.folder / "nowhere"))
    scene.press(Qt.Key.Key_Return, on=dialog.folder)
    scene.until(lambda: str(scene.folder / "nowhere") in dialog.message.text())
    assert dialog.start.isEnabled()
    scene.press(Qt.Key.Key_Escape, on=dialog)
    scene.gone("import")


def test_the_report_of_an_import_is_told_when_its_dialog_was_closed(scene: Scene) -> None:
    old = write_old_folder(scene.folder / "old")
    write_old_pump(old, "From before", TYPE, mpc_sections(scene.tds, scene.server.url))
    desktop = scene.begin()
    desktop.backstage.imports.import_from(str(old))
    scene.told("info", "Import from QCPump", report_line(old))
    scene.until(lambda: scene.names() == ["From before"])
