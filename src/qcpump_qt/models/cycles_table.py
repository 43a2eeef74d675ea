"""The cycles of one pump as a table, newest first, also those that were due and did not run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont

from qcpump_qt.models.dates import DateStyle
from qcpump_qt.models.plain_text import tooltip, tsv
from qcpump_qt.models.rows import CycleRow

ROW_ROLE = Qt.ItemDataRole.UserRole + 1
"""The whole `CycleRow`."""
RAN_ROLE = Qt.ItemDataRole.UserRole + 2
"""False for a cycle that was due and did not run."""

NOT_RUN = "not run"

OUTCOME_WORDS = {
    "ok": "Ended well",
    "attention": "Needs attention",
    "unreachable": "Could not be reached",
    "failed": "Failed",
    "invalid": "Configuration not in order",
    "inactive": "Switched off",
    "busy": "Already running",
    "stopped": "Stopped",
    "running": "Running",
    "cut off": "Cut off",
    NOT_RUN: "Did not run",
}
TRIGGER_WORDS = {
    "interval": "Interval",
    "start": "Start",
    "manual": "By hand",
    "command line": "Command line",
}
_TROUBLE = {"attention", "failed", "invalid"}

AnyIndex = QModelIndex | QPersistentModelIndex


class CycleColumn(IntEnum):
    """The columns, from the left."""

    NUMBER = 0
    TRIGGER = 1
    START = 2
    DURATION = 3
    OUTCOME = 4
    FOUND = 5
    DELIVERED = 6
    ALREADY_THERE = 7
    WAITING = 8
    SKIPPED = 9
    REJECTED = 10
    REASON = 11


HEADERS: dict[int, tuple[str, str]] = {
    CycleColumn.NUMBER: ("Cycle", "Counted from 1 for each pump"),
    CycleColumn.TRIGGER: ("Trigger", "Why the cycle ran or was due"),
    CycleColumn.START: ("Start", "When it began, or was first due"),
    CycleColumn.DURATION: (
        "Duration",
        "From start to end; for cycles that did not run for the same reason, when the last one was due",
    ),
    CycleColumn.OUTCOME: ("Outcome", "How it ended"),
    CycleColumn.FOUND: ("Found", "Records that the cycle looked at"),
    CycleColumn.DELIVERED: ("Delivered", "Records that are on the server now"),
    CycleColumn.ALREADY_THERE: ("Already there", "Records that the server had before"),
    CycleColumn.WAITING: ("Waiting", "Records that are tried again in the next cycle"),
    CycleColumn.SKIPPED: ("Skipped", "Records that are not sent, with the reason in the tab Records"),
    CycleColumn.REJECTED: ("Rejected", "Records that the server refused"),
    CycleColumn.REASON: ("Reason", "What there is to say about the outcome"),
}
"""Each column's title, and what it means."""

_COUNTS = {
    CycleColumn.FOUND: "found",
    CycleColumn.DELIVERED: "delivered",
    CycleColumn.ALREADY_THERE: "already_there",
    CycleColumn.WAITING: "waiting",
    CycleColumn.SKIPPED: "skipped",
    CycleColumn.REJECTED: "rejected",
}


def duration_words(seconds: float | None) -> str:
    """A duration: ``0.4 s``, ``2 min 05 s``, ``3 h 07 min``; empty for None."""
    if seconds is None:
        return ""
    if seconds < 59.95:
        return f"{max(0.0, seconds):.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min"


class CyclesTableModel(QAbstractTableModel):
    """One row for each cycle.

    Args:
        style: how times are written.
        parent: as for every Qt object.
    """

    def __init__(self, style: DateStyle | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._style = style or DateStyle()
        self._rows: list[CycleRow] = []

    def set_rows(self, rows: Sequence[CycleRow]) -> None:
        """Show these cycles, newest first; where they only continue what is shown, selection and place stay."""
        new = self._ahead_of_shown(rows)
        if new is None:
            self.beginResetModel()
            self._rows = list(rows)
            self.endResetModel()
            return
        if new:
            self.beginInsertRows(QModelIndex(), 0, new - 1)
            self._rows[:0] = rows[:new]
            self.endInsertRows()
        if len(self._rows) > len(rows):
            self.beginRemoveRows(QModelIndex(), len(rows), len(self._rows) - 1)
            del self._rows[len(rows) :]
            self.endRemoveRows()
        self._replace_changed(rows)

    def row(self, number: int) -> CycleRow:
        """The cycle in this row of the table."""
        return self._rows[number]

    def set_date_style(self, style: DateStyle) -> None:
        """Write times in this style from now on."""
        self._style = style
        if self._rows:
            first, last = CycleColumn.START, CycleColumn.DURATION
            self.dataChanged.emit(self.index(0, first), self.index(len(self._rows) - 1, last))

    def tsv(self, rows: Sequence[int] | None = None) -> str:
        """These rows (all for None) under their titles, separated by tabs."""
        chosen = self._rows if rows is None else [self._rows[row] for row in rows]
        titles = [title for title, _ in HEADERS.values()]
        return tsv([titles, *([self._words(row, column) for column in HEADERS] for row in chosen)])

    # --- what Qt asks ----------------------------------------------------------------------------

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: N802, B008 - as Qt has it
        """The number of cycles."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: N802, B008 - as Qt has it
        """As in `CycleColumn`."""
        return 0 if parent.isValid() else len(HEADERS)

    def headerData(  # noqa: N802 - as Qt has it
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The columns' titles, and what they mean as tooltip."""
        if orientation != Qt.Orientation.Horizontal or section not in HEADERS:
            return None
        title, meaning = HEADERS[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return title
        return meaning if role == Qt.ItemDataRole.ToolTipRole else None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows; a cycle that did not run stands in italics, one with trouble has a bold outcome."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._words(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(row.reason)
        return _look(row, column, role)

    def _words(self, row: CycleRow, column: int) -> str:
        if column in _COUNTS:
            count = row.counts.get(_COUNTS[CycleColumn(column)], 0)
            return "–" if row.outcome == NOT_RUN else str(count)
        if column == CycleColumn.DURATION:
            return self._until(row) if row.outcome == NOT_RUN else duration_words(row.seconds)
        if column == CycleColumn.START:
            return self._style.moment(row.started)
        return {
            CycleColumn.NUMBER: str(row.number),
            CycleColumn.TRIGGER: TRIGGER_WORDS.get(row.trigger, row.trigger),
            CycleColumn.OUTCOME: OUTCOME_WORDS.get(row.outcome, row.outcome),
            CycleColumn.REASON: " ".join(row.reason.split()),
        }[CycleColumn(column)]

    def _until(self, row: CycleRow) -> str:
        """Up to when cycles did not run for the same reason; a dash for a single one."""
        seconds = row.seconds or 0.0
        return (
            f"until {self._style.moment(row.started + timedelta(seconds=seconds))}" if seconds >= 1 else "–"
        )

    def _ahead_of_shown(self, rows: Sequence[CycleRow]) -> int | None:
        """How many of `rows` are newer than what is shown; None when they do not continue it."""
        if not self._rows:
            return None
        newest = _identity(self._rows[0])
        new = next((place for place, row in enumerate(rows) if _identity(row) == newest), None)
        if new is None:
            return None
        both = zip(rows[new:], self._rows, strict=False)
        return new if all(_identity(row) == _identity(shown) for row, shown in both) else None

    def _replace_changed(self, rows: Sequence[CycleRow]) -> None:
        for place, row in enumerate(rows[: len(self._rows)]):
            if row != self._rows[place]:
                self._rows[place] = row
                self.dataChanged.emit(self.index(place, 0), self.index(place, len(HEADERS) - 1))
        added = rows[len(self._rows) :]
        if added:
            first = len(self._rows)
            self.beginInsertRows(QModelIndex(), first, first + len(added) - 1)
            self._rows.extend(added)
            self.endInsertRows()


def _identity(row: CycleRow) -> tuple[object, ...]:
    return row.number, row.trigger, row.started


def _look(row: CycleRow, column: int, role: int) -> Any:
    """How a cell looks, and what lies behind it."""
    if role == ROW_ROLE:
        return row
    if role == RAN_ROLE:
        return row.outcome != NOT_RUN
    if role == Qt.ItemDataRole.TextAlignmentRole and column in _COUNTS:
        return Qt.AlignmentFlag.AlignCenter
    if role == Qt.ItemDataRole.FontRole:
        font = QFont()
        font.setItalic(row.outcome == NOT_RUN)
        font.setBold(column == CycleColumn.OUTCOME and row.outcome in _TROUBLE)
        return font
    return None
