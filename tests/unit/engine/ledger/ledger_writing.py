"""Writes rows of the ledger as tests need them, with any time and content."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from qcpump_qt.engine.ledger import schema
from qcpump_qt.engine.ledger.ledger import Ledger

NOON = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)


def add_record(ledger: Ledger, key: str, pump: str = "p", **columns: Any) -> None:
    """One record; a `datetime` or a mapping is written as the ledger writes it."""
    row = {
        "pump": pump,
        "key": key,
        "title": f"Session {key}",
        "state": "delivered",
        "waiting_for": "time",
        "reason": "",
        "unit": "Site: TB1",
        "test_list": "Daily",
        "fingerprint": "",
        "source": "[]",
        "url": "",
        "attempts": 1,
        "first_seen": NOON,
        "updated": NOON,
        **columns,
    }
    with ledger._database.writing() as connection:
        connection.execute(schema.records.insert(), [{name: _written(value) for name, value in row.items()}])


def add_cycle(ledger: Ledger, number: int, outcome: str, pump: str = "p", **columns: Any) -> None:
    """One cycle."""
    row = {"trigger": "interval", "started": NOON, "ended": NOON, "reason": "", **columns}
    with ledger._database.writing() as connection:
        connection.execute(
            schema.cycles.insert(),
            [
                {
                    "pump": pump,
                    "number": number,
                    "outcome": outcome,
                    **{name: _written(value) for name, value in row.items()},
                }
            ],
        )


def _written(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).isoformat()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, Mapping) else value
