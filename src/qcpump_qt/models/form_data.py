"""What an index of the form answers to each role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt

from qcpump_qt.models.form_nodes import FieldNode, Node, RowNode, SectionNode, mapped_fields
from qcpump_qt.models.form_roles import Editor, FormRole, Kind
from qcpump_qt.models.form_values import is_kept

Edit = Qt.ItemDataRole.EditRole
Display = Qt.ItemDataRole.DisplayRole
ToolTip = Qt.ItemDataRole.ToolTipRole


def _shown(node: FieldNode) -> str:
    """The value as plain text; never a secret."""
    if node.editor is Editor.SECRET:
        return "stored in the keyring" if is_kept(node.value) else "•" * 8 if node.value else ""
    if isinstance(node.value, bool):
        return "yes" if node.value else "no"
    return "" if node.value is None else str(node.value)


_SECTION: dict[int, Callable[[SectionNode], Any]] = {
    Display: lambda node: node.section.name,
    FormRole.KIND: lambda _node: Kind.SECTION,
    FormRole.LABEL: lambda node: node.section.name,
    FormRole.NAME: lambda node: node.section.name,
    FormRole.SECTION: lambda node: node.section.name,
    FormRole.MULTIPLE: lambda node: node.section.multiple,
    FormRole.STATUS: lambda node: node.status,
    FormRole.MESSAGE: lambda node: node.message,
    FormRole.BLOCKED_BY: lambda node: list(node.blocked_by),
    FormRole.MAPPABLE: lambda node: mapped_fields(node.section) is not None,
    FormRole.CHANGED: lambda node: any(each.changed for row in node.rows for each in row.fields),
}

_ROW: dict[int, Callable[[RowNode], Any]] = {
    # Without the number, which changes while rows move; the label has it.
    Display: lambda node: node.section.section.name,
    FormRole.KIND: lambda _node: Kind.ROW,
    FormRole.LABEL: lambda node: node.title,
    FormRole.SECTION: lambda node: node.section.section.name,
    FormRole.ROW_NUMBER: lambda node: node.number,
    FormRole.STATUS: lambda node: node.status,
    FormRole.MESSAGE: lambda node: node.message,
    FormRole.CHANGED: lambda node: any(each.changed for each in node.fields),
}

_FIELD: dict[int, Callable[[FieldNode], Any]] = {
    Edit: lambda node: "" if is_kept(node.value) else node.value,
    Display: _shown,
    ToolTip: lambda node: node.field.help,
    FormRole.KIND: lambda _node: Kind.FIELD,
    FormRole.EDITOR: lambda node: node.editor,
    FormRole.LABEL: lambda node: node.field.label,
    FormRole.HELP: lambda node: node.field.help,
    FormRole.MINIMUM: lambda node: node.field.minimum,
    FormRole.MAXIMUM: lambda node: node.field.maximum,
    FormRole.UNIT: lambda node: node.field.unit,
    FormRole.CHOICES: lambda node: list(node.choices.texts),
    FormRole.CHOICES_STATE: lambda node: node.choices.state,
    FormRole.CHOICES_MESSAGE: lambda node: node.choices.message,
    FormRole.PROBLEM: lambda node: node.problem,
    FormRole.REQUIRED: lambda node: node.field.required,
    FormRole.CHANGED: lambda node: node.changed,
    FormRole.KEPT: lambda node: is_kept(node.value),
    FormRole.SECTION: lambda node: node.row.section.section.name,
    FormRole.ROW_NUMBER: lambda node: node.row.number,
    FormRole.NAME: lambda node: node.field.name,
}


def answer(node: Node, role: int) -> Any:
    """What the node answers to the role; None where it has no answer."""
    if isinstance(node, SectionNode):
        section = _SECTION.get(role)
        return section(node) if section else None
    if isinstance(node, RowNode):
        row = _ROW.get(role)
        return row(node) if row else None
    field = _FIELD.get(role)
    return field(node) if field else None
