"""Notes which statements a pump runs, so that tests can tell what was read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

from qcpump_qt.pumps.dqa3.pump import DQA3Pump
from qcpump_qt.sources.databases.connection import OpenDatabase
from qcpump_qt.sources.dqa3.reader import Reader


class _Noting:
    """An open database that notes its statements and how many rows each gave."""

    def __init__(self, database: OpenDatabase, notes: list[tuple[str, int]]) -> None:
        self._database = database
        self._notes = notes

    def rows(self, statement: str, values: Sequence[Any] = ()) -> Iterator[dict[str, Any]]:
        found = list(self._database.rows(statement, values))
        self._notes.append((statement, len(found)))
        return iter(found)

    def writable(self, tables: Sequence[str]) -> list[str]:
        return self._database.writable(tables)

    def close(self) -> None:
        self._database.close()


class Observed(DQA3Pump):
    """Goes before a pump type in the list of bases."""

    INTERNAL: ClassVar[bool] = True
    statements: ClassVar[list[tuple[str, int]]] = []
    """What the last cycle asked, with the number of rows."""

    @contextmanager
    def open_reader(
        self, values: Mapping[str, Any], tell: Callable[[str], None] = lambda _text: None
    ) -> Iterator[Reader]:
        with super().open_reader(values, tell) as reader:
            reader._database = _Noting(reader._database, self.statements)
            yield reader


def full_rows() -> int:
    """How many whole measurements the last cycle read."""
    return sum(number for statement, number in Observed.statements if "pressure" in statement)
