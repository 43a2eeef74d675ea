"""A row of the ledger's main book as plain data."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import RowMapping

from qcpump_qt.engine.records import DeliveryState, Sighting, WaitingFor


def sighting_of(row: RowMapping) -> Sighting:
    """Everything that is kept of one record."""
    return Sighting(
        number=row["id"],
        pump=row["pump"],
        key=row["key"],
        title=row["title"],
        state=DeliveryState(row["state"]),
        reason=row["reason"],
        waiting_for=WaitingFor(row["waiting_for"]),
        unit=row["unit"],
        test_list=row["test_list"],
        first_seen=datetime.fromisoformat(row["first_seen"]),
        updated=datetime.fromisoformat(row["updated"]),
        attempts=row["attempts"],
        payload=json.loads(row["payload"]) if row["payload"] else None,
        answer=json.loads(row["answer"]) if row["answer"] else None,
        url=row["url"],
        source=tuple(json.loads(row["source"])),
    )
