"""The generated Daily QA3 database: real tables, everything that goes wrong in it, and a story that says so."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from qcpump_qt.demo.clinic import demo_world, unit_label
from qcpump_qt.demo.dqa3 import Dqa3Story, write_dqa3
from qcpump_qt.demo.dqa3_names import BEAMS, DQA3_LIST, MACHINES, QUANTITIES, dqa3_tests
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.sources.databases.connection import Account, open_database
from qcpump_qt.sources.dqa3.dialects import FIREBIRD
from qcpump_qt.sources.dqa3.reader import Reader

NOW = datetime.fromisoformat("2026-11-20 16:33:21.500")
WAIT = timedelta(minutes=20)


@pytest.fixture
def story(tmp_path: Path) -> Dqa3Story:
    return write_dqa3(tmp_path / "dqa3.sqlite", NOW)


def rows(path: Path, statement: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(statement).fetchall()


def content(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def test_the_same_moment_and_seed_give_the_same_database(tmp_path: Path) -> None:
    one, two, other = (tmp_path / name for name in ("one", "two", "other"))
    assert write_dqa3(one, NOW).mornings == write_dqa3(two, NOW).mornings
    assert write_dqa3(other, NOW, seed=21).mornings != write_dqa3(tmp_path / "again", NOW).mornings
    assert content(one) == content(two) != content(other)


def test_a_file_that_is_there_is_not_written_over(story: Dqa3Story) -> None:
    before = content(story.path)
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        write_dqa3(story.path, NOW)
    assert content(story.path) == before


def test_the_reader_of_real_databases_finds_what_the_story_says(story: Dqa3Story) -> None:
    account = Account(
        kind="sqlite", driver="", host="", port=None, database=str(story.path), user="", password=""
    )
    with open_database(account, CancelToken()) as database:
        reader = Reader(database, FIREBIRD)
        reader.check_version()
        reader.check_tables()
        machines = reader.machines()
        found = reader.measurements(reader.sights(machines, NOW - timedelta(days=5)))
    assert reader.version == "01.04.00.00"
    assert [machine.label for machine in machines] == ["Bunker 1/TrueBeam 1", "Bunker 2/TrueBeam 2"]
    by_key = {measurement.sight.data_key: measurement for measurement in found.values()}
    measured = [each for morning in story.mornings for each in morning.measured]
    assert len(by_key) == len(measured) == 21
    for each in measured:
        read = by_key[str(each.data_key)]
        assert (read.sight.machine_id, read.sight.beam_name) == (str(each.machine.key), each.beam.name)
        assert (read.sight.time, read.comment) == (each.moment, each.comment)
        assert {f"{column}_{each.beam.slug}": value for column, value in read.values.items()} == each.tests


def test_only_the_newest_version_is_the_current_one(story: Dqa3Story) -> None:
    versions = rows(story.path, "SELECT db_version FROM atlas_master ORDER BY datetime")
    assert versions == [("01.03.00.00",), ("01.04.00.00",)]


@pytest.mark.parametrize("clock", ["00:00:01", "00:04", "06:30", "06:50", "12:00", "23:59:59"])
def test_at_any_hour_the_mornings_are_over_and_the_last_round_is_not(tmp_path: Path, clock: str) -> None:
    now = datetime.fromisoformat(f"2026-11-20 {clock}")
    story = write_dqa3(tmp_path / "dqa3.sqlite", now)
    for morning in story.mornings:
        newest = max(each.moment for each in morning.measured)
        assert newest <= now
        assert morning.waits == (now - newest < WAIT)
    assert [morning.waits for morning in story.mornings] == [False] * 6 + [True]
    assert len(story.delivered) == 6


def test_what_belongs_together_lies_within_the_window_and_apart_from_the_rest(story: Dqa3Story) -> None:
    for machine in MACHINES:
        mornings = [morning for morning in story.mornings if morning.machine == machine]
        times = [[each.moment for each in morning.measured] for morning in mornings]
        assert all(each == sorted(each) and each[-1] - each[0] < WAIT for each in times)
        starts = [each[0] for each in times]
        assert all(later - earlier > WAIT for earlier, later in pairwise(starts))


def test_a_beam_that_was_off_is_measured_again_and_the_last_one_counts(story: Dqa3Story) -> None:
    ((morning, off),) = [(morning, each) for morning in story.mornings for each in morning.replaced]
    assert off.comment == morning.comment == "Setup checked, repeated"
    assert (off.beam.name, off.values["dose_diff"], off.values["dose"]) == ("6 MV", 3.4, 103.4)
    again = next(each for each in morning.measured if each.beam == off.beam and each is not off)
    assert again.moment > off.moment
    values = dict(morning.arrival.values)
    assert values["dose_6_mv"] == again.values["dose"] != off.values["dose"]
    assert values["data_key_6_mv"] == str(again.data_key)


def test_one_column_has_no_value(story: Dqa3Story) -> None:
    empty = [
        (morning, slug)
        for morning in story.delivered
        for each in morning.measured
        for slug, value in each.tests.items()
        if value is None
    ]
    assert [slug for _, slug in empty] == ["xsize_9_mev"]
    assert "xsize_9_mev" not in dict(empty[0][0].arrival.values)
    assert rows(story.path, "SELECT count(*) FROM dqa3_trend WHERE results_xsize IS NULL") == [(1,)]


def test_texts_are_german_and_cyrillic(story: Dqa3Story) -> None:
    assert [morning.comment for morning in story.delivered[-2:]] == [
        "Gerät neu ausgerichtet, Höhe geprüft",
        "Проверено после ремонта",
    ]
    signatures = {each.signature for morning in story.mornings for each in morning.measured}
    assert signatures == {"Physics", "Jürgen Weiß", "Иванова"}


def test_values_fit_their_baselines(story: Dqa3Story) -> None:
    for each in (each for morning in story.mornings for each in morning.measured):
        for quantity in QUANTITIES:
            name = quantity.column
            measured, baseline, diff = (each.values[f"{name}{part}"] for part in ("", "_baseline", "_diff"))
            assert baseline == quantity.baseline
            assert diff is not None
            factor = baseline / 100 if name == "dose" else 1
            assert measured is None or measured == pytest.approx(baseline + factor * diff, abs=0.0051)


def test_keys_are_those_that_the_old_program_gave(story: Dqa3Story) -> None:
    assert story.mornings[0].user_key == "QCPump/DQA3/3/2026-11-17-06-41/41001/41002/41003"
    assert story.mornings[2].user_key == "QCPump/DQA3/3/2026-11-18-06-41/41007/41008/41009/41010"
    assert len({morning.user_key for morning in story.mornings}) == 7


def test_the_clinic_has_a_unit_a_list_and_a_test_for_everything(story: Dqa3Story) -> None:
    world = demo_world()
    for morning in story.mornings:
        (assignment,) = [
            each
            for each in world.assignments
            if each.name == DQA3_LIST and each.unit.number == morning.machine.unit
        ]
        slugs = {slug for each in morning.measured for slug in each.tests}
        assert slugs <= {test.slug for test in assignment.days[0].tests}
        assert morning.arrival.unit == morning.machine.unit
    given = {slug for morning in story.delivered for slug, _ in morning.arrival.values}
    assert given == set(dqa3_tests())
    assert len(given) == len(BEAMS) * 32


def test_units_are_named_as_people_choose_them() -> None:
    world = demo_world()
    for machine in MACHINES:
        unit = next(each for each in world.units if each.number == machine.unit)
        assert unit.site is not None
        assert unit_label(machine.unit) == f"{unit.site.name}: {unit.name}"
