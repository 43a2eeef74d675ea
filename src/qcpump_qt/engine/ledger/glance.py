"""A glance at the ledger's file: how the pumps stand, without loading the ledger's library.

A window that was opened shows this at once, and many a window is only looked at. Whatever is not as expected (another
version, a damaged or busy file) is left to the ledger itself, which knows what to do and what to say.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from qcpump_qt.engine.ledger.shown import VERSION, PumpSummary
from qcpump_qt.engine.ledger.summary import summaries

PATIENCE = 2.0
"""Seconds to wait for somebody who writes."""


def glance(file: Path) -> dict[str, PumpSummary] | None:
    """How each pump stands, by its id; None when the ledger has to be opened to tell.

    Args:
        file: the ledger's; where there is none, no pump has run yet.
    """
    if not file.is_file():
        return {}
    try:
        with closing(_reader(file)) as connection:
            return summaries(connection.execute) if _is_of_this_version(connection) else None
    except (sqlite3.Error, ValueError):
        return None


def _reader(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=PATIENCE, isolation_level=None
    )


def _is_of_this_version(connection: sqlite3.Connection) -> bool:
    rows = connection.execute("SELECT value FROM about WHERE name = 'version'").fetchall()
    return rows == [(str(VERSION),)]
