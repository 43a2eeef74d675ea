"""The delivery with the real client against the stand-in, and the one invariant: source = ledger = server."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from qcpump_qt.demo.server import StandIn
from qcpump_qt.demo.world import World
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.cycle import CycleOrder, run_cycle
from qcpump_qt.engine.host import PumpHost
from qcpump_qt.engine.ledger.deliveries import Page
from qcpump_qt.engine.ledger.ledger import Ledger
from qcpump_qt.engine.records import DeliveryState, Record, UnitBy, UnitRef, Upload
from qcpump_qt.engine.report import CycleReport
from qcpump_qt.engine.settings import Settings
from qcpump_qt.qatrack.address import NetworkSettings, ServerAddress
from qcpump_qt.qatrack.gate import RateGate
from qcpump_qt.qatrack.server import QATrackServer

TOKEN = "c0ffee0123456789c0ffee0123456789c0ffee01"
NO_RIGHT = "deadbeef0123456789deadbeef0123456789dead"
PUMP = "pump-1"


def world() -> World:
    made = World()
    made.add_site("Main Campus")
    made.add_unit("Linac 1", 1, "Main Campus", "1001")
    made.add_unit("Linac 2", 2, "Main Campus", "1002")
    made.add_test_list("Daily", {"a": "simple", "b": "simple", "note": "string"})
    made.add_test_list("Weekly", {"a": "simple", "c": "simple"})
    for unit in (1, 2):
        for name in ("Daily", "Weekly"):
            made.assign(name, unit)
    made.add_user("pump", TOKEN)
    made.add_user("reader", NO_RIGHT, may_add=False)
    return made


def record(
    key: str, tests: dict[str, Any] | None = None, *, serial: str = "1001", test_list: str = "Daily"
) -> Record:
    values = {"a": {"value": 1.0}, "b": {"value": 2.0}, "note": {"value": "fine"}} if tests is None else tests
    payload = {
        "user_key": key,
        "work_started": "2026-11-19 07:00:00",
        "work_completed": "2026-11-19 07:10:00",
        "day": 0,
        "tests": values,
    }
    made = Upload(payload=payload, unit=UnitRef(UnitBy.SERIAL, serial), test_list=test_list)
    return Record(key=key, title=key, prepare=lambda: made)


def records(number: int, prefix: str = "r", **more: Any) -> list[Record]:
    return [record(f"{prefix}{each:03}", **more) for each in range(number)]


class BriskToken(CancelToken):
    """A token that sleeps a moment only, so that waits between tries take no time; pauses are kept all the same."""

    def wait(self, seconds: float) -> bool:
        return super().wait(min(seconds, 0.01))


@dataclass
class Clinic:
    """One pump, one ledger, one stand-in."""

    home: Path
    standin: StandIn
    ledger: Ledger
    cancel: CancelToken = field(default_factory=BriskToken)
    gate: RateGate = field(default_factory=RateGate)
    token: str = TOKEN
    url: str = ""
    read_timeout: float = 5.0

    def client(self) -> QATrackServer:
        network = NetworkSettings("QCPump-Qt/test", 2.0, self.read_timeout, max_307=2, sleep_307=0.01)
        return QATrackServer(
            ServerAddress(self.url or self.standin.url, self.token), network, self.cancel, self.gate
        )

    def cycle(self, found: Iterable[Record], *, pump: str = PUMP, **options: Any) -> CycleReport:
        """One whole cycle, with a client of its own, as a pump runs it."""

        @dataclass
        class Pump:
            host: PumpHost
            clinic: Clinic

            def pump(self) -> None:
                with self.clinic.client() as server:
                    self.host.deliver(found, server, **options)

        order = CycleOrder(
            pump_id=pump,
            name="Morning QA",
            type="test",
            folder=self.home,
            trigger="manual",
            settings=Settings(),
            make=lambda host: Pump(host, self),
            log=lambda _level, _text: None,
        )
        return run_cycle(order, self.ledger, self.home / "locks", self.cancel)

    def calm_down(self) -> None:
        """The faults are over; somebody starts the pump again."""
        self.standin.faults.clear()
        self.cancel = BriskToken()
        self.gate = RateGate()

    def states(self, pump: str = PUMP) -> dict[str, DeliveryState]:
        return {each.key: each.state for each in self.ledger.deliveries.sightings(Page(pump=pump))}

    def reasons(self) -> set[str]:
        return {each.reason for each in self.ledger.deliveries.sightings()}

    def posts(self) -> int:
        return self.standin.counts.requests("POST")

    def check(self, source: Iterable[Record], *, all_there: bool = False, pump: str = PUMP) -> None:
        """Every source record has one state; what arrived is on the server once; nothing else is there."""
        keys = {each.key for each in source}
        states = self.states(pump)
        assert keys == set(states)
        on_server = Counter(session["user_key"] for session in self.standin.sessions())
        assert set(on_server.values()) <= {1}
        arrived = {key for key, state in states.items() if state.arrived}
        doubtful = {key for key, state in states.items() if state is DeliveryState.SENDING}
        assert arrived <= set(on_server)
        assert set(on_server) <= arrived | doubtful
        if all_there:
            assert arrived == keys


def in_time(seconds: float, work: Callable[[], Any]) -> Any:
    """What `work` gives, when it takes less than so many seconds."""
    started = time.perf_counter()
    found = work()
    assert time.perf_counter() - started < seconds
    return found


def when(condition: Callable[[], bool]) -> None:
    """Wait until something that the stand-in counts has come about."""
    end = time.monotonic() + 10
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < end
        pause.wait(0.01)


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Clinic]:
    with StandIn(world()) as standin:
        ledger = Ledger.at(tmp_path / "ledger.sqlite3")
        yield Clinic(tmp_path, standin, ledger)
        ledger.close()
