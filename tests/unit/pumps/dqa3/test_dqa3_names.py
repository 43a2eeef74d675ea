"""The variables of the template for a test list's name."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from qcpump_qt.engine.errors import ConfigurationError, MappingError
from qcpump_qt.pumps.dqa3.names import TestListNames, check_template, variables
from qcpump_qt.sources.dqa3.machines import Machine
from qcpump_qt.sources.dqa3.measurements import Measurement, Sight

TIME = datetime.fromisoformat("2021-03-31 01:23:34")
MACHINE = Machine("5", "TB", "Room 1")


def beam(beam_type: str = "photon", **about: Any) -> dict[str, str]:
    values = {
        "beam_energy": 6,
        "wedge_type": "None",
        "wedge_angle": 0,
        "wedge_orient": None,
        "device": "77",
        **about,
    }
    return variables(Measurement(Sight("5", TIME, "1", "6 MV"), beam_type, values, "", {}), MACHINE)


def test_an_open_beam() -> None:
    assert beam() == {
        "beam_name": "6 MV",
        "energy": "6",
        "beam_type": "X",
        "wedge_type": "",
        "wedge_angle": "",
        "wedge_orient": "",
        "device": "77",
        "machine_name": "TB",
        "room_name": "Room 1",
    }


@pytest.mark.parametrize(("stored", "letters"), [("photon", "X"), ("electron", "E"), ("fff", "FFF")])
def test_types_of_beams(stored: str, letters: str) -> None:
    assert beam(stored)["beam_type"] == letters


@pytest.mark.parametrize(
    ("stored", "shown"),
    [("Dynamic", "EDW"), ("edw", "EDW"), ("None", ""), (None, ""), ("Wedge", "Static")],
)
def test_types_of_wedges(stored: str | None, shown: str) -> None:
    assert beam(wedge_type=stored)["wedge_type"] == shown


@pytest.mark.parametrize(
    ("stored", "shown"),
    [(60, "60"), (Decimal("60.00"), "60"), (0, ""), (None, ""), ("None", ""), ("45", "45")],
)
def test_angles_of_wedges(stored: object, shown: str) -> None:
    assert beam(wedge_angle=stored)["wedge_angle"] == shown


@pytest.mark.parametrize(
    ("stored", "shown"), [(6.0, "6"), (Decimal("2.50"), "2.5"), ("10", "10"), (None, ""), (100, "100")]
)
def test_energies(stored: object, shown: str) -> None:
    assert beam(beam_energy=stored)["energy"] == shown


def test_a_template_that_gives_no_name_for_a_beam_lets_it_wait() -> None:
    names = TestListNames("{% if energy != '6' %}Daily{% endif %}")
    with pytest.raises(MappingError) as caught:
        names.name(beam())
    assert caught.value.message == (
        "The test list name '{% if energy != '6' %}Daily{% endif %}' gives an empty name. Write the name that the test "
        "list has in QATrack+."
    )
    assert names.name(beam(beam_energy=9)) == "Daily"


def test_a_template_is_tried_with_beams_of_every_sort() -> None:
    assert check_template("{{ energy }}{{ beam_type }}{{ wedge_type }}{{ wedge_angle }}") == [
        *("6X", "10FFF", "9E", "6XEDW60", "15XStatic30"),
    ]
    with pytest.raises(ConfigurationError, match="gives an empty name"):
        check_template("{{ wedge_angle }}")
