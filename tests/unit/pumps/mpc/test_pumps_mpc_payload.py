"""One session as QATrack+ takes it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from qcpump_qt.engine.errors import ItemError
from qcpump_qt.engine.records import UnitBy, UnitRef, Upload
from qcpump_qt.pumps.mpc.payload import Wishes, make_upload
from qcpump_qt.pumps.mpc.readings import Kind, Reading
from qcpump_qt.sources.mpc.files import Sight
from qcpump_qt.sources.mpc.names import CheckType, parse_name
from qcpump_qt.sources.mpc.results import read_results
from qcpump_qt.sources.mpc.sessions import Run, Session, session_key

HEADER = "Name [Unit], Value, Threshold, Evaluation Result\n"
START = datetime.fromisoformat("2026-03-10 07:41:30")


def reading(minute: int, template: str, text: str) -> Reading:
    moment = START + timedelta(minutes=minute)
    name = f"NDS-WKS-SN1234-{moment:%Y-%m-%d-%H-%M-%S}-0000-{template}"
    run = Run(parse_name(name), f"H191234/MPCChecks/{name}")
    return Reading(run, Kind.RESULTS, Sight(True), read_results((HEADER + text).encode()))


def upload(
    *readings: Reading, comments: bool = True, leaves: bool = False, late_of: str | None = None
) -> Upload:
    runs = tuple(each.run for each in readings)
    key = session_key("1234", START, CheckType.BEAM_AND_GEOMETRY)
    session = Session(key, "1234", CheckType.BEAM_AND_GEOMETRY, runs, late_of)
    wishes = Wishes(lambda check_type: f"MPC: {check_type}", comments, leaves)
    return make_upload(session, readings, lambda run_id: Path("/tds") / run_id, wishes)


def test_where_it_goes() -> None:
    made = upload(reading(0, "BeamCheckTemplate6x", "A [mm], 0.5, 1, Pass\n"))
    assert made.unit == UnitRef(UnitBy.SERIAL, "1234")
    assert made.test_list == "MPC: Beam and Geometry Checks"


@pytest.mark.parametrize(("minutes", "completed"), [(0, "07:42:30"), (1, "07:42:30"), (3, "07:44:30")])
def test_work_lasts_at_least_a_minute(minutes: int, completed: str) -> None:
    rows = "A [mm], 0.5, 1, Pass\n"
    made = upload(reading(0, "BeamCheckTemplate6x", rows), reading(minutes, "BeamCheckTemplate10x", rows))
    assert made.payload["work_started"] == "2026-03-10 07:41:30"
    assert made.payload["work_completed"] == f"2026-03-10 {completed}"


def test_tests_with_comments() -> None:
    rows = "A [mm], 0.5, 1, Pass\nB [%], -0, , Fail\nC [°], , 0.12345, Pass\nD, 1e2, N/A, Out, far\n"
    made = upload(reading(0, "BeamCheckTemplate6xFFF", rows))
    assert made.payload["tests"] == {
        "a_mm_6fff": {"value": 0.5, "comment": "Threshold: 1.000,Result: Pass"},
        "b_per_6fff": {"value": -0.0, "comment": "Threshold: N/A,Result: Fail"},
        "c_deg_6fff": {"value": None, "comment": "Threshold: 0.123,Result: Pass"},
        "d_6fff": {"value": 100.0, "comment": "Threshold: N/A,Result: Out, far"},
    }


def test_without_comments() -> None:
    made = upload(reading(0, "BeamCheckTemplate6x", "A [mm], 0.5, 1, Pass\n"), comments=False)
    assert made.payload["tests"] == {"a_mm_6x": {"value": 0.5}}
    assert "comment" not in made.payload


def test_the_files_are_named_by_age_and_only_those_that_count() -> None:
    rows = "A [mm], 0.5, 1, Pass\n"
    first, second = reading(0, "BeamCheckTemplate6x", rows), reading(1, "BeamCheckTemplate10x", rows)
    repeat = reading(2, "BeamCheckTemplate6x", rows.replace("0.5", "0.7"))
    made = upload(repeat, first, second)
    folders = [Path("/tds") / each.run.id / "Results.csv" for each in (second, repeat)]
    assert made.payload["comment"] == f"Fileset:\n\t{folders[0]}\n\t{folders[1]}"
    assert made.notes == (
        f"{first.run.name.folder} is not used. It was repeated; the newer run {repeat.run.name.folder} counts.",
    )


def test_a_template_without_any_usable_run_is_noted() -> None:
    good = reading(0, "BeamCheckTemplate6x", "A [mm], 0.5, 1, Pass\n")
    cut_off = reading(1, "BeamCheckTemplate10x", "A [mm], 0.")
    made = upload(good, cut_off)
    assert set(made.payload["tests"]) == {"a_mm_6x"}
    assert made.notes == (
        f"nothing is sent for BeamCheckTemplate10x. {cut_off.run.name.folder}: "
        "Its result file breaks off in mid-row, so the run is not used.",
    )


def test_late_results_are_noted() -> None:
    late = reading(9, "BeamCheckTemplate6x", "A [mm], 0.5, 1, Pass\n")
    assert upload(late, late_of="the/key").notes == (
        f"{late.run.name.folder} turned up after the session the/key had been delivered; "
        "sent as a record of its own.",
    )


def test_nothing_usable_is_no_session() -> None:
    cut_off = reading(0, "BeamCheckTemplate10x", "A [mm], 0.")
    with pytest.raises(ItemError) as refused:
        upload(cut_off)
    assert refused.value.message == (
        f"None of its runs has results that can be sent. BeamCheckTemplate10x: {cut_off.run.name.folder}: "
        "Its result file breaks off in mid-row, so the run is not used."
    )


def test_leaves() -> None:
    rows = "CollimationGroup/MLCGroup/MLCLeavesA/MLCLeaf11 [mm], 0.5, 1, Pass\nA [mm], 1, 1, Pass\n"
    template = "GeometryCheckTemplate6xMVkV"
    assert set(upload(reading(0, template, rows)).payload["tests"]) == {"a_mm_6x"}
    assert set(upload(reading(0, template, rows), leaves=True).payload["tests"]) == {
        "collimationgroup_mlcgroup_mlcleavesa_mlcleaf11_mm_6x",
        "a_mm_6x",
    }
