"""The tree of a form as Qt sees it: indexes, roles, finding, and telling the views what has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from qcpump_qt.engine.config.sections import Section
from qcpump_qt.models.form_data import answer
from qcpump_qt.models.form_nodes import FieldNode, FormTree, Node, RowNode, Rows, SectionNode
from qcpump_qt.models.form_roles import FormRole

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()


class FormItems(QAbstractItemModel):
    """A tree of depth three with one column: section, sub-section (row), field.

    Args:
        sections: the pump type's sections, the common one first.
        values: what is saved; a field that they lack has its default.
        parent: as for every Qt object.
    """

    def __init__(
        self, sections: Sequence[Section], values: Mapping[str, Rows], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._tree = FormTree(sections, values)

    def index(self, row: int, column: int, parent: Index = NOWHERE) -> QModelIndex:
        """The index of a child."""
        children = self._children(parent)
        if column != 0 or not 0 <= row < len(children):
            return QModelIndex()
        return self.createIndex(row, 0, children[row].id)

    def parent(self, child: Index = NOWHERE) -> QModelIndex:  # type: ignore[override]
        """The index above."""
        node = self._node(child)
        if isinstance(node, FieldNode):
            return self._index(node.row)
        return self._index(node.section) if isinstance(node, RowNode) else QModelIndex()

    def rowCount(self, parent: Index = NOWHERE) -> int:  # noqa: N802 - Qt's name
        """How many children an index has."""
        return len(self._children(parent))

    def columnCount(self, _parent: Index = NOWHERE) -> int:  # noqa: N802 - Qt's name
        """One column."""
        return 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a node answers to a role."""
        node = self._node(index)
        return None if node is None else answer(node, role)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Fields can be edited unless they are only shown."""
        node = self._node(index)
        flags = super().flags(index)
        if isinstance(node, FieldNode):
            flags |= Qt.ItemFlag.ItemNeverHasChildren
            return flags if node.field.readonly else flags | Qt.ItemFlag.ItemIsEditable
        return flags

    def section_index(self, section: str) -> QModelIndex:
        """The index of a section; an invalid one where there is none."""
        node = self._tree.section(section)
        return self._index(node) if node else QModelIndex()

    def field_index(self, section: str, row: int, field: str) -> QModelIndex:
        """The index of a field; an invalid one where there is none."""
        node = self._field(section, row, field)
        return self._index(node) if node else QModelIndex()

    # --- within --------------------------------------------------------------------------------------

    def _node(self, index: Index) -> Node | None:
        return self._tree.node(index.internalId()) if index.isValid() else None

    def _children(self, parent: Index) -> Sequence[Node]:
        if not parent.isValid():
            return self._tree.sections
        node = self._node(parent)
        if isinstance(node, SectionNode):
            return node.rows
        return node.fields if isinstance(node, RowNode) else ()

    def _index(self, node: Node) -> QModelIndex:
        if isinstance(node, SectionNode):
            position = node.position
        elif isinstance(node, RowNode):
            position = node.number
        else:
            position = node.row.fields.index(node)
        return self.createIndex(position, 0, node.id)

    def _field(self, section: str, row: int, field: str) -> FieldNode | None:
        node = self._tree.section(section)
        return node.rows[row].get(field) if node and 0 <= row < len(node.rows) else None

    def _tell(self, node: Node, *roles: FormRole) -> None:
        """What these roles answer may have changed; all of them where none is given."""
        index = self._index(node)
        self.dataChanged.emit(index, index, [int(role) for role in roles])

    def _tell_value(self, node: FieldNode) -> None:
        """A field's value has changed, and with it whether its sub-section and section are."""
        self._tell(node)
        self._tell(node.row, FormRole.CHANGED)
        self._tell(node.row.section, FormRole.CHANGED)

    @contextmanager
    def _telling_differences(self, picture: Callable[[Node], object]) -> Iterator[None]:
        """Tell of those nodes whose picture is another one after the block than before it."""
        before = {node.id: picture(node) for node in self._all()}
        yield
        for node in self._all():
            if picture(node) != before[node.id]:
                self._tell(node)

    def _all(self) -> Iterator[Node]:
        yield from self._tree.sections
        yield from self._tree.rows()
        yield from self._tree.fields()
