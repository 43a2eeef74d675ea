"""A destination that keeps its sessions in memory and makes trouble on demand; and what goes with it in tests."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.delivery.delivery import Delivery
from qcpump_qt.engine.delivery.doubts import settle_doubts
from qcpump_qt.engine.delivery.leftovers import leftovers, watched
from qcpump_qt.engine.errors import (
    MappingError,
    MissingTests,
    PumpError,
    RecordRejected,
    ServerRefused,
    ServerUnavailable,
)
from qcpump_qt.engine.ledger.deliveries import Page
from qcpump_qt.engine.ledger.ledger import Ledger
from qcpump_qt.engine.records import DeliveryState, Place, Record, Sighting, Stored, UnitBy, UnitRef, Upload
from qcpump_qt.engine.report import Tally

PUMP = "morning-qa-1"
UNIT = UnitRef(UnitBy.SERIAL, "2101")

LOST = ServerUnavailable("The connection broke.")
BROKEN = ServerUnavailable("The server had an error of its own (500).", reached=True, status=500)
NO_TOKEN = ServerRefused("The server does not know the API token.")


def throttled(seconds: float | None) -> ServerUnavailable:
    return ServerUnavailable("Too many requests (429).", retry_after=seconds, reached=True, status=429)


class QuickToken(CancelToken):
    """A token whose waits take no time; it remembers how long they would have been."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []

    def wait(self, seconds: float) -> bool:
        self.waits.append(seconds)
        return self.cancelled


class FreePace:
    """Lets everything pass, and counts."""

    def __init__(self) -> None:
        self.at_once = 4
        self.turns: list[float] = []
        self.pauses: list[float] = []
        self.errors: list[bool] = []

    def connections(self, throttle: float) -> int:
        return 1 if throttle > 0 else self.at_once

    def wait_turn(self, cancel: CancelToken, throttle: float) -> None:
        cancel.check()
        self.turns.append(throttle)

    def note_throttled(self, seconds: float) -> None:
        self.pauses.append(seconds)

    def note_server_error(self, parallel: bool) -> None:
        self.errors.append(parallel)
        self.at_once = 1


@dataclass(frozen=True)
class Fault:
    """What happens to one POST: it is stored or not, and then the error is raised."""

    error: PumpError
    stored: bool = False


@dataclass
class MemoryServer:
    """A QATrack+ of sorts; implements `Destination`.

    Args:
        faults: what happens to the next posts, in order; None lets one through.
        faults_of: what happens to every post of a key.
        find_faults: what the next questions are answered with.
        wants: the tests that every session must have.
        unknown_units: values that match no unit.
        on_post: called with each payload before anything else happens to it.
    """

    faults: list[Fault | None] = field(default_factory=list)
    faults_of: dict[str, Fault] = field(default_factory=dict)
    find_faults: list[PumpError] = field(default_factory=list)
    wants: set[str] = field(default_factory=set)
    unknown_units: set[str] = field(default_factory=set)
    place_fault: Exception | None = None
    on_post: Callable[[Mapping[str, Any]], None] = lambda _payload: None
    name: str = "http://memory/api"

    def __post_init__(self) -> None:
        self.pace = FreePace()
        self.stored: dict[str, Mapping[str, Any]] = {}
        self.asked: list[tuple[str, str]] = []
        self.most_at_once = 0
        self._at_once = 0
        self._lock = threading.Lock()

    def requests(self, kind: str | None = None) -> int:
        return sum(kind in (None, each) for each, _ in self.asked if each != "place")

    def place(self, unit: UnitRef, test_list: str) -> Place:
        self.asked.append(("place", test_list))
        if self.place_fault is not None:
            raise self.place_fault
        if unit.value in self.unknown_units:
            raise MappingError(f"No unit has the serial number {unit.value}.")
        return Place(url=f"/{unit.value}/{test_list}/", unit=f"Unit {unit.value}", list_id=test_list)

    def post(self, payload: Mapping[str, Any]) -> Stored | None:
        key = str(payload["user_key"])
        with self._lock:
            self.asked.append(("post", key))
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            fault = self.faults.pop(0) if self.faults else None
        fault = fault or self.faults_of.get(key)
        try:
            self.on_post(payload)
            return self._store(key, payload, fault)
        finally:
            with self._lock:
                self._at_once -= 1

    def find(self, key: str) -> Stored | None:
        with self._lock:
            self.asked.append(("find", key))
            if self.find_faults:
                raise self.find_faults.pop(0)
            return Stored(f"/api/{key}", f"/page/{key}") if key in self.stored else None

    def _store(self, key: str, payload: Mapping[str, Any], fault: Fault | None) -> Stored | None:
        with self._lock:
            if fault is not None and not fault.stored:
                raise fault.error
            if key in self.stored:
                return None
            missing = tuple(sorted(self.wants - set(payload["tests"])))
            if missing:
                answer = {"non_field_errors": [f"Missing data for tests: {', '.join(missing)}"]}
                raise MissingTests("Values missing.", slugs=missing, alone=True, answer=answer, status=400)
            self.stored[key] = json.loads(json.dumps(payload))
            if fault is not None:
                raise fault.error
            return Stored(f"/api/{key}", f"/page/{key}")


def refusal(text: str = "Wrong value type for tests: a") -> RecordRejected:
    return RecordRejected(text, answer={"non_field_errors": [text]}, status=400)


def upload(
    key: str, tests: Mapping[str, Any] | None = None, *, unit: UnitRef = UNIT, test_list: str = "Daily"
) -> Upload:
    values = {"a": {"value": 1.5}} if tests is None else tests
    payload = {"user_key": key, "work_started": "2026-11-19 07:00:00", "tests": values}
    return Upload(payload=payload, unit=unit, test_list=test_list)


def record(key: str, tests: Mapping[str, Any] | None = None, **more: Any) -> Record:
    """A record that is ready; `unit` and `test_list` say where it goes."""
    where = {name: more.pop(name) for name in ("unit", "test_list") if name in more}
    made = upload(key, tests, **where)
    return Record(**{"key": key, "title": f"Session {key}", "prepare": lambda: made, **more})


def records(number: int, **more: Any) -> list[Record]:
    return [record(f"r{each:03}", **more) for each in range(number)]


def raising(error: BaseException) -> Callable[[], Any]:
    def fail() -> Any:
        raise error

    return fail


@dataclass
class Scene:
    """A ledger, a server, and cycles between them."""

    ledger: Ledger
    server: MemoryServer = field(default_factory=MemoryServer)
    tally: Tally = field(default_factory=lambda: Tally(lambda _level, _text: None))
    cancel: CancelToken = field(default_factory=QuickToken)

    def delivery(self, **options: Any) -> Delivery:
        """A fresh delivery, as a cycle that begins now would have it."""
        self.tally = Tally(lambda _level, _text: None)
        return Delivery(self.ledger, PUMP, self.server, self.tally, self.cancel, **options)

    def cycle(self, found: Iterable[Record], **options: Any) -> Tally:
        """One cycle: doubts first, then what was found, then what only the ledger still has."""
        tally = Tally(lambda _level, _text: None)
        cleared: set[str] = set()
        hold = settle_doubts(self.ledger.deliveries, PUMP, self.server, tally, self.cancel, cleared)
        delivery = self.delivery(hold=hold, cleared=cleared, **options)
        seen: set[str] = set()
        with delivery:
            delivery.run(_chained(watched(found, seen), leftovers(self.ledger.deliveries, PUMP, seen)))
        return self.tally

    def sightings(self) -> dict[str, Sighting]:
        return {each.key: each for each in self.ledger.deliveries.sightings(Page(pump=PUMP))}

    def states(self) -> dict[str, DeliveryState]:
        return {key: each.state for key, each in self.sightings().items()}

    def counts(self) -> Counter[DeliveryState]:
        return Counter(self.states().values())

    def messages(self) -> list[str]:
        return [message.text for message in self.tally.messages]

    def check(self, source: Iterable[str]) -> None:
        """Source = ledger = server: nothing lost, nothing twice, nothing that the ledger does not know."""
        states = self.states()
        assert set(source) <= set(states)
        arrived = {key for key, state in states.items() if state.arrived}
        doubtful = {key for key, state in states.items() if state is DeliveryState.SENDING}
        assert arrived <= set(self.server.stored)
        assert set(self.server.stored) <= arrived | doubtful


def _chained(*parts: Iterable[Record]) -> Iterable[Record]:
    for part in parts:
        yield from part


def ledger_at(folder: Path) -> Ledger:
    return Ledger.at(folder / "state" / "ledger.sqlite3")
