"""The dialog that adds a pump: types, filter, name, problems of broken types."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QLineEdit, QListWidget, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from gui.form_samples import bring_up, part
from qcpump_qt.views.dialogs.add_pump import AddPumpDialog, TypeChoice
from qcpump_qt.views.dialogs.pump_names import free_name, trouble_with

LEFT = Qt.MouseButton.LeftButton
TYPES = [
    TypeChoice("WaterTank", "Water tank files", source="/pumps/water/water.py"),
    TypeChoice("QATrackMPCPump", "Varian MPC", "https://example.org/mpc", about="Sends MPC results."),
    TypeChoice("FirebirdDQA3", "DQA3: Firebird"),
]


@pytest.fixture
def dialog(qtbot: QtBot) -> AddPumpDialog:
    return shown(qtbot, AddPumpDialog(TYPES, ["Varian MPC", "Evening"]))


def shown(qtbot: QtBot, dialog: AddPumpDialog) -> AddPumpDialog:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.open()
    bring_up(qtbot, dialog)
    return dialog


def ok(dialog: AddPumpDialog) -> QPushButton:
    button: QPushButton = part(dialog, QDialogButtonBox).button(QDialogButtonBox.StandardButton.Ok)
    return button


def names(dialog: AddPumpDialog) -> list[str]:
    types = part(dialog, QListWidget, "add/types")
    items = [types.item(row) for row in range(types.count())]
    return [item.text() for item in items if not item.isHidden()]


def test_built_in_types_come_first_and_own_ones_are_marked(dialog: AddPumpDialog) -> None:
    assert names(dialog) == ["DQA3: Firebird", "Varian MPC", "Water tank files (your own)"]


def test_a_type_tells_about_itself_and_suggests_a_name(qtbot: QtBot, dialog: AddPumpDialog) -> None:
    assert dialog.about.text() == "DQA3: Firebird\n\nComes with the program. Its key is FirebirdDQA3."
    assert part(dialog, QLineEdit, "add/name").text() == "DQA3: Firebird"
    assert not part(dialog, QPushButton, "add/help").isVisible()
    QTest.keyClick(part(dialog, QLineEdit, "add/filter"), Qt.Key.Key_Down)
    assert dialog.about.text() == (
        "Varian MPC\n\nSends MPC results.\n\nComes with the program. Its key is QATrackMPCPump."
    )
    assert part(dialog, QLineEdit, "add/name").text() == "Varian MPC 2"
    QTest.keyClick(part(dialog, QLineEdit, "add/filter"), Qt.Key.Key_Down)
    assert dialog.about.text() == (
        "Water tank files\n\nYour own pump type, from /pumps/water/water.py. Its key is WaterTank."
    )


def test_the_page_about_a_type_is_asked_for(qtbot: QtBot, dialog: AddPumpDialog) -> None:
    QTest.keyClick(part(dialog, QLineEdit, "add/filter"), Qt.Key.Key_Down)
    with qtbot.waitSignal(dialog.help_wanted) as wanted:
        QTest.mouseClick(part(dialog, QPushButton, "add/help"), LEFT)
    assert wanted.args == ["https://example.org/mpc"]


def test_a_pump_is_added_with_the_keyboard_alone(qtbot: QtBot, dialog: AddPumpDialog) -> None:
    line = part(dialog, QLineEdit, "add/filter")
    assert line.hasFocus()
    QTest.keyClicks(line, "mpc var")
    assert names(dialog) == ["Varian MPC"]
    with qtbot.waitSignal(dialog.added) as added:
        QTest.keyClick(line, Qt.Key.Key_Return)
    assert added.args == ["QATrackMPCPump", "Varian MPC 2"]
    assert not dialog.isVisible()


def test_a_double_click_adds(qtbot: QtBot, dialog: AddPumpDialog) -> None:
    types = part(dialog, QListWidget, "add/types")
    place = types.visualItemRect(types.item(1)).center()
    QTest.mouseClick(types.viewport(), LEFT, pos=place)
    with qtbot.waitSignal(dialog.added) as added:
        QTest.mouseDClick(types.viewport(), LEFT, pos=place)
    assert added.args == ["QATrackMPCPump", "Varian MPC 2"]


def test_a_typed_name_stays_when_another_type_is_selected(qtbot: QtBot, dialog: AddPumpDialog) -> None:
    name = part(dialog, QLineEdit, "add/name")
    name.setFocus()
    name.selectAll()
    QTest.keyClicks(name, " Bunker 4 ")
    QTest.keyClick(part(dialog, QLineEdit, "add/filter"), Qt.Key.Key_Down)
    assert name.text() == " Bunker 4 "
    with qtbot.waitSignal(dialog.added) as added:
        QTest.mouseClick(ok(dialog), LEFT)
    assert added.args == ["QATrackMPCPump", "Bunker 4"]


def test_what_is_wrong_with_a_name_is_told(qtbot: QtBot, dialog: AddPumpDialog) -> None:
    name = part(dialog, QLineEdit, "add/name")
    assert dialog.message.text() == (
        "The pump is added with default values. It runs once you have filled in its form and saved it."
    )
    name.setFocus()
    name.selectAll()
    QTest.keyClick(name, Qt.Key.Key_Delete)
    assert (dialog.message.text(), ok(dialog).isEnabled()) == ("Enter a name.", False)
    QTest.keyClicks(name, "Evening")
    assert dialog.message.text() == "There is a pump “Evening” already. Choose another name."
    with qtbot.assertNotEmitted(dialog.added):
        QTest.keyClick(name, Qt.Key.Key_Return)
    assert dialog.isVisible()


def test_a_filter_that_fits_nothing_says_so(qtbot: QtBot, dialog: AddPumpDialog) -> None:
    line = part(dialog, QLineEdit, "add/filter")
    QTest.keyClicks(line, "zzz")
    assert dialog.types.nothing.isVisible()
    assert dialog.types.nothing.text() == "No pump type fits the filter."
    assert (dialog.message.text(), ok(dialog).isEnabled()) == ("Select a pump type.", False)
    QTest.keyClick(line, Qt.Key.Key_Down)
    line.clear()
    assert ok(dialog).isEnabled()


def test_broken_types_are_shown_with_their_problem(qtbot: QtBot) -> None:
    dialog = shown(
        qtbot, AddPumpDialog(TYPES, [], ["The file a.py was not loaded.", "The file b.py neither."])
    )
    told = part(dialog, QPlainTextEdit, "add/problems")
    assert told.toPlainText() == "The file a.py was not loaded.\n\nThe file b.py neither."
    assert told.isReadOnly()
    labels = [label.text() for label in dialog.findChildren(type(dialog.message)) if label.buddy() is told]
    assert labels == ["2 problems with pump types:"]


def test_without_problems_nothing_is_said_about_any(dialog: AddPumpDialog) -> None:
    assert not dialog.findChildren(QPlainTextEdit)


def test_escape_adds_nothing(qtbot: QtBot, dialog: AddPumpDialog) -> None:
    with qtbot.assertNotEmitted(dialog.added), qtbot.waitSignal(dialog.rejected):
        QTest.keyClick(part(dialog, QLineEdit, "add/filter"), Qt.Key.Key_Escape)


@pytest.mark.parametrize(
    ("wanted", "taken", "name"),
    [
        ("MPC", [], "MPC"),
        ("MPC", ["MPC"], "MPC 2"),
        (" MPC ", ["MPC", "MPC 2 "], "MPC 3"),
        ("MPC", ["mpc"], "MPC"),
    ],
)
def test_a_suggested_name_is_free(wanted: str, taken: list[str], name: str) -> None:
    assert free_name(wanted, taken) == name
    assert trouble_with(name, taken) == ""


def test_a_name_that_is_written_in_another_way_is_the_same_name() -> None:
    assert (
        trouble_with("Zu\u0308rich", ["Zürich"]) == "There is a pump “Zürich” already. Choose another name."
    )
