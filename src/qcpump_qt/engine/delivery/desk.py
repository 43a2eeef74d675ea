"""Where states are written down: gathers entries for one commit, and tells people what they should know."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence

from qcpump_qt.engine.ledger.deliveries import Deliveries, Entry, Standing
from qcpump_qt.engine.records import DeliveryState, Record, Upload, WaitingFor
from qcpump_qt.engine.report import Tally


class Desk:
    """Writes the states of one pump's records.

    Args:
        book: the ledger's main book.
        pump: the pump's id.
        tally: counts and messages of this cycle.
    """

    def __init__(self, book: Deliveries, pump: str, tally: Tally) -> None:
        self._book = book
        self._pump = pump
        self._tally = tally
        self._gathered: list[Entry] = []

    def meet(self, group: Sequence[Record]) -> dict[str, Standing]:
        """Enter new records as waiting; tell how each stands."""
        return self._book.meet(self._pump, group)

    def skip(self, record: Record, reason: str) -> None:
        """Never to be sent, for this reason."""
        self._tally.tell(logging.WARNING, f"{record.title}: skipped. {reason}")
        self._enter_final(record, DeliveryState.SKIPPED, reason)

    def is_there(self, record: Record, reason: str) -> None:
        """The server has it under another key."""
        self._tally.tell(logging.INFO, f"{record.title}: already there. {reason}")
        self._enter_final(record, DeliveryState.ALREADY_THERE, reason)

    def reject(self, record: Record, reason: str) -> None:
        """Not accepted, for this reason; somebody has to look at it."""
        self._tally.tell(logging.ERROR, f"{record.title}: {reason}")
        self._enter_final(record, DeliveryState.REJECTED, reason)

    def wait(
        self,
        record: Record,
        reason: str,
        waiting_for: WaitingFor,
        before: DeliveryState,
        upload: Upload | None = None,
    ) -> None:
        """Waiting, unless an earlier attempt may have stored it: that must not be forgotten."""
        state = before if before is DeliveryState.SENDING else DeliveryState.WAITING
        self.enter(
            Entry(
                key=record.key,
                state=state,
                reason=reason,
                waiting_for=waiting_for,
                upload=upload,
                fingerprint=None if upload is None else record.fingerprint,
            )
        )

    def enter(self, entry: Entry) -> None:
        """Gather an entry for the next commit."""
        self._tally.note(entry.key, entry.state)
        self._gathered.append(entry)

    def commit(self, refresh: Iterable[Record] = ()) -> None:
        """Write all that was gathered in one transaction; it is on the disk when this returns."""
        refresh = list(refresh)
        if self._gathered or refresh:
            self._book.write(self._pump, self._gathered, refresh=refresh)
            self._gathered = []

    def _enter_final(self, record: Record, state: DeliveryState, reason: str) -> None:
        self.enter(Entry(key=record.key, state=state, reason=reason, fingerprint=record.fingerprint))
