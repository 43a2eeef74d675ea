"""Which pumps a command is about."""

from __future__ import annotations

from collections.abc import Iterable

from qcpump_qt.app import Program
from qcpump_qt.engine.errors import ConfigurationError
from qcpump_qt.engine.store import StoredPump

NO_PUMPS = "No pump is configured in this home. Bring a QCPump folder over with `qcpump-qt import PATH`."


def found_by_name(program: Program, names: Iterable[str]) -> tuple[list[StoredPump], list[str]]:
    """The pumps of these names or ids, each once, and what is the matter with names that fit none."""
    found: dict[str, StoredPump] = {}
    troubles: list[str] = []
    for name in names:
        try:
            pump = program.store.find(name)
        except ConfigurationError as error:
            troubles.append(str(error))
        else:
            found[pump.id] = pump
    return list(found.values()), troubles
