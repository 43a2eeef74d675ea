"""The dialogs that rename a pump and that ask before something is lost."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from gui.form_samples import bring_up, part
from qcpump_qt.views.dialogs.confirm import ConfirmDialog, delete_dialog, reset_dialog
from qcpump_qt.views.dialogs.rename import RenameDialog

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def dialog(qtbot: QtBot) -> RenameDialog:
    dialog = RenameDialog("A & B", ["A & B", "Evening"])
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.open()
    bring_up(qtbot, dialog)
    return dialog


def test_it_shows_the_name_ready_to_be_replaced(dialog: RenameDialog) -> None:
    line = part(dialog, QLineEdit, "rename/name")
    assert (line.text(), line.selectedText(), line.hasFocus()) == ("A & B", "A & B", True)
    assert dialog.message.text() == "Its settings, log, history and records stay with it."


def test_enter_renames(qtbot: QtBot, dialog: RenameDialog) -> None:
    line = part(dialog, QLineEdit, "rename/name")
    QTest.keyClicks(line, "  Bunker 2 ")
    with qtbot.waitSignal(dialog.renamed) as renamed:
        QTest.keyClick(line, Qt.Key.Key_Return)
    assert renamed.args == ["Bunker 2"]
    assert not dialog.isVisible()


def test_the_same_name_changes_nothing(qtbot: QtBot, dialog: RenameDialog) -> None:
    with qtbot.assertNotEmitted(dialog.renamed), qtbot.waitSignal(dialog.accepted):
        QTest.mouseClick(dialog.ok, LEFT)


def test_escape_changes_nothing(qtbot: QtBot, dialog: RenameDialog) -> None:
    line = part(dialog, QLineEdit, "rename/name")
    QTest.keyClicks(line, "Bunker")
    with qtbot.assertNotEmitted(dialog.renamed), qtbot.waitSignal(dialog.rejected):
        QTest.keyClick(line, Qt.Key.Key_Escape)


def test_a_taken_or_blank_name_is_told_and_refused(qtbot: QtBot, dialog: RenameDialog) -> None:
    line = part(dialog, QLineEdit, "rename/name")
    QTest.keyClicks(line, "Evening")
    assert dialog.message.text() == "There is a pump “Evening” already. Choose another name."
    assert not dialog.ok.isEnabled()
    with qtbot.assertNotEmitted(dialog.renamed):
        QTest.keyClick(line, Qt.Key.Key_Return)
    assert dialog.isVisible()
    line.selectAll()
    QTest.keyClicks(line, "   ")
    assert (dialog.message.text(), dialog.ok.isEnabled()) == ("Enter a name.", False)


def ask(qtbot: QtBot, dialog: ConfirmDialog) -> ConfirmDialog:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.open()
    bring_up(qtbot, dialog)
    return dialog


def test_a_question_is_answered_by_its_button(qtbot: QtBot) -> None:
    dialog = ask(qtbot, ConfirmDialog("Title", "Really?", "All is lost.", "Do it"))
    assert (dialog.text(), dialog.informativeText()) == ("Really?", "All is lost.")
    button = part(dialog, QPushButton, "confirm/go ahead")
    assert (button.text(), button.accessibleName()) == ("Do it", "Do it")
    with qtbot.waitSignal(dialog.confirmed):
        QTest.mouseClick(button, LEFT)
    assert not dialog.isVisible()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_the_way_back_is_the_default(qtbot: QtBot, key: Qt.Key) -> None:
    dialog = ask(qtbot, ConfirmDialog("Title", "Really?", "All is lost.", "Do it"))
    with qtbot.assertNotEmitted(dialog.confirmed):
        QTest.keyClick(dialog, key)
    assert not dialog.isVisible()


def test_cancel_goes_back(qtbot: QtBot) -> None:
    dialog = ask(qtbot, ConfirmDialog("Title", "Really?", "All is lost.", "Do it"))
    with qtbot.assertNotEmitted(dialog.confirmed):
        QTest.mouseClick(part(dialog, QPushButton, "confirm/cancel"), LEFT)
    assert not dialog.isVisible()


def test_names_are_never_read_as_markup(qtbot: QtBot) -> None:
    assert delete_dialog("<b>A</b>", saved=True).text() == "Delete the pump “<b>A</b>”?"
    assert delete_dialog("A", saved=True).textFormat() is Qt.TextFormat.PlainText


@pytest.mark.parametrize(("saved", "goal"), [(True, "what is saved"), (False, "the defaults")])
def test_reset_says_where_to(qtbot: QtBot, saved: bool, goal: str) -> None:
    dialog = ask(qtbot, reset_dialog("Morning", saved=saved))
    assert dialog.text() == "Give up the changes to the pump “Morning”?"
    assert dialog.informativeText() == f"Every field goes back to {goal}. Undo brings your changes back."
