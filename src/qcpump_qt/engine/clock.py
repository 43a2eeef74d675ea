"""The time, always aware of its zone."""

from __future__ import annotations

from datetime import datetime, timezone


def now() -> datetime:
    """The present moment in UTC, as the ledger keeps it."""
    return datetime.now(timezone.utc)


def local_now() -> datetime:
    """The present moment by the wall clock of this machine, aware of its zone."""
    return now().astimezone()
