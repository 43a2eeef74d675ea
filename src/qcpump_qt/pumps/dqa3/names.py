"""The names of test lists: what a template may use, and what it gives for a beam."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qcpump_qt.engine.errors import ConfigurationError, MappingError
from qcpump_qt.pumps.templates import render_name
from qcpump_qt.sources.dqa3.machines import Machine, text_of
from qcpump_qt.sources.dqa3.measurements import ELECTRON, FFF, PHOTON, Measurement
from qcpump_qt.sources.dqa3.numbers import decimal_of

_LETTERS = {PHOTON: "X", ELECTRON: "E", FFF: "FFF"}

EXAMPLES: tuple[dict[str, str], ...] = tuple(
    {
        "beam_name": name,
        "energy": energy,
        "beam_type": beam_type,
        "wedge_type": wedge,
        "wedge_angle": angle,
        "wedge_orient": orient,
        "device": "12345",
        "machine_name": "TrueBeam 1",
        "room_name": "Room 1",
    }
    for name, energy, beam_type, wedge, angle, orient in (
        ("6 MV", "6", "X", "", "", ""),
        ("10 FFF", "10", "FFF", "", "", ""),
        ("9 MeV", "9", "E", "", "", ""),
        ("6 MV EDW60", "6", "X", "EDW", "60", "IN"),
        ("15 MV W30", "15", "X", "Static", "30", "LEFT"),
    )
)
"""Beams of every sort, for the check of a template."""


def variables(measurement: Measurement, machine: Machine) -> dict[str, str]:
    """What a template may use for a beam (reference dqa3-databases, *Template variables*)."""
    beam = measurement.beam
    return {
        "beam_name": measurement.sight.beam_name,
        "energy": _number_text(beam["beam_energy"]),
        "beam_type": _LETTERS.get(measurement.beam_type, measurement.beam_type),
        "wedge_type": _wedge_type(beam["wedge_type"]),
        "wedge_angle": _wedge_angle(beam["wedge_angle"]),
        "wedge_orient": text_of(beam["wedge_orient"]),
        "device": text_of(beam["device"]),
        "machine_name": machine.name,
        "room_name": machine.room,
    }


class TestListNames:
    """The test list of each beam by one template; every different beam is rendered once.

    Args:
        template: as configured.
    """

    __test__ = False
    """It is no test, whatever its name looks like."""

    def __init__(self, template: str) -> None:
        self._template = template
        self._known: dict[tuple[str, ...], str] = {}

    def name(self, values: Mapping[str, str]) -> str:
        """The name for a beam.

        Raises:
            MappingError: the template gives none for this beam.
        """
        key = tuple(values.values())
        if key not in self._known:
            try:
                self._known[key] = render_name(self._template, values)
            except ConfigurationError as error:
                raise MappingError(error.message, subject=values["beam_name"]) from error
        return self._known[key]


def check_template(template: str) -> list[str]:
    """The names that a template gives for beams of every sort.

    Raises:
        ConfigurationError: it cannot be used, uses an unknown variable, or gives an empty name.
    """
    return list(dict.fromkeys(render_name(template, example) for example in EXAMPLES))


def _wedge_type(value: Any) -> str:
    text = text_of(value)
    if text.casefold() in ("", "none"):
        return ""
    return "EDW" if text.casefold() in ("dynamic", "edw") else "Static"


def _wedge_angle(value: Any) -> str:
    text = _number_text(value)
    return "" if text.casefold() in ("0", "none") else text


def _number_text(value: Any) -> str:
    """6 for 6, 6.0 and ``6.00``; what is no number stays as it is."""
    exact = decimal_of(value)
    if exact is None:
        return text_of(value)
    return str(int(exact)) if exact == int(exact) else f"{exact.normalize():f}"
