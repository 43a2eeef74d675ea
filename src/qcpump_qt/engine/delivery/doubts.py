"""Clears up what a cycle that died has left behind: was it stored or not?"""

from __future__ import annotations

import logging

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import PumpError, ServerRefused, ServerUnavailable
from qcpump_qt.engine.ledger.deliveries import Deliveries, Entry
from qcpump_qt.engine.records import DeliveryState, Destination, Stored
from qcpump_qt.engine.report import Tally


def settle_doubts(
    book: Deliveries,
    pump: str,
    destination: Destination,
    tally: Tally,
    cancel: CancelToken,
    cleared: set[str],
) -> PumpError | None:
    """Ask the server, by key, about each record that stands as *sending*.

    Found ones become *delivered* and are added to `cleared`, others *waiting*. No request is sent when there is
    no doubt.

    Returns:
        the trouble that kept some in doubt, or None when all is clear.

    Raises:
        Cancelled: the cycle was stopped.
    """
    for key in book.in_doubt(pump):
        try:
            destination.pace.wait_turn(cancel, 0.0)
            stored = destination.find(key)
        except (ServerUnavailable, ServerRefused) as trouble:
            tally.tell(logging.ERROR, str(trouble))
            tally.unreachable |= isinstance(trouble, ServerUnavailable)
            tally.trouble |= isinstance(trouble, ServerRefused)
            return trouble
        book.write(pump, [_entry(key, stored)])
        if stored is not None:
            cleared.add(key)
            tally.note(key, DeliveryState.DELIVERED)
            tally.tell(logging.INFO, f"{key}: had arrived before the last cycle was cut off")
    return None


def _entry(key: str, stored: Stored | None) -> Entry:
    if stored is None:
        return Entry(
            key=key,
            state=DeliveryState.WAITING,
            reason="The last attempt was cut off; the server does not have it, so it will be sent again.",
        )
    return Entry(key=key, state=DeliveryState.DELIVERED, url=stored.site_url or stored.url)
