"""Machines and units side by side: what is offered, what people make of it, and what it does to the form."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from qcpump_qt.models.mapping import Column, MappingModel, MappingRole, Pair, apply_mapping
from unit.models.sample_form import Form, row

MACHINES = ["TB1", "TB2", "TB3", "Phantom"]
UNITS = ["TrueBeam 1", "TrueBeam 2", "TrueBeam 3", "Halcyon"]
CHECK = Qt.ItemDataRole.CheckStateRole


class Table:
    """A mapping under Qt's checker."""

    def __init__(self, mapped: list[tuple[str, str]] | None = None, **options: Any) -> None:
        self.model = MappingModel(MACHINES, UNITS, mapped or [], **options)
        self.tester = QAbstractItemModelTester(
            self.model, QAbstractItemModelTester.FailureReportingMode.Fatal
        )
        self.changes = 0
        self.model.pairs_changed.connect(self._count)

    def _count(self) -> None:
        self.changes += 1

    def line(self, number: int) -> tuple[str, str, str]:
        machine, unit, how = (self.model.index(number, column).data() for column in Column)
        return machine, unit, how

    def choose(self, number: int, unit: str) -> bool:
        return self.model.setData(self.model.index(number, Column.UNIT), unit)

    def tick(self, number: int, state: object) -> bool:
        return self.model.setData(self.model.index(number, Column.MACHINE), state, CHECK)

    def ticked(self, number: int) -> Any:
        return self.model.index(number, Column.MACHINE).data(CHECK)


@pytest.fixture
def table() -> Table:
    return Table([("TB1", "TrueBeam 1")])


def test_each_machine_has_a_line(table: Table) -> None:
    assert table.model.rowCount() == 4
    assert [table.line(number) for number in range(4)] == [
        ("TB1", "TrueBeam 1", "mapped already"),
        ("TB2", "TrueBeam 2", "suggested"),
        ("TB3", "TrueBeam 3", "suggested"),
        ("Phantom", "", "no unit yet"),
    ]
    titles = [table.model.headerData(column, Qt.Orientation.Horizontal) for column in Column]
    assert titles == ["Machine", "Unit in QATrack+", "How"]
    assert table.model.headerData(9, Qt.Orientation.Horizontal) is None
    assert table.model.headerData(0, Qt.Orientation.Vertical) is None


def test_a_machine_that_the_source_no_longer_has_stays_in_sight() -> None:
    table = Table([("Old one", "TrueBeam 1"), ("", "TrueBeam 2"), ("TB1", "")])
    assert table.model.rowCount() == 5
    assert table.line(4) == ("Old one", "TrueBeam 1", "mapped already")


def test_suggestions_are_ticked_and_what_stands_has_no_box(table: Table) -> None:
    assert [table.ticked(number) for number in range(4)] == [
        None,
        Qt.CheckState.Checked,
        Qt.CheckState.Checked,
        None,
    ]
    assert table.model.confirmed() == [Pair("TB2", "TrueBeam 2", 0.8), Pair("TB3", "TrueBeam 3", 0.8)]
    assert table.model.unmatched_units() == ["Halcyon"]
    assert table.model.unmatched_machines() == ["Phantom"]
    assert table.model.index(1, Column.HOW).data(MappingRole.CERTAINTY) == 0.8


def test_a_box_that_is_cleared_leaves_its_pair_out(table: Table) -> None:
    assert table.tick(1, Qt.CheckState.Unchecked)
    assert [pair.machine for pair in table.model.confirmed()] == ["TB3"]
    assert table.model.unmatched_units() == ["TrueBeam 2", "Halcyon"]
    assert table.model.unmatched_machines() == ["TB2", "Phantom"]
    assert table.tick(1, Qt.CheckState.Checked.value)  # as a delegate gives it
    assert [pair.machine for pair in table.model.confirmed()] == ["TB2", "TB3"]
    assert table.changes == 2


def test_only_new_pairs_can_be_ticked(table: Table) -> None:
    checkable = Qt.ItemFlag.ItemIsUserCheckable
    flags = [bool(table.model.index(number, Column.MACHINE).flags() & checkable) for number in range(4)]
    assert flags == [False, True, True, False]
    assert not table.tick(0, Qt.CheckState.Unchecked)
    assert table.changes == 0


def test_a_unit_is_chosen_by_hand(table: Table) -> None:
    assert table.model.index(3, Column.UNIT).flags() & Qt.ItemFlag.ItemIsEditable
    assert not table.model.index(3, Column.HOW).flags() & Qt.ItemFlag.ItemIsEditable
    assert table.model.index(3, Column.UNIT).data(MappingRole.UNITS) == ["", *UNITS]
    assert table.choose(3, "Halcyon")
    assert table.line(3) == ("Phantom", "Halcyon", "chosen by you")
    assert table.ticked(3) == Qt.CheckState.Checked
    assert Pair("Phantom", "Halcyon", 1.0) in table.model.confirmed()
    assert table.model.unmatched_units() == []
    assert table.choose(3, "")
    assert table.line(3) == ("Phantom", "", "no unit yet")


def test_choosing_a_unit_takes_it_from_the_machine_it_was_suggested_for(table: Table) -> None:
    assert table.choose(3, "TrueBeam 2")
    assert table.line(1) == ("TB2", "", "no unit yet")
    assert [(pair.machine, pair.unit) for pair in table.model.confirmed()] == [
        ("TB3", "TrueBeam 3"),
        ("Phantom", "TrueBeam 2"),
    ]
    assert table.changes == 1


def test_a_unit_may_be_given_to_two_machines_by_hand(table: Table) -> None:
    assert table.choose(3, "TrueBeam 1")
    assert table.line(0) == ("TB1", "TrueBeam 1", "mapped already")


def test_what_stands_can_be_changed_and_changed_back(table: Table) -> None:
    assert table.choose(0, "Halcyon")
    assert table.line(0) == ("TB1", "Halcyon", "chosen by you")
    assert Pair("TB1", "Halcyon", 1.0) in table.model.confirmed()
    assert "TrueBeam 1" in table.model.unmatched_units()
    assert table.choose(0, "")
    assert table.line(0) == ("TB1", "TrueBeam 1", "mapped already")
    assert table.ticked(0) is None


def test_a_unit_that_is_not_offered_stays_and_nothing_else_is_taken() -> None:
    table = Table([("TB1", "Gone")])
    assert table.model.index(0, Column.UNIT).data(MappingRole.UNITS) == ["Gone", *UNITS]
    assert not table.choose(1, "Nowhere")
    assert not table.choose(1, "Gone")
    assert table.choose(0, "Gone")
    assert table.changes == 0


def test_the_same_unit_again_changes_nothing(table: Table) -> None:
    assert table.choose(1, "TrueBeam 2")
    assert table.line(1) == ("TB2", "TrueBeam 2", "suggested")
    assert table.changes == 0


def test_suggestions_can_be_handed_in() -> None:
    table = Table(suggested=[Pair("Phantom", "Halcyon", 0.6)])
    assert table.line(3) == ("Phantom", "Halcyon", "suggested")
    assert table.line(0) == ("TB1", "", "no unit yet")


def test_other_cells_and_roles_are_not_set(table: Table) -> None:
    assert not table.model.setData(QModelIndex(), "x")
    assert not table.model.setData(table.model.index(0, Column.MACHINE), "x")
    assert not table.model.setData(table.model.index(0, Column.UNIT), "x", Qt.ItemDataRole.DisplayRole)
    assert table.model.data(QModelIndex()) is None


# --- into the form -----------------------------------------------------------------------------------


def test_pairs_become_rows_in_one_step() -> None:
    form = Form({"Unit": [row("TB1", "TrueBeam 1"), row("", "")]})
    before = form.model.values()
    pairs = [Pair("TB2", "TrueBeam 2"), Pair("TB3", "TrueBeam 3"), Pair("TB1", "Halcyon")]
    apply_mapping(form.model, "Unit", pairs)
    assert form.model.values()["Unit"] == [
        row("TB1", "Halcyon"),
        row("TB2", "TrueBeam 2"),
        row("TB3", "TrueBeam 3"),
    ]
    assert (form.model.undo_stack.count(), form.edits) == (1, 1)
    assert form.model.undo_stack.undoText() == "Match machines and units"
    form.model.undo_stack.undo()
    assert form.model.values() == before
    form.model.undo_stack.redo()
    assert len(form.model.values()["Unit"]) == 3


def test_pairs_that_stand_already_are_no_edit() -> None:
    form = Form()
    apply_mapping(form.model, "Unit", [Pair("A/TB1", "TrueBeam 1")])
    apply_mapping(form.model, "Unit", [])
    apply_mapping(form.model, "Main", [Pair("A", "B")])
    apply_mapping(form.model, "Nothing", [Pair("A", "B")])
    assert (form.model.undo_stack.count(), form.edits) == (0, 0)


def test_a_row_with_a_machine_and_no_unit_gets_it() -> None:
    form = Form({"Unit": [row("TB1", ""), row("TB2", "")]})
    apply_mapping(form.model, "Unit", [Pair("TB2", "TrueBeam 2")])
    assert form.model.values()["Unit"] == [row("TB1", ""), row("TB2", "TrueBeam 2")]
