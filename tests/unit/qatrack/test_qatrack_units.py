"""Which unit is meant: exactly one, or words that name the candidates."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from qcpump_qt.engine.errors import MappingError
from qcpump_qt.qatrack.units import Unit, by_label, by_number, by_serial, unit_from


def unit(number: int, name: str, site: str = "", serial: str = "", active: bool = True) -> Unit:
    return Unit(number + 100, f"http://q/api/units/units/{number + 100}/", name, number, site, serial, active)


UNITS = [
    unit(1, "Linac 1", "Main Campus", "1234"),
    unit(2, "Linac 2", "Main Campus", "h5678"),
    unit(3, "Linac 1", "North Campus", "9012"),
    unit(4, "TrueBeam 4", "", "6543"),
    unit(5, "Old Linac", "", "0001", active=False),
    unit(6, "Twin A", "", "7777"),
    unit(7, "Twin B", "", "7777"),
    unit(8, "TrueBeam 4", "", "6543", active=False),
    unit(9, "Case a", "", "ab1"),
    unit(10, "Case A", "", "AB1"),
]


def refused(find: Callable[[], Unit]) -> MappingError:
    with pytest.raises(MappingError) as caught:
        find()
    return caught.value


def test_labels_carry_the_site_where_there_is_one() -> None:
    assert [each.label for each in UNITS[2:4]] == ["North Campus: Linac 1", "TrueBeam 4"]
    assert UNITS[2].described == "North Campus: Linac 1, number 3"


@pytest.mark.parametrize(
    ("serial", "number"), [("1234", 1), (" 1234 ", 1), ("H5678", 2), ("6543", 4), ("ab1", 9), ("AB1", 10)]
)
def test_a_serial_number_names_one_active_unit(serial: str, number: int) -> None:
    assert by_serial(UNITS, serial).number == number


def test_a_serial_number_that_fits_two_by_case_only_is_ambiguous() -> None:
    error = refused(lambda: by_serial(UNITS, "Ab1"))
    assert (
        "There are 2 units with the serial number 'Ab1' in QATrack+: Case a, number 9; Case A, number 10."
        in (error.message)
    )


def test_several_units_with_one_serial_number_are_named() -> None:
    error = refused(lambda: by_serial(UNITS, "7777"))
    assert error.title == "Several units match"
    assert "Twin A, number 6; Twin B, number 7. Correct the serial numbers in QATrack+" in error.message


def test_no_unit_with_a_serial_number() -> None:
    error = refused(lambda: by_serial(UNITS, "4711"))
    assert error.title == "Unit not found"
    assert error.message == (
        "There is no active unit with the serial number '4711' in QATrack+. "
        "Enter the serial number at the unit in QATrack+."
    )


def test_an_inactive_unit_is_not_matched_but_mentioned() -> None:
    error = refused(lambda: by_serial(UNITS, "0001"))
    assert "There is an inactive one (Old Linac, number 5); activate it in QATrack+" in error.message


def test_a_blank_serial_number_matches_nothing() -> None:
    error = refused(lambda: by_serial([unit(1, "No serial")], " "))
    assert "The results name no serial number" in error.message


def test_a_label_names_one_unit() -> None:
    assert by_label(UNITS, "North Campus: Linac 1").number == 3
    assert by_label(UNITS, " TrueBeam 4 ").number == 4
    assert by_label(UNITS, "Linac 2").number == 2


def test_one_name_at_two_sites_is_ambiguous() -> None:
    error = refused(lambda: by_label(UNITS, "Linac 1"))
    assert "Main Campus: Linac 1, number 1; North Campus: Linac 1, number 3." in error.message
    assert "Write it as 'site: unit'" in error.message


def test_an_unknown_label_or_number_is_told() -> None:
    label = refused(lambda: by_label(UNITS, "Linac 9"))
    assert "no active unit called 'Linac 9' in QATrack+. Choose the unit again" in label.message
    number = refused(lambda: by_number(UNITS, 5))
    assert "no active unit with the number 5 in QATrack+. There is an inactive one" in number.message
    assert by_number(UNITS, 4).name == "TrueBeam 4"


def test_several_units_with_one_number_are_told() -> None:
    error = refused(lambda: by_number([unit(1, "A"), unit(1, "B")], 1))
    assert "Correct the numbers in QATrack+." in error.message


def test_units_are_read_from_the_servers_items() -> None:
    sites = {"/api/units/sites/2/": " North "}
    item = {
        "url": "http://other/api/units/units/3/",
        "name": "Linac 1 ",
        "number": 1,
        "site": "http://host/api/units/sites/2/",
        "serial_number": " 9012 ",
        "active": True,
    }
    read = unit_from(item, sites)
    assert read == Unit(3, "http://other/api/units/units/3/", "Linac 1", 1, "North", "9012", True)
    bare = unit_from(
        {"url": "http://q/api/units/units/4/", "number": 4, "site": None, "serial_number": None}, sites
    )
    assert bare == Unit(4, "http://q/api/units/units/4/", "", 4, "", "", False)
    assert unit_from({"url": "http://q/api/units/units/4/"}, sites) is None
    assert unit_from({"number": 4}, sites) is None
