"""The buttons above the form and the keys that do the same."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence, QUndoGroup, QUndoStack
from PySide6.QtWidgets import QToolButton, QWidget

from qcpump_qt.views.form.flow_layout import FlowLayout
from qcpump_qt.views.icons import icon

_Key = QKeySequence.StandardKey


class FormBar(QWidget):
    """Save, reset, undo, redo, revalidate, preview, duplicate, rename, delete, help.

    Args:
        keys_for: the widget in which the keys work.
    """

    def __init__(self, keys_for: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys_for = keys_for
        self._flow = FlowLayout(self)
        self._flow.setSpacing(2)
        self._undo_group = QUndoGroup(self)
        self.save = self._action(
            "Save", "save", "Save the changes; they count from the next cycle.", _Key.Save
        )
        self.reset = self._action("Reset", "reset", "Go back to what is saved.")
        self.undo = self._action("Undo", "undo", "Undo", _Key.Undo)
        self.redo = self._action("Redo", "redo", "Redo", "Ctrl+Shift+Z", "Ctrl+Y")
        self.revalidate = self._action("Revalidate", "refresh", "Check the configuration again.")
        self.preview = self._action(
            "Preview", "preview", "See what this pump would send, without sending it."
        )
        self.duplicate = self._action("Duplicate", "duplicate", "Make a new pump with the same values.")
        self.rename = self._action("Rename…", "rename", "Give the pump another name.")
        self.delete = self._action("Delete…", "delete", "Delete the pump.")
        self.help = self._action("Help", "help", "Show or hide the help of the fields.")
        self.help.setCheckable(True)
        self.help.setChecked(True)
        self.undo.triggered.connect(self._undo_group.undo)
        self.redo.triggered.connect(self._undo_group.redo)
        self._undo_group.canUndoChanged.connect(self.undo.setEnabled)
        self._undo_group.canRedoChanged.connect(self.redo.setEnabled)
        self._undo_group.undoTextChanged.connect(lambda text: self._explain(self.undo, "Undo", text))
        self._undo_group.redoTextChanged.connect(lambda text: self._explain(self.redo, "Redo", text))

    def set_undo_stack(self, stack: QUndoStack | None) -> None:
        """Undo and redo what is on this stack from now on."""
        for other in self._undo_group.stacks():
            if other is not stack:
                self._undo_group.removeStack(other)
        if stack is not None:
            self._undo_group.addStack(stack)
            self._undo_group.setActiveStack(stack)
        self.undo.setEnabled(self._undo_group.canUndo())
        self.redo.setEnabled(self._undo_group.canRedo())

    def show_state(self, *, changed: bool, saved: bool, busy: bool) -> None:
        """Let only those buttons be pressed that do something now.

        Args:
            changed: there are edits that were not saved.
            saved: the pump was saved before.
            busy: something is under way that has to end first.
        """
        self.save.setEnabled((changed or not saved) and not busy)
        self.reset.setEnabled(changed and not busy)
        for action in (self.revalidate, self.preview, self.duplicate, self.rename, self.delete):
            action.setEnabled(not busy)

    def _action(self, text: str, icon_name: str, tip: str, *keys: QKeySequence.StandardKey | str) -> QAction:
        action = QAction(icon(icon_name), text, self)
        action.setIconText(text)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.setEnabled(text == "Help")
        self._keys_for.addAction(action)
        button = QToolButton()
        button.setDefaultAction(action)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setAutoRaise(True)
        button.setAccessibleName(text.rstrip("…"))
        button.setObjectName(f"form/{text.rstrip('…').lower()}")
        self._flow.addWidget(button)
        self._explain(action, tip, "")
        return action

    def _explain(self, action: QAction, tip: str, more: str) -> None:
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(" ".join(part for part in (tip, more, f"({keys})" if keys else "") if part))
