"""The composition: one home with everything in it, and what it says about each pump."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qcpump_qt.app import Program, problems_of
from qcpump_qt.cli.commands.configuring import import_old, retry
from qcpump_qt.cli.exit_codes import ExitCode
from qcpump_qt.cli.output import Output
from qcpump_qt.demo.clinic import TOKEN, demo_world
from qcpump_qt.demo.server import StandIn
from qcpump_qt.demo.tds import write_tds
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.clock import local_now
from qcpump_qt.engine.config.report import Report, SectionReport
from qcpump_qt.engine.errors import ConfigurationError, PumpTypeError, SecretError
from qcpump_qt.engine.paths import Places
from qcpump_qt.engine.report import CycleOutcome
from qcpump_qt.engine.secrets import MemorySecrets, secret_name
from qcpump_qt.engine.store import StoredPump

TYPE = "QATrackMPCPump"


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path / "home")


@pytest.fixture
def program(places: Places) -> Iterator[Program]:
    with Program(places, secrets=MemorySecrets()) as made:
        yield made


def add(program: Program, folder: Path, url: str = "http://127.0.0.1:9/api", **common: Any) -> StoredPump:
    values = {
        "Pump": [{"interval (s)": 60, "active": True, **common}],
        "MPC": [{"tds directory": str(folder), "history days": 9}],
        "QATrack+ API": [{"api url": url, "auth token": TOKEN, "throttle": 0.0}],
    }
    return program.store.add("TrueBeam", TYPE, values, program.secret_fields(TYPE))


def test_a_home_is_made_with_all_its_folders(program: Program, places: Places) -> None:
    for folder in (places.pumps, places.state, places.locks, places.logs):
        assert folder.is_dir()
    assert program.pumps() == ([], [])
    assert program.troubles() == []


def test_the_ledger_is_only_made_when_it_is_needed(program: Program, places: Places) -> None:
    assert TYPE in program.catalogue.types
    assert not places.ledger_file.exists()
    assert program.ledger.deliveries.in_doubt("x") == []
    assert places.ledger_file.exists()


def test_troubles_are_those_of_settings_types_and_documents(places: Places, tmp_path: Path) -> None:
    types = tmp_path / "types" / "Mine"
    types.mkdir(parents=True)
    (types / "mine.py").write_text("import nothing_of_that_name\n", encoding="utf-8")
    (places.pumps / "odd").mkdir(parents=True)
    (places.pumps / "odd" / "config.json").write_text("[]", encoding="utf-8")
    settings = {"PUMP_DIRECTORIES": [str(types.parent)], "LOG_LEVEL": 7}
    places.settings_file.write_text(json.dumps(settings), encoding="utf-8")
    with Program(places, secrets=MemorySecrets()) as program:
        setting, type_, document = program.troubles()
    assert "LOG_LEVEL is 7" in setting
    assert "mine.py, line 1, was not loaded: ModuleNotFoundError" in type_
    assert str(places.pumps / "odd" / "config.json") in document


def test_a_configuration_has_the_secrets_only_where_they_are_wanted(program: Program, tmp_path: Path) -> None:
    pump = add(program, tmp_path)
    assert program.configuration(pump).value("QATrack+ API", "auth token") == TOKEN
    assert program.configuration(pump, secrets=False).value("QATrack+ API", "auth token") != TOKEN
    assert program.configuration(pump).value("Pump", "name") == "TrueBeam"
    assert program.configuration(pump).value("Pump", "type") == TYPE
    assert program.redactor.redact(f"token {TOKEN}") == "token ***"


def test_what_a_configuration_needs_and_lacks_is_told(program: Program, tmp_path: Path) -> None:
    pump = add(program, tmp_path)
    program.secrets.delete(secret_name(pump.id, "QATrack+ API", 0, "auth token"))
    with pytest.raises(SecretError, match="section QATrack\\+ API, field auth token"):
        program.configuration(pump)
    stranger = program.store.add("Stranger", "Unheard", {})
    with pytest.raises(PumpTypeError, match="There is no pump type 'Unheard'"):
        program.configuration(stranger)
    assert program.secret_fields("Unheard") == ()


@pytest.mark.parametrize(
    ("stored", "seconds"),
    [
        ({"interval (s)": 60}, 60.0),
        ({"interval (s)": "often"}, 300.0),
        ({"interval (s)": 0}, 300.0),
        ({"interval (s)": 90.0}, 90.0),
    ],
)
def test_an_interval_is_that_of_the_pump_or_the_usual_one(
    program: Program, tmp_path: Path, stored: dict[str, Any], seconds: float
) -> None:
    assert program.interval(add(program, tmp_path, **stored)) == seconds


def test_a_pump_of_an_unknown_type_has_the_usual_interval_and_is_active(program: Program) -> None:
    stranger = program.store.add("Stranger", "Unheard", {})
    assert program.interval(stranger) == 300.0
    assert program.is_active(stranger)
    other = program.store.add("Other", "Unheard", {"Pump": [{"interval (s)": "60"}]})
    assert program.interval(other) == 60.0


def test_many_threads_share_one_ledger_and_one_catalogue(program: Program) -> None:
    start = threading.Barrier(8)
    found: list[tuple[int, int]] = []

    def ask() -> None:
        start.wait(20)
        found.append((id(program.ledger), id(program.catalogue)))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert found == [(id(program.ledger), id(program.catalogue))] * 8


@pytest.mark.parametrize(
    ("stored", "active"), [({}, True), ({"active": False}, False), ({"active": True}, True)]
)
def test_a_pump_is_active_unless_it_was_switched_off(
    program: Program, tmp_path: Path, stored: dict[str, Any], active: bool
) -> None:
    assert program.is_active(add(program, tmp_path, **stored)) is active


def test_a_cycle_and_its_preview_agree(program: Program, tmp_path: Path) -> None:
    story = write_tds(tmp_path / "TDS", local_now().date())
    wanted = sorted(session.user_key for session in story.delivered)
    with StandIn(demo_world()) as server:
        pump = add(program, tmp_path / "TDS", server.url)
        assert program.validate(pump, CancelToken()).valid
        preview = program.preview(pump, CancelToken())
        assert sorted(record.key for record in preview.records if record.fate == "would be sent") == wanted
        assert server.sessions() == []
        heard: list[str] = []
        report = program.run(pump, "manual", CancelToken(), lambda _percent, text: heard.append(text))
        assert (report.outcome, report.counts["delivered"]) == (CycleOutcome.ATTENTION, len(wanted))
        assert sorted(session["user_key"] for session in server.sessions()) == wanted
    assert heard[0] == "Looking at the share"
    assert heard[-1] == "Done"


def test_a_configuration_that_is_not_in_order_makes_no_pump(program: Program, tmp_path: Path) -> None:
    pump = add(program, tmp_path)
    values = {**pump.values, "MPC": [{"tds directory": "", "history days": -1}]}
    pump = program.store.save(pump.changed(values=values))
    report = program.run(pump, "manual", CancelToken())
    assert report.outcome is CycleOutcome.INVALID
    (message,) = report.messages
    assert message.text.startswith("TrueBeam: Configuration not in order: MPC: ")
    with pytest.raises(ConfigurationError, match="MPC: "):
        program.preview(pump, CancelToken())


def test_a_pump_logs_at_its_own_level(program: Program, places: Places, tmp_path: Path) -> None:
    quiet = add(program, tmp_path, **{"log level": "error"})
    log = program.log_of(quiet)
    log.log(30, "a warning")
    log.log(40, "an error")
    text = (places.logs / f"{quiet.id}.log").read_text(encoding="utf-8")
    assert "an error" in text
    assert "a warning" not in text


def test_problems_name_section_and_number() -> None:
    def section(name: str, index: int | None, message: str, *, valid: bool = False) -> SectionReport:
        return SectionReport(section=name, index=index, valid=valid, message=message)

    sections = (
        section("Pump", None, "", valid=True),
        section("MPC", None, "It is blank."),
        section("Unit", 1, "There is no such unit."),
    )
    report = Report(sections=sections, valid=False)
    assert problems_of(report) == ["MPC: It is blank.", "Unit 2: There is no such unit."]


def test_a_token_that_was_never_given_is_asked_for_with_the_whole_command(
    program: Program, tmp_path: Path
) -> None:
    pump = program.store.add(
        "TrueBeam",
        TYPE,
        {"MPC": [{"tds directory": str(tmp_path)}], "QATrack+ API": [{"api url": "http://127.0.0.1:9/api"}]},
        program.secret_fields(TYPE),
    )
    (message,) = program.run(pump, "manual", CancelToken()).messages
    assert 'qcpump-qt secret set "TrueBeam" "QATrack+ API" "auth token"' in message.text


def test_a_pump_type_that_does_not_load_is_no_fault_of_the_home(program: Program, tmp_path: Path) -> None:
    folder = tmp_path / "types" / "Broken"
    folder.mkdir(parents=True)
    (folder / "broken.py").write_text("import nothing_of_the_kind\n", "utf-8")
    program.places.settings_file.write_text(
        json.dumps({"PUMP_DIRECTORIES": [str(tmp_path / "types")]}), "utf-8"
    )
    assert any("nothing_of_the_kind" in text for text in program.with_settings_anew().troubles())
    assert program.faults() == []
    program.places.settings_file.write_text("{", "utf-8")
    assert program.with_settings_anew().faults() == program.troubles() != []


def test_an_import_knows_the_own_pump_types_that_it_brings_along(
    program: Program, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "types" / "Hello"
    folder.mkdir(parents=True)
    (folder / "hello.py").write_text(
        "from qcpump.pumps.base import BasePump\n\n\nclass HelloPump(BasePump):\n    def pump(self):\n        pass\n",
        "utf-8",
    )
    old = tmp_path / "old"
    (old / "pumps" / "Hello").mkdir(parents=True)
    (old / "settings.json").write_text(json.dumps({"PUMP_DIRECTORIES": [str(tmp_path / "types")]}), "utf-8")
    (old / "pumps" / "Hello" / "config.json").write_text(
        json.dumps({"type": "HelloPump", "name": "Hello", "state": {}}), "utf-8"
    )
    options = argparse.Namespace(path=str(old))
    assert import_old(program, options, Output(as_json=False)) == ExitCode.OK
    assert "not known here" not in capsys.readouterr().out


def test_a_number_beyond_all_records_is_no_record(
    program: Program, capsys: pytest.CaptureFixture[str]
) -> None:
    assert retry(program, argparse.Namespace(ids=[10**23]), Output(as_json=False)) == ExitCode.USAGE
    assert f"There is no record {10**23}." in capsys.readouterr().err


LOOKING = """
import sys
from pathlib import Path
from qcpump_qt.app import Program
from qcpump_qt.engine.paths import Places
with Program(Places(Path(sys.argv[1]))) as program:
    pumps, broken = program.pumps()
    print([(pump.name, program.is_active(pump), program.interval(pump)) for pump in pumps], len(broken))
heavy = ("sqlalchemy", "requests", "urllib3", "jinja2", "keyring", "pypac", "asyncio", "ssl", "PySide6", "pydantic")
print([name for name in heavy if name in sys.modules])
"""


def test_what_a_window_shows_first_loads_nothing_that_takes_its_time(
    program: Program, places: Places, tmp_path: Path
) -> None:
    add(program, tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", LOOKING, str(places.root)],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    assert done.stdout.splitlines() == ["[('TrueBeam', True, 60.0)] 0", "[]"]
