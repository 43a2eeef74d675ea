"""Daily QA3 databases for tests: the tables of each version, and rows whose every number is written once only.

One description of tables and rows serves SQLite, a real Firebird server and the TDS stand-in, so that the same
scenario runs over each. What has to arrive is worked out here by the reference and not by the program's own code.
"""

from __future__ import annotations

import itertools
import sqlite3
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

QUANTITIES = ("dose", "axsym", "trsym", "qaflat", "xsize", "ysize", "xshift", "yshift")
CONSTANCY = ("bsc1", "bsc2", "bsc3")
OLD_NAMES = {"axsym": "axialsym"}
VERSIONS = {"01.03": "01.03.00.00", "01.04": "01.04.00.00", "01.06": "01.06.00.00", "1.5": "1.5.0.2"}

Execute = Callable[[str, Sequence[Any]], object]

SQLITE = {
    "key": "INTEGER",
    "guid": "UNIQUEIDENTIFIER",
    "text": "NVARCHAR(80)",
    "padded": "NVARCHAR(20)",
    "long": "NTEXT",
    "number": "FLOAT",
    "exact": "DECIMAL(9,3)",
    "moment": "DATETIME2",
    "flag": "BIT",
}
"""Types as SQLite takes them and as the TDS stand-in reads them."""
FIREBIRD = {
    "key": "INTEGER",
    "text": "VARCHAR(80)",
    "padded": "CHAR(20)",
    "long": "BLOB SUB_TYPE TEXT",
    "number": "DOUBLE PRECISION",
    "exact": "NUMERIC(9,3)",
    "moment": "TIMESTAMP",
}


def tables_of(version: str) -> dict[str, dict[str, str]]:
    """Table to columns with their kind, as far as the reference names them."""
    return _atlas_tables() if version == "1.5" else _dqa3_tables(version)


def _dqa3_tables(version: str) -> dict[str, dict[str, str]]:
    if version == "01.03":
        measured = [f"{part}{OLD_NAMES.get(name, name)}" for name in QUANTITIES for part in ("ab_", "")]
        measured += ["energy", "penergy"]
    else:
        names = (*QUANTITIES, *(CONSTANCY if version == "01.06" else ()))
        measured = [f"{part}{name}" for name in names for part in ("results_", "rel_baseline_", "rel_diff_")]
        measured += ["rel_diff_eenergy", "rel_diff_xenergy"]
    return {
        "atlas_master": {"db_version": "text", "datetime": "moment"},
        "room": {"room_key": "key", "tree_name": "text"},
        "dqa3_machine": {"mach_key": "key", "tree_name": "padded", "room_key": "key"},
        "dqa3_template": {
            "set_key": "key",
            "mach_key": "key",
            "tree_name": "padded",
            "beamenergy": "key",
            "beamtype": "padded",
            "wedgetype": "text",
            "wedgeangle": "key",
            "wedgeorient": "text",
        },
        "device": {"device_key": "key", "serial": "text"},
        "dqa3_data": {
            "data_key": "key",
            "device_key": "key",
            "comments": "long",
            "signature": "text",
            "temperature": "exact",
            "pressure": "exact",
        },
        "dqa3_trend": {
            "set_key": "key",
            "data_key": "key",
            "measured_datetime": "moment",
            **dict.fromkeys(measured, "number"),
        },
        "dqa3_calibration": {"set_key": "key"},
    }


def _atlas_tables() -> dict[str, dict[str, str]]:
    measured = [f"{part}{OLD_NAMES.get(name, name)}" for name in QUANTITIES for part in ("AB", "")]
    return {
        "AtlasMaster": {"DatabaseVersion": "text", "MODIFIED": "moment"},
        "Machine": {"MachineId": "guid", "MachineName": "text", "RoomNumber": "text"},
        "Energy": {"EnergyId": "guid", "EnergyValue": "exact", "BeamType": "text", "BeamTypeFlag": "key"},
        "MachineTemplate": {
            "MachineTemplateId": "guid",
            "MachineId": "guid",
            "EnergyId": "guid",
            "MachineTestName": "text",
            "WedgeType": "text",
            "WedgeAngle": "key",
            "WedgeOrient": "text",
        },
        "Device": {"DeviceId": "guid", "SerialNumber": "text"},
        "Dqa3Data": {
            "Dqa3DataId": "guid",
            "DeviceId": "guid",
            "MachineTemplateId": "guid",
            "created": "moment",
            "AdditionalNotes": "long",
            "CollectedBy": "text",
            "Temperature": "exact",
            "Pressure": "exact",
            **dict.fromkeys([*measured, "Energy", "PEnergy"], "number"),
        },
    }


@dataclass(frozen=True)
class MadeMachine:
    id: Any
    name: str
    room: str

    @property
    def label(self) -> str:
        return f"{self.room}/{self.name}" if self.room else self.name


@dataclass(frozen=True)
class MadeBeam:
    id: Any
    machine: MadeMachine
    name: str
    type: str
    energy: Any


@dataclass(frozen=True)
class MadeMeasurement:
    """One measurement, with the values that have to arrive under the names of the result columns."""

    beam: MadeBeam
    moment: datetime
    data_key: Any
    comment: str | None
    tests: Mapping[str, float | str | None]

    @property
    def numbers(self) -> dict[str, float]:
        """What tells it from all others: every number in it is written once only."""
        return {
            name: value
            for name, value in self.tests.items()
            if isinstance(value, float) and not name.endswith(("_baseline", "temperature", "pressure"))
        }


@dataclass
class Dqa3Database:
    """Writes rows.

    Args:
        version: one of `VERSIONS`.
        execute: runs one statement with values.
    """

    version: str
    execute: Execute
    measurements: list[MadeMeasurement] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _keys: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def atlas(self) -> bool:
        return self.version == "1.5"

    def insert(self, table: str, **values: Any) -> None:
        names = ", ".join(values)
        marks = ", ".join("?" * len(values))
        self.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(values.values()))

    def create(self, types: Mapping[str, str]) -> None:
        """The tables; those that others point to have their key as primary key, as any database has."""
        for table, columns in tables_of(self.version).items():
            listed = [f"{name} {types[kind]}" for name, kind in columns.items()]
            if table not in ("atlas_master", "AtlasMaster", "dqa3_trend", "dqa3_calibration"):
                listed[0] += " NOT NULL PRIMARY KEY"
            self.execute(f"CREATE TABLE {table} ({', '.join(listed)})", ())

    def set_up(self) -> None:
        """The version (an older one before it) and one device."""
        self.set_version("00.90.00.00", datetime.fromisoformat("2009-01-01 00:00"))
        self.set_version(VERSIONS[self.version], datetime.fromisoformat("2012-05-03 11:12:13"))
        if self.atlas:
            self.device = self._key()
            self.insert("Device", DeviceId=self.device, SerialNumber="7654321")
        else:
            self.device = self._key()
            self.insert("device", device_key=self.device, serial="7654321")

    def set_version(self, version: str, moment: datetime) -> None:
        if self.atlas:
            self.insert("AtlasMaster", DatabaseVersion=version, MODIFIED=moment)
        else:
            self.insert("atlas_master", db_version=version, datetime=moment)

    def add_machine(self, name: str, room: str = "") -> MadeMachine:
        key = self._key()
        if self.atlas:
            self.insert("Machine", MachineId=key, MachineName=name, RoomNumber=room or None)
        else:
            room_key = self._key() if room else None
            if room:
                self.insert("room", room_key=room_key, tree_name=room)
            self.insert("dqa3_machine", mach_key=key, tree_name=name, room_key=room_key)
        return MadeMachine(key, name, room)

    def rename_machine(self, machine: MadeMachine, name: str) -> MadeMachine:
        table, column, key = (
            ("Machine", "MachineName", "MachineId")
            if self.atlas
            else ("dqa3_machine", "tree_name", "mach_key")
        )
        self.execute(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", [name, machine.id])
        return MadeMachine(machine.id, name, machine.room)

    def add_beam(
        self,
        machine: MadeMachine,
        name: str,
        type_: str = "Photon",
        energy: int = 6,
        wedge: tuple[str | None, int | None, str | None] = ("None", 0, "None"),
    ) -> MadeBeam:
        key = self._key()
        kind, angle, orient = wedge
        if self.atlas:
            energy_key = self._key()
            stored = "Photon" if type_ == "FFF" else type_
            flag = 1 if type_ == "FFF" else 0
            exact = Decimal(energy)
            self.insert("Energy", EnergyId=energy_key, EnergyValue=exact, BeamType=stored, BeamTypeFlag=flag)
            self.insert(
                "MachineTemplate",
                MachineTemplateId=key,
                MachineId=machine.id,
                EnergyId=energy_key,
                MachineTestName=name,
                WedgeType=kind,
                WedgeAngle=angle,
                WedgeOrient=orient,
            )
        else:
            self.insert(
                "dqa3_template",
                set_key=key,
                mach_key=machine.id,
                tree_name=name,
                beamenergy=energy,
                beamtype=type_,
                wedgetype=kind,
                wedgeangle=angle,
                wedgeorient=orient,
            )
        return MadeBeam(key, machine, name, type_, energy)

    def measure(
        self,
        beam: MadeBeam,
        moment: datetime,
        *,
        comment: str | None = None,
        signature: str | None = "physics",
        data_key: Any = None,
        **nulls: None,
    ) -> MadeMeasurement:
        """Write one measurement.

        Args:
            data_key: another measurement's, as the vendor's race writes it.
            nulls: names of result columns that are NULL.
        """
        key = self._key() if data_key is None else data_key
        temperature, pressure = self._exact(), self._exact()
        if "temperature" in nulls:
            temperature = None
        if data_key is not None:
            shared = next(made for made in self.measurements if made.data_key == data_key)
            temperature, pressure = (Decimal(str(shared.tests[name])) for name in ("temperature", "pressure"))
        tests: dict[str, float | str | None] = {
            "data_key": str(key),
            "signature": signature,
            "device": "7654321",
            "temperature": None if temperature is None else float(temperature),
            "pressure": float(pressure or 0),
        }
        columns: dict[str, Any] = {}
        for name in self._quantities():
            self._quantity(name, columns, tests, null=name in nulls)
        self._energies(beam, columns, tests)
        about = {"temperature": temperature, "pressure": pressure}
        self._write(beam, moment, key, columns, about, (comment, signature), shared=data_key is not None)
        made = MadeMeasurement(beam, moment, key, comment, tests)
        self.measurements.append(made)
        return made

    def delete(self, made: MadeMeasurement) -> None:
        table, column = ("Dqa3Data", "Dqa3DataId") if self.atlas else ("dqa3_trend", "data_key")
        self.execute(f"DELETE FROM {table} WHERE {column} = ?", [made.data_key])
        self.measurements.remove(made)

    def _quantities(self) -> tuple[str, ...]:
        return (*QUANTITIES, *(CONSTANCY if self.version == "01.06" else ()))

    def _quantity(
        self, name: str, columns: dict[str, Any], tests: dict[str, float | str | None], *, null: bool
    ) -> None:
        measured, diff = self._number(), self._number()
        if self.version in ("01.03", "1.5"):
            old = OLD_NAMES.get(name, name)
            prefix = "AB" if self.atlas else "ab_"
            columns |= {f"{prefix}{old}": None if null else measured, old: diff}
            exact, percent = Decimal(str(measured)), Decimal(str(diff))
            baseline = float(100 * exact / (100 + percent) if name == "dose" else exact - percent)
            tests |= {name: measured, f"{name}_baseline": baseline, f"{name}_diff": diff}
            if null:
                tests |= {name: None, f"{name}_baseline": None}
        else:
            baseline = self._number()
            columns |= {f"results_{name}": None if null else measured}
            columns |= {f"rel_baseline_{name}": baseline, f"rel_diff_{name}": diff}
            tests |= {name: None if null else measured, f"{name}_baseline": baseline, f"{name}_diff": diff}

    def _energies(
        self, beam: MadeBeam, columns: dict[str, Any], tests: dict[str, float | str | None]
    ) -> None:
        electron, photon = self._number(), self._number()
        names = {
            "01.03": ("energy", "penergy"),
            "1.5": ("Energy", "PEnergy"),
        }.get(self.version, ("rel_diff_eenergy", "rel_diff_xenergy"))
        columns |= dict(zip(names, (electron, photon), strict=True))
        energy = electron if beam.type.lower() == "electron" else photon
        tests |= {"energy": energy, "energy_baseline": 0.0, "energy_diff": energy}

    def _write(
        self,
        beam: MadeBeam,
        moment: datetime,
        key: Any,
        columns: dict[str, Any],
        about: Mapping[str, Any],
        texts: tuple[str | None, str | None],
        *,
        shared: bool,
    ) -> None:
        comment, signature = texts
        if self.atlas:
            self.insert(
                "Dqa3Data",
                Dqa3DataId=key,
                DeviceId=self.device,
                MachineTemplateId=beam.id,
                created=moment,
                AdditionalNotes=comment,
                CollectedBy=signature,
                **about,
                **columns,
            )
            return
        if not shared:
            self.insert(
                "dqa3_data",
                data_key=key,
                device_key=self.device,
                comments=comment,
                signature=signature,
                **about,
            )
        self.insert("dqa3_trend", set_key=beam.id, data_key=key, measured_datetime=moment, **columns)

    def _number(self) -> float:
        return next(self._numbers) / 100

    def _exact(self) -> Decimal | None:
        return Decimal(next(self._numbers)) / 100

    def _key(self) -> Any:
        number = next(self._keys)
        return str(uuid.UUID(int=number << 64 | 0xABCDEF)).upper() if self.atlas else number


def sqlite_execute(path: Path) -> Execute:
    """Runs a statement on a SQLite file and closes it again, so that others may read it."""

    def execute(statement: str, values: Sequence[Any]) -> None:
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(statement, [_plain(value) for value in values])

    return execute


@contextmanager
def firebird_execute(dsn: Mapping[str, Any]) -> Iterator[Execute]:
    """Runs statements on a Firebird server, each committed; through `fdb`, which takes any number of values."""
    import fdb

    connection = fdb.connect(**dsn)
    try:

        def execute(statement: str, values: Sequence[Any]) -> None:
            cursor = connection.cursor()
            cursor.execute(statement, tuple(values))
            connection.commit()

        yield execute
    finally:
        connection.close()


def made_database(version: str, execute: Execute, types: Mapping[str, str]) -> Dqa3Database:
    """A database with its tables, its version and a device."""
    made = Dqa3Database(version, execute)
    made.create(types)
    made.set_up()
    return made


def sqlite_database(path: Path, version: str = "01.04") -> Dqa3Database:
    """A Daily QA3 database in a SQLite file."""
    return made_database(version, sqlite_execute(path), SQLITE)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return str(value) if isinstance(value, Decimal) else value
