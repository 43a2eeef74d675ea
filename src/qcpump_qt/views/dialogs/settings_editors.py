"""One editor for each kind of setting."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from qcpump_qt.models.settings_model import SettingField
from qcpump_qt.views.dialogs.folder_list import FolderList


class SettingEditor(QWidget):
    """An editor's part that all share.

    Args:
        field: the setting.
        inner: the widget that is typed into.
    """

    value_edited = Signal(object)
    """The value that somebody entered; not emitted by `set_value`."""

    def __init__(self, field: SettingField, inner: QWidget) -> None:
        super().__init__()
        inner.setObjectName(field.key)
        inner.setAccessibleName(f"{field.label}, in {field.unit}" if field.unit else field.label)
        inner.setAccessibleDescription(field.help)
        inner.setToolTip(field.help)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(inner)
        self.setFocusProxy(inner)
        self._inner = inner

    def set_value(self, value: Any) -> None:
        """Show a value; a text that is being typed keeps its cursor where the value is the same."""
        with QSignalBlocker(self._inner):
            self._put(value)

    def _put(self, value: Any) -> None:
        raise NotImplementedError


class _Switch(SettingEditor):
    """True or false."""

    def __init__(self, field: SettingField) -> None:
        self._box = QCheckBox(field.label)
        super().__init__(field, self._box)
        self._box.toggled.connect(self.value_edited.emit)

    def _put(self, value: Any) -> None:
        self._box.setChecked(bool(value))


class _Whole(SettingEditor):
    """A whole number between its limits."""

    def __init__(self, field: SettingField) -> None:
        self._box = _QuietWhole()
        self._box.setRange(int(field.lowest), int(field.highest))
        self._box.setSuffix(f" {field.unit}" if field.unit else "")
        super().__init__(field, self._box)
        self._box.valueChanged.connect(self.value_edited.emit)

    def _put(self, value: Any) -> None:
        if self._box.value() != value:  # else a number that is being typed would be written anew
            self._box.setValue(int(value))


class _Number(SettingEditor):
    """A number between its limits."""

    def __init__(self, field: SettingField) -> None:
        self._box = _QuietNumber()
        self._box.setDecimals(2)
        self._box.setSingleStep(0.5)
        self._box.setRange(field.lowest, field.highest)
        self._box.setSuffix(f" {field.unit}" if field.unit else "")
        super().__init__(field, self._box)
        self._box.valueChanged.connect(self.value_edited.emit)

    def _put(self, value: Any) -> None:
        if self._box.value() != value:  # else a number that is being typed would be written anew
            self._box.setValue(float(value))


class _Choice(SettingEditor):
    """One of a few."""

    def __init__(self, field: SettingField) -> None:
        self._box = _QuietChoice()
        for value, words in field.choices:
            self._box.addItem(words, value)
        super().__init__(field, self._box)
        self._box.currentIndexChanged.connect(lambda index: self.value_edited.emit(self._box.itemData(index)))

    def _put(self, value: Any) -> None:
        self._box.setCurrentIndex(self._box.findData(value))


class _Text(SettingEditor):
    """A line of text."""

    def __init__(self, field: SettingField) -> None:
        self._line = QLineEdit()
        super().__init__(field, self._line)
        self._line.textEdited.connect(self.value_edited.emit)

    def _put(self, value: Any) -> None:
        if self._line.text() != value:
            self._line.setText(str(value))
            self._line.setCursorPosition(0)


class _Folders(SettingEditor):
    """A list of folders."""

    def __init__(self, field: SettingField) -> None:
        self._list = FolderList(field.label)
        super().__init__(field, self._list)
        self._list.folders_edited.connect(lambda folders: self.value_edited.emit(folders or None))

    def _put(self, value: Any) -> None:
        self._list.set_folders(value or ())


class _QuietWhole(QSpinBox):
    """Lets the wheel scroll the page unless it has the focus."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Change the number only where somebody is editing it."""
        super().wheelEvent(event) if self.hasFocus() else event.ignore()


class _QuietNumber(QDoubleSpinBox):
    """Lets the wheel scroll the page unless it has the focus."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Change the number only where somebody is editing it."""
        super().wheelEvent(event) if self.hasFocus() else event.ignore()


class _QuietChoice(QComboBox):
    """Lets the wheel scroll the page unless it has the focus."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Change the choice only where somebody is editing it."""
        super().wheelEvent(event) if self.hasFocus() else event.ignore()


_EDITORS: dict[str, type[Any]] = {
    "switch": _Switch,
    "whole": _Whole,
    "number": _Number,
    "choice": _Choice,
    "text": _Text,
    "folders": _Folders,
}


def editor_for(field: SettingField) -> SettingEditor:
    """The editor that fits a setting."""
    editor: SettingEditor = _EDITORS[field.kind](field)
    return editor
