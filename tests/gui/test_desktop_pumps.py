"""The pumps of the whole desktop: added, filled in, saved, edited, copied, renamed and deleted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from gui.desktop_scene import CTRL, TYPE, Scene, scene_in
from qcpump_qt.demo.clinic import TOKEN
from qcpump_qt.models.rows import PumpState
from qcpump_qt.views.form.configuration_tab import EDITED, NEW, SAVED


@pytest.fixture
def scene(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[Scene]:
    with scene_in(tmp_path, qtbot, qapp) as found:
        yield found


def state_line(scene: Scene) -> str:
    """What stands above the form about saving."""
    return scene.find(QLabel, "form/state", scene.desktop.stage.configuration).text()


def new_pump(scene: Scene, name: str) -> None:
    """Add a pump by keys."""
    scene.press(Qt.Key.Key_N, CTRL)
    dialog = scene.dialog("add")
    QTest.keyClicks(dialog.types.filter, "mpc")
    assert [choice.key for choice in [dialog.types.selected()]] == [TYPE]
    scene.write(dialog.name, name)
    scene.press(Qt.Key.Key_Return, on=dialog.name)
    scene.gone("add")
    scene.until(lambda: state_line(scene) == NEW)


def fill_in(scene: Scene) -> None:
    """Enter what the new pump needs."""
    for place, text in (
        ("MPC/0/tds directory", str(scene.tds)),
        ("MPC/0/history days", "30"),
        ("QATrack+ API/0/api url", scene.server.url),
        ("QATrack+ API/0/auth token", TOKEN),
    ):
        scene.write(scene.field(place), text)


def test_a_pump_is_added_filled_in_saved_and_runs(scene: Scene) -> None:
    desktop = scene.begin()
    assert desktop.stage.window.welcome.isVisible()
    new_pump(scene, "Morning checks")
    assert scene.names() == ["Morning checks"]
    row = scene.row("Morning checks")
    assert (row.state, row.reason) == (PumpState.NOT_CONFIGURED, "It has not been saved yet.")
    assert row.unsaved
    assert state_line(scene) == NEW
    fill_in(scene)
    assert scene.program.pumps() == ([], [])
    scene.press(Qt.Key.Key_S, CTRL, on=scene.field("MPC/0/tds directory"))
    scene.until(lambda: scene.program.pumps()[0])
    scene.until(lambda: state_line(scene) == SAVED)
    scene.settled()
    scene.in_state("Morning checks", PumpState.IDLE)
    (pump,) = scene.program.pumps()[0]
    assert scene.names() == ["Morning checks"]
    assert desktop.stage.window.selected_id == pump.id
    assert scene.server.sessions() == []
    scene.press(Qt.Key.Key_F5)
    scene.cycles(1)
    scene.check_all_equal(pump.id)
    assert scene.messages() == []


def text_of(scene: Scene, place: str) -> str:
    editor = scene.field(place)
    assert isinstance(editor, QLineEdit)
    return editor.text()


def saved_values(scene: Scene, section: str) -> dict[str, object]:
    (pump,) = scene.program.pumps()[0]
    return dict(pump.values[section][0])


def test_an_edit_during_a_cycle_counts_from_the_next_cycle_on(scene: Scene) -> None:
    pump = scene.add(pump={"interval (s)": 86400})
    desktop = scene.begin()
    scene.settled()
    nowhere = scene.folder / "nothing here"
    (nowhere / "MPCChecks").mkdir(parents=True)
    scene.hang(1.0)
    scene.press(Qt.Key.Key_F6)
    scene.in_state("Linacs", PumpState.RUNNING)
    scene.write(scene.field("MPC/0/tds directory"), str(nowhere))
    assert state_line(scene) == EDITED
    scene.click(scene.button("save"))
    scene.until(lambda: saved_values(scene, "MPC")["tds directory"] == str(nowhere))
    scene.cycles(1)
    scene.check_all_equal(pump.id)
    assert scene.reports[0][1].counts["delivered"] == len(scene.story.delivered)
    scene.in_state("Linacs", PumpState.IDLE, PumpState.ATTENTION)
    scene.settled()
    scene.press(Qt.Key.Key_F6)
    scene.cycles(2)
    assert scene.reports[1][1].counts["delivered"] == 0
    scene.check_all_equal(pump.id)
    assert desktop.backstage.editing.unsaved() == set()


def test_edits_stay_while_another_pump_is_looked_at(scene: Scene) -> None:
    scene.add("Linacs")
    scene.add("Others", mpc={"history days": 7})
    desktop = scene.begin()
    scene.select("Linacs")
    scene.write(scene.field("MPC/0/history days"), "12")
    assert state_line(scene) == EDITED
    scene.select("Others")
    scene.until(lambda: text_in_spin(scene) == "7")
    assert state_line(scene) == SAVED
    scene.select("Linacs")
    assert text_in_spin(scene) == "12"
    assert state_line(scene) == EDITED
    scene.until(lambda: scene.row("Linacs").unsaved)
    assert not scene.row("Others").unsaved
    scene.field("MPC/0/history days").setFocus()
    scene.press(Qt.Key.Key_Z, CTRL, on=scene.field("MPC/0/history days"))
    assert text_in_spin(scene) == "30"
    assert state_line(scene) == SAVED
    scene.press(Qt.Key.Key_Y, CTRL, on=scene.field("MPC/0/history days"))
    assert text_in_spin(scene) == "12"
    scene.click(scene.button("reset"))
    scene.confirm(
        "Give up the changes to the pump “Linacs”?",
        "Every field goes back to what is saved. Undo brings your changes back.",
        "Reset",
    )
    assert text_in_spin(scene) == "30"
    scene.click(scene.button("undo"))
    assert text_in_spin(scene) == "12"
    scene.click(scene.button("reset"))
    scene.confirm(
        "Give up the changes to the pump “Linacs”?",
        "Every field goes back to what is saved. Undo brings your changes back.",
        "Reset",
    )
    assert desktop.backstage.editing.unsaved() == set()


def text_in_spin(scene: Scene) -> str:
    box = scene.field("MPC/0/history days")
    line = box.findChild(QLineEdit)
    assert isinstance(line, QLineEdit)
    return line.text()


def test_the_focus_stays_in_the_form_when_a_new_pump_is_saved(scene: Scene) -> None:
    scene.add("Linacs")
    scene.begin()
    scene.settled()
    new_pump(scene, "Second")
    field = scene.field("MPC/0/tds directory")
    scene.write(field, str(scene.tds))
    shown: list[str | None] = []
    scene.desktop.stage.window.pump_selected.connect(shown.append)
    scene.press(Qt.Key.Key_S, CTRL, on=field)
    scene.until(lambda: state_line(scene) == SAVED)
    QTest.keyClicks(field, "x")
    assert field is scene.field("MPC/0/tds directory")
    assert text_of(scene, "MPC/0/tds directory") == f"{scene.tds}x"
    assert shown == [scene.row("Second").id]
    assert scene.names() == ["Linacs", "Second"]


def test_a_pump_is_duplicated_with_its_edits_and_its_token(scene: Scene) -> None:
    pump = scene.add("Linacs")
    desktop = scene.begin()
    scene.settled()
    scene.write(scene.field("MPC/0/history days"), "12")
    scene.click(scene.button("duplicate"))
    scene.until(lambda: "Copy of Linacs" in scene.names())
    scene.until(lambda: desktop.stage.window.selected_id == scene.row("Copy of Linacs").id)
    assert state_line(scene) == NEW
    assert text_in_spin(scene) == "12"
    scene.click(scene.button("save"))
    scene.until(lambda: state_line(scene) == SAVED)
    scene.settled()
    scene.in_state("Copy of Linacs", PumpState.IDLE)
    saved = {each.name: each for each in scene.program.pumps()[0]}
    assert saved["Copy of Linacs"].values["MPC"][0]["history days"] == 12
    assert saved["Linacs"] == pump
    assert scene.program.store.with_secrets(saved["Copy of Linacs"])["QATrack+ API"][0]["auth token"] == TOKEN
    scene.select("Linacs")
    scene.click(scene.button("reset"))
    scene.dialog("confirm").go_ahead.click()


def rename_to(scene: Scene, name: str) -> None:
    dialog = scene.dialog("rename")
    scene.write(dialog.line, name)
    scene.press(Qt.Key.Key_Return, on=dialog.line)


def test_a_pump_is_renamed_and_keeps_what_it_was(scene: Scene) -> None:
    pump = scene.add("Linacs")
    scene.add("Others")
    desktop = scene.begin()
    scene.select("Linacs")
    scene.settled()
    scene.press(Qt.Key.Key_F2, on=desktop.stage.window.pumps.view)
    dialog = scene.dialog("rename")
    scene.write(dialog.line, "Others")
    assert dialog.message.text() == "There is a pump “Others” already. Choose another name."
    assert not dialog.ok.isEnabled()
    rename_to(scene, "Linac hall")
    scene.gone("rename")
    scene.until(lambda: "Linac hall" in scene.names())
    assert scene.names() == ["Linac hall", "Others"]
    assert scene.row("Linac hall").id == pump.id
    assert desktop.stage.window.windowTitle() == "Linac hall – QCPump-Qt"
    assert scene.find(QLabel, "Pump/0/name", desktop.stage.configuration).text() == "Linac hall"
    assert {each.name for each in scene.program.pumps()[0]} == {"Linac hall", "Others"}


def test_a_pump_that_was_never_saved_is_renamed_and_deleted(scene: Scene) -> None:
    desktop = scene.begin()
    new_pump(scene, "First try")
    scene.click(scene.button("rename"))
    rename_to(scene, "Second try")
    scene.gone("rename")
    scene.until(lambda: scene.names() == ["Second try"])
    scene.click(scene.button("delete"))
    scene.confirm(
        "Delete the pump “Second try”?", "This pump was never saved. What was entered is lost.", "Delete"
    )
    scene.until(lambda: scene.names() == [])
    scene.until(desktop.stage.window.welcome.isVisible)
    assert desktop.backstage.editing.unsaved() == set()
    assert scene.program.pumps() == ([], [])
    assert scene.messages() == []


def test_a_running_pump_is_deleted_and_what_arrived_stays(scene: Scene) -> None:
    pump = scene.add("Linacs")
    scene.add("Others", pump={"active": False})
    desktop = scene.begin()
    scene.select("Linacs")
    scene.settled()
    scene.hang(30)
    scene.press(Qt.Key.Key_F6)
    scene.until(lambda: scene.server.counts.plain()["requests"] and desktop.backstage.runner.busy)
    scene.press(Qt.Key.Key_Delete, on=desktop.stage.window.pumps.view)
    scene.confirm(
        "Delete the pump “Linacs”?",
        "The configuration and its tokens are deleted. Records in the ledger stay.",
        "Delete",
    )
    scene.until(lambda: scene.names() == ["Others"])
    assert [each.name for each in scene.program.pumps()[0]] == ["Others"]
    assert desktop.stage.window.selected_id == scene.row("Others").id
    assert not desktop.backstage.runner.busy
    browse = scene.program.ledger.browse
    arrived = [line.key for line in browse.page(pump.id, limit=1000) if line.state.arrived]
    assert set(arrived) <= {session["user_key"] for session in scene.server.sessions()}
    assert scene.messages() == []


def break_document(scene: Scene, name: str) -> Path:
    (pump,) = [each for each in scene.program.pumps()[0] if each.name == name]
    document = scene.program.store.folder_of(pump.id) / "config.json"
    document.write_text("{ this is no JSON", encoding="utf-8")
    return document


def test_a_broken_document_is_told_and_the_other_pumps_work(scene: Scene) -> None:
    good = scene.add("Good")
    broken = scene.add("Broken")
    break_document(scene, "Broken")
    ((unusable,)) = scene.program.pumps()[1]
    desktop = scene.begin()
    scene.told("error", "Pump not usable", unusable.reason)
    row = scene.row(broken.id)
    assert (row.state, row.reason) == (PumpState.INVALID, unusable.reason)
    scene.select("Good")
    scene.settled()
    scene.press(Qt.Key.Key_F6)
    scene.cycles(1)
    scene.check_all_equal(good.id)
    scene.select(broken.id)
    assert desktop.stage.configuration.form.model() is None
    scene.press(Qt.Key.Key_Delete, on=desktop.stage.window.pumps.view)
    scene.confirm(
        f"Delete the pump “{broken.id}”?",
        "The configuration and its tokens are deleted. Records in the ledger stay.",
        "Delete",
    )
    scene.until(lambda: scene.names() == ["Good"])
    assert scene.messages() == []
    assert scene.program.pumps()[1] == []


def test_what_was_asked_about_one_pump_is_not_done_to_another(scene: Scene) -> None:
    scene.add("Linacs")
    desktop = scene.begin()
    scene.settled()
    desktop.stage.configuration.ask_delete()
    assert scene.dialog("confirm").text() == "Delete the pump “Linacs”?"
    desktop.stage.window.duplicate_wanted.emit(scene.row("Linacs").id)
    scene.until(lambda: "Copy of Linacs" in scene.names())
    scene.gone("confirm")
    assert scene.names() == ["Linacs", "Copy of Linacs"]


def test_pumps_keep_the_order_that_people_give_them(scene: Scene) -> None:
    for name in ("A", "B", "C"):
        scene.add(name, pump={"active": False})
    desktop = scene.begin()
    scene.select("C")
    scene.press(Qt.Key.Key_Up, CTRL, on=desktop.stage.window.pumps.view)
    scene.until(lambda: scene.names() == ["A", "C", "B"])
    scene.until(lambda: not desktop.backstage.tasks.busy)
    assert scene.end()
    scene.begin()
    assert scene.names() == ["A", "C", "B"]


def test_settings_that_cannot_be_used_are_told_once(scene: Scene) -> None:
    scene.places.settings_file.write_text('{"HTTP_READ_TIMEOUT": "soon"}', encoding="utf-8")
    scene.begin()
    scene.told(
        "warning",
        "Settings",
        f'{scene.places.settings_file}, line 1: HTTP_READ_TIMEOUT is "soon", but seconds, more than 0 and at most '
        "3600 is expected. Its default 30.0 is used until that is mended.",
    )
    scene.desktop.backstage.pumps.load()
    scene.until(lambda: not scene.desktop.backstage.tasks.busy)
    assert scene.messages() == []
