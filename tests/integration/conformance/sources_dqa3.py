"""Daily QA3 databases with yesterday's measurements, as files that the same reader reads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any, ClassVar

from integration.dqa3.clinic import BEAMS, clinic_world
from qcpump_qt.engine.clock import local_now
from qcpump_qt.testing import Clinic, World
from servers.dqa3_database import Dqa3Database, sqlite_database


class Dqa3Source:
    """Two machines; the versions differ in tables and columns."""

    version: ClassVar[str]

    def set_up_server(self, world: World) -> None:
        made = clinic_world()
        world.sites, world.units = made.sites, made.units
        world.test_lists, world.assignments = made.test_lists, made.assignments

    def make_source(self, clinic: Clinic) -> None:
        database = sqlite_database(clinic.source / "dqa3.sqlite", self.version)
        self._database = database
        self._beams = []
        for name in ("TrueBeam 1", "TrueBeam 2"):
            machine = database.add_machine(name)
            beams = [database.add_beam(machine, beam, *about) for beam, about in BEAMS.items()]
            for number, beam in enumerate(beams):
                database.measure(beam, self._moment(7, 3 * number))
            self._beams.append(beams)

    def add_more(self, clinic: Clinic) -> None:
        self._database.measure(self._beams[0][0], self._moment(5, 0))

    def values(self, clinic: Clinic) -> Mapping[str, Any]:
        reader = {
            "host": "here",
            "database": str(clinic.source / "dqa3.sqlite"),
            "user": "qa",
            "password": "q4-p4ss",
        }
        return {
            "DQA3Reader": {"history days": 7, **reader},
            "QATrack+ API": clinic.api,
            "Unit": [
                {"dqa3 name": "TrueBeam 1", "unit name": "Main Campus: Linac 1"},
                {"dqa3 name": "TrueBeam 2", "unit name": "North Campus: Linac 2"},
            ],
        }

    def _moment(self, hour: int, minute: int) -> datetime:
        return datetime.combine((local_now() - timedelta(days=1)).date(), time(hour, minute, 7))

    _database: Dqa3Database
    _beams: list[list[Any]]
