"""Cycles in the whole desktop: run, stopped, refused, shown while they run and afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QProgressBar
from pytestqt.qtbot import QtBot

from gui.desktop_scene import SHIFT, Scene, scene_in
from qcpump_qt.demo.clinic import demo_world
from qcpump_qt.demo.server import StandIn
from qcpump_qt.engine.pumping import RunPumping
from qcpump_qt.engine.report import CycleOutcome
from qcpump_qt.models.rows import OverallState, PumpState
from servers.closed_port import closed_port

ENDED = (PumpState.WAITING, PumpState.ATTENTION)
"""In the made-up results there is a machine that no unit has, so that something waits to be put right."""


@pytest.fixture
def scene(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[Scene]:
    with scene_in(tmp_path, qtbot, qapp) as found:
        yield found


def said(scene: Scene, name: str) -> str:
    label = scene.find(QLabel, name)
    return label.text() if label.isVisible() else ""


def tray_action(scene: Scene, name: str) -> QAction:
    action = scene.desktop.stage.tray.menu.findChild(QAction, name)
    assert isinstance(action, QAction)
    return action


def test_run_all_and_stop_all_from_the_window(scene: Scene) -> None:
    pumps = [scene.add("Linacs"), scene.add("Again")]
    scene.add("Off", pump={"active": False})
    desktop = scene.begin()
    for name in ("Linacs", "Again"):
        scene.in_state(name, PumpState.IDLE)
    scene.in_state("Off", PumpState.INACTIVE)
    assert scene.row("Off").reason == "It is switched off in its configuration."
    scene.click(scene.tool("run_all"))
    scene.cycles(2)
    for name in ("Linacs", "Again"):
        scene.in_state(name, *ENDED)
        assert desktop.backstage.runner.is_scheduled(scene.row(name).id)
    assert {pump for pump, _report in scene.reports} == {pump.id for pump in pumps}
    keys = sorted(session["user_key"] for session in scene.server.sessions())
    assert keys == sorted(session.user_key for session in scene.story.delivered), "each record once"
    scene.until(scene.tool("stop_all").isEnabled)
    scene.click(scene.tool("stop_all"))
    for name in ("Linacs", "Again"):
        scene.off_schedule(name)
        assert not desktop.backstage.runner.is_scheduled(scene.row(name).id)
    assert scene.messages() == []


def test_one_pump_is_run_and_stopped_from_the_tray_and_by_keys(scene: Scene) -> None:
    pump = scene.add("Linacs")
    desktop = scene.begin(tray=True)
    scene.in_state("Linacs", PumpState.IDLE)
    tray_action(scene, f"run_{pump.id}").trigger()
    scene.cycles(1)
    scene.check_all_equal(pump.id)
    assert not desktop.backstage.runner.is_scheduled(pump.id)
    tray_action(scene, "run_all").trigger()
    scene.cycles(2)
    scene.until(lambda: scene.row("Linacs").next_run is not None)
    scene.press(Qt.Key.Key_F6, SHIFT)
    scene.until(lambda: scene.row("Linacs").next_run is None)
    tray_action(scene, "run_all").trigger()
    scene.cycles(3)
    tray_action(scene, "stop_all").trigger()
    scene.until(lambda: not desktop.backstage.runner.is_scheduled(pump.id))
    scene.check_all_equal(pump.id)


def test_a_running_cycle_is_stopped_and_the_next_one_delivers_the_rest(scene: Scene) -> None:
    pump = scene.add("Linacs")
    desktop = scene.begin()
    scene.in_state("Linacs", PumpState.IDLE)
    scene.hang(30)
    scene.show_tab("Activity")
    scene.press(Qt.Key.Key_F6)
    scene.in_state("Linacs", PumpState.RUNNING)
    scene.until(lambda: said(scene, "activity_state").startswith("Running since "))
    scene.until(desktop.stage.window.pumps.pump_actions["stop"].isEnabled)
    scene.press(Qt.Key.Key_F6, SHIFT)
    scene.cycles(1)
    assert scene.reports[0][1].outcome is CycleOutcome.STOPPED
    scene.until(lambda: not desktop.backstage.runner.is_running(pump.id))
    scene.until(lambda: said(scene, "last_result").startswith("Last cycle: stopped"))
    scene.run_once()
    scene.check_all_equal(pump.id)


def test_what_cannot_run_is_refused_in_words(scene: Scene) -> None:
    scene.add("Off", pump={"active": False})
    running = scene.add("Linacs")
    desktop = scene.begin()
    scene.in_state("Linacs", PumpState.IDLE)
    scene.select("Off")
    assert not scene.desktop.stage.window.pumps.pump_actions["run"].isEnabled()
    desktop.stage.tray.run_wanted.emit(scene.row("Off").id)
    scene.told(
        "warning",
        "Not run",
        '"Off" is switched off. Tick "active" in its configuration and save it, then run it.',
    )
    desktop.stage.tray.run_wanted.emit("nobody")
    scene.told(
        "warning",
        "Not run",
        "This pump cannot be run, as it has no configuration that can be used. Save one in the tab "
        "Configuration.",
    )
    scene.hang(30)
    desktop.stage.tray.run_wanted.emit(running.id)
    scene.in_state("Linacs", PumpState.RUNNING)
    desktop.stage.tray.run_wanted.emit(running.id)
    scene.told(
        "warning",
        "Not run",
        '"Linacs" is running already. Its next cycle can be started when this one has ended.',
    )


def test_nothing_runs_while_the_command_line_runs_this_home(scene: Scene) -> None:
    pump = scene.add("Linacs")
    scene.begin()
    scene.in_state("Linacs", PumpState.IDLE)
    run = RunPumping(scene.places.locks)
    run.acquire()
    scene.press(Qt.Key.Key_F6)
    scene.until(scene.messages)
    ((level, title, text),) = scene.messages()
    assert (level, title) == ("warning", "Not run")
    assert text.startswith("The pumps cannot run now. The command `qcpump-qt run` (process ")
    assert scene.server.sessions() == []
    run.release()
    scene.in_state("Linacs", PumpState.IDLE)
    scene.press(Qt.Key.Key_F6)
    scene.cycles(1)
    scene.check_all_equal(pump.id)


def test_activity_shows_the_selected_pump_only(scene: Scene) -> None:
    scene.add("Linacs")
    scene.add("Quiet")
    desktop = scene.begin()
    scene.select("Linacs")
    scene.in_state("Linacs", PumpState.IDLE)
    scene.show_tab("Activity")
    assert said(scene, "activity_state") == "Not running"
    assert said(scene, "last_result") == ""
    scene.hang(2)
    scene.press(Qt.Key.Key_F6)
    scene.until(lambda: said(scene, "activity_state").startswith("Running since "))
    scene.until(lambda: said(scene, "step") not in ("", "–"))
    step = said(scene, "step")
    scene.select("Quiet")
    assert said(scene, "activity_state") == "Not running"
    assert said(scene, "step") == "–"
    assert scene.find(QProgressBar, "progress").value() == -1
    assert said(scene, "line_count") == "Nothing has been logged since the program started."
    scene.select("Linacs")
    assert said(scene, "activity_state").startswith("Running since ")
    assert said(scene, "step") == step
    scene.select("Quiet")
    scene.cycles(1)
    assert said(scene, "last_result") == ""
    scene.select("Linacs")
    report = scene.reports[0][1]
    assert said(scene, "last_result") == (
        f"Last cycle: needs attention, {report.counts['delivered']} delivered, {report.counts['waiting']} waiting, "
        f"{report.counts['skipped']} skipped, in {report.seconds:.1f} s. {report.reason}"
    )
    model = desktop.backstage.logs.model(scene.row("Linacs").id)
    assert model is not None
    scene.until(lambda: model.rowCount() > 3)
    scene.find(QComboBox, "level_filter").setCurrentIndex(3)
    assert model.rowCount() < model.kept


def test_the_line_that_somebody_reads_stays_when_a_cycle_ends(scene: Scene) -> None:
    scene.add("Linacs")
    desktop = scene.begin()
    scene.in_state("Linacs", PumpState.IDLE)
    scene.show_tab("Activity")
    scene.run_once()
    lines = desktop.stage.activity.lines
    scene.until(lambda: lines.model().rowCount() > 3)
    lines.setCurrentIndex(lines.model().index(1, 0))
    read = lines.currentIndex().siblingAtColumn(2).data()
    scene.run_once()
    assert lines.currentIndex().isValid()
    assert lines.currentIndex().siblingAtColumn(2).data() == read


def test_the_history_has_each_cycle_when_it_has_ended(scene: Scene) -> None:
    scene.add("Linacs")
    desktop = scene.begin()
    scene.in_state("Linacs", PumpState.IDLE)
    scene.show_tab("History")
    rows = desktop.stage.cycle_rows
    scene.until(lambda: not desktop.backstage.tasks.busy)
    assert rows.rowCount() == 0
    assert said(scene, "no_cycles") == "This pump has not run yet. Press Run now (F6) to let it run once."
    scene.run_once()
    scene.until(lambda: rows.rowCount() == 1)
    scene.run_once()
    scene.until(lambda: rows.rowCount() == 2)
    scene.show_tab("Activity")
    scene.run_once()
    scene.show_tab("History")
    scene.until(lambda: rows.rowCount() == 3)
    scene.until(lambda: desktop.stage.history.library.kinds is not None)
    assert scene.messages() == []


def test_pumps_that_run_on_launch_wait_for_a_server_that_is_down(scene: Scene) -> None:
    scene.set_settings(PUMP_ON_STARTUP=True)
    with closed_port() as port:
        url = f"http://127.0.0.1:{port}/api"
        pump = scene.add("Linacs", pump={"interval (s)": 1}, api={"api url": url})
        desktop = scene.begin()
        scene.cycles(1)
        assert scene.reports[0][1].outcome is CycleOutcome.UNREACHABLE
        assert desktop.backstage.runner.is_scheduled(pump.id)
        assert scene.server.sessions() == []
    with StandIn(demo_world(), port=port) as late:
        scene.until(lambda: scene.reports[-1][1].counts.get("delivered"))
        due = sorted(session.user_key for session in scene.story.delivered)
        assert sorted(session["user_key"] for session in late.sessions()) == due
        lines = scene.program.ledger.browse.page(pump.id, limit=1000)
        assert sorted(line.key for line in lines if line.state.arrived) == due
        assert scene.end()


def test_pumps_do_not_run_on_launch_unless_that_is_set(scene: Scene) -> None:
    scene.add("Linacs")
    desktop = scene.begin()
    scene.in_state("Linacs", PumpState.IDLE)
    assert not desktop.backstage.runner.busy
    assert scene.reports == []
    assert scene.server.sessions() == []


def test_the_state_of_all_pumps_is_told_in_window_and_tray(scene: Scene) -> None:
    scene.add("Linacs")
    scene.add("Off", pump={"active": False})
    desktop = scene.begin(tray=True)
    told: list[tuple[OverallState, str]] = []
    desktop.backstage.overview.overall_changed.connect(lambda *state: told.append(state))
    scene.in_state("Linacs", PumpState.IDLE)
    tray = desktop.stage.tray
    scene.until(lambda: tray.tooltip == "QCPump-Qt: 1 pump is idle, 1 pump is inactive\nNo success yet")
    assert said(scene, "overall_text") == "Idle – 1 pump is idle, 1 pump is inactive"
    scene.hang(1)
    scene.press(Qt.Key.Key_F6)
    scene.until(lambda: told and told[-1] == (OverallState.RUNNING, "1 pump is running"))
    scene.until(lambda: "1 pump is running" in tray.tooltip)
    scene.cycles(1)
    scene.until(lambda: told[-1][0] is not OverallState.RUNNING)
