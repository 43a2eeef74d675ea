"""Takes in what a pump found: a group at a time, each key once, and what came before a source broke."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import replace

from qcpump_qt.engine.ledger.schema import whole
from qcpump_qt.engine.records import Record
from qcpump_qt.engine.report import Tally

GROUP = 500
"""Records met in the ledger at a time."""


class Intake:
    """Reads the records of one cycle.

    Args:
        tally: told of two records that have one key.
    """

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._seen: set[str] = set()
        self._doubles: dict[str, str] = {}
        self.trouble: Exception | SystemExit | None = None
        """What the source broke with; the records before it were given out."""

    def groups(self, records: Iterable[Record]) -> Iterator[list[Record]]:
        """The records in groups; a source that fails ends them, and `trouble` says why."""
        source = iter(records)
        more = True
        while more:
            group: list[Record] = []
            try:
                more = self._fill(group, source)
            except (Exception, SystemExit) as trouble:  # noqa: BLE001 - raised by the delivery once these records are cared for
                self.trouble, more = trouble, False
            if group:
                yield group

    def tell_doubles(self) -> None:
        """Name records that were left out because another one has their key, where that one was new or open."""
        for key, title in self._doubles.items():
            if key in self._tally.states:
                self._tally.tell(
                    logging.WARNING,
                    f"{title}: another record of this cycle has the same key “{key}”, and only the first was "
                    "used. If they are two results, the pump type has to give them different keys.",
                    serious=True,
                )

    def _fill(self, group: list[Record], source: Iterator[Record]) -> bool:
        """Add records up to a whole group; False when the source has no more."""
        for record in source:
            key = known_as(record.key)
            if key in self._seen:
                self._doubles[key] = record.title
                continue
            self._seen.add(key)
            group.append(record if key == record.key else replace(record, key=key))
            if len(group) == GROUP:
                return True
        return False


def known_as(key: str) -> str:
    """A key as the ledger and the server keep it: the server trims it, no database takes half a character."""
    return whole(key).strip()
