"""A department with pump types of its own: the program loads them from PUMP_DIRECTORIES, unmodified."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from qcpump_qt.app import Program
from qcpump_qt.demo.server import StandIn
from qcpump_qt.demo.world import World
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.ledger.deliveries import Page
from qcpump_qt.engine.paths import Places
from qcpump_qt.engine.preview import Preview
from qcpump_qt.engine.records import Sighting
from qcpump_qt.engine.report import CycleReport
from qcpump_qt.engine.secrets import MemorySecrets
from qcpump_qt.engine.store import StoredPump

TOKEN = "0123456789abcdef0123456789abcdef01234567"
TYPES = Path(__file__).parent / "types"


def department_world() -> World:
    """Two sites, each with a Linac 1, and lists for outputs and films."""
    world = World()
    world.add_site("Main Campus")
    world.add_site("North Campus")
    world.add_unit("Linac 1", 1, "Main Campus", "2101")
    world.add_unit("Linac 1", 2, "North Campus", "2102")
    world.add_unit("Linac 3", 3, "Main Campus", "2103")
    tests = {
        "outputper_6x": "simple",
        "outputper_10x": "simple",
        "output_per_6x": "simple",
        "output_per_10x": "simple",
    }
    world.add_test_list("Output", {slug: tests[slug] for slug in ("output_per_6x", "output_per_10x")})
    world.add_test_list("Output on Tuesdays", {"output_per_6x": "simple"})
    world.add_test_list("Films", {"film": "upload"})
    world.add_cycle("Output cycle", ["Output", "Output on Tuesdays"])
    for unit in (1, 2, 3):
        for name in ("Output", "Films", "Output cycle"):
            world.assign(name, unit)
    world.add_user("pump", TOKEN)
    return world


class Department:
    """Everything that one test needs; made with the stand-in and an empty folder."""

    def __init__(self, folder: Path, standin: StandIn) -> None:
        self.folder = folder
        self.standin = standin
        self.source = folder / "source"
        self.source.mkdir()
        places = Places(folder / "home")
        places.ensure()
        places.settings_file.write_text(json.dumps({"PUMP_DIRECTORIES": [str(TYPES)]}), encoding="utf-8")
        self.program = Program(places, secrets=MemorySecrets())
        self.pump: StoredPump | None = None

    def add_pump(
        self, type_: str, section: str, *, api: dict[str, Any] | None = None, **values: Any
    ) -> StoredPump:
        assert self.program.troubles() == []
        server = {"api url": self.standin.url, "auth token": TOKEN, "throttle": 0.0, **(api or {})}
        chosen = {name.replace("_", " "): value for name, value in values.items()}
        secret = self.program.secret_fields(type_)
        self.pump = self.program.store.add(
            type_, type_, {"QATrack+ API": [server], section: [chosen]}, secret
        )
        return self.pump

    def change(self, section: str, **values: Any) -> None:
        assert self.pump is not None
        rows = {name: [dict(row) for row in found] for name, found in self.pump.values.items()}
        rows[section][0].update({name.replace("_", " "): value for name, value in values.items()})
        self.pump = self.program.store.save(
            self.pump.changed(values=rows), self.program.secret_fields(self.pump.type)
        )

    def run(self) -> CycleReport:
        assert self.pump is not None
        return self.program.run(self.pump, "manual", CancelToken())

    def preview(self) -> Preview:
        assert self.pump is not None
        return self.program.preview(self.pump, CancelToken())

    def records(self) -> dict[str, Sighting]:
        assert self.pump is not None
        return {each.key: each for each in self.program.ledger.deliveries.sightings(Page(pump=self.pump.id))}

    def calls(self) -> list[str]:
        assert self.pump is not None
        text = (self.program.store.folder_of(self.pump.id) / "calls.json").read_text(encoding="utf-8")
        return list(json.loads(text))

    def sessions(self) -> dict[str, dict[str, Any]]:
        return {str(each["user_key"]): each for each in self.standin.sessions()}

    def write(self, number: int, **more: Any) -> dict[str, Any]:
        """One measurement as a file."""
        record: dict[str, Any] = {
            "serial": number,
            "unit": "Main Campus: Linac 1",
            "when": f"2026-03-10 08:{number:02d}:00",
            "beams": {"6x": number + 0.5, "10x": number + 0.25},
            **more,
        }
        (self.source / f"{number:03d}.json").write_text(json.dumps(record), encoding="utf-8")
        return record

    def close(self) -> None:
        self.program.close()
