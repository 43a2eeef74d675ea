"""The pages' pump types that post to QATrack+: each passes the kit, and its numbers arrive."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest

from qcpump_qt.engine.records import DeliveryState, WaitingFor
from qcpump_qt.testing import Clinic, Conformance, World, tree_digest

DRIVEN = (
    "IonChamber/ion_chamber.py",
    "IonChamber/tests/test_ion_chamber.py",
    "FilmReports/film_reports.py",
    "FilmScans/film_scans.py",
    "WaterTank/water_tank.py",
    "MlcPicketFence/picket_fence.py",
)
UNIT = "Main Campus: Linac 1"


class Documented(Conformance):
    """A type of the pages, in the kit of the pages."""

    example: ClassVar[str]
    seconds_to_stop = 10.0  # a busy machine is no fault of the page
    lists: ClassVar[Mapping[str, Mapping[str, str]]]

    @pytest.fixture(autouse=True)
    def _where(self, pumps: Path) -> None:
        type(self).file = pumps / self.example

    def set_up_server(self, world: World) -> None:
        world.add_site("Main Campus")
        for number in (1, 2):
            world.add_unit(f"Linac {number}", number, "Main Campus")
        for name, tests in self.lists.items():
            world.add_test_list(name, tests)
            world.assign(name, 1)
            world.assign(name, 2)


class TestIonChamber(Documented):
    """Beside the test on the page itself, which runs in a process of its own."""

    example = "IonChamber/ion_chamber.py"
    pump_type = "IonChamberPump"
    lists: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "Output": {"output_per_6x": "simple", "output_per_10x_fff": "simple"}
    }

    def make_source(self, clinic: Clinic) -> None:
        for number, machine in ((1, "TB1"), (2, "TB2")):
            self._measure(clinic, number, machine)

    def add_more(self, clinic: Clinic) -> None:
        self._measure(clinic, 0, "TB1")

    def values(self, clinic: Clinic) -> Mapping[str, Any]:
        units = [{"machine": f"TB{n}", "unit name": f"Main Campus: Linac {n}"} for n in (1, 2)]
        return {
            "QATrack+ API": clinic.api,
            "Results": {"folder": str(clinic.source), "test list": "Output"},
            "Unit": units,
        }

    def _measure(self, clinic: Clinic, number: int, machine: str) -> None:
        record = {
            "machine": machine,
            "measured": f"2026-03-1{number} 07:15",
            "by": "Ann",
            "outputs": {"6X": number + 0.25, "10X FFF": -0.5},
        }
        (clinic.source / f"{number}.json").write_text(json.dumps(record), encoding="utf-8")

    def test_every_hook_has_its_effect(self, tmp_path: Path) -> None:
        with self.clinic(tmp_path) as clinic:
            report = clinic.run()
            first = clinic.sessions()["IonChamber/TB1/2026-03-11 07:15"]
            second = clinic.sessions()["IonChamber/TB2/2026-03-12 07:15"]
        assert (first["unit"], second["unit"], first["test_list"], first["day"]) == (1, 2, "Output", 0)
        assert (first["work_started"], first["work_completed"]) == (
            "2026-03-11 07:15:00",
            "2026-03-11 07:20:00",
        )
        assert {slug: test["value"] for slug, test in first["tests"].items()} == {
            "output_per_6x": 1.25,
            "output_per_10x_fff": -0.5,
        }
        assert first["comment"] == "Measured by Ann"
        assert sorted(message.text for message in report.messages) == [
            "The outputs of TB1 have arrived.",
            "The outputs of TB2 have arrived.",
        ]

    def test_a_machine_without_a_unit_waits_and_says_so(self, tmp_path: Path) -> None:
        with self.clinic(tmp_path) as clinic:
            self._measure(clinic, 3, "TB9")
            clinic.run()
            record = clinic.records()["IonChamber/TB9/2026-03-13 07:15"]
            assert record.state is DeliveryState.WAITING
            assert sorted(each["unit"] for each in clinic.server.sessions()) == [1, 2]
        assert record.reason == (
            "The pump type knows no unit in QATrack+ for it. It waits until it does: see to the pump's units."
        )
        assert record.waiting_for is WaitingFor.MAPPING


class TestFilmReports(Documented):
    example = "FilmReports/film_reports.py"
    pump_type = "FilmReportPump"
    lists: ClassVar[Mapping[str, Mapping[str, str]]] = {"Films": {"film_report": "upload"}}

    def make_source(self, clinic: Clinic) -> None:
        for name in ("b.txt", "c.txt"):
            (clinic.source / name).write_text(f"Dosis {name} °", encoding="cp1252")

    def add_more(self, clinic: Clinic) -> None:
        (clinic.source / "a.txt").write_text("first", encoding="utf-8")

    def values(self, clinic: Clinic) -> Mapping[str, Any]:
        return {"QATrack+ API": clinic.api, "Films": {"folder": str(clinic.source), "unit": UNIT}}

    def test_the_text_arrives(self, tmp_path: Path) -> None:
        with self.clinic(tmp_path) as clinic:
            clinic.run()
            found = clinic.sessions()["FilmReport/b.txt"]["tests"]["film_report"]
        assert found["filename"] == "b.txt"
        assert found["sha256"] == hashlib.sha256("Dosis b.txt °".encode()).hexdigest()


class TestFilmScans(Documented):
    example = "FilmScans/film_scans.py"
    pump_type = "FilmScanPump"
    reads_only = False
    lists: ClassVar[Mapping[str, Mapping[str, str]]] = {"Films": {"film_scan": "upload"}}

    def make_source(self, clinic: Clinic) -> None:
        self._archive(clinic).mkdir()
        for name in ("b.tif", "c.tif"):
            (clinic.source / name).write_bytes(name.encode() * 100)

    def add_more(self, clinic: Clinic) -> None:
        (clinic.source / "a.tif").write_bytes(b"\x00\xff")

    def values(self, clinic: Clinic) -> Mapping[str, Any]:
        films = {"folder": str(clinic.source), "archive": str(self._archive(clinic)), "unit": UNIT}
        return {"QATrack+ API": clinic.api, "Films": films}

    def _archive(self, clinic: Clinic) -> Path:
        return clinic.source.with_name("archive")

    def test_the_bytes_arrive_and_the_file_moves(self, tmp_path: Path) -> None:
        with self.clinic(tmp_path) as clinic:
            clinic.run()
            found = clinic.sessions()["FilmScan/b.tif"]["tests"]["film_scan"]
            assert set(tree_digest(clinic.source)) == {"."}
            assert set(tree_digest(self._archive(clinic))) == {".", "b.tif", "c.tif"}
        assert found["sha256"] == hashlib.sha256(b"b.tif" * 100).hexdigest()

    def test_a_move_that_was_cut_off_is_done_in_the_next_cycle(self, tmp_path: Path) -> None:
        with self.clinic(tmp_path) as clinic:
            self._archive(clinic).rmdir()
            clinic.run()
            assert set(tree_digest(clinic.source)) == {".", "b.tif", "c.tif"}
            self._archive(clinic).mkdir()
            clinic.run()
            assert set(tree_digest(self._archive(clinic))) == {".", "b.tif", "c.tif"}
            assert len(clinic.server.sessions()) == 2


class TestWaterTank(Documented):
    example = "WaterTank/water_tank.py"
    pump_type = "WaterTankPump"
    lists: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "Water Tank": {"flatness": "simple", "symmetry": "simple"}
    }

    def make_source(self, clinic: Clinic) -> None:
        with closing(sqlite3.connect(self._database(clinic))) as connection:
            connection.execute(
                "CREATE TABLE scans (id INTEGER PRIMARY KEY, unit TEXT, measured TEXT, flatness REAL, symmetry REAL)"
            )
            connection.commit()
        for number in (1, 2):
            self._scan(clinic, number, hours=number)

    def add_more(self, clinic: Clinic) -> None:
        self._scan(clinic, 3, hours=30)

    def values(self, clinic: Clinic) -> Mapping[str, Any]:
        return {"QATrack+ API": clinic.api, "Scans": {"database": str(self._database(clinic))}}

    def _database(self, clinic: Clinic) -> Path:
        return clinic.source / "scans.db"

    def _scan(self, clinic: Clinic, number: int, *, hours: int) -> None:
        measured = datetime.now() - timedelta(hours=hours)  # noqa: DTZ005 - a scanner writes the clock on the wall
        row = (number, UNIT, f"{measured:%Y-%m-%d %H:%M:%S}", number + 0.5, None if number == 2 else 0.1)
        with closing(sqlite3.connect(self._database(clinic))) as connection:
            connection.execute("INSERT INTO scans VALUES (?, ?, ?, ?, ?)", row)
            connection.commit()

    def test_values_arrive_and_a_blank_one_is_skipped(self, tmp_path: Path) -> None:
        with self.clinic(tmp_path) as clinic:
            clinic.run()
            found = {key: each["tests"] for key, each in clinic.sessions().items()}
        assert found["WaterTank/1"]["flatness"]["value"] == 1.5
        assert found["WaterTank/1"]["symmetry"]["value"] == 0.1
        assert found["WaterTank/2"]["symmetry"]["skipped"] is True

    def test_older_scans_are_left_alone(self, tmp_path: Path) -> None:
        with self.clinic(tmp_path) as clinic:
            self._scan(clinic, 9, hours=24 * 9)
            assert clinic.found() == ["WaterTank/2", "WaterTank/1"]


class TestPicketFence(Documented):
    """A file in the style of QCPump 0.3 passes the kit as it is."""

    example = "MlcPicketFence/picket_fence.py"
    pump_type = "PicketFencePump"
    lists: ClassVar[Mapping[str, Mapping[str, str]]] = {"MLC": {"max_error": "simple"}}

    def make_source(self, clinic: Clinic) -> None:
        for number in (1, 2):
            self._measure(clinic, number)

    def add_more(self, clinic: Clinic) -> None:
        self._measure(clinic, 0)

    def values(self, clinic: Clinic) -> Mapping[str, Any]:
        return {"QATrack+ API": clinic.api, "PicketFence": {"source": str(clinic.source)}}

    def _measure(self, clinic: Clinic, number: int) -> None:
        record = {"machine": "TB1", "date": f"2026-03-1{number} 18:00", "errors": {"Max Error": number + 0.5}}
        (clinic.source / f"{number}.json").write_text(json.dumps(record), encoding="utf-8")

    def test_it_delivers_and_keeps_the_last(self, tmp_path: Path) -> None:
        with self.clinic(tmp_path) as clinic:
            clinic.run()
            sessions = clinic.sessions()
            kept = clinic.program.store.folder_of(clinic.pump.id) / "last.json"
            assert json.loads(kept.read_text(encoding="utf-8"))["machine"] == "TB1"
        values = {key: (each["unit"], each["tests"]["max_error"]["value"]) for key, each in sessions.items()}
        assert values == {
            "PicketFence/TB1/2026-03-11 18:00": (1, 1.5),
            "PicketFence/TB1/2026-03-12 18:00": (1, 2.5),
        }
