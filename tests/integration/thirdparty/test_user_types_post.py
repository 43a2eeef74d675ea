"""User-written types on `QATrackFetchAndPost`: every hook, and what goes on around them."""

from __future__ import annotations

from typing import Any

import pytest

from integration.thirdparty.department import Department
from qcpump_qt.engine.records import DeliveryState, WaitingFor
from qcpump_qt.engine.report import CycleOutcome


def chamber(department: Department, type_: str = "ChamberPump", **values: Any) -> None:
    department.add_pump(type_, "Chamber", folder=str(department.source), **values)


def test_every_hook_is_called_once_and_in_order(department: Department) -> None:
    chamber(department)
    department.write(1, comment="warm room")
    report = department.run()
    assert (report.outcome, report.counts["delivered"]) == (CycleOutcome.OK, 1)
    assert department.calls() == [
        "setup",
        "pump",
        "fetch_records",
        "id_for_record",
        "test_list_for_record",
        "qatrack_unit_for_record",
        "work_datetimes_for_record",
        "cycle_day_for_record",
        "test_values_from_record",
        "comment_for_record",
        "post_process",
    ]
    session = department.sessions()["Chamber/1"]
    assert (session["unit"], session["test_list"], session["comment"]) == (1, "Output", "warm room")
    assert (session["work_started"], session["work_completed"]) == (
        "2026-03-10 08:01:00",
        "2026-03-10 08:03:00",
    )
    assert session["tests"] == {
        "output_per_6x": {"value": 1.5, "skipped": False, "comment": "by chamber"},
        "output_per_10x": {"value": 1.25, "skipped": False, "comment": "by chamber"},
    }


def test_the_day_of_a_cycle(department: Department) -> None:
    chamber(department, test_list="Output cycle")
    department.write(1, day=1)
    department.run()
    session = department.sessions()["Chamber/1"]
    assert session["day"] == 1
    assert set(session["tests"]) == {"output_per_6x"}


def test_what_has_arrived_is_not_prepared_again(department: Department) -> None:
    chamber(department)
    department.write(1)
    department.run()
    department.standin.counts.reset()
    report = department.run()
    assert (report.outcome, report.counts["found"]) == (CycleOutcome.OK, 0)
    assert department.standin.counts.requests() == 0
    assert department.calls() == ["setup", "pump", "fetch_records", "id_for_record"]


def test_comments_are_left_out_when_they_are_off(department: Department) -> None:
    department.add_pump(
        "ChamberPump", "Chamber", api={"include comment": False}, folder=str(department.source)
    )
    department.write(1, comment="warm room")
    department.run()
    assert department.sessions()["Chamber/1"]["comment"] is None


def test_autoskip_marks_what_is_missing(department: Department) -> None:
    chamber(department)
    department.write(1, beams={"6x": 1.5})
    department.run()
    assert department.sessions()["Chamber/1"]["tests"]["output_per_10x"]["skipped"] is True


def test_without_autoskip_a_session_with_missing_tests_is_rejected(department: Department) -> None:
    chamber(department, autoskip=False)
    department.write(1, beams={"6x": 1.5})
    department.write(2)
    report = department.run()
    assert report.outcome is CycleOutcome.ATTENTION
    assert set(department.sessions()) == {"Chamber/2"}
    record = department.records()["Chamber/1"]
    assert record.state is DeliveryState.REJECTED
    assert "output_per_10x" in record.reason


def test_two_units_of_one_name_at_two_sites_are_never_guessed(department: Department) -> None:
    """Fault of QCPump: results go to the wrong unit."""
    chamber(department)
    department.write(1, unit="Linac 1")
    department.write(2, unit="North Campus: Linac 1")
    department.write(3, unit="Linac 3")
    report = department.run()
    assert {key: each["unit"] for key, each in department.sessions().items()} == {
        "Chamber/2": 2,
        "Chamber/3": 3,
    }
    record = department.records()["Chamber/1"]
    assert (record.state, record.waiting_for) == (DeliveryState.WAITING, WaitingFor.MAPPING)
    assert record.reason == (
        "There are 2 units called 'Linac 1' in QATrack+: Main Campus: Linac 1, number 1; North Campus: Linac 1, "
        "number 2. Write it as 'site: unit' in the pump's configuration, or give the units different names in QATrack+."
    )
    assert report.outcome is CycleOutcome.ATTENTION
    department.standin.world.units[1].name = "Linac 2"
    department.run()
    assert department.sessions()["Chamber/1"]["unit"] == 1


@pytest.mark.parametrize("type_", ["NumberedChamberPump", "AddingChamberPump"])
def test_a_type_may_say_itself_which_unit_a_name_means(department: Department, type_: str) -> None:
    chamber(department, type_)
    department.write(1, unit="TB1")
    department.write(2, unit="TB2")
    report = department.run()
    assert report.outcome is CycleOutcome.OK
    assert {key: each["unit"] for key, each in department.sessions().items()} == {
        "Chamber/1": 1,
        "Chamber/2": 2,
    }


@pytest.mark.parametrize(
    ("field", "said"),
    [
        (
            "unit",
            "The pump type knows no unit in QATrack+ for it. It waits until it does: see to the pump's units.",
        ),
        ("list", "The pump type knows no test list for it. It waits until it does."),
    ],
)
def test_a_record_without_a_place_waits_and_goes_when_there_is_one(
    department: Department, field: str, said: str
) -> None:
    chamber(department)
    department.write(1, **{field: None})
    report = department.run()
    assert report.outcome is CycleOutcome.ATTENTION
    assert department.records()["Chamber/1"].reason == said
    department.write(1)
    department.run()
    assert set(department.sessions()) == {"Chamber/1"}


@pytest.mark.parametrize(
    ("spoiled", "said"),
    [
        (
            {"beams": None},
            "The pump type failed on this record (AttributeError: 'NoneType' object has no attribute 'items').",
        ),
        (
            {"when": "yesterday"},
            "The pump type failed on this record (ValueError: Invalid isoformat string: 'yesterday').",
        ),
    ],
)
def test_one_record_with_a_bug_does_not_stop_the_others(
    department: Department, spoiled: dict[str, Any], said: str
) -> None:
    chamber(department)
    department.write(1)
    department.write(2, **spoiled)
    department.write(3)
    report = department.run()
    assert set(department.sessions()) == {"Chamber/1", "Chamber/3"}
    assert department.records()["Chamber/2"].reason == said
    assert any(said in message.text for message in report.messages)
    assert report.outcome is CycleOutcome.ATTENTION
    department.write(2)
    department.run()
    assert set(department.sessions()) == {"Chamber/1", "Chamber/2", "Chamber/3"}


def test_a_generator_is_read_to_its_end(department: Department) -> None:
    chamber(department, "StreamingChamberPump")
    for serial in range(1, 6):
        department.write(serial)
    assert department.run().counts["delivered"] == 5


def test_a_generator_that_fails_loses_nothing_before_it(department: Department) -> None:
    chamber(department, "StreamingChamberPump")
    department.write(1)
    department.write(2)
    department.write(3, fetch="fails")
    report = department.run()
    assert report.outcome is CycleOutcome.FAILED
    assert (
        "the pump type StreamingChamberPump failed (ValueError: the chamber was disconnected)"
        in report.messages[-1].text
    )
    assert set(department.sessions()) == {"Chamber/1", "Chamber/2"}


def test_a_record_without_an_id_is_told_and_left_out(department: Department) -> None:
    chamber(department, "StreamingChamberPump")
    department.write(1, id="blank")
    department.write(2, serial="x" * 260)
    department.write(3)
    (department.source / "004.json").write_text("{}", encoding="utf-8")
    report = department.run()
    assert set(department.sessions()) == {"Chamber/3"}
    assert [message.text for message in report.messages] == [
        "Record 1: it has no id, so it could not be told from others and is not sent.",
        f"Record 2: its id is 268 characters long, and QATrack+ takes 255; it is not sent: Chamber/{'x' * 52}…",
        "Record 4: id_for_record failed (KeyError: 'serial').",
    ]
    assert report.outcome is CycleOutcome.ATTENTION


def test_two_records_with_one_id_are_told(department: Department) -> None:
    chamber(department)
    department.write(1)
    (department.source / "002.json").write_text(
        (department.source / "001.json").read_text().replace("1.5", "7.5"), encoding="utf-8"
    )
    report = department.run()
    assert department.sessions()["Chamber/1"]["tests"]["output_per_6x"]["value"] == 1.5
    assert any(
        "has the same key “Chamber/1”, and only the first was used" in message.text
        for message in report.messages
    )


def test_post_process_that_fails_is_told_and_the_record_stays_delivered(department: Department) -> None:
    chamber(department)
    department.write(1, **{"post process": "fails"})
    department.write(2)
    report = department.run()
    assert report.outcome is CycleOutcome.ATTENTION
    assert any(
        "delivered, but the step after it failed (the archive is full)" in m.text for m in report.messages
    )
    assert set(department.sessions()) == {"Chamber/1", "Chamber/2"}
    assert department.run().counts["delivered"] == 0


def test_post_process_waits_until_the_record_has_arrived(department: Department) -> None:
    chamber(department)
    department.standin.faults.add("drop-before", method="ANY", times=None)
    department.write(1)
    department.run()
    assert "post_process" not in department.calls()
    department.standin.faults.clear()
    department.run()
    assert department.calls().count("post_process") == 1


def test_post_process_is_called_when_an_answer_was_lost(department: Department) -> None:
    chamber(department)
    department.write(1)
    department.run()
    department.write(2)
    department.standin.faults.add("drop-after", times=1)
    department.standin.faults.add("drop-before", method="GET", path="testlistinstances", times=None)
    department.run()
    assert department.records()["Chamber/2"].state is DeliveryState.SENDING
    department.standin.faults.clear()
    department.run()
    assert department.calls().count("post_process") == 1
    assert set(department.sessions()) == {"Chamber/1", "Chamber/2"}


def test_a_nan_is_sent_as_skipped(department: Department) -> None:
    """Fault of QCPump: a NaN is sent as invalid JSON."""
    chamber(department)
    department.write(1, beams={"6x": float("nan"), "10x": 1.0})
    report = department.run()
    assert department.sessions()["Chamber/1"]["tests"]["output_per_6x"]["skipped"] is True
    assert any(
        "the value of output_per_6x is not a number; it is sent as skipped." in m.text
        for m in report.messages
    )


def test_a_preview_calls_the_hooks_and_sends_nothing(department: Department) -> None:
    chamber(department)
    department.write(1)
    preview = department.preview()
    assert [(record.key, record.fate, record.unit) for record in preview.records] == [
        ("Chamber/1", "would be sent", "Main Campus: Linac 1")
    ]
    assert "post_process" not in department.calls()
    assert department.sessions() == {}
    assert department.records() == {}


def test_a_check_that_cannot_reach_its_server_does_not_make_the_pump_invalid(department: Department) -> None:
    chamber(department, "CheckedChamberPump")
    department.write(1)
    department.standin.faults.add("drop-before", method="ANY", times=None)
    report = department.run()
    assert (report.outcome, report.counts["waiting"]) == (CycleOutcome.UNREACHABLE, 1)
    department.standin.faults.clear()
    assert department.run().counts["delivered"] == 1


def test_a_check_that_says_no_stops_the_cycle(department: Department) -> None:
    chamber(department, "CheckedChamberPump", test_list="Outputs")
    department.write(1)
    report = department.run()
    assert report.outcome is CycleOutcome.INVALID
    assert "Chamber: Choose a test list of the server" in report.messages[0].text
    assert department.sessions() == {}


def test_a_validation_of_ones_own_may_ask_the_server(department: Department) -> None:
    from qcpump_qt.engine.cancel import CancelToken

    chamber(department, "CheckedChamberPump", test_list="Outputs")
    assert department.pump is not None
    report = department.program.validate(department.pump, CancelToken())
    assert [(s.section, s.valid, s.message) for s in report.sections if s.section == "Chamber"] == [
        ("Chamber", False, "Choose a test list of the server")
    ]
    department.change("Chamber", test_list="Output")
    assert department.program.validate(department.pump, CancelToken()).valid
