"""The form of one pump as a Qt model: sections, their sub-sections, and the fields in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QUndoStack

from qcpump_qt.engine.config.sections import Section
from qcpump_qt.models.form_commands import AddRow, ChangeValue, RemoveRow
from qcpump_qt.models.form_items import FormItems, Index
from qcpump_qt.models.form_nodes import (
    Choices,
    FieldNode,
    RowNode,
    Rows,
    SectionNode,
    mapped_fields,
)
from qcpump_qt.models.form_report import CHECKING, apply_report, apply_status, checked_picture
from qcpump_qt.models.form_roles import ChoicesState, Editor, FormRole, Kind, Status
from qcpump_qt.models.form_saving import Snapshot, saved_picture, snapshot_of, take_over
from qcpump_qt.models.form_values import differs, fitting

if TYPE_CHECKING:
    from qcpump_qt.engine.config.report import Report

__all__ = ["ChoicesState", "Editor", "FormModel", "FormRole", "Kind", "Snapshot", "Status"]


class FormModel(FormItems):
    """The form of one pump: a tree of section, sub-section (row) and field, with undo.

    The value of a field is its `Qt.ItemDataRole.EditRole`: text, True or False, a number, or None for a
    number that was left blank. What is no number stays the text that was entered, and `FormRole.PROBLEM`
    says so. A secret that stands in the keyring is "" with `FormRole.KEPT`; setting it to "" clears it.

    Args:
        sections: the pump type's sections, the common one first.
        values: what is saved; a field that they lack has its default.
        parent: as for every Qt object.
    """

    edited = Signal()
    """Once after each change of values or sub-sections, by hand, undo or redo."""

    changed_state = Signal(bool)
    """Whether there is something to save, each time that this changes."""

    def __init__(
        self, sections: Sequence[Section], values: Mapping[str, Rows], parent: QObject | None = None
    ) -> None:
        super().__init__(sections, values, parent)
        self._changed = False
        self._held = False
        self.undo_stack = QUndoStack(self)
        self.undo_stack.indexChanged.connect(self._tell_edit)

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802
        """Edit a field; can be undone, and the typing in one field is undone at once."""
        node = self._node(index)
        if role != Qt.ItemDataRole.EditRole or not isinstance(node, FieldNode):
            return False
        return self._change(node, value)

    # --- editing -------------------------------------------------------------------------------------

    def add_row(self, section: Index) -> QModelIndex:
        """Add a sub-section with defaults; can be undone. Returns its index, an invalid one if there cannot be more."""
        node = self._node(section)
        if not isinstance(node, SectionNode) or not node.section.multiple:
            return QModelIndex()
        return self._index(self._add(node, {}))

    def remove_row(self, row: Index) -> None:
        """Remove a sub-section; can be undone. The last one stays."""
        node = self._node(row)
        if isinstance(node, RowNode) and len(node.section.rows) > 1:
            self.undo_stack.push(RemoveRow(node, self._insert, self._take))

    def mapped_fields(self, section: str) -> tuple[str, str] | None:
        """The fields for machine and unit of a section that pairs the two; None where it does not."""
        node = self._tree.section(section)
        return mapped_fields(node.section) if node else None

    def fill_rows(self, section: str, rows: Sequence[Mapping[str, Any]], key: str, text: str) -> None:
        """Put whole sub-sections in, undone in one step.

        For each of `rows` the first sub-section that has its value of the field `key` is filled, else one
        where all those fields are blank, else a new one.

        Args:
            section: a multiple section.
            rows: field → value for each sub-section.
            key: the field that tells sub-sections apart.
            text: what is done, for the undo menu.
        """
        node = self._tree.section(section)
        missing = [values for values in rows if node and not any(_has(row, values) for row in node.rows)]
        if node is None or not missing:
            return
        with self._macro(text):
            for values in missing:
                found = _fillable(node, values, key)
                if found is None:
                    self._add(node, values)
                    continue
                for name, value in values.items():
                    each = found.get(name)
                    if each is not None:
                        self._change(each, value)

    def reset(self) -> None:
        """Back to what is saved; can be undone."""
        if not self.is_changed():
            return
        with self._macro("Reset"):
            for section in self._tree.sections:
                self._reset_section(section)

    # --- saving --------------------------------------------------------------------------------------

    def values(self) -> dict[str, Rows]:
        """All values, for the store: new secrets in clear text, untouched ones as `KeptSecret`."""
        return self._tree.values()

    def snapshot(self) -> Snapshot:
        """The form at this moment, to be handed to `set_saved` when its values have been kept."""
        return snapshot_of(self._tree)

    def is_changed(self) -> bool:
        """True when there is something to save."""
        return self._tree.is_changed()

    def set_saved(self, values: Mapping[str, Rows], submitted: Snapshot | None = None) -> None:
        """Take over what stands on disk now; what was edited since `submitted` was taken stays edited.

        The undo stack is cleared: what it holds would bring secrets back that the keyring no longer has.

        Args:
            values: as the store keeps them.
            submitted: what the store was given; the form as it is now where it is left out.
        """
        with self._telling_differences(saved_picture):
            take_over(self._tree, values, submitted or self.snapshot())
        self._held = True
        self.undo_stack.clear()
        self._held = False
        self._tell_changed()

    def set_shown(self, section: str, field: str, value: Any) -> None:
        """Give a field that people only look at another value; nothing to save, nothing to undo."""
        node = self._field(section, 0, field)
        if node is None or not node.field.readonly:
            return
        node.value = node.saved = value
        self._tree.saved[section][0][field] = value
        self._tell_value(node)

    # --- validation ----------------------------------------------------------------------------------

    def set_report(self, report: Report) -> None:
        """Show what a validation of these values found."""
        with self._telling_differences(checked_picture):
            apply_report(self._tree, report)

    def set_checking(self) -> None:
        """Show that a validation is under way, or soon will be."""
        self.set_status(Status.CHECKING, CHECKING)

    def set_status(self, status: Status, message: str) -> None:
        """Give all sections one status, as when the pump could not be checked at all."""
        with self._telling_differences(checked_picture):
            apply_status(self._tree, status, message)

    # --- choices -------------------------------------------------------------------------------------

    def set_choices(self, section: str, row: int, field: str, choices: Sequence[str]) -> None:
        """The choices of a field were fetched; the value stays even when it is none of them."""
        self._set_choices(section, row, field, Choices(ChoicesState.READY, tuple(choices)))

    def set_choices_asking(self, section: str, row: int, field: str) -> None:
        """The choices of a field are being fetched; the former ones can be chosen meanwhile."""
        node = self._field(section, row, field)
        texts = node.choices.texts if node else ()
        self._set_choices(section, row, field, Choices(ChoicesState.ASKING, texts))

    def set_choices_failed(self, section: str, row: int, field: str, message: str) -> None:
        """The choices of a field could not be fetched; the former ones stay."""
        node = self._field(section, row, field)
        texts = node.choices.texts if node else ()
        self._set_choices(section, row, field, Choices(ChoicesState.FAILED, texts, message))

    # --- within --------------------------------------------------------------------------------------

    def _change(self, node: FieldNode, value: Any) -> bool:
        value = fitting(node.field, value)
        if node.field.readonly or (node.editor is Editor.CHECK and not isinstance(value, bool)):
            return False
        if differs(node.value, value):
            self.undo_stack.push(ChangeValue(node, value, self._put))
        return True

    def _add(self, section: SectionNode, values: Mapping[str, Any]) -> RowNode:
        row = self._tree.new_row(section, values)
        self.undo_stack.push(AddRow(row, len(section.rows), self._insert, self._take))
        return row

    def _reset_section(self, section: SectionNode) -> None:
        saved = self._tree.saved[section.section.name]
        present = {row.saved_at: row for row in section.rows}
        for place, values in enumerate(saved):
            if place in present:
                for node in present[place].fields:
                    self._change(node, values[node.field.name])
            else:
                row = self._tree.saved_row(section, place, values)
                before = [
                    each for each in section.rows if each.saved_at is not None and each.saved_at < place
                ]
                position = before[-1].number + 1 if before else 0
                self.undo_stack.push(AddRow(row, position, self._insert, self._take))
        for row in [row for row in section.rows if row.saved_at is None]:
            self.undo_stack.push(RemoveRow(row, self._insert, self._take))

    def _put(self, node: FieldNode, value: Any) -> None:
        node.value, node.reported = value, ""
        self._tell_value(node)

    def _insert(self, row: RowNode, position: int) -> None:
        self.beginInsertRows(self._index(row.section), position, position)
        row.section.rows.insert(position, row)
        self.endInsertRows()
        self._tell_moved(row.section, position + 1)

    def _take(self, row: RowNode, position: int) -> None:
        self.beginRemoveRows(self._index(row.section), position, position)
        row.section.rows.remove(row)
        self.endRemoveRows()
        self._tell_moved(row.section, position)

    def _set_choices(self, section: str, row: int, field: str, choices: Choices) -> None:
        node = self._field(section, row, field)
        if node is not None and node.field.choices_method and node.choices != choices:
            node.choices = choices
            self._tell(node, FormRole.CHOICES, FormRole.CHOICES_STATE, FormRole.CHOICES_MESSAGE)

    @contextmanager
    def _macro(self, text: str) -> Iterator[None]:
        self.undo_stack.beginMacro(text)
        try:
            yield
        finally:
            self.undo_stack.endMacro()

    # --- telling the views ---------------------------------------------------------------------------

    def _tell_moved(self, section: SectionNode, first: int) -> None:
        """The sub-sections from `first` have another number now."""
        for row in section.rows[first:]:
            self._tell(row)
            for node in row.fields:
                self._tell(node, FormRole.ROW_NUMBER)
        self._tell(section, FormRole.CHANGED)

    def _tell_edit(self) -> None:
        if not self._held:
            self._tell_changed()
            self.edited.emit()

    def _tell_changed(self) -> None:
        changed = self.is_changed()
        if changed is not self._changed:
            self._changed = changed
            self.changed_state.emit(changed)


def _fillable(section: SectionNode, values: Mapping[str, Any], key: str) -> RowNode | None:
    """The sub-section that these values belong into."""
    same = (row for row in section.rows if _has(row, {key: values.get(key)}))
    blank = (row for row in section.rows if _has(row, dict.fromkeys(values, "")))
    return next(same, None) or next(blank, None)


def _has(row: RowNode, values: Mapping[str, Any]) -> bool:
    return all((node := row.get(name)) is not None and node.value == values[name] for name in values)
