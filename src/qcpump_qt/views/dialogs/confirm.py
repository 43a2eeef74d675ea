"""Asks before something is lost."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMessageBox, QWidget


class ConfirmDialog(QMessageBox):
    """A question with one way ahead and one way back; Enter and Escape go back.

    Args:
        title: what it is about.
        question: the question.
        consequence: what is lost and what stays, in whole sentences.
        action: the word on the button that goes ahead.
    """

    confirmed = Signal()
    """Somebody wants it done."""

    def __init__(
        self, title: str, question: str, consequence: str, action: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setIcon(QMessageBox.Icon.Warning)
        self.setWindowTitle(title)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(question)
        self.setInformativeText(consequence)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setObjectName("confirm")
        self.go_ahead = self.addButton(action, QMessageBox.ButtonRole.DestructiveRole)
        self.go_ahead.setAccessibleName(action)
        self.go_ahead.setObjectName("confirm/go ahead")
        back = self.addButton(QMessageBox.StandardButton.Cancel)
        back.setAccessibleName("Cancel")
        back.setObjectName("confirm/cancel")
        self.setDefaultButton(back)
        self.setEscapeButton(back)
        self.go_ahead.clicked.connect(self.confirmed)


def delete_dialog(name: str, *, saved: bool, parent: QWidget | None = None) -> ConfirmDialog:
    """The question before a pump is deleted.

    Args:
        name: the pump's name.
        saved: False for a pump that was never saved.
        parent: the window that it stands in front of.
    """
    if saved:
        consequence = "The configuration and its tokens are deleted. Records in the ledger stay."
    else:
        consequence = "This pump was never saved. What was entered is lost."
    return ConfirmDialog("Delete pump", f"Delete the pump “{name}”?", consequence, "Delete", parent)


def reset_dialog(name: str, *, saved: bool, parent: QWidget | None = None) -> ConfirmDialog:
    """The question before edits are given up."""
    goal = "what is saved" if saved else "the defaults"
    return ConfirmDialog(
        "Reset pump",
        f"Give up the changes to the pump “{name}”?",
        f"Every field goes back to {goal}. Undo brings your changes back.",
        "Reset",
        parent,
    )
