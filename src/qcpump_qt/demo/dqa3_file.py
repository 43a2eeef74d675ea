"""Writes generated Daily QA3 results into a SQLite file with the tables of version 01.04; nothing to install.

The tables and columns are those that the Firebird database has (dqa3-databases), so the same statements read it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from qcpump_qt.demo.dqa3_names import BEAMS, MACHINES, QUANTITIES, Beam, Machine

VERSION = "01.04.00.00"
DEVICE = "7654321"
"""The serial number of the device that measures."""

_TABLES = {
    "atlas_master": ("db_version", "datetime"),
    "room": ("room_key", "tree_name"),
    "dqa3_machine": ("mach_key", "tree_name", "room_key"),
    "dqa3_template": (
        *("set_key", "mach_key", "tree_name", "beamenergy", "beamtype"),
        *("wedgetype", "wedgeangle", "wedgeorient"),
    ),
    "device": ("device_key", "serial"),
    "dqa3_data": ("data_key", "device_key", "comments", "signature", "temperature", "pressure"),
    "dqa3_trend": (
        *("set_key", "data_key", "measured_datetime", "rel_diff_eenergy", "rel_diff_xenergy"),
        *(
            f"{part}{each.column}"
            for each in QUANTITIES
            for part in ("results_", "rel_baseline_", "rel_diff_")
        ),
    ),
}


@dataclass(frozen=True)
class Measured:
    """One measurement.

    Args:
        machine: the machine.
        beam: the beam.
        moment: when it was measured, local.
        data_key: the database's key.
        comment: what was written beside it; "" for nothing.
        signature: who did it.
        air: temperature in °C and pressure in kPa.
        values: result column to value; None for NULL.
    """

    machine: Machine
    beam: Beam
    moment: datetime
    data_key: int
    comment: str
    signature: str
    air: tuple[float, float]
    values: Mapping[str, float | None]

    @property
    def tests(self) -> dict[str, float | str | None]:
        """Macro name to value, as they have to arrive in the test list for all beams."""
        columns: dict[str, float | str | None] = {
            "data_key": str(self.data_key),
            "signature": self.signature,
            "device": DEVICE,
            "temperature": self.air[0],
            "pressure": self.air[1],
            **self.values,
            "energy_baseline": 0.0,
            "energy_diff": self.values["energy"],
        }
        return {f"{column}_{self.beam.slug}": value for column, value in columns.items()}


def write_database(path: Path, measured: Iterable[Measured]) -> None:
    """Write a database with these measurements.

    Raises:
        sqlite3.OperationalError: there is one already.
    """
    with closing(sqlite3.connect(path)) as connection, connection:
        for table, columns in _TABLES.items():
            connection.execute(f"CREATE TABLE {table} ({', '.join(columns)})")
        _write_clinic(connection)
        for each in measured:
            _write(connection, each)


def _write_clinic(connection: sqlite3.Connection) -> None:
    for version, moment in (("01.03.00.00", "2011-02-01 08:00:00"), (VERSION, "2014-09-15 08:00:00")):
        _insert(connection, "atlas_master", db_version=version, datetime=moment)
    _insert(connection, "device", device_key=1, serial=DEVICE)
    for machine in MACHINES:
        room = machine.key + 100
        _insert(connection, "room", room_key=room, tree_name=machine.room)
        _insert(connection, "dqa3_machine", mach_key=machine.key, tree_name=machine.name, room_key=room)
        for beam in BEAMS:
            _insert(
                connection,
                "dqa3_template",
                set_key=_set_key(machine, beam),
                mach_key=machine.key,
                tree_name=beam.name,
                beamenergy=beam.energy,
                beamtype=beam.type,
                wedgetype="None",
                wedgeangle=0,
                wedgeorient="None",
            )


def _write(connection: sqlite3.Connection, each: Measured) -> None:
    temperature, pressure = each.air
    _insert(
        connection,
        "dqa3_data",
        data_key=each.data_key,
        device_key=1,
        comments=each.comment or None,
        signature=each.signature,
        temperature=temperature,
        pressure=pressure,
    )
    energy = "rel_diff_eenergy" if each.beam.type == "Electron" else "rel_diff_xenergy"
    columns = {energy: each.values["energy"]}
    for quantity in QUANTITIES:
        name = quantity.column
        columns |= {
            f"results_{name}": each.values[name],
            f"rel_baseline_{name}": each.values[f"{name}_baseline"],
            f"rel_diff_{name}": each.values[f"{name}_diff"],
        }
    _insert(
        connection,
        "dqa3_trend",
        set_key=_set_key(each.machine, each.beam),
        data_key=each.data_key,
        measured_datetime=each.moment.isoformat(sep=" "),
        **columns,
    )


def _set_key(machine: Machine, beam: Beam) -> int:
    return machine.key * 10 + BEAMS.index(beam)


def _insert(connection: sqlite3.Connection, table: str, **values: Any) -> None:
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(values.values()))  # noqa: S608 - names of our own
