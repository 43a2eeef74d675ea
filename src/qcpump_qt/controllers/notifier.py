"""Notifications: gathered, and nothing told twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta

from PySide6.QtCore import QObject, QTimer, Signal

from qcpump_qt.controllers.program import HomeProgram
from qcpump_qt.controllers.tasks import Tasks
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.clock import local_now
from qcpump_qt.engine.config.sections import COMMON
from qcpump_qt.engine.errors import PumpError
from qcpump_qt.engine.expectation import EXPECT_BY, missing_result
from qcpump_qt.engine.store import StoredPump
from qcpump_qt.models.notices import Gathering, News, Watch
from qcpump_qt.models.rows import PumpRow, PumpState

GATHER_MS = 3000
LOOK_MS = 60_000
KNOWN_MS = 10_000
"""So long after the start a trouble of a pump that has not run since is one that was there before."""
_RUNS = frozenset({PumpState.RUNNING, PumpState.STOPPING})
LOOK_BACK = timedelta(days=29)
"""Four weeks and today."""


class Notifier(QObject):
    """Turns what happens to pumps into few notifications.

    Args:
        program: the home, for the ledger.
        tasks: where the ledger is read.
        clock: the present local moment, with its offset.
        gather: milliseconds during which news become one notification.
        parent: as for every Qt object.
    """

    notice = Signal(str, str, str)
    """Title, text and level (``info``, ``warning`` or ``error``) of one notification."""

    def __init__(
        self,
        program: HomeProgram,
        tasks: Tasks,
        *,
        clock: Callable[[], datetime] = local_now,
        gather: int = GATHER_MS,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._program = program
        self._tasks = tasks
        self._clock = clock
        self._watch = Watch()
        self._gathering = Gathering()
        self._pumps: tuple[StoredPump, ...] = ()
        self._told_missing: dict[str, date] = {}
        self._looking = False
        self._ran: set[str] = set()
        self._knowing = QTimer(self, singleShot=True, interval=KNOWN_MS)
        self._gather = QTimer(self, singleShot=True, interval=gather)
        self._gather.timeout.connect(self._tell)
        self._minute = QTimer(self, interval=LOOK_MS)
        self._minute.timeout.connect(self.look_for_missing)

    def start(self) -> None:
        """Look each minute from now on whether results are missing."""
        self._minute.start()

    def take_as_known(self) -> None:
        """The window is shown, and in it what was the matter when the program ended: that is told no second time."""
        self._knowing.start()

    def stop(self) -> None:
        """Tell nothing any more."""
        self._minute.stop()
        self._gather.stop()

    def set_pumps(self, pumps: Sequence[StoredPump]) -> None:
        """The saved pumps, with their *expect result by* times."""
        self._pumps = tuple(pumps)

    @property
    def looking(self) -> bool:
        """Whether the ledger is being read for missing results."""
        return self._looking

    def rows_reset(self, rows: Sequence[PumpRow]) -> None:
        """The rows of all pumps changed."""
        for row in rows:
            self._know(row)
        self._gather_news(self._watch.all_rows(rows))

    def row_changed(self, row: PumpRow) -> None:
        """One pump's row changed."""
        self._know(row)
        self._gather_news(self._watch.row(row))

    def look_for_missing(self) -> None:
        """See off the UI thread whether a result that always came by now has not come."""
        now = self._clock()
        asked = [
            pump
            for pump in self._pumps
            if self._told_missing.get(pump.id) != now.date()
            and expected_by(pump)
            and self._program.is_active(pump)
        ]
        if self._looking or not asked:
            return
        self._looking = True

        def work(token: CancelToken) -> list[StoredPump]:
            return [pump for pump in asked if not token.cancelled and self._is_missing(pump, now)]

        self._tasks.start(work, lambda found: self._tell_missing(found, now), self._not_looked)

    def _is_missing(self, pump: StoredPump, now: datetime) -> bool:
        arrivals = self._program.ledger.browse.arrivals(pump.id, now - LOOK_BACK)
        return missing_result(now, expected_by(pump), arrivals)

    def _tell_missing(self, pumps: Iterable[StoredPump], now: datetime) -> None:
        self._looking = False
        for pump in pumps:
            self._told_missing[pump.id] = now.date()
        self._gather_news(
            News(
                "missing",
                pump.id,
                pump.name,
                f"Nothing has arrived today by {expected_by(pump)}, although on this day of the week something "
                "always did. See whether the measurement was done and exported.",
            )
            for pump in pumps
        )

    def _not_looked(self, _error: PumpError) -> None:
        # A ledger that cannot be read is told by the cycles; the next minute asks again.
        self._looking = False

    def _know(self, row: PumpRow) -> None:
        """Soon after the start, take over the trouble of a pump that has not run since; the ledger tells of it."""
        if row.state in _RUNS:
            self._ran.add(row.id)
        elif self._knowing.isActive() and row.id not in self._ran and self._watch.know(row):
            self._gathering.know(row.id)

    def _gather_news(self, found: Iterable[News]) -> None:
        for news in found:
            self._gathering.add(news)
            if not self._gather.isActive():
                self._gather.start()

    def _tell(self) -> None:
        notice = self._gathering.take()
        if notice is not None:
            self.notice.emit(notice.title, notice.text, notice.level)


def expected_by(pump: StoredPump) -> str:
    """The pump's *expect result by* time as ``HH:MM``; empty where it has none."""
    rows = pump.values.get(COMMON) or [{}]
    return str(rows[0].get(EXPECT_BY) or "").strip()
