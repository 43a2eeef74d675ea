"""Servers and databases that are away, programs that die, rows that change: nothing lost, nothing twice."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from integration.dqa3.clinic import Clinic, clinic_world
from integration.dqa3.observed import full_rows
from qcpump_qt.demo.server import StandIn
from qcpump_qt.engine.records import DeliveryState, WaitingFor
from qcpump_qt.engine.report import CycleOutcome


def test_an_unknown_version_is_named(clinic: Clinic) -> None:
    clinic.morning()
    clinic.db.set_version("01.09.00.00", clinic.now)
    words = (
        "The database has the version '01.09.00.00'. Of Daily QA3 (Firebird) this pump type reads version 01.03 and "
        "01.04, and nothing else. Nothing was read from it. See whether there is a newer QCPump-Qt."
    )
    assert clinic.message("DQA3Reader") == words
    report = clinic.run()
    assert report.outcome is CycleOutcome.INVALID
    assert clinic.sessions() == {}


def test_a_version_of_another_pump_type_is_named(clinic: Clinic) -> None:
    clinic.db.set_version("01.06.00.00", clinic.now)
    assert clinic.message("DQA3Reader").endswith("Choose a pump type for Daily QA3 (SQL Server).")


def test_a_database_without_a_version(clinic: Clinic) -> None:
    clinic.db.execute("DELETE FROM atlas_master", ())
    assert clinic.message("DQA3Reader") == (
        "The table atlas_master names no version, so this is no database of Daily QA3 (Firebird), or an unfinished "
        "one. Look at the name of the database."
    )


def test_the_validation_says_what_it_found(clinic: Clinic) -> None:
    assert (
        clinic.message("DQA3Reader")
        == "Connected to Daily QA3 (Firebird), version 01.04.00.00, with 2 machines."
    )
    assert clinic.message("Unit", 0) == "Room 1/TrueBeam 1 goes to Main Campus: Linac 1, number 1."
    assert clinic.message("Test List") == (
        "The test list is called: Daily QA3 Results. A preview tells whether it is assigned to the units."
    )


def test_a_missing_table_is_named(clinic: Clinic) -> None:
    clinic.db.execute("DROP TABLE device", ())
    assert clinic.message("DQA3Reader") == (
        f"The database {clinic.folder / 'dqa3.sqlite'} has no table device. Choose the file of a Daily QA3 database."
    )


def test_a_template_that_cannot_be_used_is_a_mistake(one_beam: Clinic) -> None:
    one_beam.configure("Test List", name="Daily {{ beam }}")
    assert "'beam' is undefined" in one_beam.message("Test List")
    one_beam.configure("Test List", name="{{ wedge_type }}")
    assert one_beam.message("Test List") == (
        "The test list name '{{ wedge_type }}' gives an empty name. Write the name that the test list has in QATrack+."
    )
    one_beam.configure("Test List", name="Daily QA3 Results: {{ beam_name }}")
    assert one_beam.message("Test List") == (
        "The test lists are called, for example: Daily QA3 Results: 6 MV; Daily QA3 Results: 10 FFF; Daily QA3 "
        "Results: 9 MeV; Daily QA3 Results: 6 MV EDW60; Daily QA3 Results: 15 MV W30. A preview tells whether "
        "they are assigned to the units."
    )


def test_a_template_for_several_beams_is_a_mistake(clinic: Clinic) -> None:
    clinic.configure("Test List", name="Daily {{ beam_name }}")
    assert clinic.message("Test List") == (
        "All beams go to one test list, so its name is taken as it is: write it exactly as in QATrack+, without {{ }}. "
        "For a test list for each beam choose a pump type with one beam per test list."
    )


def test_a_server_that_is_down_delays_and_loses_nothing(clinic: Clinic) -> None:
    clinic.morning("03-09")
    clinic.standin.faults.add("503", method="ANY", times=None)
    assert clinic.run().outcome is CycleOutcome.UNREACHABLE
    clinic.now += timedelta(days=40)
    clinic.standin.faults.clear()
    clinic.measure("04-19 07:10")
    assert clinic.run().outcome is CycleOutcome.OK
    clinic.judge()


def test_a_month_in_which_the_pump_was_off_loses_nothing(clinic: Clinic) -> None:
    clinic.configure("DQA3Reader", history_days=1)
    clinic.morning("03-10")
    clinic.run()
    for day in (12, 20, 28):
        clinic.morning(f"03-{day}")
    clinic.now += timedelta(days=30)
    clinic.run()
    clinic.judge()


def test_what_reaches_the_database_days_later_is_found(clinic: Clinic) -> None:
    """The computer with Daily QA3 was off the network over the weekend, the pump was not."""
    clinic.configure("DQA3Reader", history_days=1)
    clinic.morning("03-09")
    for _ in range(4):
        clinic.run()
        clinic.now += timedelta(days=1)
    clinic.morning("03-11")
    clinic.run()
    clinic.judge()


def test_a_new_pump_looks_back_as_far_as_it_is_told(clinic: Clinic) -> None:
    clinic.configure("DQA3Reader", history_days=1)
    old = [*clinic.morning("03-07"), *clinic.morning("03-08")]
    clinic.morning("03-09")
    for _ in range(3):
        clinic.run()
        clinic.judge(not_sent=old)
    clinic.configure("DQA3Reader", history_days=5)
    clinic.run()
    clinic.judge()


def test_the_database_is_away(clinic: Clinic, tmp_path: Path) -> None:
    clinic.run()
    clinic.morning()
    file = tmp_path / "dqa3.sqlite"
    file.rename(tmp_path / "away")
    report = clinic.run()
    assert report.outcome is CycleOutcome.UNREACHABLE
    assert report.reason == (
        f"Source cannot be reached: There is no database file {file}. Look at its name and whether its folder is "
        "connected."
    )
    (tmp_path / "away").rename(file)
    clinic.run()
    clinic.judge()


def test_what_was_kept_goes_while_the_database_is_away(clinic: Clinic, tmp_path: Path) -> None:
    clinic.measure("03-09 07:10")
    clinic.run()
    clinic.morning("03-10")
    clinic.standin.faults.add("503", method="POST", times=None)
    clinic.run()
    clinic.standin.faults.clear()
    file = tmp_path / "dqa3.sqlite"
    file.rename(tmp_path / "away")
    clinic.run()
    clinic.judge()


@pytest.mark.parametrize("fault", ["drop-after", "drop-before"])
def test_the_line_breaks_between_post_and_answer(clinic: Clinic, fault: str) -> None:
    clinic.morning("03-09")
    clinic.run()
    first = clinic.morning()[0]
    clinic.standin.faults.add(fault, method="POST", times=None)
    clinic.run()
    clinic.standin.faults.clear()
    late = clinic.measure("03-10 07:20:30", "6 MV")
    clinic.reopen()
    for _ in range(2):
        clinic.run()
    clinic.judge(not_sent=[first] if fault == "drop-before" else [])
    assert len(clinic.holding(late)) == 1


def test_a_measurement_that_was_deleted_before_it_was_sent(clinic: Clinic) -> None:
    clinic.now = clinic.now.replace(hour=7, minute=20)
    botched = clinic.measure("03-10 07:10")
    clinic.run()
    key = clinic.key_of([botched])
    clinic.db.delete(botched)
    clinic.now += timedelta(hours=1)
    assert [message.text for message in clinic.run().messages] == [
        f"{key}: it was deleted from the Daily QA3 database before it was sent, and is forgotten."
    ]
    assert clinic.records() == {}


def test_one_of_a_group_is_deleted_while_the_group_waits(clinic: Clinic) -> None:
    clinic.now = clinic.now.replace(hour=7, minute=25)
    made = clinic.morning()
    clinic.run()
    clinic.db.delete(made[1])
    clinic.now += timedelta(hours=1)
    clinic.run()
    assert len(clinic.records()) == 1
    clinic.judge()


def test_a_night_in_which_the_clocks_change_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On 8 March 2026 the clocks of Toronto went from 2:00 to 3:00."""
    with StandIn(clinic_world(), zone="America/Toronto") as standin:
        clinic = Clinic(tmp_path, standin, monkeypatch, "LiteOne")
        lost = clinic.measure("03-08 02:30")
        clinic.measure("03-08 03:30", "9 MeV")
        assert clinic.run().outcome is CycleOutcome.ATTENTION
        rejected = next(each for each in clinic.records().values() if each.state is DeliveryState.REJECTED)
        assert (
            "The time of this work does not exist or exists twice in the server's time zone America/Toronto: it lies "
            "in a night in which the clocks change, and QATrack+ refuses it in every form. Enter this session in "
            "QATrack+ by hand; sending it again does not help."
        ) in rejected.reason
        clinic.judge(not_sent=[lost])
        clinic.close()


def test_a_number_that_is_none_is_told_and_skipped(clinic: Clinic) -> None:
    made = clinic.measure("03-10 07:10")
    clinic.db.execute("UPDATE dqa3_trend SET results_dose = 'n/a'", ())
    assert [message.text for message in clinic.run().messages] == [
        "Room 1/TrueBeam 1 2026-03-10 07:10 Daily QA3: the beam 6 MV has something else than a number in its column "
        "dose: n/a; it is sent as skipped."
    ]
    assert clinic.sessions()[clinic.key_of([made])]["tests"]["dose_6_mv"]["skipped"]


def test_a_killed_cycle_sends_nothing_twice(clinic: Clinic) -> None:
    """The process dies after the ledger has noted that a record is on its way, and the server has it."""
    made = clinic.morning("03-09")
    clinic.run()
    clinic.morning("03-10")
    clinic.standin.faults.add("drop-after", method="POST", times=1)
    clinic.standin.faults.add("drop-before", method="GET", path="testlistinstances", times=None)
    clinic.run()
    clinic.standin.faults.clear()
    assert clinic.keys(DeliveryState.SENDING)
    posts = clinic.standin.counts.requests("POST")
    clinic.reopen()
    clinic.run()
    assert clinic.standin.counts.requests("POST") == posts
    assert len(clinic.sessions()) == 2
    assert clinic.key_of(made) in clinic.sessions()
    clinic.judge()


def test_nothing_is_read_twice_while_a_record_waits_only_its_own_rows(clinic: Clinic) -> None:
    clinic.morning("03-09")
    clinic.now = clinic.now.replace(hour=7, minute=20)
    clinic.measure("03-10 07:15")
    clinic.run()
    clinic.run()
    assert full_rows() == 1
    record = next(each for each in clinic.records().values() if each.state is DeliveryState.WAITING)
    assert record.waiting_for is WaitingFor.TIME
