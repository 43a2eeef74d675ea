"""What was handed to the store, and what the form makes of it when it has been kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qcpump_qt.models.form_nodes import NEVER_SAVED, FieldNode, FormTree, Node, RowNode, Rows, fitted, rows_of
from qcpump_qt.models.form_values import differs, fitting, is_kept


@dataclass(frozen=True)
class Snapshot:
    """The form at one moment.

    Args:
        values: section → sub-sections → field → value.
        places: which sub-section of its section each row was, from 0, by the row's number in the tree.
    """

    values: dict[str, Rows]
    places: Mapping[int, int]


def snapshot_of(tree: FormTree) -> Snapshot:
    """The form as it is now."""
    return Snapshot(tree.values(), {row.id: row.number for row in tree.rows()})


def take_over(tree: FormTree, stored: Mapping[str, Rows], submitted: Snapshot) -> None:
    """Let `stored` be what stands on disk; what was edited after `submitted` was taken stays edited."""
    tree.saved = {
        node.section.name: [
            {field.name: value for field, value in fitted(node.section, row)}
            for row in rows_of(node.section, stored)
        ]
        for node in tree.sections
    }
    for row in tree.rows():
        name = row.section.section.name
        place = submitted.places.get(row.id)
        if place is None or place >= len(tree.saved[name]):
            _never_saved(row)
            continue
        row.saved_at = place
        for node in row.fields:
            before = submitted.values[name][place][node.field.name]
            _saved(node, tree.saved[name][place][node.field.name], edited=differs(node.value, before))


def saved_picture(node: Node) -> tuple[object, ...]:
    """All that saving can change in a node; to see whether it did."""
    if isinstance(node, FieldNode):
        return type(node.value), node.value, node.changed, node.editor
    if isinstance(node, RowNode):
        return (any(each.changed for each in node.fields),)
    return (any(each.changed for row in node.rows for each in row.fields),)


def _saved(node: FieldNode, stored: object, *, edited: bool) -> None:
    node.saved = stored
    if not edited:
        node.value = fitting(node.field, stored)


def _never_saved(row: RowNode) -> None:
    """It came back while the form without it was being saved; its secrets went from the keyring then."""
    row.saved_at = None
    for node in row.fields:
        node.saved = NEVER_SAVED
        if is_kept(node.value):
            node.value = ""
