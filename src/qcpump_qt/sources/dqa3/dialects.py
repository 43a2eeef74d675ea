"""The databases that Daily QA3 results lie in: one dialect for each kind, one edition for each version.

All SQL stands in files of its own beside this one; what differs between databases differs there only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Edition:
    """One version of a database.

    Attributes:
        version: its first two parts, as the vendor writes them.
        rows: name of the SQL file that reads whole measurements.
    """

    version: str
    rows: str

    @property
    def rows_statement(self) -> str:
        """Reads the measurements of a span of time."""
        return statement(self.rows)


@dataclass(frozen=True)
class Dialect:
    """One kind of Daily QA3 database (reference dqa3-databases).

    Attributes:
        name: how people call it.
        editions: the versions that are known.
        tables: what an account has to be able to read.
        key_column: the column of a measurement's key in those statements.
        suffix: of the names of its SQL files.
    """

    name: str
    editions: tuple[Edition, ...]
    tables: tuple[str, ...]
    key_column: str = "tr.data_key"
    suffix: str = ""

    @property
    def version_statement(self) -> str:
        """Reads the database's versions, the newest first."""
        return statement(f"version{self.suffix}")

    @property
    def machines_statement(self) -> str:
        """Reads all machines."""
        return statement(f"machines{self.suffix}")

    @property
    def sights_statement(self) -> str:
        """Lists measurements since a moment; ``{machines}`` becomes the placeholders of machine ids."""
        return statement(f"sights{self.suffix}")


_DQA3_TABLES = (
    *("atlas_master", "dqa3_machine", "room", "dqa3_trend"),
    *("dqa3_template", "dqa3_data", "device"),
)

FIREBIRD = Dialect(
    "Daily QA3 (Firebird)",
    (Edition("01.03", "rows_0103"), Edition("01.04", "rows_0104")),
    _DQA3_TABLES,
)
SQL_SERVER = Dialect("Daily QA3 (SQL Server)", (Edition("01.06", "rows_0106"),), _DQA3_TABLES)
ATLAS = Dialect(
    "Atlas",
    (Edition("1.5", "rows_0105_atlas"),),
    ("AtlasMaster", "Machine", "Dqa3Data", "MachineTemplate", "Energy", "Device"),
    "data.Dqa3DataId",
    "_atlas",
)
DIALECTS: Mapping[str, Dialect] = {dialect.name: dialect for dialect in (FIREBIRD, SQL_SERVER, ATLAS)}


@cache
def statement(name: str) -> str:
    """The SQL of the file `name`."""
    return (files(__package__) / "sql" / f"{name}.sql").read_text(encoding="utf-8")


def with_placeholders(text: str, **numbers: int) -> str:
    """The SQL with so many ``?`` in place of each name in braces; values never become a part of it."""
    for name, number in numbers.items():
        text = text.replace(f"{{{name}}}", ", ".join("?" * number))
    return text
