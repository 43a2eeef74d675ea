"""The runner against real servers that hang, are down, or die: the engine's invariant is source = ledger = server."""

from __future__ import annotations

import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from endtoend.clinic import Share
from gui.heartbeat import Heartbeat
from qcpump_qt.app import Program
from qcpump_qt.controllers.runner import Runner
from qcpump_qt.demo.clinic import TOKEN, demo_world
from qcpump_qt.demo.tds import write_tds
from qcpump_qt.engine.clock import local_now
from qcpump_qt.engine.paths import Places
from qcpump_qt.engine.records import DeliveryState
from qcpump_qt.engine.report import CycleOutcome, CycleReport
from qcpump_qt.engine.secrets import MemorySecrets
from qcpump_qt.engine.settings import save_settings
from qcpump_qt.engine.store import StoredPump, Values
from servers.standin import StandInProcess
from unit.controllers.steady import SteadyByHand

TYPE = "QATrackMPCPump"
LIMIT = 2.0
"""Seconds in which a stopped cycle promises to have ended."""
Beating = Callable[[], AbstractContextManager[Heartbeat]]


class Department:
    """A home, a runner over it, and what it told."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        self.folder = folder
        self.qtbot = qtbot
        self.program = Program(Places(folder / "home"), secrets=MemorySecrets())
        patient = self.program.settings.changed(HTTP_READ_TIMEOUT=60.0, HTTP_CONNECT_TIMEOUT=60.0)
        save_settings(self.program.places.settings_file, patient)
        self.program.with_settings_anew()
        self.clock = SteadyByHand()
        self.reports: list[tuple[str, CycleReport]] = []
        self.runner = self.new_runner()

    def new_runner(self) -> Runner:
        runner = Runner(self.program, clock=self.clock)
        runner.ended.connect(lambda pump, report: self.reports.append((pump, report)))
        return runner

    def add(self, name: str, tds: Path, url: str) -> StoredPump:
        values: Values = {
            "Pump": [{"interval (s)": 60, "active": True}],
            "MPC": [{"tds directory": str(tds), "history days": 200}],
            "QATrack+ API": [{"api url": url, "auth token": TOKEN, "throttle": 0.0}],
        }
        return self.program.store.add(name, TYPE, values, self.program.secret_fields(TYPE))

    def until(self, true: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(true()), timeout=60_000)

    def ended(self, count: int = 1) -> None:
        self.until(lambda: len(self.reports) == count)

    def outcomes(self) -> list[CycleOutcome]:
        return [report.outcome for _pump, report in self.reports]

    def end_runner(self) -> None:
        ends: list[bool] = []
        self.runner.ended_all.connect(ends.append)
        self.runner.shut_down(patience=20)
        self.until(lambda: ends)
        assert ends == [True]

    def arrived(self, *pumps: StoredPump) -> list[str]:
        """The keys that the ledger says have arrived."""
        lines = [line for pump in pumps for line in self.program.ledger.browse.page(pump.id, limit=10_000)]
        return sorted(line.key for line in lines if line.state.arrived)

    def in_state(self, pump: StoredPump, state: DeliveryState) -> int:
        return self.program.ledger.browse.count(pump.id, state)

    def close(self) -> None:
        self.end_runner()
        self.program.close()


@pytest.fixture
def department(tmp_path: Path, qtbot: QtBot) -> Iterator[Department]:
    made = Department(tmp_path, qtbot)
    yield made
    made.close()


@pytest.fixture
def standin(tmp_path: Path) -> Iterator[StandInProcess]:
    with StandInProcess(demo_world(), tmp_path) as server:
        yield server


def has_at_least(standin: StandInProcess, number: int) -> bool:
    return len(standin.sessions()) >= number


@contextmanager
def hung_server() -> Iterator[tuple[str, list[socket.socket]]]:
    """Accepts every connection and never answers; its address, and the connections that it has."""
    taken: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            while True:
                try:
                    taken.append(listener.accept()[0])
                except OSError:
                    return

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/api", taken
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(20)
            for connection in taken:
                connection.close()


def test_five_pumps_at_a_server_that_never_answers_stop_in_time(
    department: Department, heartbeat: Beating
) -> None:
    tds = department.folder / "TDS"
    write_tds(tds, local_now().date())
    with hung_server() as (url, connections):
        pumps = [department.add(f"Linac {number}", tds, url) for number in range(5)]
        department.runner.set_pumps(pumps)
        with heartbeat():
            department.runner.start_all()
            # A server gets four requests at once at most; the fifth pump waits for one of them.
            department.until(lambda: len(connections) == 4)
            department.until(lambda: all(department.runner.is_running(pump.id) for pump in pumps))
        with heartbeat():
            started = time.perf_counter()
            department.runner.stop_all()
            assert all(department.runner.is_stopping(pump.id) for pump in pumps)
            department.ended(5)
            assert time.perf_counter() - started < LIMIT
    assert department.outcomes() == [CycleOutcome.STOPPED] * 5
    assert not any(department.runner.is_stopping(pump.id) for pump in pumps)


def test_stopped_in_the_middle_of_an_upload_it_ends_in_time_and_nothing_is_doubled(
    department: Department, heartbeat: Beating, standin: StandInProcess
) -> None:
    share = Share(department.folder / "TDS")
    share.add(6)
    pump = department.add("Linacs", share.root, standin.url)
    department.runner.set_pumps([pump])
    # Sooner or later one is stored and its answer never comes.
    standin.plan(add=[{"kind": "hang-after", "times": None, "probability": 0.4, "seed": 3, "seconds": 30}])
    department.runner.run_now(pump.id)
    department.until(lambda: department.in_state(pump, DeliveryState.SENDING))
    with heartbeat():
        started = time.perf_counter()
        department.runner.stop(pump.id)
        department.ended(1)
        assert time.perf_counter() - started < LIMIT
    assert department.outcomes() == [CycleOutcome.STOPPED]
    standin.plan(clear=True)
    department.runner.run_now(pump.id)
    department.ended(2)
    source = sorted(share.keys)
    assert department.arrived(pump) == source
    assert sorted(str(each["user_key"]) for each in standin.sessions()) == source


def test_run_on_launch_works_when_the_server_is_down(
    department: Department, heartbeat: Beating, standin: StandInProcess
) -> None:
    share = Share(department.folder / "TDS")
    share.add(3)
    pump = department.add("Linacs", share.root, standin.url)
    standin.kill()
    department.runner.set_pumps([pump])
    with heartbeat():
        department.runner.start_all("start")
        department.ended(1)
    assert department.outcomes() == [CycleOutcome.UNREACHABLE]
    assert department.runner.is_scheduled(pump.id)
    standin.restart()
    department.clock.passes(60)
    department.ended(2)
    assert department.outcomes()[1] is CycleOutcome.OK
    assert department.arrived(pump) == sorted(share.keys)
    cycles = department.program.ledger.cycles.latest(pump.id)
    assert [(cycle.trigger, cycle.outcome) for cycle in cycles] == [
        ("interval", "ok"),
        ("start", "unreachable"),
    ]


def test_run_all_stopped_on_the_way_run_again_by_a_new_window(
    department: Department, standin: StandInProcess
) -> None:
    """Everything is there exactly once, whatever was stopped and however often."""
    shares = [Share(department.folder / f"TDS{number}") for number in range(2)]
    for number, share in enumerate(shares):
        for each in range(6):
            # Two machines with a share each, so that no session is at both.
            share.add_at(share.at(60 - each, 7 + number, 0), ("2101", "2102")[number])
    pumps = [
        department.add(f"Linac {number}", share.root, standin.url) for number, share in enumerate(shares)
    ]
    standin.plan(latency_ms=30, add=[{"kind": "drop-after", "times": 2}])
    department.runner.set_pumps(pumps)
    for wanted in (1, 3, 6):
        department.runner.start_all()
        department.until(partial(has_at_least, standin, wanted))
        department.runner.stop_all()
        department.until(lambda: not department.runner.busy)
        there = Counter(str(each["user_key"]) for each in standin.sessions())
        assert max(there.values()) == 1
    department.end_runner()
    standin.plan(clear=True)
    department.runner = department.new_runner()
    department.runner.set_pumps(pumps)
    done = len(department.reports)
    department.runner.start_all()
    department.ended(done + 2)
    source = sorted(key for share in shares for key in share.keys)
    assert department.arrived(*pumps) == source
    assert sorted(str(each["user_key"]) for each in standin.sessions()) == source
    assert not any(department.in_state(pump, DeliveryState.SENDING) for pump in pumps)


def test_what_write_tds_tells_is_what_arrives(department: Department, standin: StandInProcess) -> None:
    story = write_tds(department.folder / "TDS", local_now().date())
    pump = department.add("Linacs", department.folder / "TDS", standin.url)
    department.runner.set_pumps([pump])
    department.runner.start_all()
    department.ended(1)
    department.clock.passes(60)
    department.ended(2)
    wanted = sorted(session.user_key for session in story.delivered)
    assert department.arrived(pump) == wanted
    assert sorted(str(each["user_key"]) for each in standin.sessions()) == wanted
    assert department.in_state(pump, DeliveryState.WAITING) == len(story.without_unit)
