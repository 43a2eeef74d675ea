"""A world written to and read from a JSON file, for a stand-in that runs as a process of its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from qcpump_qt.demo.things import TestList
from qcpump_qt.demo.world import World


def write_world(world: World, path: Path) -> None:
    """Write a world.

    Raises:
        ValueError: it has calculated tests, which a file cannot carry.
    """
    path.write_text(json.dumps(world_to_plain(world), indent=1) + "\n", encoding="utf-8")


def read_world(path: Path) -> World:
    """Read what `write_world` wrote."""
    return world_from_plain(json.loads(path.read_text(encoding="utf-8")))


def world_to_plain(world: World) -> dict[str, Any]:
    """A world as the arguments of the calls that build it.

    Raises:
        ValueError: it has calculated tests.
    """
    return {
        "sites": [{"name": site.name} for site in world.sites],
        "units": [
            {
                "name": unit.name,
                "number": unit.number,
                "site": None if unit.site is None else unit.site.name,
                "serial_number": unit.serial_number,
                "active": unit.active,
                "location": unit.location,
                "date_acceptance": unit.date_acceptance,
            }
            for unit in world.units
        ],
        "test_lists": [_list_to_plain(test_list) for test_list in world.test_lists],
        "cycles": [
            {"name": cycle.name, "test_lists": [day.name for day in cycle.test_lists]}
            for cycle in world.cycles
        ],
        "assignments": [
            {
                "test_list": assignment.name,
                "unit_number": assignment.unit.number,
                "frequency": None if assignment.frequency is None else assignment.frequency.name,
                "active": assignment.active,
            }
            for assignment in world.assignments
        ],
        "users": [
            {name: value for name, value in vars(user).items() if name != "id"} for user in world.users
        ],
    }


def world_from_plain(plain: Mapping[str, Any]) -> World:
    """The world that `world_to_plain` described; parts that are not named stay empty."""
    world = World()
    builders: dict[str, Callable[..., object]] = {
        "sites": world.add_site,
        "units": world.add_unit,
        "test_lists": world.add_test_list,
        "cycles": world.add_cycle,
        "assignments": world.assign,
        "users": world.add_user,
    }
    for part, build in builders.items():
        for arguments in plain.get(part, []):
            build(**arguments)
    return world


def _list_to_plain(test_list: TestList) -> dict[str, Any]:
    calculated = [test.slug for test in test_list.own_tests if test.calculation is not None]
    if calculated:
        raise ValueError(f"A world file cannot carry the calculated tests {', '.join(calculated)}.")
    return {
        "name": test_list.name,
        "slug": test_list.slug,
        "tests": {test.slug: test.type for test in test_list.own_tests},
        "constants": {test.slug: test.constant for test in test_list.own_tests if test.constant is not None},
        "sublists": [child.name for child in test_list.sublists],
    }
