"""The ledger as one thing: its books over one database."""

from __future__ import annotations

from pathlib import Path

from qcpump_qt.engine.ledger.browse import Browse
from qcpump_qt.engine.ledger.cycles import Cycles
from qcpump_qt.engine.ledger.database import Database
from qcpump_qt.engine.ledger.deliveries import Deliveries
from qcpump_qt.engine.ledger.memory import LedgerMemory


class Ledger:
    """All books of one home.

    Args:
        database: where they are kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.deliveries = Deliveries(database)
        self.cycles = Cycles(database)
        self.browse = Browse(database)

    @classmethod
    def at(cls, file: Path) -> Ledger:
        """The ledger in a file; made when absent."""
        return cls(Database.at(file))

    def memory(self, pump: str) -> LedgerMemory:
        """What the pump with this id remembers of its source."""
        return LedgerMemory(self._database, pump)

    def close(self) -> None:
        """Close all connections."""
        self._database.close()
