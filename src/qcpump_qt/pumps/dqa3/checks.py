"""The checks and live choices of the sections of the Daily QA3 pump types."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

from qcpump_qt.engine.config.marks import online
from qcpump_qt.pumps.base import BasePump
from qcpump_qt.pumps.dqa3.config import READER, UNIT
from qcpump_qt.pumps.dqa3.machine_mapping import Row, one_machine, refuse_doubles
from qcpump_qt.sources.databases.connection import Account, Kind, open_database
from qcpump_qt.sources.dqa3.dialects import Dialect
from qcpump_qt.sources.dqa3.machines import Machine
from qcpump_qt.sources.dqa3.reader import Reader

if TYPE_CHECKING:
    from qcpump_qt.pumps.qatrack_api import QATrackAPIMixin
    from qcpump_qt.qatrack.units import Unit

    class _Pump(QATrackAPIMixin, BasePump): ...

else:
    _Pump = object

FRESH = 10.0
"""Seconds for which machines and units are kept, so that the check of many rows asks once."""


class DQA3Checks(_Pump):
    """What is looked at before a Daily QA3 pump runs; goes before `QATrackAPIMixin` in the list of bases."""

    KIND: ClassVar[Kind] = "firebird"
    """Which adapter reads the database."""

    DIALECT: ClassVar[Dialect]
    """Which tables and columns it has."""

    _machines: tuple[float, list[Machine]] | None = None
    _units: tuple[float, list[Unit]] | None = None

    def account(self, values: Mapping[str, Any]) -> Account:
        """How to reach the database that section *DQA3Reader* names."""
        settings = self.pump_host.settings
        port = values.get("port")
        return Account(
            kind=self.KIND,
            driver=str(values.get("driver") or ""),
            host=str(values.get("host") or "").strip(),
            port=None if port is None else int(port),
            database=str(values.get("database") or "").strip(),
            user=str(values.get("user") or "").strip(),
            password=str(values.get("password") or ""),
            charset=str(values.get("charset") or "UTF-8"),
            connect_timeout=float(settings.DB_CONNECT_TIMEOUT),
        )

    @contextmanager
    def open_reader(
        self, values: Mapping[str, Any], tell: Callable[[str], None] = lambda _text: None
    ) -> Iterator[Reader]:
        """A reader of that database for the block, closed afterwards whatever happens.

        Raises:
            PumpError: it cannot be opened.
        """
        with open_database(self.account(values), self.pump_host.cancel) as database:
            yield Reader(database, self.DIALECT, tell)

    @online
    def validate_dqa3reader(self, values: Mapping[str, Any]) -> tuple[bool, str]:
        """The database can be opened, has a version that is known, and its tables can be read."""
        with self.open_reader(values) as reader:
            reader.check_version()
            reader.check_tables()
            machines, writable = reader.machines(), reader.writable_tables()
        noun = "machine" if len(machines) == 1 else "machines"
        message = f"Connected to {self.DIALECT.name}, version {reader.version}, with {len(machines)} {noun}."
        if writable:
            message += (
                f" Beware: this user may change {', '.join(writable)}. Nothing is ever changed there, but a user who "
                "may only read is safer; the help on Daily QA3 says how to make one."
            )
        return True, message

    @online
    def validate_unit(self, values: Mapping[str, Any]) -> tuple[bool, str]:
        """The machine is in the database once, the unit is in QATrack+ once, and no other row has the machine."""
        from qcpump_qt.qatrack.units import by_label  # noqa: PLC0415 - requests is only loaded where it is used

        rows = self.get_config_values(UNIT)
        refuse_doubles(Row(str(row["dqa3 name"]), str(row["unit name"])) for row in rows)
        machine = one_machine(str(values["dqa3 name"]), self._all_machines())
        unit = by_label(self._all_units(), str(values["unit name"]))
        return True, f"{machine.label} goes to {unit.described}."

    def get_dqa3_machine_choices(self) -> list[str]:
        """The machines of the database as ``room/machine``; each once."""
        return sorted({machine.label for machine in self._all_machines()})

    def get_driver_choices(self) -> list[str]:
        """The drivers for SQL Server, those that are installed first."""
        from qcpump_qt.sources.databases.odbc_drivers import (  # noqa: PLC0415 - loads the driver manager
            installed_drivers,
        )

        return installed_drivers()

    def _all_machines(self) -> list[Machine]:
        if self._machines is None or time.monotonic() - self._machines[0] > FRESH:
            with self.open_reader(self.get_config_values(READER)[0]) as reader:
                self._machines = time.monotonic(), reader.machines()
        return self._machines[1]

    def _all_units(self) -> list[Unit]:
        if self._units is None or time.monotonic() - self._units[0] > FRESH:
            with self.qatrack_server() as server:
                self._units = time.monotonic(), server.units()
        return self._units[1]
