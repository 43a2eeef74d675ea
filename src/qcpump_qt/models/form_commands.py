"""What can be undone in the form: a changed value, an added sub-section, a removed one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtGui import QUndoCommand

from qcpump_qt.models.form_nodes import FieldNode, RowNode
from qcpump_qt.models.form_roles import Editor
from qcpump_qt.models.form_values import differs

_TYPED = frozenset({Editor.TEXT, Editor.WHOLE, Editor.NUMBER, Editor.FOLDER, Editor.FILE, Editor.SECRET})
"""Editors in which a value comes about key by key, so that all of it is undone at once."""

Put = Callable[[FieldNode, Any], None]
Move = Callable[[RowNode, int], None]


class ChangeValue(QUndoCommand):
    """Another value for one field.

    Args:
        node: the field.
        value: its new value.
        put: gives the field a value and tells the views.
    """

    def __init__(self, node: FieldNode, value: Any, put: Put) -> None:
        super().__init__(f"Change {node.title}")
        self._node = node
        self._before = node.value
        self._after = value
        self._put = put

    def id(self) -> int:
        """Commands of one number are merged where they follow each other; -1 is never merged."""
        return 1 if self._node.editor in _TYPED else -1

    def mergeWith(self, other: QUndoCommand) -> bool:  # noqa: N802 - Qt's name
        """Take in the next change when it is one of the same field."""
        if not isinstance(other, ChangeValue) or other._node is not self._node:  # noqa: SLF001 - of its own class
            return False
        self._after = other._after  # noqa: SLF001 - as above
        self.setObsolete(not differs(self._before, self._after))
        return True

    def redo(self) -> None:
        """Give the field its new value."""
        self._put(self._node, self._after)

    def undo(self) -> None:
        """Give the field its former value."""
        self._put(self._node, self._before)


class AddRow(QUndoCommand):
    """A further sub-section.

    Args:
        row: the sub-section, not yet in its section.
        position: where it is put, from 0.
        insert: puts it in at a position and tells the views.
        take: takes it out again.
    """

    def __init__(self, row: RowNode, position: int, insert: Move, take: Move) -> None:
        super().__init__(f"Add {row.section.section.titled(position)}")
        self._row = row
        self._position = position
        self._insert = insert
        self._take = take

    def redo(self) -> None:
        """Put it in."""
        self._insert(self._row, self._position)

    def undo(self) -> None:
        """Take it out."""
        self._take(self._row, self._position)


class RemoveRow(QUndoCommand):
    """A sub-section less.

    Args:
        row: the sub-section, still in its section.
        insert, take: as for `AddRow`.
    """

    def __init__(self, row: RowNode, insert: Move, take: Move) -> None:
        super().__init__(f"Remove {row.title}")
        self._row = row
        self._position = row.number
        self._insert = insert
        self._take = take

    def redo(self) -> None:
        """Take it out."""
        self._take(self._row, self._position)

    def undo(self) -> None:
        """Put it back where it was."""
        self._insert(self._row, self._position)
