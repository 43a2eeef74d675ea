"""Messages in the window go by themselves once what they tell of is no longer so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.desktop_scene import Scene, scene_in
from qcpump_qt.models.rows import PumpState


@pytest.fixture
def scene(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[Scene]:
    with scene_in(tmp_path, qtbot, qapp) as found:
        yield found


def titles(scene: Scene) -> list[tuple[str, str]]:
    return [(level, title) for level, title, _text in scene.messages()]


def look(scene: Scene) -> None:
    scene.until(lambda: not scene.desktop.backstage.tasks.busy)
    scene.app.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    scene.until(lambda: not scene.desktop.backstage.tasks.busy)


def test_a_folder_of_pumps_that_can_be_read_again(scene: Scene) -> None:
    scene.add("Linacs")
    desktop = scene.begin()
    folder = scene.places.pumps
    away = folder.rename(folder.with_name("away"))
    folder.write_text("", "utf-8")
    desktop.backstage.pumps.load()
    scene.until(scene.messages)
    assert titles(scene) == [("error", "Disk refuses")]
    assert scene.names() == ["Linacs"]
    folder.unlink()
    away.rename(folder)
    look(scene)
    assert scene.messages() == []
    assert scene.names() == ["Linacs"]


def test_an_export_that_works_at_last(scene: Scene) -> None:
    pump = scene.add("Linacs")
    desktop = scene.begin()
    scene.select("Linacs")
    scene.run_once()
    scene.show_tab("Records")
    scene.until(lambda: desktop.stage.record_rows.rowCount() > 0)
    export, choice = desktop.backstage.export, desktop.backstage.records.choice
    assert choice.pump == pump.id
    export.export(choice, str(scene.folder / "nowhere" / "records.csv"))
    scene.until(scene.messages)
    ((level, _title, text),) = scene.messages()
    assert level == "error"
    assert str(scene.folder / "nowhere") in text
    good = scene.folder / "records.csv"
    export.export(choice, str(good))
    scene.until(lambda: titles(scene) == [("info", "Export")])
    total = scene.program.ledger.browse.count(pump.id)
    scene.told("info", "Export", f"{total} records were written to {good}.")


def test_a_name_that_is_free_at_last(scene: Scene) -> None:
    pump = scene.add("Linacs")
    scene.add("Others")
    editing = scene.begin().backstage.editing
    editing.rename(pump.id, "Others")
    scene.until(scene.messages)
    ((level, _title, text),) = scene.messages()
    assert (level, text) == ("error", "There is a pump 'Others' already. Choose another name.")
    editing.rename(pump.id, "Linac 1")
    scene.until(lambda: not scene.messages())
    assert scene.names() == ["Linac 1", "Others"]


def test_a_failure_of_edits_stays_while_edits_are_unsaved(scene: Scene) -> None:
    pump = scene.add("Linacs")
    scene.add("Others")
    desktop = scene.begin()
    scene.select("Linacs")
    scene.settled()
    scene.write(scene.field("MPC/0/history days"), "14")
    desktop.backstage.editing.rename(pump.id, "Others")
    scene.until(scene.messages)
    desktop.backstage.editing.rename(pump.id, "Linac 1")
    scene.until(lambda: "Linac 1" in scene.names())
    assert len(scene.messages()) == 1
    desktop.backstage.editing.save(pump.id)
    scene.until(lambda: not scene.messages())


def test_a_ledger_that_can_be_read_again(scene: Scene) -> None:
    scene.add("Linacs", pump={"active": False})
    scene.places.ledger_file.write_bytes(b"no ledger at all, only some bytes" * 200)
    desktop = scene.begin()
    scene.until(scene.messages)
    ((level, _title, text),) = scene.messages()
    assert level == "error"
    assert text.startswith("The record of deliveries could not be read or written (file is not a database).")
    scene.until(lambda: not desktop.backstage.tasks.busy)
    scene.places.ledger_file.unlink()
    scene.select("Linacs")
    scene.show_tab("History")
    scene.until(lambda: not scene.messages())


@pytest.mark.parametrize("hidden", [True, False])
def test_trouble_of_the_last_time_is_notified_only_where_no_window_shows_it(
    scene: Scene, hidden: bool
) -> None:
    scene.add("Linacs")
    scene.begin()
    scene.select("Linacs")
    scene.run_once()
    scene.in_state("Linacs", PumpState.ATTENTION)
    assert scene.end()
    desktop = scene.begin(hidden=hidden, tray=True)
    told: list[tuple[str, ...]] = []
    desktop.backstage.notifier.notice.connect(lambda *words: told.append(words))
    scene.in_state("Linacs", PumpState.ATTENTION)
    assert desktop.backstage.notifier._gather.isActive() == hidden
    if hidden:
        scene.until(lambda: told)
        assert [title for title, _text, _level in told] == ["Linacs needs attention"]
