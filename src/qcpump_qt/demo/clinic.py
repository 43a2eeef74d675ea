"""The demonstration's clinic: what its QATrack+ server has set up for the generated results."""

from __future__ import annotations

from qcpump_qt.demo.dqa3_names import DQA3_LIST, dqa3_tests
from qcpump_qt.demo.mpc_names import (
    BEAM_AND_GEOMETRY,
    CHECK_TYPES,
    Template,
    beam_check,
    couch_check,
    devices_check,
    geometry_check,
    mlc_check,
)
from qcpump_qt.demo.profiles import PROFILES_LIST, PROFILES_TEST, PROFILES_UNIT
from qcpump_qt.demo.world import World

TOKEN = "0123456789abcdef0123456789abcdef01234567"  # noqa: S105 - opens only the stand-in on this computer
"""The token of the demonstration's pumps."""

READER_TOKEN = "76543210fedcba9876543210fedcba9876543210"  # noqa: S105 - as above
"""A token that may look but not upload."""

SERIALS = ("2101", "2102")
"""Serial numbers of the two linacs, units 1 and 2."""

STRANGER = "3301"
"""A serial number in the results that no unit has."""

BEAMS = {"2101": ("6xFFF", "10x", "2.5x", "6e", "9e"), "2102": ("6xFFF", "15x", "6e", "6eHDTSE")}
"""The beams that each linac checks besides 6x, which is part of its geometry check."""

_LINACS = (("Main Campus", "Linac 1", "Bunker 1"), ("North Campus", "Linac 2", "Bunker 2"))
"""Site, name and place of units 1 and 2."""


def list_name(check_type: str) -> str:
    """The name of the test list for a check type."""
    return f"MPC: {check_type}"


def demo_world() -> World:
    """Two linacs at two sites, test lists for all that the pumps bring, and a token for the pumps."""
    world = World()
    for number, (site, name, location) in enumerate(_LINACS, start=1):
        world.add_site(site)
        world.add_unit(name, number, site, SERIALS[number - 1], location=location)
    world.add_unit("CT", 3, "Main Campus", "CT-77", location="Room 3")
    for check_type in CHECK_TYPES:
        world.add_test_list(list_name(check_type), mpc_tests(check_type))
        for unit in (1, 2):
            world.assign(list_name(check_type), unit)
    world.add_test_list(DQA3_LIST, dqa3_tests())
    for unit in (1, 2):
        world.assign(DQA3_LIST, unit)
    world.add_test_list(PROFILES_LIST, {PROFILES_TEST: "upload"})
    world.assign(PROFILES_LIST, PROFILES_UNIT, "Monthly")
    world.add_user("pump", TOKEN)
    world.add_user("reader", READER_TOKEN, may_add=False)
    return world


def unit_label(number: int) -> str:
    """Unit 1 or 2 as people choose it."""
    site, name, _location = _LINACS[number - 1]
    return f"{site}: {name}"


def mpc_tests(check_type: str) -> dict[str, str]:
    """The tests of one check type's test list: macro name to test type, all simple numbers."""
    return {slug: "simple" for template in _templates(check_type) for slug in template.values.values()}


def _templates(check_type: str) -> tuple[Template, ...]:
    if check_type == BEAM_AND_GEOMETRY:
        beams = dict.fromkeys(beam for machine in BEAMS.values() for beam in machine)
        return (geometry_check(), *(beam_check(beam) for beam in beams))
    return tuple(t for t in (couch_check(), mlc_check(), devices_check()) if t.check_type == check_type)
