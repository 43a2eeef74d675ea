"""Editing pumps with the real engine: opened, saved, reset, renamed, copied and forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.editing_clinic import TYPE, WORD, Desk
from qcpump_qt.demo.clinic import TOKEN, demo_world
from qcpump_qt.demo.server import StandIn
from qcpump_qt.demo.tds import write_tds
from qcpump_qt.engine.clock import local_now
from qcpump_qt.engine.pump_document import KeptSecret
from qcpump_qt.models.form_model import Editor, FormModel, FormRole

Edit = Qt.ItemDataRole.EditRole


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(tmp_path, qtbot)
    yield made
    made.close()


def value(model: FormModel, field: str, section: str = "Reader", row: int = 0) -> object:
    return model.field_index(section, row, field).data(Edit)


# --- opening -----------------------------------------------------------------------------------------


def test_a_saved_pump_is_opened_with_its_values(desk: Desk) -> None:
    pump = desk.pump()
    model = desk.open(pump)
    assert desk.opened == [pump.id]
    assert desk.editing.model(pump.id) is model
    assert value(model, "host") == "server"
    assert (value(model, "password"), model.field_index("Reader", 0, "password").data(FormRole.KEPT)) == (
        "",
        True,
    )
    assert value(model, "name", "Pump") == "Linac"
    assert value(model, "type", "Pump") == "Clinic results"
    info = desk.editing.info(pump.id)
    assert info is not None
    assert (info.name, info.type_name, info.help_url) == (
        "Linac",
        "Clinic results",
        "https://example.com/clinic",
    )
    assert info.is_new is False
    assert desk.editing.unsaved() == set()


def test_opening_again_shows_the_same_form_with_its_edits(desk: Desk) -> None:
    one, other = desk.pump("One"), desk.pump("Other")
    model = desk.open(one)
    desk.type(model, "host", "edited")
    desk.open(other)
    desk.editing.open(one)
    assert desk.opened == [one.id, other.id, one.id]
    assert desk.editing.model(one.id) is model
    assert value(model, "host") == "edited"
    assert desk.editing.unsaved() == {one.id}


def test_two_wishes_to_open_make_one_form(desk: Desk) -> None:
    pump = desk.pump()
    desk.editing.open(pump)
    desk.editing.open(pump)
    desk.form(pump.id)
    assert desk.opened == [pump.id]


def test_a_pump_of_an_unknown_type_is_told_in_words(desk: Desk) -> None:
    pump = desk.program.store.add("Odd", "NoSuchPump", {})
    desk.editing.open(pump)
    desk.until(lambda: desk.not_opened)
    pump_id, title, message = desk.not_opened[0]
    assert (pump_id, title) == (pump.id, "Pump type unknown")
    assert message.startswith(
        "There is no pump type 'NoSuchPump'. If it is one of your own, see that the folder"
    )
    assert desk.editing.model(pump.id) is None
    desk.editing.open(pump)
    desk.until(lambda: len(desk.not_opened) == 2)
    assert desk.failures == []  # told once, in place of the form


def test_a_copy_of_a_pump_of_an_unknown_type_is_refused_in_words(desk: Desk) -> None:
    pump = desk.program.store.add("Odd", "NoSuchPump", {})
    desk.editing.duplicate(pump.id)
    desk.until(lambda: desk.failures)
    assert [title for title, _message in desk.failures] == ["Pump type unknown"]
    assert desk.not_opened == []


def test_the_built_in_mpc_type_is_opened_too(desk: Desk) -> None:
    temporary = desk.editing.open_new("QATrackMPCPump", "TrueBeam")
    model = desk.form(temporary)
    assert model.section_index("MPC").isValid()
    assert model.field_index("MPC", 0, "tds directory").data(FormRole.PROBLEM) == (
        "Enter a value for TDS Directory; it must not be blank."
    )
    assert desk.settled(temporary) == ("wrong", "Not in order: MPC, QATrack+ API, Test List.")
    assert "secret set" not in model.section_index("QATrack+ API").data(FormRole.MESSAGE)


def test_an_mpc_pump_is_found_to_be_in_order_against_a_server(desk: Desk, tmp_path: Path) -> None:
    write_tds(tmp_path / "TDS", local_now().date())
    with StandIn(demo_world()) as server:
        temporary = desk.editing.open_new("QATrackMPCPump", "TrueBeam")
        model = desk.form(temporary)
        desk.type(model, "tds directory", str(tmp_path / "TDS"), "MPC")
        desk.type(model, "api url", server.url, "QATrack+ API")
        desk.type(model, "auth token", TOKEN, "QATrack+ API")
        assert desk.settled(temporary) == ("ok", "The configuration is in order.")
        desk.editing.save(temporary)
        desk.until(lambda: desk.verdicts)
    assert desk.verdicts == [(desk.saved[0].id, True, "The configuration is in order.")]
    assert TOKEN not in str(desk.saved[0])
    assert TOKEN not in (desk.program.store.folder_of(desk.saved[0].id) / "config.json").read_text("utf-8")


# --- new pumps ---------------------------------------------------------------------------------------


def test_a_new_pump_has_defaults_and_is_unsaved(desk: Desk) -> None:
    temporary = desk.editing.open_new(TYPE, " Linac ")
    model = desk.form(temporary)
    assert (value(model, "host"), value(model, "port")) == ("server", 3050)
    assert value(model, "name", "Pump") == "Linac"
    assert desk.unsaved == [(temporary, True)]
    assert desk.editing.unsaved() == {temporary}
    info = desk.editing.info(temporary)
    assert info is not None
    assert info.is_new is True
    assert desk.program.pumps() == ([], [])


def test_a_new_pump_without_a_name_is_refused(desk: Desk) -> None:
    temporary = desk.editing.open_new(TYPE, "  ")
    desk.until(lambda: desk.failures)
    assert desk.failures == [("Configuration not usable", "A pump needs a name. Type one.")]
    assert desk.editing.model(temporary) is None


def test_a_new_pump_is_added_when_it_is_saved(desk: Desk) -> None:
    temporary = desk.editing.open_new(TYPE, "Linac")
    model = desk.form(temporary)
    desk.type(model, "password", WORD)
    desk.editing.save(temporary)
    desk.until(lambda: desk.saved)
    ((former, pump),) = desk.added
    assert former == temporary
    assert desk.saved == [pump]
    assert desk.on_disk(pump.id) == pump
    assert pump.values["Pump"][0]["type"] == TYPE
    assert desk.program.store.with_secrets(pump)["Reader"][0]["password"] == WORD
    assert desk.editing.model(pump.id) is model
    assert desk.editing.model(temporary) is None
    assert desk.editing.unsaved() == set()
    assert desk.unsaved == [(temporary, True), (temporary, False)]
    assert desk.saving == [(temporary, True), (temporary, False)]
    assert value(model, "password") == ""


def test_edits_of_a_new_pump_made_while_it_is_written_are_unsaved_under_its_new_id(desk: Desk) -> None:
    temporary = desk.editing.open_new(TYPE, "Linac")
    model = desk.form(temporary)
    desk.editing.save(temporary)
    desk.type(model, "host", "later")
    desk.until(lambda: desk.saved)
    pump = desk.saved[0]
    assert desk.unsaved == [(temporary, True), (temporary, False), (pump.id, True)]
    assert desk.editing.unsaved() == {pump.id}
    assert value(model, "host") == "later"
    desk.editing.save(pump.id)
    desk.until(lambda: len(desk.saved) == 2)
    assert len(desk.added) == 1
    assert desk.on_disk(pump.id).values["Reader"][0]["host"] == "later"


# --- saving ------------------------------------------------------------------------------------------


def test_edits_are_saved_and_told_once(desk: Desk) -> None:
    pump = desk.pump()
    model = desk.open(pump)
    desk.type(model, "host", "other")
    assert desk.unsaved == [(pump.id, True)]
    desk.editing.save(pump.id)
    desk.until(lambda: desk.saved)
    assert desk.on_disk(pump.id) == desk.saved[0]
    assert desk.saved[0].values["Reader"][0]["host"] == "other"
    assert isinstance(desk.saved[0].values["Reader"][0]["password"], KeptSecret)
    assert desk.program.store.with_secrets(desk.saved[0])["Reader"][0]["password"] == WORD
    assert desk.unsaved == [(pump.id, True), (pump.id, False)]
    assert desk.added == []
    assert not model.is_changed()


def test_nothing_of_an_edit_is_told_before_it_is_saved(desk: Desk) -> None:
    pump = desk.pump()
    model = desk.open(pump)
    desk.type(model, "port", 99)
    desk.settled(pump.id)
    assert desk.saved == []
    assert desk.on_disk(pump.id) == pump


def test_edits_made_while_saving_are_kept(desk: Desk) -> None:
    pump = desk.pump()
    model = desk.open(pump)
    desk.type(model, "host", "first")
    desk.editing.save(pump.id)
    desk.type(model, "host", "second")  # the save has not come back yet
    desk.until(lambda: desk.saved)
    assert desk.saved[0].values["Reader"][0]["host"] == "first"
    assert value(model, "host") == "second"
    assert desk.editing.unsaved() == {pump.id}
    desk.editing.save(pump.id)
    desk.until(lambda: len(desk.saved) == 2)
    assert desk.on_disk(pump.id).values["Reader"][0]["host"] == "second"
    assert desk.editing.unsaved() == set()


def test_saves_and_renames_of_a_pump_come_one_after_the_other(desk: Desk) -> None:
    pump = desk.pump()
    model = desk.open(pump)
    desk.type(model, "host", "first")
    desk.editing.save(pump.id)
    desk.editing.rename(pump.id, "Renamed")
    desk.type(model, "host", "second")
    desk.editing.save(pump.id)
    desk.until(lambda: len(desk.saved) == 3)
    assert [(each.name, each.values["Reader"][0]["host"]) for each in desk.saved] == [
        ("Linac", "first"),
        ("Renamed", "first"),
        ("Renamed", "second"),
    ]
    assert desk.on_disk(pump.id) == desk.saved[-1]


def test_a_keyring_that_refuses_leaves_the_edits(desk: Desk) -> None:
    pump = desk.pump()
    model = desk.open(pump)
    desk.type(model, "password", "new word")
    desk.secrets.locked = True
    desk.editing.save(pump.id)
    desk.until(lambda: desk.failures)
    assert desk.failures == [("Keyring not usable", "The keyring is locked. Unlock it, then try again.")]
    assert value(model, "password") == "new word"
    assert desk.editing.unsaved() == {pump.id}
    assert desk.saving == [(pump.id, True), (pump.id, False)]
    desk.secrets.locked = False
    desk.editing.save(pump.id)
    desk.until(lambda: desk.saved)
    assert desk.program.store.with_secrets(desk.saved[0])["Reader"][0]["password"] == "new word"


def test_a_name_that_is_taken_keeps_a_new_pump_unsaved(desk: Desk) -> None:
    desk.pump("Linac")
    temporary = desk.editing.open_new(TYPE, "Linac")
    desk.form(temporary)
    desk.editing.save(temporary)
    desk.until(lambda: desk.failures)
    assert desk.failures == [
        ("Configuration not usable", "There is a pump 'Linac' already. Choose another name.")
    ]
    assert desk.editing.unsaved() == {temporary}
    desk.editing.rename(temporary, "Linac 2")
    desk.until(lambda: desk.renamed == [(temporary, "Linac 2")])
    desk.editing.save(temporary)
    desk.until(lambda: desk.added)
    assert desk.added[0][1].name == "Linac 2"


def test_reset_goes_back_and_can_be_undone(desk: Desk) -> None:
    pump = desk.pump()
    model = desk.open(pump)
    desk.type(model, "host", "other")
    desk.editing.reset(pump.id)
    assert value(model, "host") == "server"
    assert desk.unsaved == [(pump.id, True), (pump.id, False)]
    model.undo_stack.undo()
    assert desk.editing.unsaved() == {pump.id}


# --- renaming ----------------------------------------------------------------------------------------


def test_a_pump_is_renamed_and_its_edits_stay_unsaved(desk: Desk) -> None:
    pump = desk.pump()
    model = desk.open(pump)
    desk.type(model, "host", "other")
    desk.editing.rename(pump.id, "Linac 2")
    desk.until(lambda: desk.renamed)
    assert desk.renamed == [(pump.id, "Linac 2")]
    assert [(each.name, each.values["Reader"][0]["host"]) for each in desk.saved] == [("Linac 2", "server")]
    assert desk.on_disk(pump.id).name == "Linac 2"
    assert (value(model, "name", "Pump"), value(model, "host")) == ("Linac 2", "other")
    assert desk.editing.unsaved() == {pump.id}


def test_a_pump_that_is_not_open_is_renamed_too(desk: Desk) -> None:
    pump = desk.pump()
    desk.editing.rename(pump.id, "Linac 2")
    desk.until(lambda: desk.renamed)
    assert desk.on_disk(pump.id).name == "Linac 2"
    assert [each.name for each in desk.saved] == ["Linac 2"]


def test_a_name_that_cannot_be_had_is_told(desk: Desk) -> None:
    pump, other = desk.pump(), desk.pump("Other")
    desk.open(pump)
    for pump_id in (pump.id, other.id):
        desk.editing.rename(pump_id, "")
    desk.until(lambda: len(desk.failures) == 2)
    assert desk.failures == [("Configuration not usable", "A pump needs a name. Type one.")] * 2
    desk.editing.rename("gone", "Name")
    desk.until(lambda: len(desk.failures) == 3)
    assert desk.failures[2][1] == "The pump is no longer there; it was deleted meanwhile."


# --- copies ------------------------------------------------------------------------------------------


def test_a_copy_has_the_edits_and_the_secrets(desk: Desk) -> None:
    pump = desk.pump()
    desk.type(desk.open(pump), "host", "edited")
    temporary = desk.editing.duplicate(pump.id)
    model = desk.form(temporary)
    assert (value(model, "name", "Pump"), value(model, "host")) == ("Copy of Linac", "edited")
    assert desk.editing.unsaved() == {pump.id, temporary}
    desk.editing.save(temporary)
    desk.until(lambda: desk.added)
    copy = desk.added[0][1]
    assert desk.program.store.with_secrets(copy)["Reader"][0]["password"] == WORD
    desk.program.store.delete(pump)
    assert desk.program.store.with_secrets(copy)["Reader"][0]["password"] == WORD
    assert desk.failures == []


def test_a_password_in_an_address_is_not_shown_in_the_copy(desk: Desk) -> None:
    pump = desk.pump(host="http://me:hidden@server")
    assert isinstance(pump.values["Reader"][0]["host"], KeptSecret)
    model = desk.form(desk.editing.duplicate(pump.id))
    host = model.field_index("Reader", 0, "host")
    assert Editor(host.data(FormRole.EDITOR)) is Editor.SECRET
    assert "hidden" not in host.data()


def test_a_copy_of_a_long_name_is_cut_to_what_can_be_kept(desk: Desk) -> None:
    pump = desk.pump("x" * 200)
    for number in range(2):
        temporary = desk.editing.duplicate(pump.id)
        desk.form(temporary)
        desk.editing.save(temporary)
        desk.until(lambda wanted=number + 1: len(desk.added) == wanted)  # type: ignore[misc]
    assert [len(copy.name) for _, copy in desk.added] == [190, 194]
    assert desk.failures == []


def test_copies_get_names_of_their_own(desk: Desk) -> None:
    pump = desk.pump()
    desk.pump("Copy of Linac")
    first = desk.editing.duplicate(pump.id)
    desk.form(first)
    second = desk.editing.duplicate(pump.id)
    desk.form(second)
    infos = [desk.editing.info(each) for each in (first, second)]
    assert [info.name for info in infos if info] == ["Copy of Linac (2)", "Copy of Linac (3)"]


def test_a_keyring_that_refuses_leaves_the_copys_secrets_blank_and_says_so(desk: Desk) -> None:
    pump = desk.pump()
    desk.secrets.locked = True
    temporary = desk.editing.duplicate(pump.id)
    desk.until(lambda: desk.failures)
    assert desk.failures == [
        (
            "Secrets not copied",
            "The tokens and passwords could not be copied; type them into the copy. "
            "The keyring is locked. Unlock it, then try again.",
        )
    ]
    model = desk.editing.model(temporary)
    assert model is not None
    password = model.field_index("Reader", 0, "password")
    assert (password.data(Edit), password.data(FormRole.KEPT)) == ("", False)


def test_what_is_gone_cannot_be_copied(desk: Desk) -> None:
    desk.editing.duplicate("gone")
    desk.until(lambda: desk.failures)
    assert desk.failures == [
        ("Configuration not usable", "The pump is no longer there; it was deleted meanwhile.")
    ]


# --- forgetting --------------------------------------------------------------------------------------


def test_a_deleted_pump_is_forgotten_with_its_edits(desk: Desk) -> None:
    pump = desk.pump()
    model = desk.open(pump)
    desk.type(model, "host", "other")
    desk.program.store.delete(pump)
    desk.editing.forget(pump.id)
    assert desk.editing.model(pump.id) is None
    assert desk.editing.info(pump.id) is None
    assert desk.editing.unsaved() == set()
    assert desk.unsaved == [(pump.id, True), (pump.id, False)]
    told = len(desk.checked)
    desk.type(model, "host", "still shown a moment")
    desk.qtbot.wait(500)
    assert len(desk.checked) == told


def test_a_pump_deleted_while_it_is_saved_is_no_failure(desk: Desk) -> None:
    pump = desk.pump()
    desk.type(desk.open(pump), "host", "other")
    desk.program.store.delete(pump)
    desk.editing.save(pump.id)
    desk.editing.forget(pump.id)
    desk.until(lambda: len(desk.saving) == 2)
    assert (desk.failures, desk.saved) == ([], [])


def test_a_new_pump_given_up_while_it_is_written_is_seen_all_the_same(desk: Desk) -> None:
    temporary = desk.editing.open_new(TYPE, "Linac")
    desk.form(temporary)
    desk.editing.save(temporary)
    desk.editing.forget(temporary)
    desk.until(lambda: desk.saved)
    assert desk.added == [(temporary, desk.saved[0])]
    assert desk.editing.model(desk.saved[0].id) is None
    assert desk.on_disk(desk.saved[0].id) == desk.saved[0]


def test_forgetting_what_is_being_opened_opens_nothing(desk: Desk) -> None:
    pump = desk.pump()
    desk.editing.open(pump)
    desk.editing.forget(pump.id)
    desk.editing.forget("never heard of")
    desk.until(lambda: not desk.tasks.busy)
    assert desk.opened == []


def test_what_is_not_open_is_left_alone(desk: Desk) -> None:
    assert desk.editing.model("never heard of") is None
    for act in (desk.editing.save, desk.editing.reset, desk.editing.revalidate):
        act("never heard of")
    desk.editing.fetch_choices("never heard of", "Unit", 0, "unit name")
    desk.editing.open_mapping("never heard of", "Unit")
    desk.editing.apply_mapping("never heard of", "Unit", [])
    assert desk.editing.state("never heard of")[0].value == "unchecked"
    assert not desk.tasks.busy
