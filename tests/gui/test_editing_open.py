"""Many pumps open at once, keyrings that hang, and pumps that get another name while they are opened."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from gui.editing_clinic import PATIENCE, Desk
from gui.heartbeat import Heartbeat
from qcpump_qt.controllers.editing_open import KEPT
from qcpump_qt.engine.store import StoredPump

Edit = Qt.ItemDataRole.EditRole
Watch = Callable[[], AbstractContextManager[Heartbeat]]


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(tmp_path, qtbot)
    yield made
    made.close()


def still_open(desk: Desk) -> set[str]:
    """Names of the pumps that are open; asked without looking at them."""
    infos = [desk.editing.info(pump.id) for pump in desk.program.pumps()[0]]
    return {info.name for info in infos if info is not None}


def open_many(desk: Desk, count: int) -> list[StoredPump]:
    pumps = [desk.pump(f"Linac {number}") for number in range(count)]
    for pump in pumps:
        desk.open(pump)
    return pumps


# --- many pumps --------------------------------------------------------------------------------------


def test_of_many_forms_those_without_edits_are_closed_the_one_of_longest_ago_first(desk: Desk) -> None:
    pumps = open_many(desk, KEPT)
    desk.editing.model(pumps[0].id)  # somebody looks at it again
    edited = desk.editing.model(pumps[1].id)
    assert edited is not None
    desk.type(edited, "host", "edited")
    desk.settled(pumps[1].id)
    for number in range(3):
        desk.open(desk.pump(f"More {number}"))
    assert still_open(desk) == {
        *(f"Linac {number}" for number in range(KEPT) if number not in (2, 3, 4)),
        *("More 0", "More 1", "More 2"),
    }
    for number in range(KEPT):
        desk.open(desk.pump(f"Most {number}"))
    assert still_open(desk) == {"Linac 1", *(f"Most {number}" for number in range(KEPT))}
    assert desk.editing.unsaved() == {pumps[1].id}
    assert desk.editing.model(pumps[1].id) is edited


def test_a_form_that_was_closed_is_read_anew(desk: Desk) -> None:
    pumps = open_many(desk, KEPT + 1)
    first = pumps[0]
    assert desk.editing.model(first.id) is None
    assert desk.editing.info(first.id) is None
    desk.program.store.save(first.changed(values={**first.values, "Reader": [{"host": "mended", "port": 2}]}))
    model = desk.open(desk.on_disk(first.id))
    assert model.field_index("Reader", 0, "host").data(Edit) == "mended"
    assert desk.unsaved == []
    assert desk.failures == []


def test_new_pumps_and_those_that_are_being_saved_are_not_closed(desk: Desk) -> None:
    temporary = desk.editing.open_new("ClinicPump", "New")
    new = desk.form(temporary)
    saved = desk.pump("Saved")
    desk.type(desk.open(saved), "password", "another word")
    desk.settled(saved.id)
    others = [desk.program.store.add(f"Odd {number}", "ClinicPump", {}) for number in range(KEPT + 1)]
    desk.secrets.answers.clear()
    desk.editing.save(saved.id)
    desk.until(lambda: desk.saving)
    model = desk.editing.model(saved.id)
    assert model is not None
    for pump in others:
        desk.editing.open(pump)
    desk.until(lambda: len(desk.opened) == KEPT + 3)
    desk.secrets.answers.set()
    desk.until(lambda: desk.saved)
    assert (desk.editing.model(saved.id), desk.editing.model(temporary)) == (model, new)


def test_what_was_closed_is_freed(desk: Desk) -> None:
    pump = desk.pump("First")
    seen = weakref.ref(desk.open(pump))
    destroyed: list[bool] = []
    model = seen()
    assert model is not None
    model.destroyed.connect(lambda: destroyed.append(True))
    del model
    open_many(desk, KEPT)
    desk.until(lambda: destroyed)
    gc.collect()
    assert seen() is None


def test_validations_that_hang_keep_a_form_open_until_they_end(desk: Desk) -> None:
    hung = desk.pump("Hung")
    desk.server.answers.clear()
    desk.editing.open(hung)
    desk.hanging(1)
    others = [desk.pump(f"Linac {number}") for number in range(KEPT)]
    for pump in others:
        desk.editing.open(pump)
    desk.until(lambda: len(desk.opened) == KEPT + 1)
    assert "Hung" in still_open(desk)
    desk.server.answers.set()
    for pump in (hung, *others):
        desk.settled(pump.id)
    desk.open(desk.pump("Last"))
    assert "Hung" not in still_open(desk)


def test_opening_many_stalls_nothing(desk: Desk, heartbeat: Watch) -> None:
    pumps = [desk.pump(f"Linac {number}") for number in range(2 * KEPT)]
    with heartbeat():
        for pump in pumps:
            desk.open(pump)
    assert len(still_open(desk)) == KEPT


# --- a keyring that hangs ----------------------------------------------------------------------------


def test_a_keyring_that_hangs_keeps_no_form_from_opening_and_no_ledger_from_being_read(desk: Desk) -> None:
    pumps = open_many(desk, 6)
    for pump in pumps:
        model = desk.editing.model(pump.id)
        assert model is not None
        desk.type(model, "password", "another word")
        desk.settled(pump.id)
    last = desk.pump("Last")
    desk.secrets.answers.clear()
    for pump in pumps:
        desk.editing.save(pump.id)
        desk.editing.duplicate(pump.id)
    desk.until(lambda: desk.secrets.asking)
    desk.editing.open(last)
    desk.until(lambda: last.id in desk.opened)
    found: list[object] = []
    desk.tasks.start(lambda _cancel: desk.program.ledger.cycles.latest(last.id), found.append, found.append)
    desk.until(lambda: found)
    assert found == [[]]
    assert desk.saved == []
    desk.secrets.answers.set()
    desk.until(lambda: len(desk.saved) == 6)
    desk.until(lambda: len(desk.opened) == 13)
    assert desk.failures == []


def test_at_the_end_a_save_under_way_is_waited_for(desk: Desk) -> None:
    pump = desk.pump()
    desk.type(desk.open(pump), "password", "another word")
    desk.settled(pump.id)
    desk.secrets.answers.clear()
    asked = desk.secrets.asking
    desk.editing.save(pump.id)
    desk.until(lambda: desk.secrets.asking > asked)
    desk.editing.close()
    assert not desk.editing.wait(0.05)
    desk.secrets.answers.set()
    assert desk.editing.wait(PATIENCE / 1000)
    assert desk.program.store.with_secrets(desk.on_disk(pump.id))["Reader"][0]["password"] == "another word"


# --- another name while it is opened -----------------------------------------------------------------


class SlowRename:
    """Lets the store rename only when the test says so."""

    def __init__(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        self.go_on = threading.Event()
        self.began = threading.Event()
        rename = desk.program.store.rename

        def slowly(pump: StoredPump, name: str) -> StoredPump:
            self.began.set()
            self.go_on.wait(PATIENCE / 1000)
            return rename(pump, name)

        monkeypatch.setattr(desk.program.store, "rename", slowly)


def name_of(desk: Desk, pump: StoredPump) -> str:
    info = desk.editing.info(pump.id)
    assert info is not None
    return info.name


def test_a_pump_renamed_while_it_is_being_opened_has_its_new_name(desk: Desk) -> None:
    pump = desk.pump()
    gate = threading.Event()
    for _ in range(4):  # as many as there are threads that open
        desk.tasks.start(lambda _cancel: gate.wait(PATIENCE / 1000), lambda _: None, lambda _: None)
    desk.editing.open(pump)
    desk.editing.rename(pump.id, "Renamed")
    desk.until(lambda: desk.renamed)
    gate.set()
    model = desk.form(pump.id)
    assert name_of(desk, pump) == "Renamed"
    assert model.field_index("Pump", 0, "name").data(Edit) == "Renamed"
    desk.type(model, "host", "edited")
    desk.editing.save(pump.id)
    desk.until(lambda: len(desk.saved) == 2)
    assert desk.on_disk(pump.id).name == "Renamed"


def test_a_pump_opened_while_it_is_being_renamed_takes_the_new_name_before_it_is_saved(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    pump = desk.pump()
    slow = SlowRename(desk, monkeypatch)
    desk.editing.rename(pump.id, "Renamed")
    desk.until(slow.began.is_set)
    model = desk.open(pump)
    assert name_of(desk, pump) == "Linac"
    desk.type(model, "host", "edited")
    desk.editing.save(pump.id)
    assert desk.saving == []  # its turn comes after the renaming
    slow.go_on.set()
    desk.until(lambda: len(desk.saved) == 2)
    assert desk.renamed == [(pump.id, "Renamed")]
    assert name_of(desk, pump) == "Renamed"
    assert model.field_index("Pump", 0, "name").data(Edit) == "Renamed"
    assert [(each.name, each.values["Reader"][0]["host"]) for each in desk.saved] == [
        ("Renamed", "server"),
        ("Renamed", "edited"),
    ]
    assert desk.on_disk(pump.id) == desk.saved[-1]


def test_a_renaming_that_fails_keeps_the_pump_opened_meanwhile_from_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.pump("Taken")
    pump = desk.pump()
    slow = SlowRename(desk, monkeypatch)
    desk.editing.rename(pump.id, "Taken")
    desk.until(slow.began.is_set)
    model = desk.open(pump)
    desk.type(model, "host", "edited")
    desk.editing.save(pump.id)
    slow.go_on.set()
    desk.until(lambda: desk.saved)
    assert desk.failures == [
        ("Configuration not usable", "There is a pump 'Taken' already. Choose another name.")
    ]
    assert [(each.name, each.values["Reader"][0]["host"]) for each in desk.saved] == [("Linac", "edited")]


def test_a_name_given_to_a_pump_that_then_cannot_be_opened_is_forgotten(desk: Desk) -> None:
    pump = desk.program.store.add("Odd", "NoSuchPump", {})
    gate = threading.Event()
    for _ in range(4):
        desk.tasks.start(lambda _cancel: gate.wait(PATIENCE / 1000), lambda _: None, lambda _: None)
    desk.editing.open(pump)
    desk.editing.rename(pump.id, "Odder")
    desk.until(lambda: desk.renamed)
    gate.set()
    desk.until(lambda: desk.not_opened)
    assert desk.on_disk(pump.id).name == "Odder"
