"""The table of records: a page at a time, asked for as the user scrolls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFont, QIcon

from qcpump_qt.models.dates import DateStyle
from qcpump_qt.models.plain_text import tooltip
from qcpump_qt.models.record_words import COLUMNS, ICONS, one_line, state_words
from qcpump_qt.models.rows import RecordRow

Index = QModelIndex | QPersistentModelIndex

_ROOT = QModelIndex()


class RecordRole(IntEnum):
    """What the model tells of a row beside its texts."""

    ROW = Qt.ItemDataRole.UserRole + 1
    """The whole `RecordRow`."""
    NUMBER = Qt.ItemDataRole.UserRole + 2
    """Its number in the ledger."""
    ICON_NAME = Qt.ItemDataRole.UserRole + 3
    """The name of the icon of its state."""


class RecordsTableModel(QAbstractTableModel):
    """Rows of records; filtering and sorting are asked for elsewhere, as most rows are not loaded.

    Args:
        dates: how moments are written.
        icon_of: makes an icon from its name; without it there are words only.
        parent: as for every Qt object.
    """

    more_wanted = Signal(int)
    """Further rows are wanted, from this offset on."""
    sort_wanted = Signal(str, bool)
    """Another order is wanted: the key of a column, and whether descending."""

    def __init__(
        self,
        dates: DateStyle | None = None,
        icon_of: Callable[[str], QIcon] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._dates = dates or DateStyle()
        self._icon_of = icon_of
        self._rows: list[RecordRow] = []
        self._place: dict[int, int] = {}
        self._total = 0
        self._read = 0
        self._asked = False

    # --- what is shown ----------------------------------------------------------------------------

    @property
    def total(self) -> int:
        """How many records there are, loaded or not."""
        return self._total

    def rows(self) -> list[RecordRow]:
        """The rows that are loaded."""
        return list(self._rows)

    def row_at(self, row: int) -> RecordRow | None:
        """The record in a row of the table; None where there is none."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def place_of(self, number: int) -> int | None:
        """In which row the record with this number stands; None when it is not loaded."""
        return self._place.get(number)

    def start(self, total: int, rows: Sequence[RecordRow]) -> None:
        """Show other records.

        Args:
            total: how many there are in all.
            rows: the first of them.
        """
        self.beginResetModel()
        self._rows = list(rows)
        self._place = {row.number: place for place, row in enumerate(self._rows)}
        self._read = len(self._rows)
        self._total = max(total, len(self._rows))
        self._asked = False
        self.endResetModel()

    def append(self, rows: Sequence[RecordRow]) -> None:
        """Add the next page; a record that is there already, because others moved it on, is only brought up to date."""
        self._asked = False
        self._read += len(rows)
        fresh = [row for row in rows if row.number not in self._place]
        self.update([row for row in rows if row.number in self._place])
        if not fresh:
            return
        first = len(self._rows)
        self.beginInsertRows(_ROOT, first, first + len(fresh) - 1)
        self._rows += fresh
        self._place.update({row.number: first + place for place, row in enumerate(fresh)})
        self._total = max(self._total, len(self._rows))
        self.endInsertRows()

    def update(self, rows: Iterable[RecordRow]) -> None:
        """Bring records up to date, by their numbers; those that are not loaded are passed over."""
        for row in rows:
            place = self._place.get(row.number)
            if place is not None and self._rows[place] != row:
                self._rows[place] = row
                self.dataChanged.emit(self.index(place, 0), self.index(place, len(COLUMNS) - 1))

    def set_date_style(self, dates: DateStyle) -> None:
        """Write moments in another way."""
        self._dates = dates
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(COLUMNS) - 1))

    # --- Qt's side --------------------------------------------------------------------------------

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """The rows that are loaded."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Those of `COLUMNS`."""
        return 0 if parent.isValid() else len(COLUMNS)

    def canFetchMore(self, parent: Index) -> bool:  # noqa: N802 - Qt's name
        """True while there are records that are not loaded and not asked for."""
        return not parent.isValid() and not self._asked and self._read < self._total

    def fetchMore(self, parent: Index) -> None:  # noqa: N802 - Qt's name
        """Ask for the next page; it comes through `append`."""
        if self.canFetchMore(parent):
            self._asked = True
            self.more_wanted.emit(self._read)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Ask for another order; columns without one are passed over."""
        if 0 <= column < len(COLUMNS) and COLUMNS[column].sortable:
            self.sort_wanted.emit(COLUMNS[column].key, order == Qt.SortOrder.DescendingOrder)

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Headings, and what each column tells."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(COLUMNS):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section].title
        return COLUMNS[section].help if role == Qt.ItemDataRole.ToolTipRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts of a cell, and the roles of `RecordRole`."""
        row = self.row_at(index.row()) if index.isValid() else None
        if row is None:
            return None
        key = COLUMNS[index.column()].key
        if role == Qt.ItemDataRole.DisplayRole:
            return one_line(self._text(row, key))
        return self._beside(row, key, role)

    def _beside(self, row: RecordRow, key: str, role: int) -> Any:
        if role == RecordRole.ROW:
            return row
        if role == RecordRole.NUMBER:
            return row.number
        if role == RecordRole.ICON_NAME:
            return ICONS.get(row.state, "")
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(self._told(row, key))
        if role == Qt.ItemDataRole.TextAlignmentRole and key == "attempts":
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return self._look(row, role) if key == "state" else None

    def _look(self, row: RecordRow, role: int) -> Any:
        """How the state looks: its icon, and bold where somebody has to look at it."""
        if role == Qt.ItemDataRole.DecorationRole and self._icon_of is not None and row.state in ICONS:
            return self._icon_of(ICONS[row.state])
        if role == Qt.ItemDataRole.FontRole and row.trouble:
            font = QFont()
            font.setBold(True)
            return font
        return None

    def _text(self, row: RecordRow, key: str) -> str:
        if key == "state":
            return state_words(row)
        if key in ("first_seen", "updated"):
            return self._dates.moment(getattr(row, key))
        return str(getattr(row, key))

    def _told(self, row: RecordRow, key: str) -> str:
        """The whole of what a cell may have cut."""
        if key == "title":
            return row.title if row.key in ("", row.title) else f"{row.title}\nKey: {row.key}"
        if key == "state" and row.reason:
            return f"{state_words(row)}: {row.reason}"
        return self._text(row, key)
