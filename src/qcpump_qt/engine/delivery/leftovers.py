"""Records that wait from an earlier cycle and are no longer at the source: their content was kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from qcpump_qt.engine.ledger.deliveries import Deliveries
from qcpump_qt.engine.records import Record, Upload


def leftovers(book: Deliveries, pump: str, seen: Collection[str]) -> Iterator[Record]:
    """What an outage delayed beyond the source's own history.

    Args:
        book: the ledger's main book.
        pump: the pump's id.
        seen: keys of the records that the source still gives.
    """
    for sighting, upload in book.drafted(pump):
        if sighting.key not in seen:
            fingerprint = book.standings(pump, [sighting.key])[sighting.key].fingerprint
            yield Record(
                key=sighting.key,
                title=sighting.title,
                prepare=_given(upload),
                source=sighting.source,
                fingerprint=fingerprint,
            )


def _given(upload: Upload) -> Callable[[], Upload]:
    return lambda: upload
