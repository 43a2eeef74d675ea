"""A pump's newest log lines as a table: bounded, filtered here, and grown by whole batches."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from qcpump_qt.models.dates import DateStyle
from qcpump_qt.models.plain_text import tooltip, tsv

CAPACITY = 10_000
"""How many lines are kept; older ones are in the log file."""

LEVEL_ROLE = Qt.ItemDataRole.UserRole + 1
"""The line's level as a number, as in `logging`."""
MESSAGE_ROLE = Qt.ItemDataRole.UserRole + 2
"""The whole message, with all its lines."""

ALL = logging.NOTSET
INFO = logging.INFO
WARNING = logging.WARNING
ERROR = logging.ERROR
"""The levels that people filter by."""

_WORDS = (
    (logging.CRITICAL, "Critical"),
    (logging.ERROR, "Error"),
    (logging.WARNING, "Warning"),
    (logging.INFO, "Info"),
)

AnyIndex = QModelIndex | QPersistentModelIndex


class LogColumn(IntEnum):
    """The columns, from the left."""

    TIME = 0
    LEVEL = 1
    MESSAGE = 2


HEADERS = ("Time", "Level", "Message")


@dataclass(frozen=True, slots=True)
class LogRow:
    """One line of a pump's log.

    Args:
        when: with its offset.
        level: as in `logging`.
        message: the text; may span several lines.
    """

    when: datetime
    level: int
    message: str


def level_word(level: int) -> str:
    """The level as people read it."""
    return next((word for least, word in _WORDS if level >= least), "Debug")


class LogTableModel(QAbstractTableModel):
    """The newest lines, oldest first, of those that the filter lets through.

    Filtering is done here: a proxy written in Python is asked for each row and is far slower.

    Args:
        capacity: how many lines are kept, shown or not.
        style: how times are written.
        parent: as for every Qt object.
    """

    def __init__(
        self, capacity: int = CAPACITY, style: DateStyle | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._capacity = capacity
        self._style = style or DateStyle()
        self._kept: list[LogRow] = []
        self._shown: list[LogRow] = []
        self._level = ALL
        self._text = ""

    @property
    def capacity(self) -> int:
        """How many lines are kept at most."""
        return self._capacity

    @property
    def kept(self) -> int:
        """How many lines there are, shown or not."""
        return len(self._kept)

    def newest(self, count: int) -> list[LogRow]:
        """The newest lines, shown or not, oldest first; at most `count`."""
        return self._kept[-count:]

    def append(self, lines: Sequence[LogRow]) -> None:
        """Add lines at the end; the oldest go where there are too many. One change for views, however many."""
        lines = lines[-self._capacity :]
        self._drop(len(self._kept) + len(lines) - self._capacity)
        self._kept.extend(lines)
        fitting = [line for line in lines if self._fits(line)]
        if fitting:
            first = len(self._shown)
            self.beginInsertRows(QModelIndex(), first, first + len(fitting) - 1)
            self._shown.extend(fitting)
            self.endInsertRows()

    def set_filter(self, level: int, text: str) -> None:
        """Show only lines of this level or above that have this text in them, in any case of its letters."""
        text = text.strip().casefold()
        if (level, text) == (self._level, self._text):
            return
        self.beginResetModel()
        self._level, self._text = level, text
        self._shown = [line for line in self._kept if self._fits(line)]
        self.endResetModel()

    def clear(self) -> None:
        """Forget all lines; the log file keeps them."""
        self.beginResetModel()
        self._kept.clear()
        self._shown.clear()
        self.endResetModel()

    def set_date_style(self, style: DateStyle) -> None:
        """Write times in this style from now on."""
        self._style = style
        if self._shown:
            time = LogColumn.TIME
            self.dataChanged.emit(self.index(0, time), self.index(len(self._shown) - 1, time))

    def words(self, row: int, column: int) -> str:
        """What a cell shows."""
        line = self._shown[row]
        if column == LogColumn.TIME:
            return self._style.moment(line.when)
        if column == LogColumn.LEVEL:
            return level_word(line.level)
        first, _, rest = line.message.lstrip("\n").partition("\n")
        return f"{first} …" if rest.strip() else first

    def level(self, row: int) -> int:
        """The level of a line, as in `logging`."""
        return self._shown[row].level

    def tsv(self, rows: Sequence[int] | None = None) -> str:
        """Time, level and whole message of these rows (all that are shown for None), separated by tabs."""
        chosen = self._shown if rows is None else [self._shown[row] for row in rows]
        return tsv((self._style.moment(line.when), level_word(line.level), line.message) for line in chosen)

    # --- what Qt asks ----------------------------------------------------------------------------

    def rowCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: N802, B008 - as Qt has it
        """The number of lines that are shown."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: AnyIndex = QModelIndex()) -> int:  # noqa: N802, B008 - as Qt has it
        """Time, level, message."""
        return 0 if parent.isValid() else len(HEADERS)

    def headerData(  # noqa: N802 - as Qt has it
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The columns' titles."""
        shown = orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return HEADERS[section] if shown and 0 <= section < len(HEADERS) else None

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows; `LEVEL_ROLE` and `MESSAGE_ROLE` give the same in every column."""
        if not index.isValid() or index.row() >= len(self._shown):
            return None
        line = self._shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self.words(index.row(), index.column())
        if role == LEVEL_ROLE:
            return line.level
        if role == MESSAGE_ROLE:
            return line.message
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(line.message)
        return None

    def _fits(self, line: LogRow) -> bool:
        return line.level >= self._level and (not self._text or self._text in line.message.casefold())

    def _drop(self, count: int) -> None:
        """Forget the `count` oldest lines; those of them that are shown stand first in the table."""
        if count <= 0:
            return
        shown = sum(1 for line in self._kept[:count] if self._fits(line))
        del self._kept[:count]
        if shown:
            self.beginRemoveRows(QModelIndex(), 0, shown - 1)
            del self._shown[:shown]
            self.endRemoveRows()
