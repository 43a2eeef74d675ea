"""A clinic for tests of the Daily QA3 pumps: a database, a QATrack+ stand-in, a program, and one judge.

Every number in the database is written once only, so the judge can tell for each measurement whether it is on
the server not at all, once or twice. Macro names are made here by the compatibility reference, section 6.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, ClassVar

import pytest
import requests

from integration.dqa3.observed import Observed
from qcpump_qt.app import Program
from qcpump_qt.demo.server import StandIn
from qcpump_qt.demo.world import World
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.config.report import Report
from qcpump_qt.engine.ledger.deliveries import Page
from qcpump_qt.engine.paths import Places
from qcpump_qt.engine.preview import Preview
from qcpump_qt.engine.records import DeliveryState, Sighting
from qcpump_qt.engine.report import CycleReport
from qcpump_qt.engine.secrets import MemorySecrets
from qcpump_qt.pumps.dqa3.types import (
    DQA3_TYPES,
    AtlasDQA3,
    AtlasGroupedDQA3,
    FirebirdDQA3,
    FirebirdGroupedDQA3,
    SQLServerDQA3,
    SQLServerGroupedDQA3,
)
from qcpump_qt.sources.databases.connection import Kind
from servers.dqa3_database import (
    CONSTANCY,
    QUANTITIES,
    Dqa3Database,
    MadeBeam,
    MadeMachine,
    MadeMeasurement,
    sqlite_database,
)

TOKEN = "0123456789abcdef0123456789abcdef01234567"
BEAMS = {
    "6 MV": ("Photon", 6),
    "10 FFF": ("FFF", 10),
    "9 MeV": ("Electron", 9),
    "12 MeV": ("Electron", 12),
}
GROUPED = "Daily QA3 Results"


class LiteOne(Observed, FirebirdDQA3):
    KIND: ClassVar[Kind] = "sqlite"


class LiteGrouped(Observed, FirebirdGroupedDQA3):
    KIND: ClassVar[Kind] = "sqlite"


class LiteServerOne(Observed, SQLServerDQA3):
    KIND: ClassVar[Kind] = "sqlite"


class LiteServerGrouped(Observed, SQLServerGroupedDQA3):
    KIND: ClassVar[Kind] = "sqlite"


class LiteAtlasOne(Observed, AtlasDQA3):
    KIND: ClassVar[Kind] = "sqlite"


class LiteAtlasGrouped(Observed, AtlasGroupedDQA3):
    KIND: ClassVar[Kind] = "sqlite"


LITE = (LiteOne, LiteGrouped, LiteServerOne, LiteServerGrouped, LiteAtlasOne, LiteAtlasGrouped)


def columns() -> list[str]:
    names = [
        f"{name}{part}" for name in (*QUANTITIES, "energy", *CONSTANCY) for part in ("", "_baseline", "_diff")
    ]
    return ["temperature", "pressure", *names]


def slug_by_the_book(column: str, beam: str) -> str:
    """Compatibility reference, section 6, for names of beams in this file."""
    text = re.sub(r"[/ .-]", "_", f"{column}_{beam}").lower()
    return re.sub(
        "_+", "_", "".join(char for char in text if char.isascii() and (char.isalnum() or char == "_"))
    )


def clinic_world() -> World:
    """Two units at two sites; a test list for each beam, and one for all."""
    world = World()
    for number, site in ((1, "Main Campus"), (2, "North Campus")):
        world.add_site(site)
        world.add_unit(f"Linac {number}", number, site)
    texts = dict.fromkeys(("data_key", "signature", "device"), "string")
    tests = {**texts, **dict.fromkeys(columns(), "simple")}
    lists: dict[str, dict[str, str]] = {f"Daily QA3 Results: {beam}": tests for beam in BEAMS}
    lists[GROUPED] = {slug_by_the_book(name, beam): kind for beam in BEAMS for name, kind in tests.items()}
    for name, own in lists.items():
        world.add_test_list(name, own)
        world.assign(name, 1)
        world.assign(name, 2)
    world.add_user("pump", TOKEN)
    return world


@dataclass
class Clinic:
    """Everything that one test needs.

    Args:
        folder: for the database and the home of the program.
        standin: the server.
        patch: sets the clock.
        kind: name of the pump type.
        database: where the rows are written; a SQLite file where None.
        login: values of section DQA3Reader that lead there.
    """

    folder: Path
    standin: StandIn
    patch: pytest.MonkeyPatch
    kind: str = "LiteGrouped"
    database: Dqa3Database | None = None
    login: Mapping[str, Any] = field(default_factory=dict)
    machine_names: tuple[str, str] = ("TrueBeam 1", "TrueBeam 2")

    def __post_init__(self) -> None:
        file = self.folder / "dqa3.sqlite"
        self.db = self.database or sqlite_database(file)
        one, two = self.machine_names
        self.machines = [self.db.add_machine(one, "Room 1"), self.db.add_machine(two)]
        self.beams = {
            (number, name): self.db.add_beam(machine, name, *about)
            for number, machine in enumerate(self.machines)
            for name, about in BEAMS.items()
        }
        self.now = datetime.fromisoformat("2026-03-10 12:00")
        self.patch.setattr("qcpump_qt.engine.clock.now", lambda: self.now.astimezone(timezone.utc))
        self.program = self._program()
        reader = {"host": "h", "database": str(file), "user": "u", "password": "p", **self.login}
        self.pump = self.program.store.add(
            "Daily QA3",
            self.kind,
            {
                "DQA3Reader": [{"history days": 7, **reader}],
                "QATrack+ API": [{"api url": self.standin.url, "auth token": TOKEN, "throttle": 0.0}],
                "Unit": [
                    {"dqa3 name": self.machines[0].label, "unit name": "Main Campus: Linac 1"},
                    {"dqa3 name": self.machines[1].label, "unit name": "North Campus: Linac 2"},
                ],
            },
            self.program.secret_fields(self.kind),
        )

    def _program(self, secrets: MemorySecrets | None = None) -> Program:
        places = Places(self.folder / "home")
        return Program(places, secrets=secrets or MemorySecrets(), builtin=(*LITE, *DQA3_TYPES))

    @property
    def grouped(self) -> bool:
        return "Grouped" in self.kind

    # --- the database ------------------------------------------------------------------------------

    def beam(self, name: str = "6 MV", machine: int = 0) -> MadeBeam:
        return self.beams[machine, name]

    def measure(self, moment: str, beam: str = "6 MV", machine: int = 0, **about: Any) -> MadeMeasurement:
        """One measurement, such as ``03-10 07:41`` or ``03-10 07:41:49.25`` in 2026."""
        return self.db.measure(self.beam(beam, machine), when(moment), **about)

    def morning(self, day: str = "03-10", machine: int = 0, hour: str = "07") -> list[MadeMeasurement]:
        """All beams, three minutes apart."""
        return [
            self.measure(f"{day} {hour}:{10 + 3 * number}:07", beam, machine)
            for number, beam in enumerate(BEAMS)
        ]

    # --- the program -------------------------------------------------------------------------------

    def configure(self, section: str, **values: Any) -> None:
        """Change fields of the first row; spaces in names as underscores."""
        rows = {name: [dict(row) for row in found] for name, found in self.pump.values.items()}
        rows.setdefault(section, [{}])[0].update(
            {name.replace("_", " "): value for name, value in values.items()}
        )
        self._save(rows)

    def units(self, *pairs: tuple[str, str]) -> None:
        """Set the rows of section Unit."""
        rows = [{"dqa3 name": machine, "unit name": unit} for machine, unit in pairs]
        self._save({**self.pump.values, "Unit": rows})

    def _save(self, rows: Mapping[str, Any]) -> None:
        secret = self.program.secret_fields(self.kind)
        self.pump = self.program.store.save(self.pump.changed(values=dict(rows)), secret)

    def run(self, cancel: CancelToken | None = None) -> CycleReport:
        Observed.statements.clear()
        return self.program.run(self.pump, "manual", cancel or CancelToken())

    def validate(self) -> Report:
        return self.program.validate(self.pump, CancelToken())

    def message(self, section: str, index: int | None = None) -> str:
        """What the validation says of a section."""
        found = [each for each in self.validate().sections if each.section == section and each.index == index]
        return found[0].message

    def preview(self) -> Preview:
        return self.program.preview(self.pump, CancelToken())

    def reopen(self) -> None:
        """As if the program was ended and started again."""
        self.program.close()
        secrets = self.program.secrets
        assert isinstance(secrets, MemorySecrets)
        self.program = self._program(secrets)

    def lose_the_ledger(self) -> None:
        self.program.close()
        for file in self.program.places.ledger_file.parent.glob("ledger*"):
            file.unlink()
        self.reopen()

    def records(self) -> dict[str, Sighting]:
        page = Page(pump=self.pump.id)
        return {each.key: each for each in self.program.ledger.deliveries.sightings(page)}

    def states(self) -> set[DeliveryState]:
        return {each.state for each in self.records().values()}

    def reasons(self) -> set[str]:
        return {each.reason for each in self.records().values()}

    def keys(self, *states: DeliveryState) -> set[str]:
        return {key for key, record in self.records().items() if record.state in states}

    def close(self) -> None:
        self.program.close()

    # --- the server and the judge ------------------------------------------------------------------

    def sessions(self) -> dict[str, dict[str, Any]]:
        stored = self.standin.sessions()
        found = {str(each["user_key"]): each for each in stored}
        assert len(found) == len(stored)
        return found

    def slug(self, column: str, beam: str) -> str:
        return slug_by_the_book(column, beam) if self.grouped else column

    def expected(self, made: MadeMeasurement) -> dict[str, float]:
        """Its numbers by macro name."""
        return {self.slug(name, made.beam.name): value for name, value in made.numbers.items()}

    def holding(self, made: MadeMeasurement) -> list[str]:
        """The keys under which a measurement is on the server, whole and on the right unit and list."""
        wanted = self.expected(made)
        test_list = GROUPED if self.grouped else f"{GROUPED}: {made.beam.name}"
        unit = {machine.name: number for number, machine in enumerate(self.machines, start=1)}
        found = []
        for key, session in self.sessions().items():
            there = {slug: test["value"] for slug, test in session["tests"].items()}
            if any(there.get(slug) == value for slug, value in wanted.items()):
                for name, value in made.tests.items():
                    slug = self.slug(name, made.beam.name)
                    assert slug not in there or there[slug] == value, f"{slug} of {key}"
                assert session["unit"] == unit[made.beam.machine.name]
                assert session["test_list"] == test_list
                found.append(key)
        return found

    def judge(self, *, not_sent: Iterable[MadeMeasurement] = (), elsewhere: Iterable[str] = ()) -> None:
        """Source = ledger = server: each measurement that counts is there exactly once, and the ledger says so."""
        left_out = [id(made) for made in not_sent]
        for made in self.db.measurements:
            times = len(self.holding(made))
            wanted = 0 if id(made) in left_out else 1
            assert times == wanted, f"{made.beam.name} at {made.moment} is there {times} times"
        arrived = self.keys(DeliveryState.DELIVERED, DeliveryState.ALREADY_THERE)
        assert arrived == set(self.sessions()) - set(elsewhere)
        assert not self.keys(DeliveryState.SENDING)

    # --- what QCPump did ---------------------------------------------------------------------------

    def key_of(self, made: Iterable[MadeMeasurement]) -> str:
        """The key of QCPump 0.3 for a group (compatibility reference, section 4)."""
        members = list(made)
        first = members[0]
        keys = "/".join(str(each.data_key) for each in members)
        return f"QCPump/DQA3/{first.beam.machine.id}/{first.moment:%Y-%m-%d-%H-%M}/{keys}"[:255]

    def stored_by_qcpump(self, made: Iterable[MadeMeasurement], key: str = "") -> str:
        """Post a group as QCPump 0.3.17 did, autoskip included."""
        members = sorted(made, key=lambda each: each.moment)
        key = key or self.key_of(members)
        number = 1 + [machine.name for machine in self.machines].index(members[0].beam.machine.name)
        place = next(
            each
            for each in self.standin.world.assignments
            if each.name == GROUPED and each.unit.number == number
        )
        tests: dict[str, Any] = {test.slug: {"skipped": True} for test in place.days[0].tests}
        for each in members:
            tests |= {
                slug_by_the_book(name, each.beam.name): {"value": value}
                for name, value in each.tests.items()
                if value is not None
            }
        first, last = members[0].moment, members[-1].moment
        last = max(last, first + timedelta(minutes=1))
        answer = requests.post(
            f"{self.standin.url}/qa/testlistinstances/",
            json={
                "unit_test_collection": f"{self.standin.url}/qa/unittestcollections/{place.id}/",
                "work_started": f"{first:%Y-%m-%d %H:%M:%S}",
                "work_completed": f"{last:%Y-%m-%d %H:%M:%S}",
                "user_key": key,
                "day": 0,
                "tests": tests,
            },
            headers={"Authorization": f"Token {TOKEN}"},
            timeout=10,
        )
        assert answer.status_code == 201, answer.text
        return key


def when(text: str) -> datetime:
    day, clock = text.split()
    return datetime.fromisoformat(f"2026-{day} {clock}")


__all__ = ["BEAMS", "GROUPED", "Clinic", "MadeMachine", "clinic_world", "when"]
