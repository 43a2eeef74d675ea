"""One real morning of a real TrueBeam: every value, name, time, key and comment as laid down.

What is expected is made here from the csv files and the compatibility reference, not by the program's code.
"""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from integration.mpc.clinic import BEAM, COUCH, Clinic, slug_by_the_book
from qcpump_qt.engine.records import DeliveryState
from qcpump_qt.engine.report import CycleOutcome
from shared_data import shared

MINUTE = "2025-09-19-07-41"
NEVER = (
    "CollimationGroup/MLCGroup/MLCLeaves",
    "CollimationGroup/MLCBacklashGroup/MLCBacklashLeaves",
)


def expected(check_type: str, tds: Path) -> dict[str, dict[str, Any]]:
    """Macro name to value and comment, from the files."""
    tests: dict[str, dict[str, Any]] = {}
    for file in sorted(tds.rglob("Results.csv")):
        if ("Enhanced" in file.parent.name) != (check_type == COUCH):
            continue
        beam = re.search(r"[0-9.]+[xe](FFF|HDTSE)?", file.parent.name.rpartition("Template")[2])
        assert beam is not None
        with file.open(encoding="utf-8-sig", newline="") as lines:
            for name, value, threshold, result in list(csv.reader(lines, skipinitialspace=True))[1:]:
                if not name.startswith(NEVER):
                    limit = f"{float(threshold):.3f}" if threshold else "N/A"
                    tests[slug_by_the_book(name, beam[0])] = {
                        "value": float(value),
                        "skipped": False,
                        "comment": f"Threshold: {limit},Result: {result}",
                    }
    return tests


@pytest.fixture
def real(clinic: Clinic) -> Clinic:
    """The clinic with the real share, and test lists for all that is in it."""
    shutil.rmtree(clinic.tds)
    shutil.copytree(shared("data", "mpc-real", "TDS"), clinic.tds)
    world = clinic.standin.world
    world.add_unit("TrueBeam", 7, "Main Campus", "6543")
    for check_type in (BEAM, COUCH):
        world.add_test_list(f"Real: {check_type}", dict.fromkeys(expected(check_type, clinic.tds), "simple"))
        world.assign(f"Real: {check_type}", 7)
    clinic.configure("Test List", name="Real: {{ check_type }}")
    clinic.now = datetime.fromisoformat("2026-11-20 12:00")
    clinic.configure(
        history_days=(clinic.now.date() - datetime.fromisoformat("2025-09-19 00:00").date()).days
    )
    return clinic


def test_the_numbers_of_the_files(real: Clinic) -> None:
    """Guards the expectation itself: two electrons' rows each, three of a photon beam, and no single leaf."""
    beams = expected(BEAM, real.tds)
    assert len(beams) == 3 * 2 + 2 * 3
    assert beams["beamgroup_beamoutputchange_per_12e"]["value"] == 0.27
    assert beams["beamgroup_beamcentershift_mm_6fff"]["value"] == 0.1
    couch = expected(COUCH, real.tds)
    assert couch["isocentergroup_isocentersize_mm_6x"]["value"] == 0.38
    assert not any("leaf" in slug for slug in couch)


def test_the_morning_arrives_with_everything(real: Clinic) -> None:
    report = real.run()
    assert report.outcome is CycleOutcome.OK
    assert report.messages == ()
    assert report.counts["delivered"] == 2
    assert set(real.sessions()) == {f"QCPump/MPC/6543/{MINUTE}/{check_type}" for check_type in (BEAM, COUCH)}
    for check_type in (BEAM, COUCH):
        session = real.sessions()[f"QCPump/MPC/6543/{MINUTE}/{check_type}"]
        assert session["unit"] == 7
        assert session["test_list"] == f"Real: {check_type}"
        assert (session["work_started"], session["work_completed"]) == (
            "2025-09-19 07:41:49",
            "2025-09-19 07:42:49",
        )
        assert session["day"] == 0
        assert session["tests"] == expected(check_type, real.tds)


def test_the_list_comment_names_the_files(real: Clinic) -> None:
    real.run()
    comment = real.sessions()[f"QCPump/MPC/6543/{MINUTE}/{BEAM}"]["comment"]
    first, *paths = comment.split("\n\t")
    assert first == "Fileset:"
    files = [str(file) for file in real.tds.rglob("Results.csv") if "Enhanced" not in str(file)]
    assert sorted(paths) == sorted(files)
    assert paths == sorted(paths, key=lambda path: path.split("-49-")[1])


def test_the_posted_body_has_just_the_fields_of_qcpump(real: Clinic) -> None:
    real.run()
    payload = real.records()[f"QCPump/MPC/6543/{MINUTE}/{BEAM}"].payload
    assert payload is not None
    assert set(payload) == {
        "unit_test_collection",
        "work_started",
        "work_completed",
        "user_key",
        "day",
        "tests",
        "comment",
    }
    assert payload["user_key"] == f"QCPump/MPC/6543/{MINUTE}/{BEAM}"
    assert (payload["work_started"], payload["day"]) == ("2025-09-19 07:41:49", 0)
    assert str(payload["unit_test_collection"]).endswith("/api/qc/unittestcollections/9/")
    tests: Mapping[str, Mapping[str, Any]] = payload["tests"]
    assert {slug: test["value"] for slug, test in tests.items()} == {
        slug: test["value"] for slug, test in expected(BEAM, real.tds).items()
    }


def test_the_second_cycle_has_nothing_to_do(real: Clinic) -> None:
    real.run()
    real.standin.counts.reset()
    report = real.run()
    assert (report.outcome, report.counts["found"]) == (CycleOutcome.OK, 0)
    assert real.standin.counts.requests() == 0
    assert real.keys(DeliveryState.DELIVERED) == set(real.sessions())


def test_a_history_that_ends_a_day_later_does_not_reach_it(real: Clinic) -> None:
    real.configure(history_days=(real.now.date() - datetime.fromisoformat("2025-09-20 00:00").date()).days)
    assert real.run().counts["found"] == 0
    assert real.sessions() == {}
