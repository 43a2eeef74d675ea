"""The form's model: what it answers, what edits do, and that each of them can be undone."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, Qt

from qcpump_qt.engine.config.fields import Field, FieldType
from qcpump_qt.engine.config.sections import COMMON_SECTION, Section
from qcpump_qt.models.form_model import ChoicesState, Editor, FormModel, FormRole, Kind, Status
from unit.models.sample_form import KEPT, SECTIONS, Form, row, values


@pytest.fixture
def form() -> Form:
    return Form()


# --- what it answers ---------------------------------------------------------------------------------


def test_the_tree_has_sections_rows_and_fields(form: Form) -> None:
    model = form.model
    assert [model.index(place, 0).data() for place in range(model.rowCount())] == ["Main", "Unit"]
    assert model.rowCount(model.section_index("Main")) == 1
    assert model.rowCount(model.section_index("Unit")) == 3
    assert model.rowCount(form.row_index("Unit", 2)) == 3
    assert model.rowCount(model.field_index("Unit", 2, "unit name")) == 0
    assert model.columnCount() == 1


def test_each_index_knows_where_it_stands(form: Form) -> None:
    field = form.model.field_index("Unit", 1, "unit name")
    above = field.parent()
    assert [Kind(index.data(FormRole.KIND)) for index in (field, above, above.parent())] == [
        Kind.FIELD,
        Kind.ROW,
        Kind.SECTION,
    ]
    assert [index.data(FormRole.SECTION) for index in (field, above, above.parent())] == ["Unit"] * 3
    assert [index.data(FormRole.ROW_NUMBER) for index in (field, above)] == [1, 1]
    assert above.data(FormRole.LABEL) == "Unit #2"
    assert form.row_index("Main", 0).data(FormRole.LABEL) == "Main"
    assert field.data(FormRole.NAME) == "unit name"
    assert not above.parent().parent().isValid()


def test_what_is_not_there_has_no_index(form: Form) -> None:
    assert not form.model.section_index("Nothing").isValid()
    assert not form.row_index("Unit", 3).isValid()
    assert not form.model.field_index("Unit", 3, "unit name").isValid()
    assert not form.model.field_index("Unit", -1, "unit name").isValid()
    assert not form.model.field_index("Main", 0, "nothing").isValid()
    assert form.model.data(QModelIndex()) is None


def test_every_type_has_its_editor(form: Form) -> None:
    editors = {
        "name": Editor.SHOWN,
        "host": Editor.TEXT,
        "token": Editor.SECRET,
        "port": Editor.WHOLE,
        "throttle": Editor.NUMBER,
        "secure": Editor.CHECK,
        "level": Editor.CHOICE,
        "folder": Editor.FOLDER,
        "key file": Editor.FILE,
        "count": Editor.WHOLE,
    }
    assert {name: Editor(form.at(name, FormRole.EDITOR)) for name in editors} == editors
    assert Editor(form.at("password", FormRole.EDITOR, "Unit")) is Editor.SECRET


def test_a_field_answers_what_its_type_declares(form: Form) -> None:
    assert form.at("host", FormRole.LABEL) == "Host"
    assert form.at("host", FormRole.HELP) == "The server's address."
    assert (
        form.model.field_index("Main", 0, "host").data(Qt.ItemDataRole.ToolTipRole) == "The server's address."
    )
    assert form.at("host", FormRole.REQUIRED) is True
    assert form.at("folder", FormRole.REQUIRED) is False
    assert (form.at("port", FormRole.MINIMUM), form.at("port", FormRole.MAXIMUM)) == (1, 65535)
    assert form.at("throttle", FormRole.UNIT) == "s"
    assert form.at("count", FormRole.MAXIMUM) is None
    assert form.at("level", FormRole.CHOICES) == ["low", "high"]
    assert ChoicesState(form.at("level", FormRole.CHOICES_STATE)) is ChoicesState.STATIC


def test_values_are_those_that_were_saved_or_the_defaults(form: Form) -> None:
    shown = {
        name: form.at(name) for name in ("name", "host", "port", "throttle", "secure", "level", "folder")
    }
    assert shown == {
        "name": "Linac",
        "host": "server",
        "port": 8080,
        "throttle": None,
        "secure": True,
        "level": "low",
        "folder": "",
    }
    assert type(form.at("secure")) is bool
    assert form.model.values()["Main"][0]["port"] == 8080
    assert not form.model.is_changed()


def test_a_section_without_values_has_one_row_of_defaults() -> None:
    form = Form({})
    assert form.model.values()["Unit"] == [row("", "")]
    assert form.model.values()["Main"][0]["port"] == 80
    assert not form.model.is_changed()


def test_a_section_that_is_not_multiple_shows_its_first_row_only() -> None:
    form = Form({"Main": [{"host": "first"}, {"host": "second"}]})
    assert form.model.rowCount(form.model.section_index("Main")) == 1
    assert form.at("host") == "first"


def test_only_shown_fields_cannot_be_edited(form: Form) -> None:
    editable = Qt.ItemFlag.ItemIsEditable
    assert not form.model.field_index("Main", 0, "name").flags() & editable
    assert form.model.field_index("Main", 0, "host").flags() & editable
    assert not form.row_index("Unit", 0).flags() & editable
    assert not form.type("name", "Other")
    assert form.at("name") == "Linac"


def test_which_sections_pair_machines_with_units(form: Form) -> None:
    assert form.section(FormRole.MAPPABLE, "Unit") is True
    assert form.section(FormRole.MAPPABLE, "Main") is False
    assert form.section(FormRole.MULTIPLE, "Unit") is True
    assert form.section(FormRole.MULTIPLE, "Main") is False
    assert form.model.mapped_fields("Unit") == ("dqa3 name", "unit name")
    assert form.model.mapped_fields("Main") is None
    assert form.model.mapped_fields("Nothing") is None


def test_the_field_with_unit_in_its_name_holds_the_unit() -> None:
    fields = (
        Field(name="unit", type=FieldType.MULTCHOICE, choices_method="units"),
        Field(name="machine", type=FieldType.MULTCHOICE, choices_method="machines"),
    )
    model = FormModel([Section(name="Pairs", multiple=True, fields=fields)], {})
    assert model.mapped_fields("Pairs") == ("machine", "unit")


@pytest.mark.parametrize("count", [1, 3])
def test_a_section_with_another_number_of_live_choices_has_no_helper(count: int) -> None:
    fields = tuple(
        Field(name=f"f{number}", type=FieldType.MULTCHOICE, choices_method="m") for number in range(count)
    )
    model = FormModel([Section(name="Pairs", multiple=True, fields=fields)], {})
    assert model.section_index("Pairs").data(FormRole.MAPPABLE) is False


def test_values_can_be_read_as_plain_text(form: Form) -> None:
    shown = {
        name: form.model.field_index("Main", 0, name).data()
        for name in ("host", "port", "throttle", "secure", "token")
    }
    assert shown == {
        "host": "server",
        "port": "8080",
        "throttle": "",
        "secure": "yes",
        "token": "stored in the keyring",
    }
    form.type("secure", False)
    assert form.model.field_index("Main", 0, "secure").data() == "no"
    assert form.model.field_index("Unit", 0, "password").data() == ""
    assert form.row_index("Unit", 1).data() == "Unit"


# --- values that do not fit --------------------------------------------------------------------------


def test_a_text_where_a_number_belongs_is_shown_as_text_with_the_problem() -> None:
    form = Form(values(port="eighty"))
    assert form.at("port") == "eighty"
    assert Editor(form.at("port", FormRole.EDITOR)) is Editor.TEXT
    assert form.at("port", FormRole.PROBLEM) == "Port must be a whole number, not 'eighty'."
    assert form.type("port", "443")
    assert form.at("port") == 443
    assert form.at("port", FormRole.PROBLEM) == ""
    assert Editor(form.at("port", FormRole.EDITOR)) is Editor.TEXT  # not swapped under the typing hand


def test_a_text_where_yes_or_no_belongs_is_shown_as_text() -> None:
    form = Form(values(secure="perhaps"))
    assert form.at("secure") == "perhaps"
    assert Editor(form.at("secure", FormRole.EDITOR)) is Editor.TEXT
    assert form.at("secure", FormRole.PROBLEM) == "Secure must be true or false, not 'perhaps'."


def test_numbers_and_words_written_as_text_are_read_as_what_they_mean() -> None:
    form = Form(values(port="443", secure="no", throttle=2))
    assert (form.at("port"), form.at("secure"), form.at("throttle")) == (443, False, 2.0)
    assert Editor(form.at("port", FormRole.EDITOR)) is Editor.WHOLE
    assert not form.model.is_changed()


def test_a_check_box_takes_nothing_but_yes_and_no(form: Form) -> None:
    assert not form.type("secure", "perhaps")
    assert form.at("secure") is True
    assert form.edits == 0


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("host", " ", "Enter a value for Host; it must not be blank."),
        ("port", None, "Enter a value for Port; it must not be blank."),
        ("port", 0, "Port must be from 1 to 65535, not 0."),
        ("port", "8o", "Port must be a whole number, not '8o'."),
        ("throttle", 61.5, "Throttle must be from 0 to 60 s, not 61.5."),
        ("throttle", None, ""),
        ("level", "middle", "Level must be one of low, high, not 'middle'."),
        ("count", -1, "Count must be at least 0, not -1."),
    ],
)
def test_a_problem_is_told_at_once(form: Form, field: str, value: object, problem: str) -> None:
    assert form.type(field, value)
    assert form.at(field, FormRole.PROBLEM) == problem


def test_a_live_choice_is_not_held_against_the_list(form: Form) -> None:
    form.model.set_choices("Unit", 0, "unit name", ["Other"])
    assert form.at("unit name", None, "Unit") == "TrueBeam 1"
    assert form.at("unit name", FormRole.PROBLEM, "Unit") == ""


# --- secrets -----------------------------------------------------------------------------------------


def test_a_secret_in_the_keyring_is_never_shown(form: Form) -> None:
    assert form.at("token") == ""
    assert form.at("token", FormRole.KEPT) is True
    assert form.at("token", FormRole.PROBLEM) == ""
    assert form.model.field_index("Main", 0, "token").data() == "stored in the keyring"
    assert form.model.values()["Main"][0]["token"] == KEPT


def test_a_new_secret_takes_the_kept_ones_place_and_undo_brings_it_back(form: Form) -> None:
    for text in ("s", "se", "sec"):
        form.type("token", text)
    assert form.model.values()["Main"][0]["token"] == "sec"
    assert form.at("token", FormRole.KEPT) is False
    assert form.at("token", FormRole.CHANGED) is True
    assert form.model.field_index("Main", 0, "token").data() == "••••••••"
    assert form.model.undo_stack.undoText() == "Change Token"
    form.model.undo_stack.undo()
    assert form.at("token", FormRole.KEPT) is True
    assert form.model.values()["Main"][0]["token"] == KEPT


def test_a_kept_secret_can_be_cleared(form: Form) -> None:
    form.type("token", "")
    assert form.model.values()["Main"][0]["token"] == ""
    assert form.at("token", FormRole.KEPT) is False
    assert form.at("token", FormRole.PROBLEM) == "Enter a value for Token; it must not be blank."


def test_an_address_that_is_kept_for_its_password_is_edited_as_a_secret() -> None:
    form = Form(values(host=KEPT))
    assert Editor(form.at("host", FormRole.EDITOR)) is Editor.SECRET
    assert form.at("host") == ""
    copied = Form(values(host="http://me:word@proxy:8080"))
    assert Editor(copied.at("host", FormRole.EDITOR)) is Editor.SECRET
    assert "word" not in str(copied.model.field_index("Main", 0, "host").data())


# --- edits -------------------------------------------------------------------------------------------


def test_an_edit_changes_the_value_and_is_told(form: Form) -> None:
    assert form.type("host", "other")
    assert form.at("host") == "other"
    assert form.at("host", FormRole.CHANGED) is True
    assert form.row(FormRole.CHANGED, 0, "Main") is True
    assert form.section(FormRole.CHANGED) is True
    assert form.section(FormRole.CHANGED, "Unit") is False
    assert form.told == [("field", "Main", 0, "host"), ("row", "Main", 0, ""), ("section", "Main", 0, "Main")]
    assert (form.edits, form.flips) == (1, [True])


def test_the_same_value_again_is_no_edit(form: Form) -> None:
    assert form.type("host", "server")
    assert form.type("port", "8080")
    assert (form.edits, form.flips, form.model.undo_stack.count()) == (0, [], 0)


def test_typing_in_one_field_is_undone_at_once(form: Form) -> None:
    for text in ("o", "ot", "oth"):
        form.type("host", text)
    form.type("port", 1)
    form.type("port", 12)
    assert form.model.undo_stack.count() == 2
    assert form.model.undo_stack.undoText() == "Change Port"
    form.model.undo_stack.undo()
    assert form.at("port") == 8080
    assert form.model.undo_stack.undoText() == "Change Host"
    form.model.undo_stack.undo()
    assert form.at("host") == "server"
    assert form.flips == [True, False]
    form.redo_all()
    assert (form.at("host"), form.at("port")) == ("oth", 12)


def test_typing_back_to_the_former_text_leaves_nothing_to_undo(form: Form) -> None:
    form.type("host", "serve")
    form.type("host", "server")
    assert form.model.undo_stack.count() == 0
    assert form.flips == [True, False]


def test_ticks_and_choices_are_undone_one_by_one(form: Form) -> None:
    for value in (False, True, False):
        form.type("secure", value)
    form.type("level", "high")
    form.type("level", "low")
    assert form.model.undo_stack.count() == 5
    form.model.undo_stack.undo()
    assert form.at("level") == "high"


def test_one_and_true_are_different_things() -> None:
    form = Form(values(port=1))
    form.type("port", True)
    assert form.at("port", FormRole.PROBLEM) == "Port must be a whole number, not True."
    assert form.at("port", FormRole.CHANGED) is True


def test_other_roles_are_not_set(form: Form) -> None:
    index = form.model.field_index("Main", 0, "host")
    assert not form.model.setData(index, "x", Qt.ItemDataRole.DisplayRole)
    assert not form.model.setData(form.model.section_index("Main"), "x")
    assert form.edits == 0


# --- sub-sections ------------------------------------------------------------------------------------


def test_a_row_is_added_with_defaults(form: Form) -> None:
    index = form.model.add_row(form.model.section_index("Unit"))
    assert index.data(FormRole.LABEL) == "Unit #4"
    assert form.model.values()["Unit"][3] == row("", "")
    assert form.model.undo_stack.undoText() == "Add Unit #4"
    assert form.at("unit name", FormRole.CHANGED, "Unit", 3) is True
    assert (form.edits, form.flips) == (1, [True])
    form.model.undo_stack.undo()
    assert len(form.model.values()["Unit"]) == 3
    assert form.flips == [True, False]


def test_a_section_that_is_not_multiple_gets_no_second_row(form: Form) -> None:
    assert not form.model.add_row(form.model.section_index("Main")).isValid()
    assert not form.model.add_row(form.row_index("Unit", 0)).isValid()
    assert form.edits == 0


def test_a_row_is_removed_and_the_others_move_up(form: Form) -> None:
    form.remove(0)
    assert form.machines == ["A/TB2", "B/TB3"]
    assert [form.row(FormRole.LABEL, number) for number in range(2)] == ["Unit #1", "Unit #2"]
    assert ("row", "Unit", 0, "") in form.told
    assert form.model.undo_stack.undoText() == "Remove Unit #1"
    assert form.model.field_index("Unit", 1, "unit name").row() == 1
    form.model.undo_stack.undo()
    assert form.machines == ["A/TB1", "A/TB2", "B/TB3"]
    assert not form.model.is_changed()


def test_the_last_row_stays() -> None:
    form = Form({})
    form.remove(0)
    assert form.model.rowCount(form.model.section_index("Unit")) == 1
    assert form.edits == 0


def test_edits_of_a_row_that_was_taken_out_come_back_with_it(form: Form) -> None:
    form.type("unit name", "Other", "Unit", 1)
    form.remove(1)
    form.remove(0)
    form.undo_all()
    assert form.model.values() == FormModel(SECTIONS, values()).values()
    form.redo_all()
    assert form.machines == ["B/TB3"]
    form.model.undo_stack.undo()
    form.model.undo_stack.undo()
    assert form.at("unit name", None, "Unit", 1) == "Other"


def test_a_title_names_the_row_of_a_change(form: Form) -> None:
    form.type("unit name", "Other", "Unit", 1)
    assert form.model.undo_stack.undoText() == "Change Unit Name of Unit #2"


# --- reset -------------------------------------------------------------------------------------------


def test_reset_goes_back_to_what_is_saved_in_one_step(form: Form) -> None:
    saved = form.model.values()
    form.type("host", "other")
    form.type("token", "new")
    form.remove(1)
    form.add()
    form.type("dqa3 name", "C/TB9", "Unit", 2)
    edited = form.model.values()
    edits = form.edits
    form.model.reset()
    assert form.model.values() == saved
    assert form.model.undo_stack.undoText() == "Reset"
    assert form.edits == edits + 1
    assert form.flips == [True, False]
    assert not any(form.section(FormRole.CHANGED, name) for name in ("Main", "Unit"))
    form.model.undo_stack.undo()
    assert form.model.values() == edited
    form.model.undo_stack.redo()
    assert form.model.values() == saved


def test_reset_of_an_unchanged_form_is_nothing_to_undo(form: Form) -> None:
    form.model.reset()
    assert (form.edits, form.model.undo_stack.count()) == (0, 0)


def test_reset_brings_back_rows_where_they_were(form: Form) -> None:
    for _ in range(2):
        form.remove(0)
    form.add()
    form.model.reset()
    assert form.machines == ["A/TB1", "A/TB2", "B/TB3"]


@settings(max_examples=40)
@given(seed=st.integers(0, 2**32), steps=st.integers(1, 30))
def test_whatever_is_done_can_be_undone_and_done_again(seed: int, steps: int) -> None:
    chance = random.Random(seed)
    form = Form()
    saved = form.model.values()
    for _ in range(steps):
        rows = form.model.rowCount(form.model.section_index("Unit"))
        place = chance.randrange(rows)
        act: Any = chance.choice(["type", "tick", "add", "remove", "reset", "undo"])
        if act == "type":
            form.type(chance.choice(["dqa3 name", "unit name"]), chance.choice("abc"), "Unit", place)
        elif act == "tick":
            form.type("secure", chance.random() < 0.5)
        elif act == "add":
            form.add()
        elif act == "remove":
            form.remove(place)
        elif act == "reset":
            form.model.reset()
        else:
            form.model.undo_stack.undo()
    form.redo_all()
    done = form.model.values()
    assert form.model.is_changed() is (done != saved)
    form.undo_all()
    assert (form.model.values(), form.model.is_changed()) == (saved, False)
    form.redo_all()
    assert form.model.values() == done
    form.model.reset()
    assert (form.model.values(), form.model.is_changed()) == (saved, False)


# --- choices -----------------------------------------------------------------------------------------


def test_live_choices_are_asked_for_and_come(form: Form) -> None:
    def state() -> ChoicesState:
        return ChoicesState(form.at("unit name", FormRole.CHOICES_STATE, "Unit", 1))

    assert state() is ChoicesState.NOT_ASKED
    form.model.set_choices_asking("Unit", 1, "unit name")
    assert state() is ChoicesState.ASKING
    form.model.set_choices("Unit", 1, "unit name", ["TrueBeam 1", "TrueBeam 2"])
    assert state() is ChoicesState.READY
    assert form.at("unit name", FormRole.CHOICES, "Unit", 1) == ["TrueBeam 1", "TrueBeam 2"]
    assert form.told == [("field", "Unit", 1, "unit name")] * 2
    assert (form.edits, form.model.is_changed()) == (0, False)


def test_former_choices_stay_when_they_cannot_be_fetched_again(form: Form) -> None:
    form.model.set_choices("Unit", 0, "unit name", ["TrueBeam 1"])
    form.model.set_choices_asking("Unit", 0, "unit name")
    form.model.set_choices_failed("Unit", 0, "unit name", "The server does not answer.")
    assert ChoicesState(form.at("unit name", FormRole.CHOICES_STATE, "Unit")) is ChoicesState.FAILED
    assert form.at("unit name", FormRole.CHOICES_MESSAGE, "Unit") == "The server does not answer."
    assert form.at("unit name", FormRole.CHOICES, "Unit") == ["TrueBeam 1"]


def test_a_new_row_has_the_choices_of_its_siblings(form: Form) -> None:
    form.model.set_choices("Unit", 0, "unit name", ["TrueBeam 1"])
    form.add()
    assert form.at("unit name", FormRole.CHOICES, "Unit", 3) == ["TrueBeam 1"]
    assert ChoicesState(form.at("dqa3 name", FormRole.CHOICES_STATE, "Unit", 3)) is ChoicesState.NOT_ASKED


def test_choices_for_what_is_gone_or_fixed_are_dropped(form: Form) -> None:
    form.model.set_choices("Unit", 7, "unit name", ["x"])
    form.model.set_choices_asking("Unit", 7, "unit name")
    form.model.set_choices_failed("Nothing", 0, "unit name", "x")
    form.model.set_choices("Main", 0, "level", ["x"])
    assert form.told == []
    assert form.at("level", FormRole.CHOICES) == ["low", "high"]


# --- the common section ------------------------------------------------------------------------------


def test_type_and_name_of_the_common_section_are_shown_only() -> None:
    model = FormModel([COMMON_SECTION], {"Pump": [{"type": "MPC", "name": "Linac"}]})
    for name in ("type", "name"):
        index = model.field_index("Pump", 0, name)
        assert Editor(index.data(FormRole.EDITOR)) is Editor.SHOWN
        assert index.data(FormRole.PROBLEM) == ""
    interval = model.field_index("Pump", 0, "interval (s)")
    assert interval.data(FormRole.LABEL) == "Interval (s)"
    assert interval.data(FormRole.UNIT) == "s"


def test_a_new_name_is_shown_and_nothing_to_save(form: Form) -> None:
    form.model.set_shown("Main", "name", "Linac 2")
    assert form.at("name") == "Linac 2"
    assert (form.model.is_changed(), form.model.undo_stack.count(), form.edits) == (False, 0, 0)
    form.model.set_shown("Main", "host", "not for fields that are edited")
    assert form.at("host") == "server"


def test_status_begins_as_unchecked(form: Form) -> None:
    assert Status(form.section(FormRole.STATUS)) is Status.UNCHECKED
    assert form.section(FormRole.MESSAGE) == ""
    assert form.section(FormRole.BLOCKED_BY) == []
