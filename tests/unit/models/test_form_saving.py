"""After a save: what stands on disk counts, and edits that were made meanwhile stay."""

from __future__ import annotations

from typing import Any

import pytest

from qcpump_qt.engine.pump_document import KeptSecret
from qcpump_qt.models.form_model import Editor, FormRole
from unit.models.sample_form import KEPT, Form, row, values


@pytest.fixture
def form() -> Form:
    return Form()


def stored(form: Form, **main: Any) -> dict[str, list[dict[str, Any]]]:
    """What a store would give back for the form's values."""
    kept = form.model.values()
    kept["Main"][0].update(main)
    return kept


def test_a_saved_edit_is_no_change_any_more(form: Form) -> None:
    form.type("host", "other")
    form.model.set_saved(stored(form))
    assert form.at("host") == "other"
    assert form.at("host", FormRole.CHANGED) is False
    assert (form.model.is_changed(), form.flips) == (False, [True, False])
    assert not form.model.undo_stack.canUndo()
    assert form.edits == 1  # saving is no edit


def test_a_saved_secret_is_kept_and_no_longer_in_the_form(form: Form) -> None:
    form.type("token", "sesame")
    form.model.set_saved(stored(form, token=KEPT))
    assert (form.at("token"), form.at("token", FormRole.KEPT)) == ("", True)
    assert form.model.values()["Main"][0]["token"] == KEPT
    assert ("field", "Main", 0, "token") in form.told


def test_an_address_that_was_kept_for_its_password_becomes_a_secret(form: Form) -> None:
    form.type("host", "http://me:word@server")
    assert Editor(form.at("host", FormRole.EDITOR)) is Editor.TEXT
    form.model.set_saved(stored(form, host=KeptSecret("p-1/Main/0/host")))
    assert Editor(form.at("host", FormRole.EDITOR)) is Editor.SECRET
    assert form.at("host", FormRole.KEPT) is True


def test_edits_made_while_saving_stay(form: Form) -> None:
    form.type("host", "first")
    submitted = form.model.snapshot()
    kept = stored(form)
    form.type("host", "second")
    form.type("port", 9)
    form.model.set_saved(kept, submitted)
    assert (form.at("host"), form.at("port")) == ("second", 9)
    assert form.at("host", FormRole.CHANGED) is True
    assert form.model.is_changed()
    form.model.reset()
    assert (form.at("host"), form.at("port")) == ("first", 8080)


def test_rows_added_and_removed_while_saving_stay_so(form: Form) -> None:
    form.type("unit name", "Edited", "Unit", 2)
    submitted = form.model.snapshot()
    kept = stored(form)
    form.remove(0)
    form.add()
    form.type("dqa3 name", "New", "Unit", 2)
    form.model.set_saved(kept, submitted)
    assert form.machines == ["A/TB2", "B/TB3", "New"]
    assert form.at("unit name", FormRole.CHANGED, "Unit", 1) is False
    assert form.at("dqa3 name", FormRole.CHANGED, "Unit", 2) is True
    form.model.reset()
    assert form.machines == ["A/TB1", "A/TB2", "B/TB3"]
    assert form.at("unit name", None, "Unit", 2) == "Edited"


def test_a_row_that_comes_back_while_it_is_saved_away_has_lost_its_secret() -> None:
    saved = values()
    saved["Unit"][1] = row("A/TB2", "TrueBeam 2", password=KeptSecret("p-1/Unit/1/password"))
    form = Form(saved)
    form.remove(1)
    submitted = form.model.snapshot()
    kept = stored(form)
    form.model.undo_stack.undo()
    form.model.set_saved(kept, submitted)
    assert form.machines == ["A/TB1", "A/TB2", "B/TB3"]
    assert form.model.values()["Unit"][1]["password"] == ""
    assert form.model.is_changed()
    form.model.reset()
    assert form.machines == ["A/TB1", "B/TB3"]


def test_secrets_go_along_with_their_row_when_another_is_removed() -> None:
    second, third = KeptSecret("p-1/Unit/1/password"), KeptSecret("p-1/Unit/2/password")
    saved = values()
    saved["Unit"] = [row("a", "A"), row("b", "B", password=second), row("c", "C", password=third)]
    form = Form(saved)
    form.remove(1)
    assert [each["password"] for each in form.model.values()["Unit"]] == ["", third]
    kept = stored(form)
    kept["Unit"][1]["password"] = second
    form.model.set_saved(kept)
    assert form.model.values()["Unit"][1]["password"] == second
    assert not form.model.is_changed()


def test_saving_tells_only_of_what_it_changed(form: Form) -> None:
    form.type("host", "other")
    form.told.clear()
    form.model.set_saved(stored(form))
    assert form.told == [("section", "Main", 0, "Main"), ("row", "Main", 0, ""), ("field", "Main", 0, "host")]


def test_fields_that_the_store_left_out_have_their_defaults(form: Form) -> None:
    form.model.set_saved({"Main": [{"host": "other"}]})
    assert (form.at("host"), form.at("port"), form.machines[0]) == ("other", 80, "")
    assert form.model.rowCount(form.model.section_index("Unit")) == 3
    assert form.model.is_changed()  # two rows more than are on disk
    form.model.reset()
    assert form.machines == [""]
