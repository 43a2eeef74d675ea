"""The machines of a Daily QA3 database, as people choose them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


@dataclass(frozen=True)
class Machine:
    """One machine.

    Attributes:
        id: what tells it from all others for ever, as text.
        name: its own name.
        room: the room's name, "" without one.
        key: the id as the database has it, for queries.
    """

    id: str
    name: str
    room: str
    key: Any = field(compare=False, default=None)

    @property
    def label(self) -> str:
        """``room/machine``, or ``machine`` without a room (compatibility reference, section 3)."""
        return f"{self.room}/{self.name}" if self.room else self.name


def machine_from(row: Mapping[str, Any]) -> Machine:
    """The machine of a row."""
    key = row["machine_id"]
    return Machine(id_text(key), text_of(row["machine_name"]), text_of(row["room_name"]), key)


def id_text(value: Any) -> str:
    """A key as text, as QCPump 0.3 wrote it: SQL Server's drivers give GUIDs in capital letters."""
    return str(value).upper() if isinstance(value, UUID) else text_of(value)


def text_of(value: Any) -> str:
    """A column as text without spaces around it; "" for NULL."""
    return "" if value is None else str(value).strip()
