"""What is done to a home by hand or in a terminal while its window is open."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractSpinBox, QApplication
from pytestqt.qtbot import QtBot

from gui.desktop_scene import CTRL, Scene, scene_in
from qcpump_qt.engine.store import StoredPump
from qcpump_qt.models.rows import PumpState

KEPT = (
    "“Linacs” was changed outside this window, and has changes here that are not saved. They are kept: "
    "Save puts them in place of what was changed outside, Reset drops them and shows what is on disk."
)
DAYS = "MPC/0/history days"


@pytest.fixture
def scene(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[Scene]:
    with scene_in(tmp_path, qtbot, qapp) as found:
        yield found


def document(scene: Scene, pump: StoredPump) -> Path:
    return scene.places.pumps / pump.id / "config.json"


def edit(scene: Scene, pump: StoredPump, section: str, field: str, value: Any) -> None:
    """Change a document as people do in an editor."""
    path = document(scene, pump)
    written = json.loads(path.read_text("utf-8"))
    written["values"][section][0][field] = value
    path.write_text(json.dumps(written, indent=1), "utf-8")


def look(scene: Scene) -> None:
    """Come back to the window, and wait until what was found on disk is shown."""
    scene.until(lambda: not scene.desktop.backstage.tasks.busy)
    scene.app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    scene.until(lambda: not scene.desktop.backstage.tasks.busy)


def shown_days(scene: Scene) -> str:
    editor = scene.field(DAYS)
    assert isinstance(editor, QAbstractSpinBox)
    return editor.text().split()[0]


def test_a_pump_added_in_a_terminal_appears_and_one_deleted_goes(scene: Scene) -> None:
    scene.add("Linacs")
    desktop = scene.begin()
    scene.select("Linacs")
    other = scene.add("Others")
    look(scene)
    assert scene.names() == ["Linacs", "Others"]
    assert desktop.stage.window.selected_id == scene.row("Linacs").id
    scene.in_state("Others", PumpState.IDLE)
    gone: list[str] = []
    desktop.together.gone.connect(gone.append)
    scene.program.store.delete(other)
    look(scene)
    assert scene.names() == ["Linacs"]
    assert gone == [other.id]
    assert scene.messages() == []


def test_a_value_changed_by_hand_is_shown_in_the_form(scene: Scene) -> None:
    pump = scene.add("Linacs")
    scene.begin()
    scene.select("Linacs")
    scene.settled()
    assert shown_days(scene) == "30"
    edit(scene, pump, "MPC", "history days", 12)
    look(scene)
    scene.until(lambda: shown_days(scene) == "12")
    assert scene.messages() == []


def test_without_a_change_the_form_stays_the_same_also_after_a_save(scene: Scene) -> None:
    scene.add("Linacs")
    desktop = scene.begin()
    scene.select("Linacs")
    scene.settled()
    scene.write(scene.field(DAYS), "14")
    scene.press(Qt.Key.Key_S, CTRL, on=scene.field(DAYS))
    scene.until(lambda: not desktop.backstage.editing.unsaved())
    form = desktop.stage.configuration.form.model()
    loads: list[bool] = []
    desktop.together.loaded.connect(lambda: loads.append(True))
    look(scene)
    assert desktop.stage.configuration.form.model() is form
    assert loads == []
    assert scene.messages() == []


def test_unsaved_edits_stay_and_a_save_settles_it(scene: Scene) -> None:
    pump = scene.add("Linacs")
    desktop = scene.begin()
    scene.select("Linacs")
    scene.settled()
    scene.write(scene.field(DAYS), "14")
    edit(scene, pump, "MPC", "history days", 12)
    look(scene)
    assert scene.messages() == [("warning", "Changed elsewhere", KEPT)]
    assert shown_days(scene) == "14"
    scene.press(Qt.Key.Key_S, CTRL, on=scene.field(DAYS))
    scene.until(lambda: not desktop.backstage.editing.unsaved())
    scene.until(lambda: not scene.messages())
    assert shown_days(scene) == "14"
    (saved,) = scene.program.pumps()[0]
    assert saved.values["MPC"][0]["history days"] == 14


def test_unsaved_edits_stay_and_a_reset_shows_what_is_on_disk(scene: Scene) -> None:
    pump = scene.add("Linacs")
    scene.begin()
    scene.select("Linacs")
    scene.settled()
    scene.write(scene.field(DAYS), "14")
    edit(scene, pump, "MPC", "history days", 12)
    look(scene)
    assert scene.messages() == [("warning", "Changed elsewhere", KEPT)]
    scene.desktop.backstage.editing.reset(pump.id)
    scene.until(lambda: shown_days(scene) == "12")
    assert scene.messages() == []


def test_edits_of_a_pump_that_was_deleted_in_a_terminal_are_told_to_be_lost(scene: Scene) -> None:
    pump = scene.add("Linacs")
    scene.begin()
    scene.select("Linacs")
    scene.settled()
    scene.write(scene.field(DAYS), "14")
    scene.program.store.delete(pump)
    look(scene)
    assert scene.messages() == [
        (
            "warning",
            "Deleted elsewhere",
            "“Linacs” was deleted outside this window. Its changes that were not saved here are gone with it; "
            "add it anew if it is still needed.",
        )
    ]
    assert scene.names() == []


def test_a_document_broken_by_hand_is_told_and_once_it_is_mended_the_pump_goes_on(scene: Scene) -> None:
    pump = scene.add("Linacs")
    desktop = scene.begin()
    scene.settled()
    scene.press(Qt.Key.Key_F5)
    scene.cycles(1)
    assert desktop.backstage.runner.is_scheduled(pump.id)
    sound = document(scene, pump).read_text("utf-8")
    document(scene, pump).write_text(sound[: len(sound) // 2], "utf-8")
    look(scene)
    ((_level, title, text),) = scene.messages()
    assert title == "Pump not usable"
    assert text.startswith(str(document(scene, pump)))
    assert not desktop.backstage.runner.is_scheduled(pump.id)
    document(scene, pump).write_text(sound, "utf-8")
    look(scene)
    assert scene.messages() == []
    assert desktop.backstage.runner.is_scheduled(pump.id)
    scene.cycles(2)
    scene.check_all_equal(pump.id)


def test_a_pump_stopped_while_its_document_is_broken_stays_stopped(scene: Scene) -> None:
    pump = scene.add("Linacs")
    desktop = scene.begin()
    scene.settled()
    scene.press(Qt.Key.Key_F5)
    scene.cycles(1)
    sound = document(scene, pump).read_text("utf-8")
    document(scene, pump).write_text("{", "utf-8")
    look(scene)
    desktop.stage.window.stop_all_wanted.emit()
    document(scene, pump).write_text(sound, "utf-8")
    look(scene)
    assert scene.messages() == []
    scene.off_schedule("Linacs")
    assert not desktop.backstage.runner.is_scheduled(pump.id)


def test_settings_changed_by_hand_count_and_mistakes_in_them_are_told_until_mended(scene: Scene) -> None:
    desktop = scene.begin()
    scene.places.settings_file.write_text('{"HTTP_READ_TIMEOUT": "soon"}', "utf-8")
    look(scene)
    ((level, title, _text),) = scene.messages()
    assert (level, title) == ("warning", "Settings")
    scene.set_settings(HTTP_READ_TIMEOUT=7.0)
    look(scene)
    assert scene.messages() == []
    assert desktop.backstage.program.settings.HTTP_READ_TIMEOUT == 7.0
