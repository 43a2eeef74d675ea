"""The demonstration's own Daily QA3 pump type: what the built-in one does, over a file instead of a server."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from qcpump_qt.pumps.dqa3.config import NAME_SECTION, UNIT_SECTION, firebird_reader
from qcpump_qt.pumps.dqa3.types import SeveralBeamsDQA3
from qcpump_qt.pumps.qatrack_api import QATRACK_API_CONFIG
from qcpump_qt.sources.databases.connection import Kind
from qcpump_qt.sources.dqa3.dialects import FIREBIRD, Dialect

_OF_A_SERVER = frozenset({"host", "user", "password", "port", "charset", "driver"})


def _reader() -> dict[str, Any]:
    """The section *DQA3Reader* without what only a database server has."""
    section = firebird_reader(grouped=True)
    fields = [field for field in section["fields"] if field["name"] not in _OF_A_SERVER]
    words = "The made-up database: a SQLite file with the tables of Daily QA3 1.4. It is gone when you quit."
    fields[0] = {**fields[0], "help": words}
    return {**section, "fields": fields}


class DemonstrationDQA3(SeveralBeamsDQA3):
    """Several beams per test list, from a SQLite file; only the demonstration offers it."""

    DISPLAY_NAME = "DQA3: Demonstration: Multiple Beams Per Test List"
    DESCRIPTION = (
        "Sends all beams of a morning with Daily QA3 to one test list in QATrack+, as the pump types for real "
        "databases do; reads a made-up database."
    )
    KIND: ClassVar[Kind] = "sqlite"
    DIALECT: ClassVar[Dialect] = replace(FIREBIRD, name="Daily QA3 (demonstration)")
    CONFIG: ClassVar[list[dict[str, Any]]] = [_reader(), QATRACK_API_CONFIG, NAME_SECTION, UNIT_SECTION]
