"""A world survives its way through a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from qcpump_qt.demo.clinic import demo_world
from qcpump_qt.demo.world import World
from qcpump_qt.demo.world_file import read_world, world_from_plain, world_to_plain, write_world


def _rich_world() -> World:
    world = demo_world()
    world.add_test_list("Zoo", {"c": "constant", "d": "date"}, constants={"c": 2.5}, slug="own-slug")
    world.add_test_list("Parent", {}, sublists=["Zoo"])
    world.add_cycle("Cycle", ["Zoo", "Parent"])
    world.assign("Cycle", 1, None)
    world.assign("Zoo", 2, "Weekly", active=False)
    world.add_user("editor", "e" * 40, may_change=True, password="pw", email="e@example.com", active=False)
    return world


def test_everything_comes_back(tmp_path: Path) -> None:
    world = _rich_world()
    write_world(world, tmp_path / "world.json")
    assert read_world(tmp_path / "world.json") == world


def test_names_beyond_ascii_come_back(tmp_path: Path) -> None:
    world = World()
    world.add_unit("Köln ± 1", 1)
    write_world(world, tmp_path / "world.json")
    assert read_world(tmp_path / "world.json").units[0].name == "Köln ± 1"


def test_parts_may_be_left_out() -> None:
    world = world_from_plain({"users": [{"name": "pump", "token": "t"}]})
    assert [user.name for user in world.users] == ["pump"]
    assert world.units == []


def test_calculations_cannot_go_into_a_file() -> None:
    world = World()
    world.add_test_list("Sums", {"total": "composite"}, calculations={"total": lambda values: values["a"]})
    with pytest.raises(ValueError, match="A world file cannot carry the calculated tests total"):
        world_to_plain(world)
