"""A clinic that switches from QCPump 0.3.17: nothing arrives twice, and what was never sent arrives."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from integration.dqa3.clinic import Clinic
from qcpump_qt.demo.server import StandIn
from qcpump_qt.engine.records import DeliveryState
from qcpump_qt.engine.report import CycleOutcome
from servers.dqa3_database import sqlite_database


def test_whole_mornings_are_recognised(clinic: Clinic) -> None:
    keys = {clinic.stored_by_qcpump(clinic.morning(day)) for day in ("03-08", "03-09", "03-10")}
    posts = clinic.standin.counts.requests("POST")
    report = clinic.run()
    assert (report.outcome, report.counts["already_there"]) == (CycleOutcome.OK, 3)
    assert clinic.standin.counts.requests("POST") == posts
    assert set(clinic.sessions()) == keys
    clinic.judge()


def test_a_morning_that_was_cut_otherwise(clinic: Clinic) -> None:
    made = clinic.morning()
    keys = {clinic.stored_by_qcpump(made[:1]), clinic.stored_by_qcpump(made[1:])}
    clinic.run()
    assert set(clinic.sessions()) == keys
    clinic.judge()


def test_a_beam_that_came_late_and_was_never_sent(clinic: Clinic) -> None:
    made = clinic.morning()
    key = clinic.stored_by_qcpump([made[0], made[1], made[3]])
    clinic.run()
    assert set(clinic.sessions()) == {key, clinic.key_of([made[2]])}
    clinic.judge()


def test_keys_that_were_cut_are_compared_by_value(
    tmp_path: Path, standin: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Atlas' keys are 36 characters long: QCPump's key names the first few only, and one beam was never sent."""
    database = sqlite_database(tmp_path / "dqa3.sqlite", "1.5")
    clinic = Clinic(tmp_path, standin, monkeypatch, "LiteAtlasGrouped", database)
    first = [clinic.measure(f"03-10 07:1{minute}", "6 MV") for minute in range(6)]
    rest = [clinic.measure("03-10 07:17", "10 FFF"), clinic.measure("03-10 07:18", "9 MeV")]
    key = clinic.stored_by_qcpump([*first, rest[0]])
    assert len(key) == 255
    clinic.run()
    assert set(clinic.sessions()) == {key, clinic.key_of([rest[1]])}
    clinic.judge(not_sent=first[:-1])
    clinic.close()


def test_single_beams_are_known_by_their_keys(one_beam: Clinic) -> None:
    made = one_beam.morning()
    one_beam.run()
    sessions = set(one_beam.sessions())
    one_beam.lose_the_ledger()
    report = one_beam.run()
    assert (report.counts["already_there"], set(one_beam.sessions())) == (len(made), sessions)
    one_beam.judge()


def test_a_ledger_that_was_lost_is_made_anew_from_the_server(clinic: Clinic) -> None:
    clinic.morning()
    clinic.run()
    clinic.measure("03-10 07:15:30", "12 MeV")
    clinic.run()
    sessions = set(clinic.sessions())
    clinic.lose_the_ledger()
    clinic.run()
    assert set(clinic.sessions()) == sessions
    assert clinic.states() == {DeliveryState.ALREADY_THERE}


def test_a_server_that_cannot_be_asked_gets_nothing(clinic: Clinic) -> None:
    made = clinic.morning()
    key = clinic.stored_by_qcpump(made[:3])
    clinic.standin.faults.add("drop-before", method="GET", path="testlistinstances", times=None)
    assert clinic.run().outcome is CycleOutcome.UNREACHABLE
    assert set(clinic.sessions()) == {key}
    clinic.standin.faults.clear()
    clinic.run()
    assert len(clinic.holding(made[3])) == 1
    clinic.judge()


def test_history_that_is_asked_for_later_is_compared_too(clinic: Clinic) -> None:
    clinic.configure("DQA3Reader", history_days=1)
    old = clinic.morning("02-20")
    key = clinic.stored_by_qcpump(old[:3])
    new = clinic.morning()
    clinic.run()
    assert set(clinic.sessions()) == {key, clinic.key_of(new)}
    clinic.configure("DQA3Reader", history_days=30)
    clinic.run()
    assert set(clinic.sessions()) == {key, clinic.key_of(new), clinic.key_of(old[3:])}
    clinic.judge()


def test_after_the_first_time_nothing_is_compared(clinic: Clinic) -> None:
    clinic.morning("03-09")
    clinic.run()
    clinic.now += timedelta(days=1)
    clinic.morning("03-11", hour="06")
    clinic.standin.counts.reset()
    clinic.run()
    asked = clinic.standin.counts.requests("GET")
    assert asked <= 4  # units, sites, the test list's assignments
    clinic.judge()
