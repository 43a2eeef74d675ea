"""One run of one pump: locked, numbered, watched over, and told about afterwards.

Takes plain input and gives a plain report; who runs it (a thread, the command line, the window's pool)
does not matter.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Protocol

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.delivery.delivery import Delivery
from qcpump_qt.engine.delivery.doubts import settle_doubts
from qcpump_qt.engine.delivery.leftovers import leftovers, watched
from qcpump_qt.engine.errors import (
    BusyError,
    Cancelled,
    ConfigurationError,
    PumpError,
    ServerUnavailable,
    SourceUnavailable,
)
from qcpump_qt.engine.host import PumpHost
from qcpump_qt.engine.ledger.ledger import Ledger
from qcpump_qt.engine.lock import PumpLock
from qcpump_qt.engine.memory import SourceMemory
from qcpump_qt.engine.records import DeliveryState, Destination, Record
from qcpump_qt.engine.report import CycleOutcome, CycleReport, Tally
from qcpump_qt.engine.settings import Settings


class Runnable(Protocol):
    """What a cycle needs of a pump."""

    def pump(self) -> object:
        """Do one cycle's work."""


@dataclass(frozen=True)
class CycleOrder:
    """Which pump is to be run, and how.

    Args:
        pump_id, name, type: of the pump.
        folder: the pump's own folder.
        settings: the program's.
        trigger: why it runs: ``interval``, ``start``, ``manual`` or ``command line``.
        make: builds the pump around a host; may raise any `PumpError`.
        log: writes one line to the pump's log.
        progress: told how far the cycle is.
    """

    pump_id: str
    name: str
    type: str
    folder: Path
    trigger: str
    settings: Settings
    make: Callable[[PumpHost], Runnable]
    log: Callable[[int, str], None]
    progress: Callable[[float, str], None] = lambda _percent, _message: None


class CycleHost:
    """The door through which a pump in a real cycle reaches ledger, log and server."""

    def __init__(self, order: CycleOrder, ledger: Ledger, tally: Tally, cancel: CancelToken) -> None:
        self._order = order
        self._ledger = ledger
        self._tally = tally
        self._cancel = cancel
        self._memory = ledger.memory(order.pump_id)
        self._cleared: set[str] = set()

    @property
    def pump_id(self) -> str:
        """The pump's stable id."""
        return self._order.pump_id

    @property
    def pump_name(self) -> str:
        """The name its users gave it."""
        return self._order.name

    @property
    def folder(self) -> Path:
        """The pump's own folder."""
        return self._order.folder

    @property
    def cancel(self) -> CancelToken:
        """Set when the cycle should end."""
        return self._cancel

    @property
    def settings(self) -> Settings:
        """The program's settings."""
        return self._order.settings

    @property
    def memory(self) -> SourceMemory:
        """What the pump remembers of its source."""
        return self._memory

    @property
    def previewing(self) -> bool:
        """This is a real cycle."""
        return False

    def log(self, level: int, message: str) -> None:
        """Tell one line; an error leaves the cycle in need of attention."""
        self._tally.tell(level, message, keep=level >= logging.INFO, serious=level >= logging.ERROR)

    def progress(self, percent: float, message: str) -> None:
        """Tell how far the cycle is."""
        self._order.progress(percent, message)

    def unreachable(self, message: str) -> None:
        """A part of the source could not be reached now."""
        self._tally.unreachable = True
        self._tally.tell(logging.WARNING, message)

    def settle_doubts(self, destination: Destination) -> PumpError | None:
        """Ask about records left behind as *sending*."""
        book = self._ledger.deliveries
        return settle_doubts(book, self.pump_id, destination, self._tally, self._cancel, self._cleared)

    def forget(self, keys: Iterable[str]) -> None:
        """Strike out waiting records that have gone into others."""
        self._ledger.deliveries.forget(self.pump_id, keys)

    def deliver(
        self,
        records: Iterable[Record],
        destination: Destination,
        *,
        throttle: float = 0.0,
        autoskip: bool = True,
        hold: PumpError | None = None,
    ) -> None:
        """Deliver these records, and then those that still wait and are no longer at the source."""
        hold = hold or self.settle_doubts(destination)
        delivery = Delivery(
            self._ledger,
            self.pump_id,
            destination,
            self._tally,
            self._cancel,
            throttle=throttle,
            autoskip=autoskip,
            hold=hold,
            cleared=self._cleared,
        )
        seen: set[str] = set()
        left = leftovers(self._ledger.deliveries, self.pump_id, seen)
        with delivery:
            delivery.run(chain(watched(records, seen), left))


def run_cycle(order: CycleOrder, ledger: Ledger, locks: Path, cancel: CancelToken) -> CycleReport:
    """Run one cycle of one pump; whatever happens in it ends in the report.

    Args:
        order: which pump, and how it is built.
        ledger: where everything is kept.
        locks: the folder of the lock files that keep a pump from being run twice at once.
        cancel: ends the cycle early.

    Returns:
        the report; never raises for anything that a pump does.
    """
    started = time.perf_counter()
    tally = Tally(order.log)
    try:
        with PumpLock(locks, order.pump_id):
            outcome = _run_locked(order, ledger, tally, cancel)
    except BusyError as busy:
        with _contained(tally):
            ledger.cycles.not_run(order.pump_id, order.trigger, busy.message)
        tally.tell(logging.WARNING, f"{order.name}: {busy.message}")
        outcome = CycleOutcome.BUSY
    except PumpError as error:
        tally.tell(logging.ERROR, f"{order.name}: {error}")
        outcome = CycleOutcome.FAILED
    seconds = time.perf_counter() - started
    return CycleReport(
        order.name,
        order.type,
        outcome,
        tally.counts(),
        seconds,
        tuple(tally.messages),
        _reason(order, tally, outcome),
    )


def _reason(order: CycleOrder, tally: Tally, outcome: CycleOutcome) -> str:
    """What somebody has to look at first, without the pump's name, which stands beside it anyway."""
    return "" if outcome is CycleOutcome.OK else tally.gist().removeprefix(f"{order.name}: ")


def _run_locked(order: CycleOrder, ledger: Ledger, tally: Tally, cancel: CancelToken) -> CycleOutcome:
    number = ledger.cycles.begin(order.pump_id, order.trigger)
    outcome = CycleOutcome.FAILED
    try:
        outcome = _work(order, CycleHost(order, ledger, tally, cancel), tally)
    finally:
        reason = _reason(order, tally, outcome)
        with _contained(tally):
            _remind(order, ledger, tally)
            ledger.cycles.end(order.pump_id, number, outcome.value, tally.counts(), reason)
    return outcome


def _remind(order: CycleOrder, ledger: Ledger, tally: Tally) -> None:
    """Rejected records of earlier cycles stay in sight until somebody has cared for them."""
    now = sum(state is DeliveryState.REJECTED for state in tally.states.values())
    earlier = ledger.deliveries.counts(order.pump_id).get(DeliveryState.REJECTED, 0) - now
    if earlier > 0:
        noun = "record" if earlier == 1 else "records"
        tally.tell(
            logging.INFO,
            f"{earlier} rejected {noun} of earlier cycles still to be looked at: "
            f'qcpump-qt records --pump "{order.name}" --state rejected',
            keep=True,
        )


def _work(order: CycleOrder, host: CycleHost, tally: Tally) -> CycleOutcome:
    """Let the pump work; every way in which that can end has its outcome."""
    try:
        order.make(host).pump()
    except Cancelled as stopped:
        order.log(logging.INFO, str(stopped))
        return CycleOutcome.STOPPED
    except (ServerUnavailable, SourceUnavailable) as error:
        tally.tell(logging.ERROR, f"{order.name}: {error}")
        tally.unreachable = True
    except ConfigurationError as error:
        tally.tell(logging.ERROR, f"{order.name}: {error}")
        return CycleOutcome.INVALID
    except PumpError as error:
        tally.tell(logging.ERROR, f"{order.name}: {error}")
        return CycleOutcome.FAILED
    except (
        Exception,
        SystemExit,
    ) as bug:  # a pump type that ends in sys.exit() ends its cycle, not its thread
        logging.getLogger("qcpump_qt.cycle").debug("Pump %s failed", order.name, exc_info=True)
        tally.tell(
            logging.ERROR,
            f"{order.name}: the pump type {order.type} failed ({type(bug).__name__}: {bug}). This is a fault in "
            "the program or in a pump type of your own; the log at level debug shows where.",
        )
        return CycleOutcome.FAILED
    return tally.outcome()


@contextmanager
def _contained(tally: Tally) -> Iterator[None]:
    """The book of cycles cannot be written: told, and the report is still given."""
    try:
        yield
    except PumpError as error:
        tally.tell(logging.ERROR, str(error), serious=True)
