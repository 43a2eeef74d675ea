"""A clinic for tests of the MPC pump: a TDS directory, a QATrack+ stand-in, a program, and one judge.

Every value that the builder writes is written once only, so that the judge can tell for each run whether it
is on the server not at all, once or twice. Names of tests are made here by the rules of the compatibility
reference, section 6, and not by the program's own code.
"""

from __future__ import annotations

import itertools
import os
import re
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import requests

from qcpump_qt.app import Program
from qcpump_qt.demo.server import StandIn
from qcpump_qt.demo.world import World
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.ledger.deliveries import Page
from qcpump_qt.engine.paths import Places
from qcpump_qt.engine.preview import Preview
from qcpump_qt.engine.records import DeliveryState, Sighting
from qcpump_qt.engine.report import CycleReport
from qcpump_qt.engine.secrets import MemorySecrets

TOKEN = "0123456789abcdef0123456789abcdef01234567"
HEADER = "Name [Unit], Value, Threshold, Evaluation Result"
BEAM, COUCH, MLC, DEVICES = (
    "Beam and Geometry Checks",
    "Enhanced Couch Checks",
    "Enhanced MLC Checks",
    "Collimation Devices Checks",
)
PHOTON = (
    "BeamGroup/BeamOutputChange [%]",
    "BeamGroup/BeamUniformityChange [%]",
    "BeamGroup/BeamCenterShift [mm]",
)
ELECTRON = PHOTON[:2]
LEAVES = (
    "CollimationGroup/MLCGroup/MLCLeavesA/MLCLeaf11 [mm]",
    "CollimationGroup/MLCBacklashGroup/MLCBacklashLeavesB/MLCBacklashLeaf50 [mm]",
)
GEOMETRY = (
    "IsoCenterGroup/IsoCenterSize [mm]",
    *PHOTON,
    "CollimationGroup/MLCGroup/MLCMaxOffsetA [mm]",
    *LEAVES,
    "GantryGroup/GantryAbsolute [°]",
)
COUCH_ROWS = (*GEOMETRY, "EnhancedCouchGroup/CouchRtnFine [°]")
DEVICE_ROWS = (
    "CollimationDevicesGroup/MLCGroup/MLCMaxOffsetA [mm]",
    "CollimationDevicesGroup/MLCGroup/MLCPosition2/MLCLeavesB/MLCLeaf30 [mm]",
    "GantryGroup/GantryAbsolute [°]",
)
BEAMS = ("6x", "10x", "15x", "18x", "2.5x", "6xFFF", "10xFFF", "6e", "9e", "12e", "16e", "20e", "6eHDTSE")


def slug_by_the_book(row: str, beam: str) -> str:
    """Compatibility reference, section 6, word for word."""
    text = row + "_" + re.sub("[xe](?=FFF|HDTSE)", "", beam)
    text = text.replace("Â", "")
    for sign in "/ .-":
        text = text.replace(sign, "_")
    text = text.replace("[mm]", "mm").replace("[°]", "deg").replace("[%]", "per")
    text = "".join(char for char in text.lower() if char.isascii() and (char.isalnum() or char in "_ -"))
    while "__" in text:
        text = text.replace("__", "_")
    text = text.strip("_-")
    return "_" + text if text[0].isdigit() else text


@dataclass
class Run:
    """One check folder that a test has written."""

    path: Path
    serial: str
    moment: datetime
    check_type: str
    beam: str
    values: dict[str, float]
    text: str = ""

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def csv(self) -> Path:
        return self.path / "Results.csv"

    @property
    def key(self) -> str:
        """The key of a session that begins with this run."""
        return f"QCPump/MPC/{self.serial}/{self.moment:%Y-%m-%d-%H-%M}/{self.check_type}"

    @property
    def tests(self) -> dict[str, float]:
        """What of it has to arrive: macro name to value, without single leaves."""
        rows = {row: value for row, value in self.values.items() if not _is_leaf(row)}
        return {slug_by_the_book(row, self.beam): value for row, value in rows.items()}

    def finish(self) -> None:
        """Write the whole of `Results.csv`, as if long ago."""
        self.csv.write_text(self.text, encoding="utf-8")
        settle(self.csv, self.moment)


def _is_leaf(row: str) -> bool:
    return re.search(r"Leaves[AB]/MLC(Backlash)?Leaf", row) is not None


def settle(path: Path, moment: datetime) -> None:
    """Make a file look as if written at a time, so that nobody takes it for one that is still being written."""
    os.utime(path, (moment.timestamp(), moment.timestamp()))


def rows_of(template: str) -> tuple[str, ...]:
    if "Couch" in template:
        return COUCH_ROWS
    if "Devices" in template:
        return DEVICE_ROWS
    if "Geometry" in template or "MLC" in template:
        return GEOMETRY
    return ELECTRON if re.search(r"\de", template) else PHOTON


def type_of(template: str) -> str:
    if "Devices" in template:
        return DEVICES
    if "Enhanced" in template:
        return COUCH if "Couch" in template else MLC
    return BEAM


def clinic_world() -> World:
    """Two linacs at two sites; a test list for each type of check."""
    world = World()
    world.add_site("Main Campus")
    world.add_site("North Campus")
    world.add_unit("Linac 1", 1, "Main Campus", "2101")
    world.add_unit("Linac 2", 2, "North Campus", "2102")
    slugs: dict[str, dict[str, str]] = {
        BEAM: {
            slug_by_the_book(row, beam): "simple" for beam in BEAMS for row in GEOMETRY if not _is_leaf(row)
        },
        COUCH: {slug_by_the_book(row, "6x"): "simple" for row in COUCH_ROWS if not _is_leaf(row)},
        MLC: {slug_by_the_book(row, "6x"): "simple" for row in GEOMETRY if not _is_leaf(row)},
        DEVICES: {slug_by_the_book(row, "6x"): "simple" for row in DEVICE_ROWS if not _is_leaf(row)},
    }
    for check_type, tests in slugs.items():
        world.add_test_list(f"MPC: {check_type}", tests)
        world.assign(f"MPC: {check_type}", 1)
        world.assign(f"MPC: {check_type}", 2)
    world.add_user("pump", TOKEN)
    return world


@dataclass
class Clinic:
    """Everything that one test needs.

    Args:
        folder: where the TDS directory and the home of the program are made.
        standin: the server.
        patch: sets the clock.
    """

    folder: Path
    standin: StandIn
    patch: pytest.MonkeyPatch
    runs: list[Run] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tds = self.folder / "TDS"
        self.checks("H192101").mkdir(parents=True)
        self.program = Program(Places(self.folder / "home"), secrets=MemorySecrets())
        self._numbers = itertools.count(1)
        self.now = datetime.fromisoformat("2026-03-10 12:00")
        self.patch.setattr("qcpump_qt.engine.clock.now", lambda: self.now.astimezone(timezone.utc))
        self.pump = self.program.store.add(
            "Linacs",
            "QATrackMPCPump",
            {
                "MPC": [{"tds directory": str(self.tds), "history days": 7}],
                "QATrack+ API": [{"api url": self.standin.url, "auth token": TOKEN, "throttle": 0.0}],
            },
            self.program.secret_fields("QATrackMPCPump"),
        )

    # --- the share ------------------------------------------------------------------------------

    def checks(self, machine: str = "H192101") -> Path:
        return self.tds / machine / "MPCChecks"

    def add(
        self,
        moment: str | datetime,
        template: str = "BeamCheckTemplate6xFFF",
        *,
        serial: str = "2101",
        number: int = 0,
        prefix: str = "NDS-WKS",
        machine: str | None = None,
        rows: Iterable[str] | None = None,
        texts: Mapping[str, str] | None = None,
        thresholds: Mapping[str, str] | None = None,
        evaluation: str = "Pass",
        encoding: str = "utf-8",
        baseline: bool = False,
        results: bool = True,
    ) -> Run:
        """Write one check folder.

        Args:
            moment: such as ``03-10 07:41`` or ``03-10 07:41:49`` in 2026.
            texts: row name to the text in place of its value.
            thresholds: row name to the text in place of its threshold.
            results: False leaves `Results.csv` out; `Run.finish` writes it later.
        """
        when = moment if isinstance(moment, datetime) else _when(moment)
        folder = self.checks(machine or f"H19{serial}") / (
            f"{prefix}-SN{serial}-{when:%Y-%m-%d-%H-%M-%S}-{number:04d}-{template}"
        )
        folder.mkdir(parents=True)
        values: dict[str, float] = {}
        lines = [HEADER]
        for row in rows_of(template) if rows is None else rows:
            value = next(self._numbers) / 100
            text = (texts or {}).get(row, f"{value:g}")
            if text == f"{value:g}":
                values[row] = value
            lines.append(f"{row}, {text}, {(thresholds or {}).get(row, '2')}, {evaluation}")
        beam = re.search(r"[0-9.]+[xe](FFF|HDTSE)?", template)
        assert beam is not None
        run = Run(folder, serial, when, type_of(template), beam[0], values, "\n".join(lines) + "\n")
        if results:
            run.csv.write_bytes(run.text.encode(encoding))
            settle(run.csv, when)
        check = folder / "Check.xml"
        check.write_text(_check_xml(run, template, baseline), encoding="utf-8-sig")
        settle(check, when)
        self.runs.append(run)
        return run

    def morning(self, day: str = "03-10", serial: str = "2101", start: str = "07:41") -> list[Run]:
        """A geometry check and three beams, a minute apart."""
        first = _when(f"{day} {start}")
        names = [
            "GeometryCheckTemplate6xMVkV",
            *(f"BeamCheckTemplate{beam}" for beam in ("6xFFF", "10x", "6e")),
        ]
        return [
            self.add(first + timedelta(minutes=number), name, serial=serial, number=number)
            for number, name in enumerate(names)
        ]

    def remove(self, run: Run) -> None:
        shutil.rmtree(run.path)

    # --- what QCPump did ------------------------------------------------------------------------

    def stored_by_qcpump(
        self, runs: Iterable[Run], key: str = "", values: Mapping[str, float] | None = None
    ) -> str:
        """Post a session as QCPump 0.3.17 did (compatibility reference, sections 4 and 5), autoskip included."""
        runs = sorted(runs, key=lambda run: run.moment)
        key = key or runs[0].key
        name = f"MPC: {runs[0].check_type}"
        world = self.standin.world
        number = next(unit.number for unit in world.units if unit.serial_number == runs[0].serial)
        place = next(each for each in world.assignments if each.name == name and each.unit.number == number)
        tests: dict[str, dict[str, object]] = {test.slug: {"skipped": True} for test in place.days[0].tests}
        for run in runs:
            tests.update({slug: {"value": value} for slug, value in run.tests.items()})
        tests.update({slug: {"value": value} for slug, value in (values or {}).items()})
        first, last = runs[0].moment, runs[-1].moment
        answer = requests.post(
            f"{self.standin.url}/qa/testlistinstances/",
            json={
                "unit_test_collection": f"{self.standin.url}/qa/unittestcollections/{place.id}/",
                "work_started": f"{first:%Y-%m-%d %H:%M:%S}",
                "work_completed": f"{max(last, first + timedelta(minutes=1)):%Y-%m-%d %H:%M:%S}",
                "user_key": key,
                "day": 0,
                "tests": tests,
            },
            headers={"Authorization": f"Token {TOKEN}"},
            timeout=10,
        )
        assert answer.status_code == 201, answer.text
        return key

    # --- the program ----------------------------------------------------------------------------

    def configure(self, section: str = "MPC", **values: Any) -> None:
        """Change fields; spaces in names as underscores."""
        rows = {name: [dict(row) for row in found] for name, found in self.pump.values.items()}
        rows.setdefault(section, [{}])[0].update(
            {name.replace("_", " "): value for name, value in values.items()}
        )
        secret = self.program.secret_fields("QATrackMPCPump")
        self.pump = self.program.store.save(self.pump.changed(values=rows), secret)

    def run(self) -> CycleReport:
        return self.program.run(self.pump, "manual", CancelToken())

    def preview(self) -> Preview:
        return self.program.preview(self.pump, CancelToken())

    def reopen(self) -> None:
        """As if the program was ended and started again."""
        self.program.close()
        secrets = self.program.secrets
        self.program = Program(Places(self.folder / "home"), secrets=secrets)

    def records(self) -> dict[str, Sighting]:
        page = Page(pump=self.pump.id)
        return {each.key: each for each in self.program.ledger.deliveries.sightings(page)}

    def state(self, key: str) -> DeliveryState:
        return self.records()[key].state

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

    def values(self, key: str) -> dict[str, float]:
        """What the server has under a key, without skipped tests."""
        tests = self.sessions()[key]["tests"]
        return {slug: test["value"] for slug, test in tests.items() if not test["skipped"]}

    def holding(self, run: Run) -> list[str]:
        """The keys under which a run is on the server, whole and on the right unit and list."""
        unit = {"2101": 1, "2102": 2}.get(run.serial)
        places = {
            key: each
            for key, each in self.sessions().items()
            if each["test_list"] == f"MPC: {run.check_type}"
        }
        wanted = run.tests.items()
        assert wanted
        found = []
        for key, each in places.items():
            there = {slug: test["value"] for slug, test in each["tests"].items()}
            if any(there.get(slug) == value for slug, value in wanted):
                assert all(there.get(slug) == value for slug, value in wanted), f"{run.name} is there in part"
                assert each["unit"] == unit
                found.append(key)
        return found

    def judge(self, *, not_sent: Iterable[Run] = (), elsewhere: Iterable[str] = ()) -> None:
        """Source = ledger = server: each run that counts is there exactly once, and the ledger says so.

        Args:
            not_sent: runs that must not be on the server (replaced, aborted, still waiting).
            elsewhere: keys on the server that the ledger need not know.
        """
        left_out = {run.name for run in not_sent}
        for run in self.runs:
            times = len(self.holding(run)) if run.tests else 0
            assert times == (0 if run.name in left_out else 1), f"{run.name} is there {times} times"
        arrived = self.keys(DeliveryState.DELIVERED, DeliveryState.ALREADY_THERE)
        assert arrived == set(self.sessions()) - set(elsewhere)
        assert not self.keys(DeliveryState.SENDING)


def _when(text: str) -> datetime:
    day, clock = text.split()
    return datetime.fromisoformat(f"2026-{day} {clock}")


def _check_xml(run: Run, template: str, baseline: bool) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><Check xmlns="http://www.varian.com/MPC">'
        f"<Date>{run.moment.isoformat()}.0881370{run.moment.astimezone().isoformat()[-6:]}</Date>"
        f"<IsBaseline>{str(baseline).lower()}</IsBaseline><MachineSerialNumber>{run.serial}</MachineSerialNumber>"
        f"<Template><ID>{template}</ID></Template><UUID>{run.name}</UUID></Check>"
    )
