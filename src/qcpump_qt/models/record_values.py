"""The table of what was or would be sent for one record, with what the server stored beside it."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont

from qcpump_qt.models.plain_text import tooltip
from qcpump_qt.models.record_content import ValueLine, lines_of
from qcpump_qt.models.record_words import one_line
from qcpump_qt.models.rows import RecordDetail

Index = QModelIndex | QPersistentModelIndex

_ROOT = QModelIndex()


class ValueColumn(IntEnum):
    """The columns of `ValuesModel`."""

    TEST = 0
    VALUE = 1
    SERVER = 2
    JUDGED = 3
    SKIPPED = 4
    COMMENT = 5


_TITLES = ("Test", "Value", "Server's value", "Judged", "Skipped", "Comment")
_HELP = (
    "The macro name of the test in QATrack+; above the tests stands what is sent with them.",
    "What was or would be sent.",
    "What the server stored, where its answer tells it.",
    "What the server found when it compared the value with its tolerances.",
    "Whether the test is sent as skipped, without a value.",
    "The comment that is sent with the value.",
)


class ValuesModel(QAbstractTableModel):
    """What is sent with the tests, then the tests themselves: our values beside the server's."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: list[ValueLine] = []

    def show(self, detail: RecordDetail | None) -> None:
        """Show another record; None empties the table."""
        self.beginResetModel()
        self._lines = lines_of(detail) if detail is not None else []
        self.endResetModel()

    @property
    def echoed(self) -> bool:
        """True when the server's answer tells what it stored."""
        return any(line.server or line.judged for line in self._lines)

    def rowCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """One for each entry and each test."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = _ROOT) -> int:  # noqa: N802 - Qt's name
        """Those of `ValueColumn`."""
        return 0 if parent.isValid() else len(_TITLES)

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Headings, and what each column tells."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(_TITLES):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _TITLES[section]
        return _HELP[section] if role == Qt.ItemDataRole.ToolTipRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts of a cell; a value that the server stored differently says so and is bold."""
        if not index.isValid() or not 0 <= index.row() < len(self._lines):
            return None
        line, column = self._lines[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return one_line(_text(line, column))
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(_text(line, column))
        return _font(line, column) if role == Qt.ItemDataRole.FontRole else None

    def text_rows(self) -> list[tuple[str, ...]]:
        """All cells as text, with the headings first, for the clipboard."""
        return [_TITLES, *(tuple(_text(line, column) for column in ValueColumn) for line in self._lines)]


def _font(line: ValueLine, column: int) -> QFont | None:
    """Slanted for the names of what is sent with the tests, bold where the server stored something else."""
    slanted = line.entry and column == ValueColumn.TEST
    bold = line.differs and column == ValueColumn.SERVER
    if not (slanted or bold):
        return None
    font = QFont()
    font.setItalic(slanted)
    font.setBold(bold)
    return font


def _text(line: ValueLine, column: int) -> str:
    if column == ValueColumn.SERVER:
        return f"{line.server or 'nothing'} (differs)" if line.differs else line.server
    return {
        ValueColumn.TEST: line.test,
        ValueColumn.VALUE: line.value,
        ValueColumn.JUDGED: line.judged,
        ValueColumn.SKIPPED: line.skipped,
        ValueColumn.COMMENT: line.comment,
    }[ValueColumn(column)]
