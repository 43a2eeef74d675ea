"""200 pumps in the whole desktop: nothing that becomes of all of them at once holds up the window."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.desktop_scene import SHIFT, Scene, scene_in
from gui.heartbeat import Heartbeat
from qcpump_qt.models.rows import PumpRow, PumpState

MANY = 200


@pytest.fixture
def scene(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[Scene]:
    with scene_in(tmp_path, qtbot, qapp) as found:
        yield found


@pytest.fixture
def silent() -> Iterator[str]:
    """A server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/api"


def states(scene: Scene) -> list[PumpState]:
    return [row.state for row in scene.desktop.backstage.overview.rows()]


def test_200_pumps_are_run_stopped_and_judged_without_a_stall(
    scene: Scene, silent: str, heartbeat: Callable[[], AbstractContextManager[Heartbeat]]
) -> None:
    for number in range(MANY):
        scene.add(f"Pump {number:03}", api={"api url": silent})
    desktop = scene.begin(tray=True)
    scene.until(lambda: len(states(scene)) == MANY)
    overview, runner = desktop.backstage.overview, desktop.backstage.runner
    scene.until(lambda: all(row.type_name != row.type_key for row in overview.rows()))
    batches: list[list[PumpRow]] = []
    changes: list[tuple[int, int]] = []
    overview.rows_changed.connect(batches.append)
    with heartbeat():
        scene.press(Qt.Key.Key_F5)
        scene.until(lambda: states(scene).count(PumpState.RUNNING) >= 4)
        scene.until(lambda: all(row.next_run for row in overview.rows()))
        assert max(map(len, batches)) > MANY // 2, "what changes together is told together"
        scene.press(Qt.Key.Key_F5, SHIFT)
        scene.until(lambda: not runner.busy)
        scene.until(lambda: not any(row.next_run for row in overview.rows()))
        scene.until(lambda: PumpState.STOPPING not in states(scene))
        desktop.stage.tree.dataChanged.connect(
            lambda first, last, _roles: changes.append((first.row(), last.row()))
        )
        batches.clear()
        for row in overview.rows():
            overview.set_validity(row.id, False, "The share is not there.")
        scene.until(lambda: set(states(scene)) == {PumpState.INVALID})
    assert len(changes) <= 2 * len(batches)
    assert (0, MANY - 1) in changes
    tree = desktop.stage.tree
    group = tree.index(0, 0, QModelIndex())
    assert [tree.index(place, 1, group).data() for place in range(MANY)] == ["Invalid"] * MANY
    assert tray_run(scene, overview.rows()[-1].id) is None, "the tray's menu is filled when it is opened"
    desktop.stage.tray.menu.aboutToShow.emit()
    action = tray_run(scene, overview.rows()[-1].id)
    assert action is not None
    assert not action.isEnabled()


def tray_run(scene: Scene, pump_id: str) -> QAction | None:
    return scene.desktop.stage.tray.menu.findChild(QAction, f"run_{pump_id}")


def test_one_pump_is_started_from_the_menu_and_runs_by_its_interval(scene: Scene) -> None:
    pump = scene.add("Linacs", pump={"interval (s)": 1})
    desktop = scene.begin()
    scene.in_state("Linacs", PumpState.IDLE)
    start = desktop.stage.window.pumps.pump_actions["start"]
    scene.until(start.isEnabled)
    start.trigger()
    scene.cycles(2)
    assert desktop.backstage.runner.is_scheduled(pump.id)
    scene.until(lambda: not start.isEnabled())
    triggers = [cycle.trigger for cycle in scene.program.ledger.cycles.latest(pump.id)]
    assert triggers[-2:] == ["interval", "start"]
    scene.press(Qt.Key.Key_F6, SHIFT)
    scene.until(start.isEnabled)
    scene.check_all_equal(pump.id)
