"""What a cycle would do: the same pump, the same way, but nothing is sent and nothing is written down."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.delivery.blanks import without_blanks
from qcpump_qt.engine.errors import (
    Cancelled,
    ItemError,
    MappingError,
    PumpError,
    ServerRefused,
    ServerUnavailable,
)
from qcpump_qt.engine.host import PumpHost
from qcpump_qt.engine.memory import ForgetfulMemory, SourceMemory
from qcpump_qt.engine.records import DeliveryState, Destination, IsThere, Record, Skips, Upload, Waits
from qcpump_qt.engine.report import Tally
from qcpump_qt.engine.settings import Settings

if TYPE_CHECKING:
    from qcpump_qt.engine.ledger.ledger import Ledger

TO_SEND = "would be sent"


class Runnable(Protocol):
    """What a preview needs of a pump."""

    def pump(self) -> object:
        """Do one cycle's work."""


@dataclass(frozen=True)
class PreviewRecord:
    """One record as a cycle would treat it.

    Args:
        key, title: of the record.
        fate: ``would be sent`` or the state that it would get or has.
        reason: why, in words.
        unit, test_list: where it would go.
        payload: what would be sent; None when nothing would.
    """

    key: str
    title: str
    fate: str
    reason: str = ""
    unit: str = ""
    test_list: str = ""
    payload: Mapping[str, Any] | None = None


@dataclass
class Preview:
    """Everything a cycle would do."""

    records: list[PreviewRecord] = field(default_factory=list)
    tally: Tally = field(default_factory=lambda: Tally(lambda _level, _text: None))


class PreviewHost:
    """Stands in for a cycle, or for the part of one that a validation looks at.

    A validation seldom asks the ledger, and its library takes its time and room, so that is loaded when needed.

    Args:
        pump_id, pump_name, folder: of the pump.
        settings: the program's.
        cancel: ends it early.
        ledger: gives the ledger, which is looked into and never written; asked when it is first needed.
        listen: the pump's log, for lines below warnings.
    """

    def __init__(
        self,
        pump_id: str,
        pump_name: str,
        folder: Path,
        settings: Settings,
        cancel: CancelToken,
        ledger: Callable[[], Ledger],
        listen: Callable[[int, str], None],
    ) -> None:
        self.pump_id = pump_id
        self.pump_name = pump_name
        self.folder = folder
        self.settings = settings
        self.cancel = cancel
        self._ledger = ledger
        self._memory: SourceMemory | None = None
        self._preview = Preview(tally=Tally(listen))

    @property
    def memory(self) -> SourceMemory:
        """What the pump remembers of its source, and what this one would add, which is forgotten afterwards."""
        if self._memory is None:
            self._memory = ForgetfulMemory(self._ledger().memory(self.pump_id))
        return self._memory

    def preview(self, make: Callable[[PumpHost], Runnable]) -> Preview:
        """Let the pump go through the motions.

        Raises:
            PumpError: the pump cannot be built, its source cannot be reached, or its type failed.
        """
        try:
            make(self).pump()
        except PumpError:
            raise
        except (Exception, SystemExit) as bug:
            logging.getLogger("qcpump_qt.preview").debug("No preview of %s", self.pump_name, exc_info=True)
            raise PumpError(
                f"The pump type failed ({type(bug).__name__}: {bug}). This is a fault in the program or in a pump "
                "type of your own; the log at level debug shows where.",
                title="No preview",
            ) from bug
        return self._preview

    @property
    def previewing(self) -> bool:
        """Nothing may be changed."""
        return True

    def log(self, level: int, message: str) -> None:
        """Kept with the preview unless it is only for those who look for a fault."""
        self._preview.tally.tell(level, message, keep=level >= logging.INFO, serious=level >= logging.ERROR)

    def progress(self, percent: float, message: str) -> None:
        """A preview has no progress bar."""

    def unreachable(self, message: str) -> None:
        """A part of the source cannot be reached now."""
        self._preview.tally.unreachable = True
        self._preview.tally.tell(logging.WARNING, message)

    def settle_doubts(self, destination: Destination) -> PumpError | None:  # noqa: ARG002 - nothing is asked or changed
        """Doubts are left as they are."""
        return None

    def forget(self, keys: Iterable[str]) -> None:
        """Nothing is struck out."""

    def deliver(
        self,
        records: Iterable[Record],
        destination: Destination,
        *,
        throttle: float = 0.0,  # noqa: ARG002 - nothing is sent
        autoskip: bool = True,  # noqa: ARG002 - as above
        hold: PumpError | None = None,
    ) -> None:
        """Look at each record as a cycle would, and then at those that only the ledger still has."""
        from qcpump_qt.engine.delivery.delivery import is_due  # noqa: PLC0415 - loads the ledger's library
        from qcpump_qt.engine.delivery.leftovers import leftovers, watched  # noqa: PLC0415 - as above

        trouble = hold
        seen: set[str] = set()
        book = self._ledger().deliveries
        for record in chain(watched(records, seen), leftovers(book, self.pump_id, seen)):
            self.cancel.check()
            standing = book.standings(self.pump_id, [record.key]).get(record.key)
            if standing is not None and not is_due(record, standing):
                continue
            shown, trouble = self._look_at(record, destination, trouble)
            self._preview.records.append(shown)
        if trouble is not None:
            self._preview.tally.unreachable |= isinstance(trouble, ServerUnavailable)
            self._preview.tally.trouble |= isinstance(trouble, ServerRefused)
            self._preview.tally.tell(logging.ERROR, str(trouble))

    def _look_at(
        self, record: Record, destination: Destination, trouble: PumpError | None
    ) -> tuple[PreviewRecord, PumpError | None]:
        waiting = _without_sending(record)
        if waiting is not None:
            return waiting, trouble
        try:
            upload = record.prepare()
        except Cancelled:
            raise
        except PumpError as error:
            state = _state_of_unprepared(error)
            return PreviewRecord(record.key, record.title, state.value, error.message), trouble
        except (Exception, SystemExit) as bug:  # noqa: BLE001 - code of a pump type, as in a cycle
            reason = f"The pump type failed on this record ({type(bug).__name__}: {bug})."
            return PreviewRecord(record.key, record.title, DeliveryState.REJECTED.value, reason), trouble
        for note in upload.notes:
            self._preview.tally.tell(logging.WARNING, f"{record.title}: {note}")
        if trouble is not None:
            return _waits(record, upload, trouble), trouble
        return self._place(record, upload, destination)

    def _place(
        self, record: Record, upload: Upload, destination: Destination
    ) -> tuple[PreviewRecord, PumpError | None]:
        try:
            place = destination.place(upload.unit, upload.test_list)
        except (ServerUnavailable, ServerRefused) as error:
            return _waits(record, upload, error), error
        except PumpError as error:
            self._preview.tally.tell(logging.WARNING, f"{record.title}: {error.message}", serious=True)
            return _waits(record, upload, error), None
        payload, _odd = without_blanks({**upload.payload, "unit_test_collection": place.url})
        shown = PreviewRecord(record.key, record.title, TO_SEND, "", place.unit, upload.test_list, payload)
        return shown, None


def _without_sending(record: Record) -> PreviewRecord | None:
    standing = record.standing
    if isinstance(standing, Skips):
        return PreviewRecord(record.key, record.title, DeliveryState.SKIPPED.value, standing.reason)
    if isinstance(standing, Waits):
        return PreviewRecord(record.key, record.title, DeliveryState.WAITING.value, standing.reason)
    if isinstance(standing, IsThere):
        return PreviewRecord(record.key, record.title, DeliveryState.ALREADY_THERE.value, standing.reason)
    return None


def _state_of_unprepared(error: PumpError) -> DeliveryState:
    """As in a cycle: final only where trying again would not help without a change."""
    if isinstance(error, ItemError):
        return DeliveryState.SKIPPED
    if error.transient or isinstance(error, (MappingError, ServerRefused)):
        return DeliveryState.WAITING
    return DeliveryState.REJECTED


def _waits(record: Record, upload: Upload, error: PumpError) -> PreviewRecord:
    return PreviewRecord(
        record.key,
        record.title,
        DeliveryState.WAITING.value,
        error.message,
        str(upload.unit),
        upload.test_list,
        upload.payload,
    )
