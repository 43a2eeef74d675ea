"""The generated TDS folder is what its story says, and the demonstration's clinic can take it."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from qcpump_qt.demo.clinic import SERIALS, STRANGER, demo_world, list_name, mpc_tests
from qcpump_qt.demo.mpc_names import CHECK_TYPES, macro_name
from qcpump_qt.demo.tds import Fate, TdsStory, write_tds

TODAY = date(2026, 11, 20)
MPC = {"mpc": "http://www.varian.com/MPC"}


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> TdsStory:
    return write_tds(tmp_path_factory.mktemp("demo") / "TDS", TODAY)


def _tree(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()
    }


def _lines(story: TdsStory, folder: str, encoding: str = "utf-8-sig") -> list[list[str]]:
    with (story.root / folder / "Results.csv").open(encoding=encoding, newline="") as stream:
        return [[part.strip() for part in row] for row in csv.reader(stream)]


def test_the_same_seed_and_day_give_the_same_tree(tmp_path: Path) -> None:
    trees = []
    for number, seed in enumerate((5, 5, 6)):
        write_tds(tmp_path / str(number), TODAY, seed)
        trees.append(_tree(tmp_path / str(number)))
    assert trees[0] == trees[1]
    assert trees[0].keys() == trees[2].keys()
    assert trees[0] != trees[2]


def test_it_never_writes_over_results_that_are_there(tmp_path: Path) -> None:
    write_tds(tmp_path, TODAY)
    with pytest.raises(FileExistsError):
        write_tds(tmp_path, TODAY)


def test_the_story_names_every_folder_once(story: TdsStory) -> None:
    on_disk = {path.relative_to(story.root).as_posix() for path in story.root.glob("*/MPCChecks/*")}
    assert {folder.path for folder in story.folders} == on_disk
    assert len(story.folders) == len(on_disk)
    used = [path for session in story.sessions for path in session.folders]
    assert sorted(used) == sorted(folder.path for folder in story.with_fate(Fate.USED))


def test_every_fate_comes_up(story: TdsStory) -> None:
    assert Counter(folder.fate for folder in story.folders).keys() == set(Fate)
    assert {session.check_type for session in story.delivered} == set(CHECK_TYPES)
    assert [session.serial for session in story.without_unit] == [STRANGER]


def test_the_values_in_the_files_are_those_of_the_story(story: TdsStory) -> None:
    for session in story.sessions:
        found: dict[str, float | None] = {}
        for path in session.folders:
            encoding = "cp1252" if "2102-2026-11-17" in path else "utf-8-sig"
            header, *rows = _lines(story, path, encoding)
            beam = _energy(path)
            assert header == ["Name [Unit]", "Value", "Threshold", "Evaluation Result"]
            for name, value, *_ in rows:
                if "Leaves" not in name:
                    found[macro_name(name, beam)] = None if value in ("", "NaN") else float(value)
        assert found == session.tests


def _energy(path: str) -> str:
    xml = (Path(path).name.rpartition("-")[2], path)
    template = xml[0] if "Template" in xml[0] else path.split("-")[-2]
    return (
        template.replace("BeamCheckTemplate", "")
        .replace("GeometryCheckTemplate", "")
        .replace("CollimationDevicesCheckTemplate", "")
        .split("MVkV")[0]
    )


def test_the_rows_of_runs_that_do_not_count(story: TdsStory) -> None:
    (aborted,) = story.with_fate(Fate.NO_RESULTS)
    assert not (story.root / aborted.path / "Results.csv").exists()
    assert (story.root / aborted.path / "Check.xml").exists()
    (empty,) = story.with_fate(Fate.EMPTY)
    assert len(_lines(story, empty.path)) == 1
    (broken_off,) = story.with_fate(Fate.INCOMPLETE)
    again = next(
        f for f in story.with_fate(Fate.USED) if f.template == broken_off.template and _day(f.started) == 18
    )
    assert len(_lines(story, broken_off.path)) == 5
    assert len(_lines(story, again.path)) == 193
    assert again.started is not None
    assert broken_off.started is not None
    assert timedelta() < again.started - broken_off.started < timedelta(minutes=20)


def _day(moment: datetime | None) -> int:
    return 0 if moment is None else moment.day


def test_a_failed_beam_is_repeated_and_passes(story: TdsStory) -> None:
    (failed,) = story.with_fate(Fate.REPLACED)
    session = next(s for s in story.sessions if s.serial == SERIALS[1] and s.started.day == 18)
    assert _lines(story, failed.path)[1] == ["BeamGroup/BeamOutputChange [%]", "3.1", "2", "Fail"]
    assert session.tests["beamgroup_beamoutputchange_per_15x"] == 0.1


def test_values_that_are_no_numbers(story: TdsStory) -> None:
    session = next(
        s for s in story.sessions if s.serial == SERIALS[0] and s.started.day == 19 and len(s.tests) > 40
    )
    skipped = {slug for slug, value in session.tests.items() if value is None}
    assert skipped == {"gantrygroup_gantryrelative_deg_6x", "collimationgroup_jawsgroup_jawx2_mm_6x"}


def test_one_machine_writes_cp1252_once_and_a_mark_another_time(story: TdsStory) -> None:
    old = (story.root / "H192102" / "MPCChecks").glob("*2026-11-17*-6x-Geometry/Results.csv")
    (content,) = [path.read_bytes() for path in old]
    assert b"[\xb0]" in content
    with pytest.raises(UnicodeDecodeError):
        content.decode("utf-8")
    marked = list((story.root / "H192102" / "MPCChecks").glob("*2026-11-19*/Results.csv"))
    assert len(marked) == 5
    assert all(path.read_bytes().startswith(b"\xef\xbb\xbfName") for path in marked)


def test_check_xml_is_what_the_machine_writes(story: TdsStory) -> None:
    for folder in story.folders:
        if folder.fate is Fate.NO_CHECK:
            continue
        content = (story.root / folder.path / "Check.xml").read_bytes()
        assert content.startswith(b"\xef\xbb\xbf<?xml")
        check = ElementTree.fromstring(content)
        assert check.findtext("mpc:MachineSerialNumber", "", MPC) == folder.serial
        assert check.findtext("mpc:Template/mpc:ID", "", MPC) == folder.template
        assert check.findtext("mpc:IsBaseline", "", MPC) == str(folder.fate is Fate.BASELINE).lower()
        whole = folder.fate in (Fate.USED, Fate.REPLACED, Fate.BASELINE)
        state = check.findtext("mpc:Beams/mpc:Beam/mpc:Status/mpc:BeamState", "", MPC)
        assert state == ("Completed" if whole else "Aborted")
        started = datetime.fromisoformat(check.findtext("mpc:Date", "", MPC)[:19])
        assert started == folder.started


def test_files_are_as_old_as_their_runs(story: TdsStory) -> None:
    for folder in story.with_fate(Fate.USED):
        assert folder.started is not None
        for name in ("", "Results.csv", "Check.xml"):
            written = datetime.fromtimestamp((story.root / folder.path / name).stat().st_mtime)  # noqa: DTZ006 - local on purpose
            assert written == folder.started + timedelta(minutes=1)


@pytest.mark.parametrize("today", [date(2026, 11, 20), date(2027, 1, 1), date(2026, 3, 2), date(2028, 2, 29)])
def test_everything_is_of_the_three_days_before(tmp_path: Path, today: date) -> None:
    story = write_tds(tmp_path, today)
    days = {session.started.date() for session in story.sessions}
    assert days == {today - timedelta(days=back) for back in (1, 2, 3)}
    (impossible,) = [f for f in story.with_fate(Fate.NO_CHECK) if "New folder" not in f.path]
    assert impossible.path.split("-SN2102-")[1][:10] > f"{today - timedelta(days=3)}"[:8]


def test_sessions_of_beams_lie_within_the_grouping_window(story: TdsStory) -> None:
    assert all(s.newest - s.started <= timedelta(minutes=20) for s in story.sessions)
    by_machine: dict[tuple[str, str], list[datetime]] = {}
    for s in story.sessions:
        by_machine.setdefault((s.serial, s.check_type), []).append(s.started)
    for starts in by_machine.values():
        gaps = [later - earlier for earlier, later in pairwise(starts)]
        assert all(gap > timedelta(minutes=20) for gap in gaps)


def test_keys_are_those_that_the_old_program_gave(story: TdsStory) -> None:
    assert story.sessions[0].user_key == "QCPump/MPC/2101/2026-11-17-07-02/Beam and Geometry Checks"
    assert len({session.user_key for session in story.sessions}) == len(story.sessions)


def test_what_arrives_is_told_whole(story: TdsStory) -> None:
    session = story.delivered[0]
    arrival = session.arrival
    assert (arrival.unit, arrival.test_list) == (1, "MPC: Beam and Geometry Checks")
    assert arrival.started == f"{session.started:%Y-%m-%d %H:%M:%S}"
    assert dict(arrival.values) == {slug: value for slug, value in session.tests.items() if value is not None}


def test_what_has_no_unit_does_not_arrive(story: TdsStory) -> None:
    (stranger,) = story.without_unit
    with pytest.raises(ValueError, match=rf"{stranger.user_key} has no unit and does not arrive\."):
        _ = stranger.arrival


def test_the_clinic_has_a_unit_a_list_and_a_test_for_everything_delivered(story: TdsStory) -> None:
    world = demo_world()
    for session in story.delivered:
        unit = next(unit for unit in world.units if unit.number == session.unit)
        assert unit.serial_number == session.serial
        (assignment,) = [a for a in world.assignments if a.name == session.test_list and a.unit is unit]
        assert set(session.tests) <= {test.slug for test in assignment.days[0].tests}
    assert all(unit.serial_number != STRANGER for unit in world.units)


def test_every_test_of_the_clinic_gets_a_value_some_time(story: TdsStory) -> None:
    for check_type in CHECK_TYPES:
        given = {slug for s in story.delivered if s.check_type == check_type for slug in s.tests}
        assert given == set(mpc_tests(check_type)), list_name(check_type)
