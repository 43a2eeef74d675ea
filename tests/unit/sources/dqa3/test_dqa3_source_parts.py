"""Versions, numbers, identities and SQL of the Daily QA3 source."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

import pytest

from qcpump_qt.engine.errors import ConfigurationError, ItemError
from qcpump_qt.sources.dqa3.dialects import ATLAS, DIALECTS, FIREBIRD, SQL_SERVER, Dialect, with_placeholders
from qcpump_qt.sources.dqa3.machines import id_text, machine_from
from qcpump_qt.sources.dqa3.measurements import moment_of, sight_from
from qcpump_qt.sources.dqa3.numbers import dose_baseline, number, shifted_baseline
from qcpump_qt.sources.dqa3.version import edition_of


@pytest.mark.parametrize(
    ("dialect", "version", "edition"),
    [
        (FIREBIRD, "01.03.00.00", "01.03"),
        (FIREBIRD, " 01.04.00.07 ", "01.04"),
        (SQL_SERVER, "01.06.00.00", "01.06"),
        (ATLAS, "1.5", "1.5"),
        (ATLAS, "1.5.2.1000", "1.5"),
    ],
)
def test_the_first_two_parts_of_a_version_count(dialect: Dialect, version: str, edition: str) -> None:
    assert edition_of(dialect, version).version == edition


@pytest.mark.parametrize(
    ("dialect", "version", "end"),
    [
        (FIREBIRD, "01.06.00.00", "Choose a pump type for Daily QA3 (SQL Server)."),
        (SQL_SERVER, "1.5.0", "Choose a pump type for Atlas."),
        (ATLAS, "2.0", "Nothing was read from it. See whether there is a newer QCPump-Qt."),
        (ATLAS, "new", "Nothing was read from it. See whether there is a newer QCPump-Qt."),
    ],
)
def test_an_unknown_version_says_what_to_do(dialect: Dialect, version: str, end: str) -> None:
    supported = " and ".join(edition.version for edition in dialect.editions)
    with pytest.raises(ConfigurationError) as caught:
        edition_of(dialect, version)
    assert caught.value.message == (
        f"The database has the version '{version}'. Of {dialect.name} this pump type reads version {supported}, and "
        f"nothing else. {end}"
    )


def test_every_edition_has_its_sql_and_no_value_in_it() -> None:
    for dialect in DIALECTS.values():
        texts = [dialect.version_statement, dialect.machines_statement, dialect.sights_statement]
        for text in (*texts, *(edition.rows_statement for edition in dialect.editions)):
            assert text.startswith("SELECT")
            assert "'" not in text
            assert not any(word in text.upper() for word in ("INSERT", "UPDATE ", "DELETE", "DROP"))


def test_placeholders_are_counted() -> None:
    assert with_placeholders("IN ({keys}) AND {machines}", keys=3, machines=1) == "IN (?, ?, ?) AND ?"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1.25, 1.25),
        (3, 3.0),
        (Decimal("100.100"), 100.1),
        ("-0.0625", -0.0625),
        (None, None),
        ("", None),
    ],
)
def test_numbers_of_every_sort(value: object, expected: float | None) -> None:
    odd: list[str] = []
    assert number(value, "dose", odd) == expected
    assert odd == []


@pytest.mark.parametrize("value", ["n/a", float("nan"), float("inf"), "1,5"])
def test_what_is_no_number_is_named(value: object) -> None:
    odd: list[str] = []
    assert number(value, "dose", odd) is None
    assert odd == [f"dose: {value}"]


def test_baselines_have_no_binary_noise() -> None:
    assert shifted_baseline(100.1, 0.1) == 100.0
    assert shifted_baseline(Decimal("0.3"), Decimal("0.1")) == 0.2
    assert dose_baseline(101.0, 1.0) == 100.0
    assert dose_baseline(1.0, -100.0) is None
    assert shifted_baseline(None, 1.0) is None
    assert dose_baseline(1.0, None) is None


def test_ids_are_text_as_qcpump_wrote_them() -> None:
    assert id_text(UUID("0f8fad5b-d9cb-469f-a165-70867728950e")) == "0F8FAD5B-D9CB-469F-A165-70867728950E"
    assert id_text(17) == "17"
    assert id_text(" abc ") == "abc"


@pytest.mark.parametrize(("room", "label"), [("Room 1", "Room 1/TB"), (None, "TB"), (" ", "TB")])
def test_machines_are_called_by_room_and_name(room: str | None, label: str) -> None:
    assert machine_from({"machine_id": 1, "machine_name": "TB ", "room_name": room}).label == label


def test_atlas_marks_fff_by_a_flag() -> None:
    row = {
        "machine_id": 1,
        "work_started": "2026-03-10 07:41:49.25",
        "data_key": 2,
        "beam_name": None,
        "beam_type": "Photon",
        "beam_type_flag": True,
    }
    sight = sight_from(row)
    assert (sight.beam_type, sight.beam_name, sight.name) == ("fff", "", "2026-03-10 07:41:49.250000 2 ")
    assert sight.title == "beam without a name at 2026-03-10 07:41:49"
    assert sight_from({**row, "beam_type_flag": 0}).beam_type == "photon"


def test_times_lose_their_zone_and_nothing_else() -> None:
    aware = datetime.fromisoformat("2026-03-10T07:41:49.123456+02:00")
    assert moment_of(aware) == datetime.fromisoformat("2026-03-10 07:41:49.123456")
    with pytest.raises(ItemError, match="The time 'soon' in the database is no time"):
        moment_of("soon")
