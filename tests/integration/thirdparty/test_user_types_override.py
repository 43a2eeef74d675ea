"""A pump type in the style of QCPump 0.3 that overrides every documented member runs unmodified, and each counts."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from integration.thirdparty.department import Department
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.config.validation import dynamic_choices
from qcpump_qt.engine.records import DeliveryState
from qcpump_qt.engine.report import CycleOutcome
from qcpump_qt.testing.collecting import CollectingHost

TYPES = Path(__file__).resolve().parents[2] / "thirdparty"
MEMBERS = {
    *(
        "__init__",
        "setup",
        "pump",
        "name",
        "valid",
        "active",
        "autoskip",
        "get_pump_path",
        "log_debug",
        "log_info",
    ),
    *("get_config_value", "get_config_values", "should_terminate", "update_progress"),
    *("fetch_records", "id_for_record", "test_list_for_record", "qatrack_unit_for_record"),
    *("work_datetimes_for_record", "comment_for_record", "cycle_day_for_record", "post_process"),
    *("construct_api_url", "get_qatrack_session", "get_qatrack_choices", "validate_source", "validate_unit"),
}
"""Compatibility reference, section 7: what a cycle has to come by, whatever is posted."""


@pytest.fixture
def every(department: Department) -> Callable[[str, str], None]:
    """The department with a pump of one of the types."""

    def make(type_: str, test_list: str) -> None:
        directories = json.dumps({"PUMP_DIRECTORIES": [str(TYPES)]})
        department.program.places.settings_file.write_text(directories, encoding="utf-8")
        department.program.with_settings_anew()
        department.add_pump(type_, "Source", folder=str(department.source), list=test_list)
        assert department.pump is not None
        rows = dict(department.pump.values)
        rows["Unit"] = [
            {"machine": "TB1", "unit name": "Main Campus: Linac 1"},
            {"machine": "TB2", "unit name": "North Campus: Linac 1"},
        ]
        secret = department.program.secret_fields(type_)
        department.pump = department.program.store.save(department.pump.changed(values=rows), secret)
        used(department).clear()

    return make


def used(department: Department) -> list[str]:
    """What the type has noted of itself."""
    assert department.pump is not None
    module = sys.modules[department.program.catalogue.get(department.pump.type).cls.__module__]
    found: list[str] = vars(module)["used"]
    return found


def write(department: Department) -> None:
    for serial, machine in ((1, "TB1"), (2, "TB2"), (3, "TB3")):
        department.write(serial, machine=machine)


def test_a_cycle_uses_every_override(department: Department, every: Callable[[str, str], None]) -> None:
    every("EveryMember", "Output")
    write(department)
    report = department.run()
    assert (report.outcome, report.counts["delivered"]) == (CycleOutcome.OK, 3)
    assert MEMBERS | {"test_values_from_record"} <= set(used(department))
    sessions = department.sessions()
    assert {key: session["unit"] for key, session in sessions.items()} == {
        "EveryMember/EveryMember/1": 1,
        "EveryMember/EveryMember/2": 2,
        "EveryMember/EveryMember/3": 3,
    }
    first = sessions["EveryMember/EveryMember/1"]
    assert {slug: test["value"] for slug, test in first["tests"].items()} == {
        "output_per_6x": 3.0,
        "output_per_10x": 2.5,
    }
    assert (first["comment"], first["work_started"]) == ("serial 1", "2026-03-10 08:01:00")
    assert "EveryMember knows 3 lists" in [message.text for message in report.messages]
    assert department.pump is not None
    folder = department.program.store.folder_of(department.pump.id)
    kept = json.loads((folder / "seen.json").read_text(encoding="utf-8"))
    assert (kept["when"], sorted(kept["seen"])) == ("2026-03-10T00:00:00", [1, 2, 3])


@pytest.mark.parametrize("type_", ["EveryMemberText", "EveryMemberBinary"])
def test_types_that_post_files_use_every_override(
    department: Department, every: Callable[[str, str], None], type_: str
) -> None:
    every(type_, "Films")
    write(department)
    assert department.run().counts["delivered"] == 3
    assert MEMBERS | {"slug_and_filename_for_record"} <= set(used(department))
    film = department.sessions()[f"EveryMember/{type_}/1"]["tests"]["film"]
    assert film["filename"] == "001.json"
    assert film["sha256"] == hashlib.sha256((department.source / "001.json").read_bytes()).hexdigest()


def test_checks_and_choices_of_the_type_count(
    department: Department, every: Callable[[str, str], None]
) -> None:
    every("EveryMember", "Output")
    assert department.pump is not None
    program = department.program
    report = program.validate(department.pump, CancelToken())
    assert report.valid
    assert [entry.message for entry in report.of("Source")] == ["Found the folder"]
    assert len(report.of("Unit")) == 2
    host = CollectingHost(
        "id",
        "name",
        department.folder,
        program.settings,
        CancelToken(),
        lambda: program.ledger,
        lambda *_: None,
    )
    configuration = program.configuration(department.pump)
    pump = program.catalogue.get("EveryMember").create(configuration, host)
    assert dynamic_choices(pump, configuration, "Source", "list") == ["Output", "Output on Tuesdays"]
    assert dynamic_choices(pump, configuration, "Unit", "unit name") == [
        "Main Campus: Linac 1",
        "Main Campus: Linac 3",
        "North Campus: Linac 1",
    ]
    assert {"validate_api", "get_test_list_choices", "get_qatrack_unit_choices"} <= set(used(department))


def test_each_level_of_the_log_goes_through_the_override(
    department: Department, every: Callable[[str, str], None]
) -> None:
    every("EveryMember", "Output")
    assert department.pump is not None
    program = department.program
    host = CollectingHost(
        "id",
        "name",
        department.folder,
        program.settings,
        CancelToken(),
        lambda: program.ledger,
        lambda *_: None,
    )
    pump = program.catalogue.get("EveryMember").create(program.configuration(department.pump), host)
    levels = ("debug", "info", "warning", "error", "critical")
    for level in levels:
        getattr(pump, f"log_{level}")(f"a {level}")
    assert [text for _, text in host.lines] == [f"a {level}" for level in levels]
    assert {f"log_{level}" for level in levels} <= set(used(department))


def test_a_stop_reaches_the_override(department: Department, every: Callable[[str, str], None]) -> None:
    every("EveryMember", "Output")
    write(department)
    assert department.pump is not None
    cancel = CancelToken()
    program = department.program
    report = program.run(
        department.pump, "manual", cancel, lambda percent, _message: cancel.cancel() if percent > 50 else None
    )
    assert report.outcome is CycleOutcome.STOPPED
    assert department.run().outcome is CycleOutcome.OK
    assert {record.state for record in department.records().values()} == {DeliveryState.DELIVERED}
    assert len(department.sessions()) == 3
