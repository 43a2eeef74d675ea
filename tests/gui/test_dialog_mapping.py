"""The dialog that pairs machines with units, on its real model."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialogButtonBox,
    QListWidget,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)
from pytestqt.qtbot import QtBot

from gui.form_samples import bring_up, form_model, part
from qcpump_qt.models.mapping import Column, MappingModel, Pair, apply_mapping
from qcpump_qt.views.dialogs.mapping import INTRODUCTION, MappingDialog
from qcpump_qt.views.dialogs.unit_delegate import UnitDelegate

LEFT = Qt.MouseButton.LeftButton
MACHINES = ["Bunker 1/TB1", "Bunker 2/TB2", "Old Clinac"]
UNITS = ["North: TrueBeam 1", "North: TrueBeam 2", "South: Edge"]


@pytest.fixture
def model(qapp: QApplication) -> MappingModel:
    suggested = [Pair("Bunker 2/TB2", "North: TrueBeam 2", 0.9)]
    return MappingModel(MACHINES, UNITS, [("Bunker 1/TB1", "North: TrueBeam 1")], suggested)


@pytest.fixture
def dialog(qtbot: QtBot, model: MappingModel) -> MappingDialog:
    dialog = MappingDialog(model)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.open()
    bring_up(qtbot, dialog)
    return dialog


def table_of(dialog: MappingDialog) -> QTableView:
    table: QTableView = part(dialog, QTableView, "mapping/machines")
    return table


def units_left(dialog: MappingDialog) -> list[str]:
    units = part(dialog, QListWidget, "mapping/units")
    return [units.item(row).text() for row in range(units.count())]


def ok(dialog: MappingDialog) -> QPushButton:
    button: QPushButton = part(dialog, QDialogButtonBox).button(QDialogButtonBox.StandardButton.Ok)
    return button


def click_cell(qtbot: QtBot, table: QTableView, row: int, column: int) -> None:
    QTest.mouseClick(table.viewport(), LEFT, pos=table.visualRect(table.model().index(row, column)).center())


def click_box(qtbot: QtBot, table: QTableView, row: int) -> None:
    index = table.model().index(row, Column.MACHINE)
    option = QStyleOptionViewItem()
    delegate = table.itemDelegate()
    assert isinstance(delegate, QStyledItemDelegate)
    delegate.initStyleOption(option, index)
    option.rect = table.visualRect(index)
    box = table.style().subElementRect(QStyle.SubElement.SE_ItemViewItemCheckIndicator, option, table)
    QTest.mouseClick(table.viewport(), LEFT, pos=box.center())


def choose(qtbot: QtBot, dialog: MappingDialog, row: int, *keys: Qt.Key) -> None:
    """Open the drop-down of a row by a click, and choose by keys."""
    click_cell(qtbot, table_of(dialog), row, Column.UNIT)
    box = part(dialog, QComboBox, "mapping/unit")
    for key in keys:
        QTest.keyClick(box, key)
    qtbot.waitUntil(lambda: not dialog.findChildren(QComboBox, "mapping/unit"))


def test_it_says_what_to_do_and_what_will_be_done(dialog: MappingDialog) -> None:
    assert INTRODUCTION == (
        "Tick the pairs that are right, and choose a unit where none or a wrong one is suggested. "
        "The ticked pairs are put into the form; nothing is saved before you save the pump."
    )
    assert dialog.summary.text() == "1 pair will be put into the form. Without a partner: 1 machine, 1 unit."
    assert units_left(dialog) == ["South: Edge"]


def test_machines_without_a_unit_invite_to_choose_one(dialog: MappingDialog) -> None:
    table = table_of(dialog)
    delegate = table.itemDelegateForColumn(Column.UNIT)
    assert isinstance(delegate, UnitDelegate)
    units = [table.model().index(row, Column.UNIT).data() for row in range(3)]
    shown = [delegate.displayText(unit, table.locale()) for unit in units]
    assert shown == ["North: TrueBeam 1", "North: TrueBeam 2", "Choose a unit…"]


def test_a_suggestion_is_taken_back_by_its_box(
    qtbot: QtBot, dialog: MappingDialog, model: MappingModel
) -> None:
    click_box(qtbot, table_of(dialog), 1)
    assert model.confirmed() == []
    assert (
        dialog.summary.text() == "0 pairs will be put into the form. Without a partner: 2 machines, 2 units."
    )
    assert units_left(dialog) == ["North: TrueBeam 2", "South: Edge"]
    assert not ok(dialog).isEnabled()
    click_box(qtbot, table_of(dialog), 1)
    assert ok(dialog).isEnabled()


def test_a_suggestion_is_taken_back_by_the_keyboard(
    qtbot: QtBot, dialog: MappingDialog, model: MappingModel
) -> None:
    table = table_of(dialog)
    table.setFocus()
    table.setCurrentIndex(model.index(1, Column.MACHINE))
    QTest.keyClick(table, Qt.Key.Key_Space)
    assert model.confirmed() == []


def test_a_unit_is_chosen_in_its_cell(qtbot: QtBot, dialog: MappingDialog, model: MappingModel) -> None:
    choose(qtbot, dialog, 2, Qt.Key.Key_End)
    assert model.index(2, Column.UNIT).data() == "South: Edge"
    assert model.index(2, Column.HOW).data() == "chosen by you"
    assert (
        dialog.summary.text() == "2 pairs will be put into the form. Without a partner: 0 machines, 0 units."
    )


def test_a_chosen_unit_can_be_given_back(qtbot: QtBot, dialog: MappingDialog, model: MappingModel) -> None:
    choose(qtbot, dialog, 1, Qt.Key.Key_Home)
    assert model.index(1, Column.UNIT).data() == ""
    assert not ok(dialog).isEnabled()


def test_ok_hands_over_the_ticked_pairs_and_the_form_gets_them(qtbot: QtBot, dialog: MappingDialog) -> None:
    with qtbot.waitSignal(dialog.confirmed) as confirmed:
        QTest.mouseClick(ok(dialog), LEFT)
    assert confirmed.args is not None
    pairs = confirmed.args[0]
    assert pairs == [Pair("Bunker 2/TB2", "North: TrueBeam 2", 0.9)]
    form = form_model()
    apply_mapping(form, "Unit", pairs)
    assert form.values()["Unit"][1] == {"machine": "Bunker 2/TB2", "unit name": "North: TrueBeam 2"}


def test_cancel_hands_over_nothing(qtbot: QtBot, dialog: MappingDialog) -> None:
    with qtbot.assertNotEmitted(dialog.confirmed), qtbot.waitSignal(dialog.rejected):
        QTest.keyClick(dialog, Qt.Key.Key_Escape)


def test_everything_has_a_name_for_assistive_tools(dialog: MappingDialog) -> None:
    assert table_of(dialog).accessibleName() == "Machines and their units"
    assert part(dialog, QListWidget, "mapping/units").accessibleName() == "Units without a machine"
