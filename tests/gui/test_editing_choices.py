"""Choices that are fetched from servers while a pump is edited, and machines matched with units."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.editing_clinic import TYPE, Desk
from qcpump_qt.models.form_model import ChoicesState, FormModel, FormRole
from qcpump_qt.models.mapping import Column, MappingModel, Pair

AWAY = "The server does not answer. Try again later."


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(tmp_path, qtbot)
    yield made
    made.close()


def state(model: FormModel, field: str, row: int = 0) -> ChoicesState:
    return ChoicesState(model.field_index("Unit", row, field).data(FormRole.CHOICES_STATE))


def fetched(desk: Desk, model: FormModel, wanted: ChoicesState = ChoicesState.READY) -> None:
    desk.until(lambda: all(state(model, field) is wanted for field in ("dqa3 name", "unit name")))


def test_choices_are_fetched_once_what_they_depend_on_is_in_order(desk: Desk) -> None:
    model = desk.open(desk.pump())
    fetched(desk, model)
    assert desk.at(model, "dqa3 name", FormRole.CHOICES) == ["TB1", "TB2", "Phantom"]
    assert desk.at(model, "unit name", FormRole.CHOICES) == ["Main: TrueBeam 1", "Main: TrueBeam 2"]
    assert sorted(desk.server.asked) == ["machines of server", "units of server"]
    desk.type(model, "unit name", "Main: TrueBeam 1", "Unit")
    desk.settled(desk.opened[0])
    assert len(desk.server.asked) == 2


def test_nothing_is_fetched_while_what_they_depend_on_is_wrong(desk: Desk) -> None:
    pump = desk.pump(host="wrong")
    model = desk.open(pump)
    assert desk.server.asked == []
    assert state(model, "unit name") is ChoicesState.NOT_ASKED
    desk.type(model, "host", "right")
    desk.settled(pump.id)
    fetched(desk, model)
    assert sorted(desk.server.asked) == ["machines of right", "units of right"]


def test_another_server_is_asked_anew(desk: Desk) -> None:
    pump = desk.pump()
    model = desk.open(pump)
    fetched(desk, model)
    desk.server.machines = ["Other"]
    desk.type(model, "host", "other")
    desk.settled(pump.id)
    desk.until(lambda: desk.at(model, "dqa3 name", FormRole.CHOICES) == ["Other"])
    assert model.field_index("Unit", 0, "dqa3 name").data(Qt.ItemDataRole.EditRole) == "TB1"  # stays


def test_all_rows_get_the_choices_and_new_rows_too(desk: Desk) -> None:
    pump = desk.pump()
    model = desk.open(pump)
    model.add_row(model.section_index("Unit"))
    fetched(desk, model)
    model.add_row(model.section_index("Unit"))
    for row in range(3):
        assert desk.at(model, "dqa3 name", FormRole.CHOICES, row=row) == ["TB1", "TB2", "Phantom"]


def test_choices_are_fetched_again_on_wish(desk: Desk) -> None:
    pump = desk.pump()
    model = desk.open(pump)
    fetched(desk, model)
    desk.server.units = ["Main: Halcyon"]
    desk.editing.fetch_choices(pump.id, "Unit", 0, "unit name")
    assert state(model, "unit name") is ChoicesState.ASKING
    assert desk.at(model, "unit name", FormRole.CHOICES) == ["Main: TrueBeam 1", "Main: TrueBeam 2"]
    desk.until(lambda: desk.at(model, "unit name", FormRole.CHOICES) == ["Main: Halcyon"])
    assert not model.is_changed()


def test_a_field_that_is_gone_is_not_fetched_for(desk: Desk) -> None:
    pump = desk.pump()
    fetched(desk, desk.open(pump))
    desk.server.asked.clear()
    desk.editing.fetch_choices(pump.id, "Unit", 7, "unit name")
    desk.editing.fetch_choices(pump.id, "Nothing", 0, "unit name")
    desk.editing.revalidate(pump.id)
    desk.settled(pump.id)
    assert desk.server.asked == []


def test_a_failure_is_told_beside_the_field_and_the_value_stays(desk: Desk) -> None:
    pump = desk.pump()
    model = desk.open(pump)
    fetched(desk, model)
    desk.server.away = True
    desk.editing.fetch_choices(pump.id, "Unit", 0, "dqa3 name")
    desk.until(lambda: state(model, "dqa3 name") is ChoicesState.FAILED)
    assert desk.at(model, "dqa3 name", FormRole.CHOICES_MESSAGE) == AWAY
    assert model.field_index("Unit", 0, "dqa3 name").data(Qt.ItemDataRole.EditRole) == "TB1"
    assert desk.failures == []
    desk.server.away = False
    desk.editing.revalidate(pump.id)
    desk.until(lambda: state(model, "dqa3 name") is ChoicesState.READY)


def test_the_newest_wish_for_choices_counts(desk: Desk) -> None:
    pump = desk.pump()
    model = desk.open(pump)
    fetched(desk, model)
    desk.server.answers.clear()
    desk.server.deaf = True
    desk.editing.fetch_choices(pump.id, "Unit", 0, "unit name")
    desk.hanging(1)
    desk.editing.fetch_choices(pump.id, "Unit", 0, "unit name")
    desk.hanging(2)
    desk.server.units = ["Newest"]
    desk.server.answers.set()
    desk.until(lambda: state(model, "unit name") is ChoicesState.READY)
    assert desk.at(model, "unit name", FormRole.CHOICES) == ["Newest"]


def test_hanging_choices_hold_up_neither_checks_nor_saves(desk: Desk) -> None:
    pump = desk.pump()
    model = desk.open(pump)
    fetched(desk, model)
    desk.server.answers.clear()
    desk.server.deaf = True
    for number in range(6):
        desk.editing.fetch_choices(pump.id, "Unit", 0, "unit name")
        desk.hanging(number + 1)
    desk.type(model, "active", False, "Pump")
    assert desk.settled(pump.id)[0] == "inactive"
    desk.editing.save(pump.id)
    desk.until(lambda: desk.saved)
    desk.server.answers.set()


def test_choices_for_a_forgotten_pump_are_dropped(desk: Desk) -> None:
    pump = desk.pump()
    model = desk.open(pump)
    fetched(desk, model)
    desk.server.answers.clear()
    desk.editing.fetch_choices(pump.id, "Unit", 0, "unit name")
    desk.hanging(1)
    desk.editing.forget(pump.id)
    desk.hanging(0)
    desk.qtbot.wait(50)
    assert state(model, "unit name") is ChoicesState.ASKING


# --- matching ----------------------------------------------------------------------------------------


def mapping(desk: Desk, pump_id: str) -> MappingModel:
    desk.editing.open_mapping(pump_id, "Unit")
    desk.until(lambda: desk.mappings)
    told_id, section, model = desk.mappings.pop()
    assert (told_id, section) == (pump_id, "Unit")
    assert isinstance(model, MappingModel)
    return model


def test_machines_and_units_are_matched_and_go_into_the_form(desk: Desk) -> None:
    pump = desk.pump()
    model = desk.open(pump)
    table = mapping(desk, pump.id)
    lines = [tuple(table.index(row, column).data() for column in Column) for row in range(table.rowCount())]
    assert lines == [
        ("TB1", "Main: TrueBeam 1", "suggested"),
        ("TB2", "Main: TrueBeam 2", "suggested"),
        ("Phantom", "", "no unit yet"),
    ]
    desk.editing.apply_mapping(pump.id, "Unit", table.confirmed())
    assert model.values()["Unit"] == [
        {"dqa3 name": "TB1", "unit name": "Main: TrueBeam 1"},
        {"dqa3 name": "TB2", "unit name": "Main: TrueBeam 2"},
    ]
    assert state(model, "unit name", 1) is ChoicesState.READY
    assert desk.editing.unsaved() == {pump.id}
    model.undo_stack.undo()
    assert desk.editing.unsaved() == set()


def test_pairs_in_the_form_are_mapped_already(desk: Desk) -> None:
    temporary = desk.editing.open_new(TYPE, "Linac")
    desk.form(temporary)
    desk.editing.apply_mapping(temporary, "Unit", [Pair("TB1", "Main: TrueBeam 2")])
    table = mapping(desk, temporary)
    assert table.index(0, Column.HOW).data() == "mapped already"
    assert table.confirmed() == []
    assert table.unmatched_units() == ["Main: TrueBeam 1"]
    assert table.unmatched_machines() == ["TB2", "Phantom"]


def test_a_server_that_is_away_is_told(desk: Desk) -> None:
    pump = desk.pump()
    desk.open(pump)
    desk.server.away = True
    desk.editing.open_mapping(pump.id, "Unit")
    desk.until(lambda: desk.failures)
    assert desk.failures == [
        ("Server cannot be reached", f"Machines and units cannot be matched now. {AWAY}")
    ]


def test_a_section_that_pairs_nothing_has_no_mapping(desk: Desk) -> None:
    pump = desk.pump()
    model = desk.open(pump)
    fetched(desk, model)
    desk.server.asked.clear()
    desk.editing.open_mapping(pump.id, "Reader")
    desk.editing.apply_mapping(pump.id, "Reader", [Pair("a", "b")])
    desk.editing.revalidate(pump.id)
    desk.settled(pump.id)
    assert (desk.server.asked, desk.mappings, model.is_changed()) == ([], [], False)
