"""Makes records ready to be sent, and finds the right state for those that cannot be."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import replace

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.delivery.attempt import Job
from qcpump_qt.engine.delivery.blanks import without_blanks
from qcpump_qt.engine.delivery.desk import Desk
from qcpump_qt.engine.delivery.halt import Halt
from qcpump_qt.engine.delivery.keepable import unkeepable
from qcpump_qt.engine.errors import (
    Cancelled,
    ItemError,
    LedgerError,
    MappingError,
    PumpError,
    ServerRefused,
    ServerUnavailable,
)
from qcpump_qt.engine.ledger.deliveries import Standing
from qcpump_qt.engine.records import DeliveryState, Destination, Place, Record, Upload, WaitingFor
from qcpump_qt.engine.report import Tally


class RecordUnusable(PumpError):  # noqa: N818 - reads as what the record is
    """What the pump type made of a record cannot be sent."""

    title = "Record cannot be sent"


class Preparing:
    """Makes jobs out of records.

    Args:
        destination: asked where on the server a record belongs.
        desk: states of records that cannot be sent are written here.
        halt: once it has stopped, records only get their reason to wait.
        tally: messages.
        cancel: once set, records only get their reason to wait.
        autoskip: whether tests that the server misses may be marked as skipped.
    """

    def __init__(
        self,
        destination: Destination,
        desk: Desk,
        halt: Halt,
        tally: Tally,
        cancel: CancelToken,
        *,
        autoskip: bool,
    ) -> None:
        self._destination = destination
        self._desk = desk
        self._halt = halt
        self._tally = tally
        self._cancel = cancel
        self._autoskip = autoskip

    def jobs(self, ready: Iterable[tuple[Record, Standing]]) -> Iterator[Job]:
        """The jobs one by one, each made when it is asked for."""
        for record, standing in ready:
            job = self._job(record, standing)
            if job is not None:
                yield job

    def hold_back(self, record: Record, before: DeliveryState, upload: Upload | None = None) -> None:
        """The record's turn does not come in this cycle; what is to be sent is kept where it is known."""
        reason, waiting_for = self._halt.reason()
        self._desk.wait(record, reason, waiting_for, before, upload)

    def _job(self, record: Record, standing: Standing) -> Job | None:
        before = standing.state
        stopping = self._halt.trouble is not None or self._cancel.cancelled
        if self._cancel.cancelled or (
            stopping and standing.drafted and standing.fingerprint == record.fingerprint
        ):
            self.hold_back(record, before)
            return None
        upload = self._upload(record, before)
        if upload is None:
            return None
        if stopping:
            self.hold_back(record, before, upload)
            return None
        place = self._place(record, before, upload)
        if place is None:
            return None
        in_doubt = before is DeliveryState.SENDING
        return Job(record, upload, place, in_doubt, standing.attempts, self._autoskip)

    def _upload(self, record: Record, before: DeliveryState) -> Upload | None:
        try:
            return self._checked(record, record.prepare())
        except LedgerError:
            raise
        except PumpError as trouble:
            self._not_prepared(record, before, trouble)
        except (Exception, SystemExit) as bug:  # noqa: BLE001 - code of a pump type, perhaps not ours: the next record must go on
            self._desk.reject(record, f"The pump type failed on this record ({type(bug).__name__}: {bug}).")
        return None

    def _not_prepared(self, record: Record, before: DeliveryState, trouble: PumpError) -> None:
        """Final only where trying again would not help without a change."""
        if isinstance(trouble, Cancelled):
            self.hold_back(record, before)
        elif isinstance(trouble, (ServerUnavailable, ServerRefused)):
            self._halt.stop(trouble)
            self.hold_back(record, before)
        elif isinstance(trouble, ItemError):
            self._desk.skip(record, trouble.message)
        elif isinstance(trouble, MappingError):
            self._no_match(record, before, trouble)
        elif trouble.transient:
            self._tally.unreachable = True
            self._tally.tell(logging.WARNING, f"{record.title}: {trouble.message}")
            self._desk.wait(record, trouble.message, WaitingFor.SOURCE, before)
        else:
            self._desk.reject(record, str(trouble))

    def _checked(self, record: Record, upload: Upload) -> Upload:
        """The upload as it can be kept and sent, under the record's own key.

        Raises:
            RecordUnusable: a value is no plain data.
        """
        payload, odd = without_blanks({**upload.payload, "user_key": record.key})
        if fault := unkeepable(payload):
            raise RecordUnusable(fault)
        not_numbers = (f"the value of {slug} is not a number; it is sent as skipped." for slug in odd)
        for note in (*upload.notes, *not_numbers):
            self._tally.tell(logging.WARNING, f"{record.title}: {note}")
        return replace(upload, payload=payload)

    def _place(self, record: Record, before: DeliveryState, upload: Upload) -> Place | None:
        try:
            return self._destination.place(upload.unit, upload.test_list)
        except MappingError as trouble:
            self._no_match(record, before, trouble, upload)
        except Cancelled:
            self.hold_back(record, before, upload)
        except PumpError as trouble:
            self._halt.stop(trouble)
            self.hold_back(record, before, upload)
        return None

    def _no_match(
        self, record: Record, before: DeliveryState, trouble: MappingError, upload: Upload | None = None
    ) -> None:
        self._tally.tell(logging.WARNING, f"{record.title}: {trouble.message}", serious=True)
        self._desk.wait(record, trouble.message, WaitingFor.MAPPING, before, upload)
