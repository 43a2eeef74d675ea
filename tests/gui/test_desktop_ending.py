"""How the whole desktop starts and ends: tray, second instance, signals, memory, servers that hang, faults."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QSessionManager
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLabel, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from gui.desktop_scene import CTRL, TYPE, Scene, scene_in
from gui.heartbeat import Heartbeat
from qcpump_qt.controllers.crash_mark import MARK
from qcpump_qt.desktop.ending import IN_THE_TRAY, STOPS, TOLD_OF_TRAY
from qcpump_qt.desktop.home import first_window
from qcpump_qt.desktop.signals import EndedBySignals
from qcpump_qt.models.rows import PumpState
from qcpump_qt.version import VERSION

Beating = Callable[[], AbstractContextManager[Heartbeat]]


@pytest.fixture
def scene(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[Scene]:
    with scene_in(tmp_path, qtbot, qapp) as found:
        yield found


def ends(scene: Scene) -> list[bool]:
    """What the end of the event loop will carry."""
    found: list[bool] = []
    scene.desktop.ending.ended.connect(found.append)
    return found


# --- closing and quitting ---------------------------------------------------------------------------


def test_closing_goes_to_the_tray_and_that_is_explained_once(scene: Scene) -> None:
    scene.add("Linacs")
    desktop = scene.begin(tray=True)
    window = desktop.stage.window
    notices: list[tuple[str, ...]] = []
    window.closing.connect(lambda for_good: notices.append(("for good" if for_good else "to tray",)))
    scene.press(Qt.Key.Key_W, CTRL)
    scene.until(lambda: not window.isVisible())
    assert notices == [("to tray",)]
    memory = desktop._memory_file
    assert int(memory.value(TOLD_OF_TRAY)) == 1
    desktop.stage.tray.open_wanted.emit()
    assert window.isVisible()
    assert IN_THE_TRAY == (
        "QCPump-Qt goes on in the tray: click its icon to see the window again, or quit it from its menu."
    )


def test_the_tray_is_explained_in_the_first_run_only(scene: Scene) -> None:
    told: list[tuple[str, str, str]] = []
    for expected in (1, 1):
        desktop = scene.begin(tray=True)
        shown = desktop.stage.tray.tell

        def tell(title: str, text: str, level: str, shown: Callable[[str, str, str], None] = shown) -> None:
            told.append((title, text, level))
            shown(title, text, level)

        desktop.stage.tray.tell = tell  # type: ignore[method-assign]  # listened to, and shown all the same
        desktop.stage.window.close()
        desktop.stage.window.close()
        assert len(told) == expected
        assert scene.end()
    assert told == [("QCPump-Qt", IN_THE_TRAY, "info")]


def test_closing_without_a_tray_quits_when_nothing_runs(scene: Scene) -> None:
    scene.add("Linacs")
    desktop = scene.begin()
    found = ends(scene)
    desktop.stage.window.close()
    scene.until(lambda: found)
    assert scene.put_away()


def test_closing_quits_where_it_shall_not_go_to_the_tray(scene: Scene) -> None:
    scene.set_settings(CLOSE_TO_TRAY=False)
    desktop = scene.begin(tray=True)
    found = ends(scene)
    desktop.stage.window.close()
    scene.until(lambda: found)
    assert scene.put_away()


def test_closing_without_a_tray_asks_when_pumps_run(scene: Scene) -> None:
    scene.add("Linacs")
    desktop = scene.begin()
    scene.in_state("Linacs", PumpState.IDLE)
    scene.click(scene.tool("run_all"))
    scene.cycles(1)
    desktop.stage.window.close()
    assert desktop.stage.window.isVisible()
    box = scene.dialog("confirm")
    scene.press(Qt.Key.Key_Escape, on=box)
    scene.gone("confirm")
    assert desktop.backstage.runner.is_scheduled(scene.row("Linacs").id)
    found = ends(scene)
    scene.press(Qt.Key.Key_Q, CTRL)
    scene.press(Qt.Key.Key_Q, CTRL)
    desktop.stage.tray.quit_wanted.emit()
    assert len([each for each in desktop.stage.window.findChildren(type(box)) if each.isVisible()]) == 1
    scene.confirm("Quit QCPump-Qt and stop its pumps?", STOPS, "Quit")
    scene.until(lambda: found == [True])
    assert scene.put_away()


def test_quitting_names_the_pumps_with_unsaved_edits(scene: Scene) -> None:
    scene.add("Linacs")
    desktop = scene.begin()
    scene.settled()
    scene.write(scene.field("MPC/0/history days"), "12")
    desktop.backstage.editing.open_new(TYPE, "Brand new")
    scene.until(lambda: len(scene.names()) == 2)
    scene.until(lambda: scene.row("Linacs").unsaved)
    scene.press(Qt.Key.Key_Q, CTRL)
    box = scene.dialog("confirm")
    assert box.windowTitle() == "Quit QCPump-Qt"
    scene.press(Qt.Key.Key_Return, on=box)
    scene.gone("confirm")
    assert desktop.backstage.editing.unsaved() == {scene.row("Linacs").id, scene.row("Brand new").id}
    found = ends(scene)
    scene.press(Qt.Key.Key_Q, CTRL)
    scene.confirm(
        "There are changes that were not saved.",
        "They are lost if you go on: Brand new, Linacs.",
        "Quit",
    )
    scene.until(lambda: found == [True])
    assert scene.put_away()
    assert [pump.name for pump in scene.program.pumps()[0]] == ["Linacs"]


class Logout:
    """The system's side of a logout, as far as the window asks it."""

    def __init__(self, *, may_ask: bool) -> None:
        self.may_ask = may_ask
        self.calls: list[str] = []

    def allowsInteraction(self) -> bool:  # noqa: N802 - Qt's name
        return self.may_ask

    def cancel(self) -> None:
        self.calls.append("cancel")

    def release(self) -> None:
        self.calls.append("release")


@pytest.mark.parametrize(
    ("button", "calls"), [("Log out", ["release"]), ("Cancel", ["cancel", "release"])], ids=["go", "stay"]
)
def test_a_logout_asks_where_edits_would_be_lost(scene: Scene, button: str, calls: list[str]) -> None:
    scene.add("Linacs")
    desktop = scene.begin()
    scene.settled()
    scene.write(scene.field("MPC/0/history days"), "12")
    scene.until(lambda: scene.row("Linacs").unsaved)
    said: list[str] = []

    def answer() -> None:
        box = scene.dialog("confirm")
        assert isinstance(box, QMessageBox)
        said.extend((box.windowTitle(), box.text(), box.informativeText()))
        (found,) = [each for each in box.buttons() if each.accessibleName() == button]
        found.click()

    logout = Logout(may_ask=True)
    QTimer.singleShot(100, answer)
    desktop.ending.on_logout(cast("QSessionManager", logout))
    assert said == [
        "Log out",
        "There are changes that were not saved.",
        "They are lost if you go on: Linacs.",
    ]
    assert logout.calls == calls
    assert desktop.backstage.editing.unsaved(), "a logout may still be called off by another program"


@pytest.mark.parametrize(("edited", "may_ask"), [(False, True), (True, False)])
def test_a_logout_asks_nothing_otherwise(scene: Scene, edited: bool, may_ask: bool) -> None:
    scene.add("Linacs")
    desktop = scene.begin()
    scene.settled()
    if edited:
        scene.write(scene.field("MPC/0/history days"), "12")
        scene.until(lambda: scene.row("Linacs").unsaved)
    logout = Logout(may_ask=may_ask)
    desktop.ending.on_logout(cast("QSessionManager", logout))
    assert logout.calls == []


# --- starting ---------------------------------------------------------------------------------------


def test_a_hidden_start_shows_the_window_when_it_is_asked_for(scene: Scene) -> None:
    scene.add("Linacs")
    desktop = scene.begin(hidden=True, tray=True)
    window = desktop.stage.window
    assert not window.isVisible()
    scene.in_state("Linacs", PumpState.IDLE)
    desktop.stage.tray.open_wanted.emit()
    assert window.isVisible()


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tray gets less time to come than it does with users."""
    monkeypatch.setattr("qcpump_qt.desktop.desktop.TRAY_PATIENCE_MS", 300)


@pytest.mark.usefixtures("hasty")
def test_a_hidden_start_without_a_tray_shows_the_window(scene: Scene) -> None:
    window = scene.begin(hidden=True, tray=False).stage.window
    scene.until(window.isVisible)


@pytest.mark.usefixtures("hasty")
def test_a_tray_that_comes_late_keeps_a_hidden_start_hidden(scene: Scene) -> None:
    desktop = scene.begin(hidden=True, tray=False)
    scene.tray.there = True
    desktop.stage.tray.start()
    over: list[bool] = []
    QTimer.singleShot(600, lambda: over.append(True))
    scene.until(lambda: over)
    assert desktop.stage.tray.available
    assert not desktop.stage.window.isVisible()


@pytest.mark.usefixtures("hasty")
def test_a_tray_that_goes_away_leaves_the_window_as_the_way_in(scene: Scene) -> None:
    desktop = scene.begin(hidden=True, tray=True)
    scene.tray.there = False
    scene.until(desktop.stage.window.isVisible)
    assert not desktop.stage.tray.available


def test_another_window_can_be_opened_once_this_one_has_ended(scene: Scene) -> None:
    scene.begin()
    assert scene.end()
    instance = first_window(scene.places)
    assert instance is not None
    instance.release()


def test_the_window_is_as_it_was_left(scene: Scene) -> None:
    for name in ("A", "B", "C"):
        scene.add(name, pump={"active": False})
    window = scene.begin().stage.window
    scene.select("B")
    scene.show_tab("History")
    window.resize(window.width(), 640)
    window.pumps.view.header().resizeSection(0, 222)
    scene.until(lambda: window.height() == 640)
    assert scene.end()
    again = scene.begin().stage.window
    assert again.selected_id == scene.row("B").id
    assert again.tabs.tabText(again.tabs.currentIndex()) == "History"
    assert again.height() == 640, (
        "its width is that of the screen in memory, which is narrower than the window"
    )
    assert again.pumps.view.header().sectionSize(0) == 222


def test_a_window_that_was_killed_is_told_of_and_a_report_is_offered(scene: Scene) -> None:
    mark = {"pid": 1, "started": "2026-11-20T07:05:00+01:00", "version": VERSION}
    (scene.places.state / MARK).write_text(json.dumps(mark), encoding="utf-8")
    scene.expected_faults.append("did not end properly")
    scene.begin()
    dialog = scene.dialog("crash_report_dialog")
    assert scene.find(QLabel, "crash_words", dialog).text() == (
        f"QCPump-Qt {VERSION} did not end properly last time (it was started on 2026-11-20 at 07:05). "
        "It crashed, was ended by force, or the computer was switched off.\n\n"
        "Nothing is lost: every record is delivered exactly once, also after a crash, as soon as the "
        "pumps run again. If this happens again, "
        "save a report and send it to those who look after QCPump-Qt."
    )
    scene.click(scene.find(QPushButton, "open_log", dialog))
    assert scene.opened.addresses == [scene.program.logs.program_file.as_uri()]
    scene.click(scene.find(QPushButton, "save_report", dialog))
    bundle = scene.dialog("diagnostics_dialog")
    scene.press(Qt.Key.Key_Escape, on=bundle)
    scene.gone("diagnostics_dialog")
    scene.press(Qt.Key.Key_Escape, on=dialog)
    scene.gone("crash_report_dialog")
    assert scene.end()
    assert not (scene.places.state / MARK).exists()
    scene.begin()
    assert scene.desktop.stage.window.findChild(QLabel, "crash_words") is None


# --- a process of its own -----------------------------------------------------------------------------


@contextmanager
def program_over(home: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The program itself, over the same home; its event loop would leave that of the tests unusable."""
    process = subprocess.Popen(
        [sys.executable, "-m", "qcpump_qt", f"--home={home}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_a_second_start_shows_the_window(scene: Scene) -> None:
    desktop = scene.begin(hidden=True, tray=True)
    with program_over(scene.places.root) as second:
        scene.until(lambda: second.poll() is not None)
        assert second.returncode == 0
    assert desktop.stage.window.isVisible()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no such signal to a window")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_program_cleanly(scene: Scene, number: signal.Signals) -> None:
    with program_over(scene.places.root) as process:
        scene.until((scene.places.state / MARK).exists)
        process.send_signal(number)
        scene.until(lambda: process.poll() is not None)
        assert process.returncode == 0
    assert not (scene.places.state / MARK).exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no such signal to a window")
def test_signals_are_heard_on_the_ui_thread_until_that_is_closed(scene: Scene) -> None:
    numbers = (signal.SIGTERM, signal.SIGINT)
    former = [signal.getsignal(number) for number in numbers]
    heard: list[threading.Thread] = []
    owner = QObject()
    signals = EndedBySignals(lambda: heard.append(threading.current_thread()), owner)
    os.kill(os.getpid(), signal.SIGTERM)
    scene.until(lambda: len(heard) == 1)
    os.kill(os.getpid(), signal.SIGINT)
    scene.until(lambda: len(heard) == 2)
    signals.close()
    assert heard == [threading.main_thread()] * 2
    assert [signal.getsignal(number) for number in numbers] == former
    assert signal.set_wakeup_fd(-1) == -1


# --- what hangs and what breaks ---------------------------------------------------------------------


def test_it_ends_in_the_middle_of_a_cycle_a_check_and_a_preview_that_hang(
    scene: Scene, heartbeat: Beating
) -> None:
    scene.set_settings(HTTP_READ_TIMEOUT=300.0, HTTP_CONNECT_TIMEOUT=300.0)
    pump = scene.add("Linacs")
    scene.add("Others")
    desktop = scene.begin()
    scene.in_state("Linacs", PumpState.IDLE)
    scene.select("Linacs")
    scene.settled()
    scene.server.faults.add("hang", method="ANY", times=None, seconds=600)
    desktop.backstage.runner.run_now(pump.id)
    scene.write(scene.field("MPC/0/history days"), "12")
    scene.until(lambda: desktop.backstage.editing.state(pump.id)[0].value == "checking")
    desktop.stage.window.preview_wanted.emit(pump.id)
    scene.until(lambda: scene.server.counts.plain()["requests"])
    scene.until(lambda: desktop.backstage.runner.busy)
    with heartbeat():
        assert scene.end()


def test_a_thread_that_does_not_end_is_told_of(scene: Scene) -> None:
    desktop = scene.begin()
    let_go = threading.Event()
    desktop.backstage.long_tasks.start(
        lambda _token: let_go.wait(60), lambda _done: None, lambda _error: None
    )
    backstage = desktop.backstage
    ended: list[bool] = []
    desktop.ending.ended.connect(ended.append)
    desktop.ending.end_at_once()
    scene.until(lambda: ended)
    desktop.finish()
    assert not desktop.all_ended
    let_go.set()
    assert backstage.long_tasks.wait(20)
    assert not scene.put_away(), "it stays so, though the thread has ended since"


def test_an_exception_in_a_slot_is_told_once_and_the_program_goes_on(scene: Scene) -> None:
    pump = scene.add("Linacs")
    desktop = scene.begin()
    scene.in_state("Linacs", PumpState.IDLE)
    scene.expected_faults.append("ZeroDivisionError")

    def fail() -> None:
        raise ZeroDivisionError("the wheel came off")

    for _time in range(3):
        QTimer.singleShot(0, desktop, fail)
    scene.until(lambda: len(scene.faults.told) == 3)
    scene.told(
        "error",
        "Fault in QCPump-Qt",
        f"ZeroDivisionError: the wheel came off. The program goes on. The log ({scene.program.logs.program_file}) "
        "shows where it happened; please report it with a diagnostics bundle from the Help menu.",
    )
    assert scene.messages() == []
    scene.press(Qt.Key.Key_F6)
    scene.cycles(1)
    scene.check_all_equal(pump.id)
    log = scene.program.logs.program_file.read_text(encoding="utf-8")
    assert log.count("ZeroDivisionError: the wheel came off") == 3


def test_starting_loads_nothing_that_the_window_does_not_need() -> None:
    heavy = ["sqlalchemy", "requests", "jinja2", "keyring", "numpy", "pyqtgraph", "PySide6.QtNetwork"]
    heavy += ["pydantic", "importlib.metadata", "email", "configparser", "plistlib", "asyncio", "ssl"]
    code = (
        "import sys\nimport qcpump_qt.app\nimport qcpump_qt.desktop.desktop\n"
        f"print(*[name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
    assert done.stderr == ""


def test_the_dialog_of_a_question_has_its_buttons_named(scene: Scene) -> None:
    scene.add("Linacs")
    desktop = scene.begin()
    scene.in_state("Linacs", PumpState.IDLE)
    scene.click(scene.tool("run_all"))
    scene.cycles(1)
    desktop.ending.quit()
    box = scene.dialog("confirm")
    buttons = scene.find(QDialogButtonBox, "qt_msgbox_buttonbox", box).buttons()
    assert sorted(button.accessibleName() for button in buttons) == ["Cancel", "Quit"]
    scene.press(Qt.Key.Key_Escape, on=box)
    scene.gone("confirm")
