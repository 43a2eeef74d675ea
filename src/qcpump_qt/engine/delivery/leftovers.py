"""Records that wait from an earlier cycle and are no longer at the source: their content was kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator

from qcpump_qt.engine.delivery.intake import known_as
from qcpump_qt.engine.ledger.deliveries import Deliveries
from qcpump_qt.engine.records import Record, Upload


def leftovers(book: Deliveries, pump: str, seen: Collection[str]) -> Iterator[Record]:
    """What an outage delayed beyond the source's own history.

    Args:
        book: the ledger's main book.
        pump: the pump's id.
        seen: keys of the records that the source still gives.
    """
    for draft in book.drafted(pump):
        if draft.key not in seen:
            yield Record(
                key=draft.key,
                title=draft.title,
                prepare=_given(draft.upload),
                source=draft.source,
                fingerprint=draft.fingerprint,
            )


def watched(records: Iterable[Record], seen: set[str]) -> Iterator[Record]:
    """The records as they are, with their keys noted in `seen`."""
    for record in records:
        seen.add(known_as(record.key))
        yield record


def _given(upload: Upload) -> Callable[[], Upload]:
    return lambda: upload
