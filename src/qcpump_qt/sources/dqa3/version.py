"""Which version a database has, and whether it is one that this program can read."""

from __future__ import annotations

import re

from qcpump_qt.engine.errors import ConfigurationError
from qcpump_qt.sources.dqa3.dialects import DIALECTS, Dialect, Edition

_TWO_PARTS = re.compile(r"\s*(\d+)\.(\d+)")


def edition_of(dialect: Dialect, version: str) -> Edition:
    """The edition with this version; its first two parts count (``01.04`` of ``01.04.00.00``).

    Raises:
        ConfigurationError: an unknown version; names it and those that are supported.
    """
    wanted = _parts(version)
    for edition in dialect.editions:
        if wanted is not None and _parts(edition.version) == wanted:
            return edition
    supported = " and ".join(edition.version for edition in dialect.editions)
    raise ConfigurationError(
        f"The database has the version '{version}'. Of {dialect.name} this pump type reads version {supported}, "
        f"and nothing else. {_advice(dialect, wanted)}",
        title="Unknown version of the database",
    )


def _parts(version: str) -> tuple[int, int] | None:
    found = _TWO_PARTS.match(version)
    return (int(found[1]), int(found[2])) if found else None


def _advice(dialect: Dialect, wanted: tuple[int, int] | None) -> str:
    for other in DIALECTS.values():
        if other is not dialect and any(_parts(edition.version) == wanted for edition in other.editions):
            return f"Choose a pump type for {other.name}."
    return "Nothing was read from it. See whether there is a newer QCPump-Qt."
