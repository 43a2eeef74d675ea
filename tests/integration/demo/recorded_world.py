"""The set-up of the server that was recorded, as far as the recordings tell it.

Numbers (ids) have to come out as recorded, so the order of the calls matters. Names of tests and some
assignments that no recording shows are made up.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qcpump_qt.demo.world import World

QCPUMP = "42b7401380231c9e4c8bc414e630f1c529c79394"
NOPERM = "0cee8ab9ca7bdbbcd68d0ce1d07142d286330df7"
INACTIVE = "fd92d3674a9e921224d66ca863762d2793f19cf4"
EDITOR = "7ef945f82511b97901d2b18d97153822a9dffc28"
ADMIN = "e01f77d3e1d05b7ec69bfbe0753c806af3c8ac11"

_DQA3 = {"signature": "string", "temperature": "simple", "pressure": "simple"}
for _name in ("dose", "axsym", "trsym", "qaflat", "energy", "xsize", "xshift", "ysize", "yshift"):
    _DQA3 |= dict.fromkeys((_name, f"{_name}_baseline", f"{_name}_diff"), "simple")
_DQA3["data_key"] = "string"


def _length(values: Mapping[str, Any]) -> str:
    return f"len {len(values['z_string'])}"


def _product(values: Mapping[str, Any]) -> float:
    return float(values["z_simple"] * values["z_const"])


def _lines(values: Mapping[str, Any]) -> int:
    return len(values["upload"].decode("utf-8").splitlines())


def recorded_world(recordings: Path) -> World:
    """The world; the slugs of long lists are read from the recorded answers that name them."""
    world = World()
    _add_machines(world)
    _add_users(world)
    _add_lists(world, recordings)
    _assign(world)
    return world


def _add_machines(world: World) -> None:
    world.add_site("Main Campus")
    world.add_site("North Campus")
    for number, (name, site, serial) in enumerate(
        [
            ("Linac 1", "Main Campus", "1234"),
            ("Linac 2", "Main Campus", "5678"),
            ("Linac 1", "North Campus", "9012"),
            ("TrueBeam 4", None, "6789"),
        ],
        start=1,
    ):
        world.add_unit(name, number, site, serial, location=f"Bunker {number}", date_acceptance="2018-01-01")


def _add_users(world: World) -> None:
    world.add_user("first", "1" * 40)
    world.add_user("admin", ADMIN, superuser=True)
    world.add_user("qcpump", QCPUMP, password="qcpump-Pass-123", email="qcpump@example.com")
    world.add_user("noperm", NOPERM, may_add=False)
    world.add_user("inactive", INACTIVE, active=False)
    world.add_user("editor", EDITOR, may_change=True)


def _add_lists(world: World, recordings: Path) -> None:
    beam_slugs = ["isocentergroup_isocentersize_mm_6x", *_missing(recordings, "post_mpc_partial")]
    world.add_test_list("MPC: Beam and Geometry Checks", dict.fromkeys(beam_slugs, "simple"))
    world.add_test_list("MPC: Enhanced Couch Checks", {f"couch_{n}": "simple" for n in range(10)})
    mlc_slugs = _missing(recordings, "discover_slugs_by_empty_post")
    world.add_test_list("MPC: Enhanced MLC Checks", dict.fromkeys(mlc_slugs, "simple"))
    beams = list(
        dict.fromkeys(
            slug.removeprefix("data_key_")
            for slug in _missing(recordings, "post_grouped_dqa3_partial")
            if slug.startswith("data_key_")
        )
    )
    for beam in beams:
        world.add_test_list(f"Daily QA3 Single: {beam}", _DQA3)
    for beam in beams:
        tests = {f"{slug}_{beam}": type_ for slug, type_ in _DQA3.items()}
        world.add_test_list(f"Daily QA3 Results: {beam}", tests)
    world.add_test_list("Daily QA3 Results", {}, sublists=[f"Daily QA3 Results: {beam}" for beam in beams])
    world.add_test_list("File Upload", {"upload": "upload"})
    world.add_test_list(
        "File Upload With Analysis",
        {"upload": "upload", "n_lines": "composite"},
        calculations={"n_lines": _lines},
    )
    world.add_test_list("API Small", {"a": "simple", "b": "simple", "note": "string"})
    _add_zoo(world)
    world.add_test_list("API T20", {f"t{n:02}": "simple" for n in range(20)})
    world.add_test_list("API Ambiguous", {"a": "simple"})
    world.add_test_list("API Retired", {"a": "simple"})
    world.add_test_list("API Hidden", {"a": "simple"})
    world.add_test_list("API Auto Review", {"output": "simple", "flat": "simple"})
    world.add_test_list("API Cycle Day 1", {"v": "simple"})
    world.add_test_list("API Cycle Day 2", {"v": "simple"})
    world.add_cycle("API Cycle", ["API Cycle Day 1", "API Cycle Day 2"])


def _add_zoo(world: World) -> None:
    types = ("boolean", "simple", "wraparound", "multchoice", "constant", "composite")
    names = ("z_bool", "z_simple", "z_wrap", "z_choice", "z_const", "z_comp")
    tests = dict(zip(names, types, strict=True))
    tests |= {"z_date": "date", "z_datetime": "datetime", "z_string": "string", "z_scomp": "scomposite"}
    world.add_test_list(
        "API Zoo", tests, constants={"z_const": 2.5}, calculations={"z_comp": _product, "z_scomp": _length}
    )


def _assign(world: World) -> None:
    mpc = ("MPC: Beam and Geometry Checks", "MPC: Enhanced Couch Checks", "MPC: Enhanced MLC Checks")
    for unit in (1, 2, 4, 3):
        for name in mpc:
            world.assign(name, unit)
    singles = [test_list.name for test_list in world.test_lists if "Single" in test_list.name]
    for unit, names in ((1, singles), (2, singles[:2]), (4, singles[:2]), (3, singles[:2])):
        for name in names:
            world.assign(name, unit)
    for name in ("Daily QA3 Results", "File Upload"):
        for unit in (1, 2, 4, 3):
            world.assign(name, unit)
    for name in ("File Upload With Analysis", "API Small", "API Zoo", "API T20", "API Auto Review"):
        world.assign(name, 1)
    world.assign("API Ambiguous", 1, "Daily")
    world.assign("API Ambiguous", 1, "Monthly")
    world.assign("API Retired", 1, active=False)
    world.assign("API Hidden", 1)
    world.assign("API Cycle", 1)


def _missing(recordings: Path, name: str) -> list[str]:
    recorded = json.loads((recordings / f"{name}.json").read_text(encoding="utf-8"))
    text = recorded["response"]["body"]["non_field_errors"][0]
    return list(text.removeprefix("Missing data for tests: ").split(", "))
