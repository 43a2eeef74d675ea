"""The pages' pump types that post nothing, each driven once through what the page says of it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import pytest

from qcpump_qt.compat.catalogue import Catalogue
from qcpump_qt.demo.server import StandIn
from qcpump_qt.demo.world import World
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.config.report import Report
from qcpump_qt.engine.config.validation import dynamic_choices, validate
from qcpump_qt.engine.config.values import Configuration
from qcpump_qt.engine.errors import SourceUnavailable
from qcpump_qt.engine.report import CycleOutcome
from qcpump_qt.pumps.base import BasePump
from qcpump_qt.testing import TOKEN, Clinic, Conformance, tree_digest
from recording_host import RecordingHost

DRIVEN = (
    "HelloWorld/hello_world.py",
    "Greeting/greeting.py",
    "Chamber/chamber.py",
    "Phantoms/phantoms.py",
    "PdfCount/pdf_count.py",
    "SignOfLife/sign_of_life.py",
    "Frequencies/frequencies.py",
)


@pytest.fixture
def host(tmp_path: Path) -> RecordingHost:
    return RecordingHost(tmp_path / "pump", name="Reports")


def make(
    catalogue: Catalogue, key: str, host: RecordingHost, values: Mapping[str, Any] | None = None
) -> tuple[BasePump, Configuration]:
    kind = catalogue.get(key)
    configuration = Configuration(kind.sections, values)
    pump = kind.create(configuration, host)
    pump.setup()
    return pump, configuration


def checked(pump: BasePump, configuration: Configuration, *, online: bool = True) -> Report:
    return validate(pump, configuration, cancel=CancelToken(), online=online)


def test_hello_world(catalogue: Catalogue, host: RecordingHost) -> None:
    make(catalogue, "HelloWorldPump", host)[0].pump()
    assert host.lines == [(logging.INFO, "Hello World from your new pump!")]


@pytest.mark.parametrize(
    ("message", "valid", "said"),
    [
        ("Good morning from the linac.", True, "The message is fine."),
        ("Good morning", False, "The message must end with a full stop."),
    ],
)
def test_greeting(catalogue: Catalogue, host: RecordingHost, message: str, valid: bool, said: str) -> None:
    pump, configuration = make(catalogue, "GreetingPump", host, {"Greeting": [{"message": message}]})
    report = checked(pump, configuration)
    assert (report.valid, report.of("Greeting")[0].message) == (valid, said)
    pump.pump()
    assert host.messages == [message]


def test_each_option_of_a_field_does_what_the_page_says(catalogue: Catalogue, host: RecordingHost) -> None:
    pump, configuration = make(catalogue, "ChamberPump", host)
    section = configuration.section("Chamber")
    labels = {field.name: field.label for field in section.fields}
    assert (labels["in use"], labels["factor"]) == ("In Use", "Calibration factor")
    assert [field.name for field in section.fields if field.secret] == ["pin"]
    assert [field.name for field in section.fields if field.readonly] == ["type"]
    assert configuration.value("Chamber", "factor") is None
    assert configuration.value("Chamber", "history days") == 1
    assert checked(pump, configuration).valid
    pump.pump()
    assert host.messages == ["300 V"]
    broken = {"voltage": 500, "history days": -1, "beams": "Protons", "results": "/no/such/folder"}
    pump, configuration = make(catalogue, "ChamberPump", host, {"Chamber": [broken]})
    assert {problem.field: problem.message for problem in configuration.problems("Chamber")} == {
        "voltage": "Voltage must be from -400 to 400 V, not 500.",
        "history days": "History Days must be at least 0, not -1.",
        "beams": "Beams must be one of All, Photons, Electrons, not 'Protons'.",
    }


@pytest.fixture
def share(tmp_path: Path) -> Path:
    for name in ("Slab", "Daily QA"):
        (tmp_path / "share" / name).mkdir(parents=True)
    (tmp_path / "share" / "readme.txt").touch()
    return tmp_path / "share"


def phantoms(share: Path, *rooms: str) -> dict[str, Any]:
    rows = [{"phantom": "Slab", "room": room} for room in rooms]
    return {"Share": [{"folder": str(share)}], "Phantom": rows}


def test_choices_checks_dependencies_and_repeats(
    catalogue: Catalogue, host: RecordingHost, share: Path
) -> None:
    pump, configuration = make(catalogue, "PhantomPump", host, phantoms(share, "Room 1", "x" * 41))
    assert dynamic_choices(pump, configuration, "Phantom", "phantom") == ["Daily QA", "Slab"]
    report = checked(pump, configuration)
    assert [(entry.section, entry.valid, entry.message) for entry in report.sections[1:]] == [
        ("Share", True, "Found 2 phantoms."),
        ("Phantom", True, ""),
        ("Phantom", False, "The room must have 40 characters at most."),
    ]
    pump, _ = make(catalogue, "PhantomPump", host, phantoms(share, "Room 1", ""))
    pump.pump()
    assert host.messages == ["Slab is kept in Room 1.", "Slab is kept in no room."]


def test_a_share_that_is_away_keeps_choices_and_makes_nothing_invalid(
    catalogue: Catalogue, host: RecordingHost, tmp_path: Path
) -> None:
    pump, configuration = make(catalogue, "PhantomPump", host, phantoms(tmp_path / "away", "Room 1"))
    assert configuration.value("Phantom", "phantom") == "Slab"
    with pytest.raises(SourceUnavailable, match=r"away cannot be read now\.$"):
        dynamic_choices(pump, configuration, "Phantom", "phantom")
    report = checked(pump, configuration)
    assert not report.is_valid("Share")
    assert report.of("Phantom")[0].blocked_by == ("Share",)
    assert checked(pump, configuration, online=False).valid


def test_log_progress_and_files(catalogue: Catalogue, host: RecordingHost, share: Path) -> None:
    for name in ("a.pdf", "b.pdf"):
        (share / "Slab" / name).touch()
    values = {"Reports": [{"folder": str(share)}]}
    make(catalogue, "PdfCountPump", host, values)[0].pump()
    assert host.lines == [
        (logging.DEBUG, "Reports is active."),
        (logging.WARNING, "Daily QA has no report. Was it measured?"),
        (logging.INFO, "Counted the reports of 2 machines."),
    ]
    assert host.steps == [(0.0, "Counting Daily QA"), (50.0, "Counting Slab"), (100.0, "Done")]
    assert (host.folder / "counts.txt").read_text(encoding="utf-8") == "Daily QA: 0\nSlab: 2"


def test_stopping(catalogue: Catalogue, host: RecordingHost, share: Path) -> None:
    pump, _ = make(catalogue, "PdfCountPump", host, {"Reports": [{"folder": str(share)}]})
    host.cancel.cancel()
    pump.pump()
    assert host.messages[-1] == "Stopped before the end; the rest is counted in the next cycle."
    assert not (host.folder / "counts.txt").exists()


def test_asking_the_server(catalogue: Catalogue, host: RecordingHost) -> None:
    world = World()
    world.add_site("Main Campus")
    world.add_unit("Linac 1", 1, "Main Campus")
    world.add_test_list("Output", {"output": "simple"})
    world.assign("Output", 1)
    world.add_user("pump", TOKEN)
    with StandIn(world) as server:
        api = {"api url": server.url, "auth token": TOKEN}
        pump, configuration = make(catalogue, "FrequencyPump", host, {"QATrack+ API": [api]})
        assert checked(pump, configuration).valid
        pump.pump()
    text = (host.folder / "assigned.txt").read_text(encoding="utf-8")
    assert text.startswith("Units:\nMain Campus: Linac 1\nTest lists:\nOutput\nFrequencies:\n")
    assert text.endswith("\nAssignments: 1")
    assert "\nDaily\n" in text


class Documented(Conformance):
    """A type of the pages, in the kit of the pages."""

    example: ClassVar[str]
    seconds_to_stop = 10.0  # a busy machine is no fault of the page

    @pytest.fixture(autouse=True)
    def _where(self, pumps: Path) -> None:
        type(self).file = pumps / self.example


class TestPhantomsKit(Documented):
    example = "Phantoms/phantoms.py"
    pump_type = "PhantomPump"

    def make_source(self, clinic: Clinic) -> None:
        (clinic.source / "Slab").mkdir()

    def values(self, clinic: Clinic) -> Mapping[str, Any]:
        return {"Share": {"folder": str(clinic.source)}, "Phantom": [{"phantom": "Slab"}]}


class TestPdfCountKit(Documented):
    example = "PdfCount/pdf_count.py"
    pump_type = "PdfCountPump"

    def make_source(self, clinic: Clinic) -> None:
        for name in ("TB1", "TB2"):
            (clinic.source / name).mkdir()

    def values(self, clinic: Clinic) -> Mapping[str, Any]:
        return {"Reports": {"folder": str(clinic.source)}}


class TestSignOfLifeKit(Documented):
    example = "SignOfLife/sign_of_life.py"
    pump_type = "SignOfLifePump"
    reads_only = False

    def values(self, clinic: Clinic) -> Mapping[str, Any]:
        return {"Sign": {"folder": str(clinic.source)}}

    def test_a_cycle_writes_it(self, tmp_path: Path) -> None:
        with self.clinic(tmp_path) as clinic:
            clinic.run()
            assert set(tree_digest(clinic.source)) == {".", "qcpump-is-alive.txt"}

    def test_a_folder_that_is_away_is_told(self, tmp_path: Path) -> None:
        with self.clinic(tmp_path) as clinic:
            clinic.source.rmdir()
            report = clinic.run()
        assert report.outcome is CycleOutcome.UNREACHABLE
        assert report.reason.endswith("cannot be written now; it is tried again.")
