"""The pumps of one pump type, as the tree keeps them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from qcpump_qt.models.rows import PumpRow


@dataclass
class PumpGroup:
    """One group of the tree.

    Args:
        serial: a number of its own, by which an index finds it wherever it stands.
        key: the class name of its pump type.
        name: what people call the pump type.
        rows: its pumps, in the order that was dragged.
    """

    serial: int
    key: str
    name: str
    rows: list[PumpRow] = field(default_factory=list)

    def place_of(self, pump_id: str) -> int | None:
        """Where the pump stands in the group; None where it does not."""
        return next((place for place, row in enumerate(self.rows) if row.id == pump_id), None)


def grouped(rows: Iterable[PumpRow]) -> dict[str, list[PumpRow]]:
    """The pumps by type key; groups stand in the order of their first pumps, and each id once."""
    groups: dict[str, list[PumpRow]] = {}
    for row in {row.id: row for row in rows}.values():
        groups.setdefault(row.type_key, []).append(row)
    return groups
