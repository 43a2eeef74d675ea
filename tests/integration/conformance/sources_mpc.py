"""A TDS directory with yesterday's checks of two linacs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from qcpump_qt.demo.clinic import SERIALS, list_name, mpc_tests
from qcpump_qt.demo.mpc_folder import Run
from qcpump_qt.demo.mpc_names import Template, beam_check, couch_check, geometry_check
from qcpump_qt.engine.clock import local_now
from qcpump_qt.testing import Clinic, World


class MpcSource:
    def set_up_server(self, world: World) -> None:
        world.add_site("Main Campus")
        for number, serial in enumerate(SERIALS, start=1):
            world.add_unit(f"Linac {number}", number, "Main Campus", serial)
        for template in (geometry_check(), couch_check()):
            world.add_test_list(list_name(template.check_type), mpc_tests(template.check_type))
            for number in (1, 2):
                world.assign(list_name(template.check_type), number)

    def make_source(self, clinic: Clinic) -> None:
        for serial in SERIALS:
            self._write(
                clinic, serial, 7, [beam_check("10x" if serial == "2101" else "15x"), geometry_check()]
            )
        self._write(clinic, SERIALS[0], 9, [couch_check()])

    def add_more(self, clinic: Clinic) -> None:
        self._write(clinic, SERIALS[1], 10, [couch_check()])

    def values(self, clinic: Clinic) -> Mapping[str, Any]:
        return {
            "MPC": {"tds directory": str(clinic.source), "history days": 3},
            "QATrack+ API": clinic.api,
            "Test List": {"name": "MPC: {{ check_type }}"},
        }

    def _write(self, clinic: Clinic, serial: str, hour: int, templates: list[Template]) -> None:
        yesterday = (local_now() - timedelta(days=1)).date()
        moment = datetime.combine(yesterday, time(hour, 5, 49))
        for number, template in enumerate(templates, start=1):
            Run(serial, moment, number, template).write(clinic.source / f"H19{serial}" / "MPCChecks")
