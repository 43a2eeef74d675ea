"""One pump's records from the ledger: read a page at a time off the UI thread, and tried again when asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from qcpump_qt.controllers.record_rows import detail_of, row_of
from qcpump_qt.controllers.tasks import Tasks
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import PumpError
from qcpump_qt.engine.records import DeliveryState
from qcpump_qt.models.record_words import retry_words
from qcpump_qt.models.rows import RecordDetail, RecordRow

if TYPE_CHECKING:
    from qcpump_qt.controllers.program import HomeProgram

PAGE = 500
"""Records read at once."""


@dataclass(frozen=True)
class RecordChoice:
    """Which records are shown, and in which order.

    Args:
        pump: the pump's id; None shows nothing.
        state: only those in this state.
        text: only those with this text.
        order: the key of the column that they are ordered by.
        descending: True puts the last ones first.
    """

    pump: str | None = None
    state: DeliveryState | None = None
    text: str = ""
    order: str = "updated"
    descending: bool = True


@dataclass(frozen=True)
class _Read:
    """What was read at once."""

    total: int
    rejected: int
    rows: list[RecordRow]


class Records(QObject):
    """Reads and retries the records of the pump that is shown; a newer wish takes the place of an older one.

    Args:
        program: the home.
        tasks: where reading is done.
        parent: as for every Qt object.
    """

    reading = Signal()
    """The records of another pump are being read; what is shown is not of them."""
    started = Signal(int, object)
    """Other records: how many there are, and a list of the first `RecordRow`s."""
    renewed = Signal(int, object)
    """The same records read anew: how many there are, and a list of those that were loaded."""
    continued = Signal(object)
    """The next page: a list of `RecordRow`s; empty when it could not be read."""
    rejected = Signal(int)
    """How many of the pump's records are rejected, whatever the filter."""
    detailed = Signal(object)
    """The `RecordDetail` that was asked for; None when the record is no more."""
    changed = Signal(str)
    """The states of records of the pump with this id were changed here."""
    told = Signal(str, str)
    """What was done: a title and a text."""
    failed = Signal(str, str)
    """What went wrong: a title and a text."""

    def __init__(self, program: HomeProgram, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._program = program
        self._tasks = tasks
        self._choice = RecordChoice()
        self._loaded = 0
        self._starting = False
        self._renewing = False
        self._list_read = CancelToken()
        self._detail_read = CancelToken()

    @property
    def choice(self) -> RecordChoice:
        """Which records are shown now."""
        return self._choice

    # --- which records ----------------------------------------------------------------------------

    def show(self, pump: str | None) -> None:
        """Show the records of another pump, under the same filter and order."""
        self._choice = replace(self._choice, pump=pump)
        self._detail_read.cancel()
        if pump is not None:
            self.reading.emit()
        self._start()

    def set_filter(self, state: str | None, text: str) -> None:
        """Show only records in a state (a word of `DeliveryState`, or None for all) and with a text."""
        wanted = DeliveryState(state) if state is not None else None
        self._choice = replace(self._choice, state=wanted, text=text)
        self._start()

    def sort(self, order: str, descending: bool) -> None:
        """Show them in another order: the key of a column that can be sorted by."""
        self._choice = replace(self._choice, order=order, descending=descending)
        self._start()

    def refresh(self) -> None:
        """Read anew what is loaded, as after a cycle; rows keep their places where nothing changed."""
        pump = self._choice.pump
        if pump is None or self._starting:
            return  # a reading that has only begun sees what is new by itself
        self._list_read.cancel()
        self._renewing = True
        choice, limit = self._choice, max(PAGE, self._loaded)
        self._list_read = self._tasks.start(
            lambda token: self._first(pump, choice, limit, token), self._show_renewed, self._not_read
        )

    def more(self, offset: int) -> None:
        """Read the next page; not while the list is read anew, which asks again by itself."""
        pump, choice = self._choice.pump, self._choice
        if pump is None or self._starting or self._renewing:
            return
        self._list_read.cancel()
        self._list_read = self._tasks.start(
            lambda _token: self._page(pump, choice, offset), self._show_more, self._no_more
        )

    def _start(self) -> None:
        self._list_read.cancel()
        self._loaded, self._renewing = 0, False
        pump, choice = self._choice.pump, self._choice
        self._starting = pump is not None
        if pump is None:
            self._show_started(_Read(0, 0, []))
            return
        self._list_read = self._tasks.start(
            lambda token: self._first(pump, choice, PAGE, token), self._show_started, self._not_read
        )

    # --- on the pool's threads --------------------------------------------------------------------

    def _first(self, pump: str, choice: RecordChoice, limit: int, token: CancelToken) -> _Read:
        """The first records, page by page, so that a newer wish need not wait for all of them."""
        browse = self._program.ledger.browse
        total = browse.count(pump, choice.state, choice.text)
        rejected = browse.count(pump, DeliveryState.REJECTED)
        rows: dict[int, RecordRow] = {}
        offset = 0
        while offset < limit:
            token.check()
            page = self._page(pump, choice, offset)
            rows.update((row.number, row) for row in page)
            offset += PAGE
            if len(page) < PAGE:
                break
        return _Read(total, rejected, list(rows.values()))

    def _page(self, pump: str, choice: RecordChoice, offset: int) -> list[RecordRow]:
        lines = self._program.ledger.browse.page(
            pump,
            state=choice.state,
            text=choice.text,
            order=choice.order,
            descending=choice.descending,
            offset=offset,
            limit=PAGE,
        )
        return [row_of(line) for line in lines]

    # --- back on the UI thread --------------------------------------------------------------------

    def _show_started(self, read: _Read) -> None:
        self._starting = False
        self._loaded = len(read.rows)
        self.rejected.emit(read.rejected)
        self.started.emit(read.total, read.rows)

    def _show_renewed(self, read: _Read) -> None:
        self._renewing = False
        self._loaded = len(read.rows)
        self.rejected.emit(read.rejected)
        self.renewed.emit(read.total, read.rows)

    def _show_more(self, rows: list[RecordRow]) -> None:
        self._loaded += len(rows)
        self.continued.emit(rows)

    def _no_more(self, error: PumpError) -> None:
        self.continued.emit([])
        self._tell(error)

    def _not_read(self, error: PumpError) -> None:
        if self._starting:
            self._show_started(_Read(0, 0, []))
        self._renewing = False
        self._tell(error)

    def _tell(self, error: PumpError) -> None:
        self.failed.emit(error.title, error.message)

    # --- one record -------------------------------------------------------------------------------

    def detail(self, number: int) -> None:
        """Read all that is kept of one record."""
        self._detail_read.cancel()
        self._detail_read = self._tasks.start(
            lambda _token: self._detail(number), self.detailed.emit, self._tell
        )

    def _detail(self, number: int) -> RecordDetail | None:
        found = self._program.ledger.browse.detail(number)
        return None if found is None else detail_of(found)

    # --- trying again -----------------------------------------------------------------------------

    def retry(self, numbers: Sequence[int]) -> None:
        """Let these records be tried again in the next cycle, those that are rejected or wait."""
        pump = self._choice.pump
        if pump is None or not numbers:
            return
        asked = tuple(numbers)
        self._tasks.start(
            lambda _token: self._retried(asked),
            lambda count: self._tell_retried(pump, count, len(asked) - count),
            self._tell,
        )

    def retry_all_rejected(self) -> None:
        """Let all rejected records of the pump be tried again in the next cycle."""
        pump = self._choice.pump
        if pump is None:
            return
        self._tasks.start(
            lambda _token: self._program.ledger.deliveries.retry_rejected(pump),
            lambda count: self._tell_retried(pump, count, 0),
            self._tell,
        )

    def _retried(self, numbers: Sequence[int]) -> int:
        """How many of these records will be tried again."""
        before = self._program.ledger.deliveries.retry_all(numbers)
        again = (DeliveryState.REJECTED, DeliveryState.WAITING)
        return sum(record.state in again for record in before)

    def _tell_retried(self, pump: str, count: int, left: int) -> None:
        self.told.emit("Retry", retry_words(count, left))
        if count:
            self.changed.emit(pump)
            self.refresh()
