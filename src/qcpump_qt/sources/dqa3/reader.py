"""Reads one Daily QA3 database: its version, its machines, what was measured, and the numbers of what is wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from qcpump_qt.engine.errors import ConfigurationError, ItemError, SourceUnavailable
from qcpump_qt.sources.databases.connection import OpenDatabase
from qcpump_qt.sources.dqa3.dialects import Dialect, Edition, with_placeholders
from qcpump_qt.sources.dqa3.machines import Machine, machine_from, text_of
from qcpump_qt.sources.dqa3.measurements import Measurement, Sight, measurement_from, sight_from
from qcpump_qt.sources.dqa3.version import edition_of

Made = TypeVar("Made")
FEW = 400
"""So many measurements are asked for by their keys; for more the whole span of time is read, which is quicker."""
MACHINES = 100
"""Machines in one query; a server describes each placeholder."""
SLACK = timedelta(seconds=2)
"""Databases keep times in steps of their own; a span of time is widened by this, and the rows tell exactly."""


class Reader:
    """One look into a database; nothing is ever written.

    Args:
        database: open for this cycle.
        dialect: which kind of database it is.
        tell: told in words about a row that cannot be used.
    """

    def __init__(
        self, database: OpenDatabase, dialect: Dialect, tell: Callable[[str], None] = lambda _text: None
    ) -> None:
        self._database = database
        self._dialect = dialect
        self._tell = tell
        self.version = ""
        """As the database has it, once `check_version` has looked."""
        self._edition: Edition | None = None

    def check_version(self) -> Edition:
        """The edition of the database, looked up once.

        Raises:
            ConfigurationError: its version is unknown, or it names none.
            PumpError: it cannot be read.
        """
        if self._edition is None:
            rows = self._database.rows(self._dialect.version_statement)
            self.version = next((text for row in rows if (text := text_of(row["version"]))), "")
            if not self.version:
                raise ConfigurationError(
                    f"The table {self._dialect.tables[0]} names no version, so this is no database of "
                    f"{self._dialect.name}, or an unfinished one. Look at the name of the database.",
                    title="Unknown version of the database",
                )
            self._edition = edition_of(self._dialect, self.version)
        return self._edition

    def check_tables(self) -> None:
        """Read from each table that is needed.

        Raises:
            ConfigurationError: a table or the right to read it is missing; names it.
        """
        for table in self._dialect.tables:
            for _ in self._database.rows(f"SELECT 1 AS found FROM {table} WHERE 1 = 0"):  # noqa: S608 - names of our own
                pass

    def writable_tables(self) -> list[str]:
        """Those of the tables that the account could change; [] where that cannot be told."""
        try:
            return self._database.writable(self._dialect.tables)
        except (ConfigurationError, SourceUnavailable):
            return []

    def machines(self) -> list[Machine]:
        """All machines, by label."""
        found = (machine_from(row) for row in self._database.rows(self._dialect.machines_statement))
        return sorted(found, key=lambda machine: (machine.label, machine.id))

    def sights(self, machines: Sequence[Machine], since: datetime) -> list[Sight]:
        """What was measured on these machines since a moment, by time: only what tells it apart."""
        found: set[Sight] = set()
        for part in _parts(machines, MACHINES):
            text = with_placeholders(self._dialect.sights_statement, machines=len(part))
            rows = self._database.rows(text, [since - SLACK, *(machine.key for machine in part)])
            found.update(sight for sight in self._made(sight_from, rows) if sight.time >= since)
        return sorted(found, key=_by_time)

    def measurements(self, sights: Iterable[Sight]) -> dict[Sight, Measurement]:
        """The whole measurements; one that is not there any more is left out.

        Raises:
            ConfigurationError: the database's version is unknown.
            PumpError: it cannot be read.
        """
        wanted = sorted(sights, key=_by_time)
        if not wanted:
            return {}
        text = self.check_version().rows_statement
        asked, found = set(wanted), {}
        values: list[Any] = [wanted[0].time - SLACK, wanted[-1].time + SLACK]
        # Nothing is equal to NULL: a measurement without a key is found by its time alone.
        if len(wanted) <= FEW and all(sight.key is not None for sight in wanted):
            keys = list(dict.fromkeys(sight.key for sight in wanted))
            text += with_placeholders(f"AND {self._dialect.key_column} IN ({{keys}})", keys=len(keys))
            values += keys
        for measurement in self._made(measurement_from, self._database.rows(text, values)):
            if measurement.sight in asked:
                found[measurement.sight] = measurement
        return found

    def _made(
        self, make: Callable[[Mapping[str, Any]], Made], rows: Iterable[Mapping[str, Any]]
    ) -> Iterator[Made]:
        for row in rows:
            try:
                yield make(row)
            except ItemError as error:
                self._tell(f"A measurement is left out. {error.message}")


def _by_time(sight: Sight) -> tuple[datetime, str, str]:
    return sight.time, sight.data_key, sight.beam_name


def _parts(values: Sequence[Made], size: int) -> Iterator[Sequence[Made]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]
