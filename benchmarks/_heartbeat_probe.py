"""One scenario of the window in a process of its own: what becomes of a timer of 20 ms on the UI thread.

Not a benchmark by itself: `desktop.py` starts it as a process, once for each scenario.
"""

from __future__ import annotations

import json
import logging
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from qcpump_qt.app import Program
from qcpump_qt.demo.clinic import TOKEN
from qcpump_qt.desktop.application import application
from qcpump_qt.desktop.desktop import Desktop
from qcpump_qt.desktop.home import first_window
from qcpump_qt.engine.ledger.schema import records
from qcpump_qt.engine.paths import Places
from qcpump_qt.engine.secrets import MemorySecrets
from qcpump_qt.engine.store import StoredPump

BEAT_MS = 20
TYPE = "QATrackMPCPump"


class Beats(QObject):
    """The timer, and the gaps between its beats in seconds."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps: list[float] = []
        self._last = 0.0
        self._timer = QTimer(self, interval=BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    @contextmanager
    def watched(self) -> Iterator[None]:
        self._last = time.perf_counter()
        self._timer.start()
        yield
        self._timer.stop()
        self._beat()

    def _beat(self) -> None:
        now = time.perf_counter()
        self.gaps.append(now - self._last)
        self._last = now


def run_until(condition: Callable[[], object], seconds: float) -> bool:
    """Let the event loop run as the program does, asleep between events, until something is so."""
    if condition():
        return True
    loop = QEventLoop()
    looks = QTimer(interval=5)
    looks.timeout.connect(lambda: loop.quit() if condition() else None)
    looks.start()
    QTimer.singleShot(int(seconds * 1000), loop, lambda: loop.exit(1))
    return loop.exec() == 0


def add_pumps(program: Program, number: int, url: str, tds: Path) -> list[StoredPump]:
    tds.mkdir(parents=True, exist_ok=True)
    return [
        program.store.add(
            f"Pump {place:03}",
            TYPE,
            {
                "Pump": [{"active": True, "interval (s)": 300}],
                "MPC": [{"tds directory": str(tds)}],
                "QATrack+ API": [{"api url": url, "auth token": TOKEN}],
                "Test List": [{"name": "MPC: {{ check_type }}"}],
            },
            [("QATrack+ API", "auth token")],
        )
        for place in range(number)
    ]


@contextmanager
def silent_server() -> Iterator[str]:
    """Takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/api"


class Scene:
    """A begun desktop, and how to leave it."""

    def __init__(self, program: Program) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        instance = first_window(program.places)
        assert instance is not None
        self.desktop = Desktop(app, program, instance)
        self.loaded: list[bool] = []
        self.ended: list[bool] = []
        self.desktop.together.loaded.connect(lambda: self.loaded.append(True))
        self.desktop.ending.ended.connect(self.ended.append)
        self.desktop.begin()
        assert run_until(lambda: self.loaded, 20)

    def rest(self, seconds: float = 3.0) -> None:
        """Let what the start set off come to its end."""
        run_until(lambda: False, seconds)

    def leave(self) -> None:
        self.desktop.ending.end_at_once()
        assert run_until(lambda: self.ended, 10)
        self.desktop.finish()


def hung_server(folder: Path, beats: Beats) -> None:
    """Five pumps run against a server that never answers, are stopped, and the program is quit."""
    from qcpump_qt.demo.tds import write_tds  # noqa: PLC0415 - of this scenario alone
    from qcpump_qt.engine.clock import local_now  # noqa: PLC0415 - as above

    write_tds(folder / "TDS", local_now().date())
    with silent_server() as url, Program(Places(folder / "home"), MemorySecrets()) as program:
        add_pumps(program, 5, url, folder / "TDS")
        scene = Scene(program)
        runner = scene.desktop.backstage.runner
        pumps = list(scene.desktop.backstage.pumps_on_disk)
        scene.rest()
        with beats.watched():
            runner.start_all()
            assert run_until(lambda: all(map(runner.is_running, pumps)), 10)
            run_until(lambda: False, 4.0)
            before = time.perf_counter()
            runner.stop_all()
            assert run_until(lambda: not any(map(runner.is_running, pumps)), 10)
            stopped = time.perf_counter() - before
            runner.start_all()
            run_until(lambda: False, 1.0)
            before = time.perf_counter()
            scene.desktop.ending.end_at_once()
            assert run_until(lambda: scene.ended, 10)
            closed = time.perf_counter() - before
        scene.desktop.finish()
        sys.stderr.write(f"stopped in {stopped:.2f} s, closed in {closed:.2f} s\n")


def log_burst(folder: Path, beats: Beats) -> None:
    """20,000 lines are logged by a thread as fast as it can, with the log in sight."""
    with silent_server() as url, Program(Places(folder / "home"), MemorySecrets()) as program:
        (pump,) = add_pumps(program, 1, url, folder / "TDS")
        scene = Scene(program)
        scene.desktop.stage.window.select(pump.id)
        scene.desktop.stage.window.show_tab(scene.desktop.stage.activity)
        scene.rest()
        log = program.log_of(pump)

        def burst() -> None:
            for number in range(20_000):
                log.log(
                    logging.INFO, f"NDS-WKS-SN2101-2026-11-18 number {number}: looked at, nothing new in it"
                )

        with beats.watched():
            thread = threading.Thread(target=burst)
            thread.start()
            run_until(lambda: not thread.is_alive(), 60)
            run_until(lambda: scene.desktop.backstage.logs.resting, 20)
        thread.join()
        scene.leave()


def validating(folder: Path, beats: Beats) -> None:
    """200 pumps are loaded and validated, as when somebody comes to the window; then the list is scrolled."""
    with silent_server() as url, Program(Places(folder / "home"), MemorySecrets()) as program:
        for pump in add_pumps(program, 200, url, folder / "TDS"):
            assert pump.id
        scene = Scene(program)
        scene.rest(1.0)
        with beats.watched():
            QTest.keyClick(scene.desktop.stage.window, Qt.Key.Key_Shift)
            run_until(lambda: False, 8.0)
            view = scene.desktop.stage.window.pumps.view
            for step in range(50):
                view.verticalScrollBar().setValue(step * 4)
                run_until(lambda: False, 0.03)
        scene.leave()


def many_records(folder: Path, beats: Beats) -> None:
    """100,000 records in the ledger: opened, paged through, filtered, sorted."""
    with silent_server() as url, Program(Places(folder / "home"), MemorySecrets()) as program:
        (pump,) = add_pumps(program, 1, url, folder / "TDS")
        fill(program, pump.id, 100_000)
        scene = Scene(program)
        stage = scene.desktop.stage
        stage.window.select(pump.id)
        scene.rest()
        with beats.watched():
            before = time.perf_counter()
            stage.window.show_tab(stage.records)
            assert run_until(lambda: stage.record_rows.rowCount() > 0, 10)
            opened = time.perf_counter() - before
            for _ in range(20):
                bar = stage.records.table.verticalScrollBar()
                bar.setValue(bar.maximum())
                run_until(lambda: False, 0.1)
            stage.records.sort_wanted.emit("title", False)
            run_until(lambda: False, 1.0)
            stage.records.filter_changed.emit(None, "number 77")
            run_until(lambda: False, 1.5)
        scene.leave()
        sys.stderr.write(f"100,000 records opened in {opened * 1000:.0f} ms\n")


def fill(program: Program, pump_id: str, number: int) -> None:
    moment = "2026-11-{day:02}T07:00:00+00:00"
    same = {
        "pump": pump_id,
        "waiting_for": "time",
        "reason": "",
        "unit": "Main: Linac 1",
        "test_list": "MPC: Beam",
    }
    rest = {"fingerprint": "", "source": "[]", "url": "", "attempts": 1, "payload": None, "answer": None}
    rows = [
        {
            **same,
            **rest,
            "key": f"key {place}",
            "title": f"Session number {place}",
            "state": "delivered",
            "first_seen": moment.format(day=1 + place % 20),
            "updated": moment.format(day=1 + place % 20),
        }
        for place in range(number)
    ]
    with program.ledger.deliveries._database.writing() as connection:  # noqa: SLF001 - filled past the engine, for speed
        connection.execute(records.insert(), rows)


SCENARIOS: dict[str, Callable[[Path, Beats], None]] = {
    "hung server": hung_server,
    "log burst": log_burst,
    "200 pumps validating": validating,
    "100,000 records": many_records,
}


def main() -> int:
    """Argument: the scenario's name."""
    app = application()
    beats = Beats()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        SCENARIOS[sys.argv[1]](Path(folder), beats)
    gaps = sorted(beats.gaps)
    del app
    print(json.dumps({"largest": gaps[-1], "ten": gaps[-10:], "beats": len(gaps)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
