"""The pumps of a home as the window loads, orders and deletes them."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from qcpump_qt.app import Program
from qcpump_qt.controllers.pumps import Pumps
from qcpump_qt.controllers.tasks import Tasks
from qcpump_qt.engine.errors import SecretError
from qcpump_qt.engine.lock import PumpLock
from qcpump_qt.engine.paths import Places
from qcpump_qt.engine.secrets import MemorySecrets
from qcpump_qt.engine.store import BrokenPump, StoredPump, Values

TYPE = "QATrackMPCPump"
PATIENCE = 20
TOKEN = "0123456789abcdef0123456789abcdef01234567"


class ForgetfulNot(MemorySecrets):
    """A keyring that can be made to refuse to forget, or to hang."""

    refuses = False

    def __init__(self) -> None:
        super().__init__()
        self.answers = threading.Event()
        self.answers.set()
        self.asked = threading.Event()

    def delete(self, name: str) -> None:
        self.asked.set()
        self.answers.wait(PATIENCE)
        if self.refuses:
            raise SecretError("The keyring is locked. Unlock it.")
        super().delete(name)


class HeldLoad:
    """Lets the store read the pumps as always; the first list is handed over only when the test says so."""

    def __init__(self, program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
        self.has_read = threading.Event()
        self.go_on = threading.Event()
        self.times = 0
        load = program.store.load_all

        def slowly() -> Any:
            found = load()
            self.times += 1
            if self.times == 1:
                self.has_read.set()
                assert self.go_on.wait(PATIENCE)
            return found

        monkeypatch.setattr(program.store, "load_all", slowly)


class Office:
    """The controller over a home, and what it told."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.secrets = ForgetfulNot()
        self.program = Program(Places(folder), secrets=self.secrets)
        self.tasks = Tasks(2)
        self.pumps = Pumps(self.program, self.tasks)
        self.told: list[tuple[str, Any]] = []
        self.failures: list[tuple[str, str]] = []
        self.not_loaded: list[tuple[str, str]] = []
        self.pumps.loaded.connect(lambda *found: self.told.append(("loaded", found)))
        self.pumps.deleted.connect(lambda pump: self.told.append(("deleted", pump)))
        self.pumps.types_ready.connect(lambda *found: self.told.append(("types", found)))
        self.pumps.failed.connect(lambda *words: self.failures.append(words))
        self.pumps.not_loaded.connect(lambda *words: self.not_loaded.append(words))

    def add(self, name: str) -> StoredPump:
        values: Values = {"Pump": [{"active": True}], "QATrack+ API": [{"auth token": TOKEN}]}
        return self.program.store.add(name, TYPE, values, self.program.secret_fields(TYPE))

    def until_quiet(self) -> None:
        self.until(lambda: not (self.tasks.busy or self.pumps.deleting))

    def until(self, true: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(true()), timeout=PATIENCE * 1000)

    def load(self) -> tuple[list[StoredPump], list[BrokenPump], list[str]]:
        self.pumps.load()
        self.until_quiet()
        what, found = self.told.pop()
        assert what == "loaded"
        pumps, broken, messages = found
        return pumps, broken, messages

    def names(self) -> list[str]:
        return [pump.name for pump in self.load()[0]]

    def close(self) -> None:
        self.secrets.answers.set()
        self.until_quiet()
        assert self.pumps.wait(PATIENCE)
        self.program.close()


@pytest.fixture
def office(tmp_path: Path, qtbot: QtBot) -> Iterator[Office]:
    made = Office(tmp_path / "home", qtbot)
    yield made
    made.close()


def test_an_empty_home_has_no_pumps(office: Office) -> None:
    assert office.load() == ([], [], [])


def test_pumps_come_by_name_until_people_order_them(office: Office) -> None:
    ids = {name: office.add(name).id for name in ("Linac 2", "Linac 1", "CT")}
    assert office.names() == ["CT", "Linac 1", "Linac 2"]
    office.pumps.reorder([ids["Linac 2"], ids["CT"], ids["Linac 1"]])
    office.until_quiet()
    assert office.names() == ["Linac 2", "CT", "Linac 1"]
    office.add("A new one")
    assert office.names() == ["Linac 2", "CT", "Linac 1", "A new one"]
    assert office.failures == []


def test_what_is_not_in_order_is_told_and_hides_nothing(office: Office) -> None:
    office.add("Linac 1")
    odd = office.program.places.pumps / "odd" / "config.json"
    odd.parent.mkdir()
    odd.write_text("[]", "utf-8")
    office.program.places.settings_file.write_text(json.dumps({"LOG_LEVEL": 7}), "utf-8")
    office.program.with_settings_anew()
    (pump,), (broken,), (message,) = office.load()
    assert pump.name == "Linac 1"
    assert (broken.id, broken.path) == ("odd", odd)
    assert "LOG_LEVEL is 7" in message


def test_asked_twice_only_the_newest_answer_counts(office: Office) -> None:
    office.add("Linac 1")
    for _ in range(5):
        office.pumps.load()
    office.until_quiet()
    assert [what for what, _ in office.told] == ["loaded"]


def test_a_folder_that_cannot_be_read_is_told(office: Office) -> None:
    folder = office.program.places.pumps
    folder.rmdir()
    folder.write_text("", "utf-8")
    office.pumps.load()
    office.until_quiet()
    ((title, message),) = office.not_loaded
    assert title == "Disk refuses"
    assert str(folder) in message
    assert (office.told, office.failures) == ([], [])
    office.pumps.look()
    office.until_quiet()
    assert len(office.not_loaded) == 1
    folder.unlink()
    folder.mkdir()
    office.pumps.look()
    office.until_quiet()
    assert office.told == [("loaded", ([], [], []))]


def test_a_deleted_pump_is_gone_with_its_secrets_and_its_records_stay(office: Office) -> None:
    pump = office.add("Linac 1")
    office.program.ledger.cycles.not_run(pump.id, "interval", "For the test.")
    assert office.secrets._values
    office.pumps.delete(pump.id)
    office.until_quiet()
    assert office.told == [("deleted", pump.id)]
    assert office.failures == []
    assert office.names() == []
    assert office.secrets._values == {}
    assert len(office.program.ledger.cycles.latest(pump.id)) == 1


def test_a_pump_that_goes_on_running_is_not_deleted(office: Office) -> None:
    pump = office.add("Linac 1")
    office.pumps.patience = 0.1
    with PumpLock(office.program.places.locks, pump.id):
        office.pumps.delete(pump.id)
        office.until_quiet()
    assert office.failures == [
        ("Not deleted", '"Linac 1" is still running. Stop it, and delete it when its cycle has ended.')
    ]
    assert office.told == []
    assert office.names() == ["Linac 1"]


def test_a_pump_that_is_just_stopping_is_deleted_when_it_has_stopped(office: Office) -> None:
    pump = office.add("Linac 1")
    office.pumps.patience = 20.0
    with PumpLock(office.program.places.locks, pump.id):
        office.pumps.delete(pump.id)
        office.until(lambda: office.pumps.deleting)
        assert not office.pumps._deleting.wait(0.2)
        assert office.told == []
    office.until_quiet()
    assert office.told == [("deleted", pump.id)]
    assert office.failures == []


def test_when_the_program_ends_a_deletion_waits_no_longer(office: Office) -> None:
    pump = office.add("Linac 1")
    office.pumps.patience = 600.0
    with PumpLock(office.program.places.locks, pump.id):
        office.pumps.delete(pump.id)
        assert office.pumps.wait(PATIENCE)
        office.until_quiet()
    assert office.names() == ["Linac 1"]
    assert office.failures == []


def test_a_keyring_that_refuses_is_told_after_the_deletion(office: Office) -> None:
    pump = office.add("Linac 1")
    office.secrets.refuses = True
    office.pumps.delete(pump.id)
    office.until_quiet()
    assert office.told == [("deleted", pump.id)]
    ((title, message),) = office.failures
    assert title == "Keyring not usable"
    assert "The pump 'Linac 1' was deleted" in message
    assert "The keyring is locked. Unlock it." in message


def test_a_pump_that_cannot_be_read_can_be_deleted(office: Office) -> None:
    odd = office.program.places.pumps / "odd" / "config.json"
    odd.parent.mkdir()
    odd.write_text("[]", "utf-8")
    office.pumps.delete("odd")
    office.until_quiet()
    assert office.told == [("deleted", "odd")]
    assert not odd.parent.exists()


def test_an_order_that_cannot_be_kept_is_told(office: Office) -> None:
    pump = office.add("Linac 1")
    state = office.program.places.state
    for inside in sorted(state.rglob("*"), reverse=True):
        inside.rmdir() if inside.is_dir() else inside.unlink()
    state.rmdir()
    state.write_text("", "utf-8")
    office.pumps.reorder([pump.id])
    office.until_quiet()
    ((title, message),) = office.failures
    assert title == "Disk refuses"
    assert str(state) in message
    state.unlink()


def test_the_types_that_new_pumps_can_have(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "types"
    for name, text in (
        (
            "Chamber",
            "from qcpump.pumps.base import BasePump\n\n\nclass ChamberPump(BasePump):\n"
            '    """Reads a chamber."""\n\n'
            '    DISPLAY_NAME = "a chamber"\n    HELP_URL = "https://example.com/chamber"\n\n'
            "    def pump(self):\n        pass\n",
        ),
        ("Broken", "import nothing_of_that_name\n"),
    ):
        (folder / name).mkdir(parents=True)
        (folder / name / f"{name.lower()}.py").write_text(text, "utf-8")
    office.program.places.settings_file.write_text(json.dumps({"PUMP_DIRECTORIES": [str(folder)]}), "utf-8")
    office.program.with_settings_anew()
    office.pumps.types()
    office.until_quiet()
    ((what, (types, problems)),) = office.told
    assert what == "types"
    by_key = {key: told for key, *told in types}
    assert by_key["ChamberPump"] == [
        "a chamber",
        "https://example.com/chamber",
        str(folder / "Chamber" / "chamber.py"),
        "Reads a chamber.",
    ]
    assert by_key[TYPE][2] == ""
    assert by_key[TYPE][3].startswith("Looks on the TDS share of Varian linacs for new results")
    names = [name.casefold() for _key, name, *_ in types]
    assert names == sorted(names)
    (problem,) = problems
    assert "nothing_of_that_name" in problem


def test_nothing_is_read_on_the_ui_thread(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    here = threading.get_ident()
    real: Callable[[], object] = office.program.pumps

    def elsewhere() -> object:
        assert threading.get_ident() != here
        return real()

    monkeypatch.setattr(office.program, "pumps", elsewhere)
    assert office.names() == []
    assert office.failures == []


# --- a list that is older than what was done meanwhile -------------------------------------------------


def test_a_pump_saved_while_the_list_is_read_is_in_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = office.add("Linac 1")
    held = HeldLoad(office.program, monkeypatch)
    office.pumps.load()
    office.until(held.has_read.is_set)
    office.program.store.rename(first, "Renamed")
    office.add("Linac 2")
    office.pumps.changed()
    held.go_on.set()
    office.until_quiet()
    ((what, found),) = office.told
    assert what == "loaded"
    assert [pump.name for pump in found[0]] == ["Linac 2", "Renamed"]


def test_a_pump_deleted_while_the_list_is_read_does_not_come_back(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    pump = office.add("Linac 1")
    held = HeldLoad(office.program, monkeypatch)
    office.pumps.load()
    office.until(held.has_read.is_set)
    office.pumps.delete(pump.id)
    office.until(lambda: office.told)
    assert office.told == [("deleted", pump.id)]
    held.go_on.set()
    office.until_quiet()
    assert office.told == [("deleted", pump.id), ("loaded", ([], [], []))]


def test_without_a_change_the_list_is_read_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.add("Linac 1")
    office.pumps.changed()
    held = HeldLoad(office.program, monkeypatch)
    held.go_on.set()
    assert office.names() == ["Linac 1"]
    assert held.times == 1


def test_another_order_given_while_the_list_is_read_stays(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = {name: office.add(name).id for name in ("A", "B")}
    held = HeldLoad(office.program, monkeypatch)
    office.pumps.load()
    office.until(held.has_read.is_set)
    with office.qtbot.waitSignal(office.tasks.ended):
        office.pumps.reorder([ids["B"], ids["A"]])
    held.go_on.set()
    office.until_quiet()
    ((_, found),) = office.told
    assert [pump.name for pump in found[0]] == ["B", "A"]


# --- a keyring that hangs ------------------------------------------------------------------------------


def test_deletions_that_wait_for_a_keyring_keep_nothing_else_waiting(office: Office) -> None:
    pumps = [office.add(f"Linac {number}") for number in range(3)]
    office.secrets.answers.clear()
    for pump in pumps:
        office.pumps.delete(pump.id)
    office.until(office.secrets.asked.is_set)
    office.pumps.load()
    office.until(lambda: "loaded" in [what for what, _ in office.told])
    assert office.pumps.deleting
    office.secrets.answers.set()
    office.until_quiet()
    assert [what for what, _ in office.told].count("deleted") == 3
    assert office.failures == []


def test_at_the_end_a_deletion_is_waited_for_and_nothing_told(office: Office) -> None:
    pump = office.add("Linac 1")
    office.secrets.answers.clear()
    office.pumps.delete(pump.id)
    office.until(office.secrets.asked.is_set)
    assert not office.pumps.wait(0.05)
    office.secrets.answers.set()
    assert office.pumps.wait(PATIENCE)
    office.until_quiet()
    assert office.told == []
    assert office.names() == []


# --- what somebody else changes on disk ----------------------------------------------------------------


def test_without_a_change_on_disk_a_look_reads_nothing(office: Office) -> None:
    office.add("Linac 1")
    office.load()
    office.pumps.look()
    office.until_quiet()
    assert office.told == []


def test_before_the_first_list_there_is_nothing_to_look_for(office: Office) -> None:
    office.pumps.look()
    assert not office.tasks.busy


def test_a_pump_that_came_from_elsewhere_is_read(office: Office) -> None:
    office.add("Linac 1")
    office.load()
    office.add("Linac 2")
    office.pumps.look()
    office.pumps.look()
    office.until_quiet()
    ((what, found),) = office.told
    assert what == "loaded"
    assert [pump.name for pump in found[0]] == ["Linac 1", "Linac 2"]
    office.told.clear()
    office.pumps.look()
    office.until_quiet()
    assert office.told == []


def test_a_folder_that_is_away_takes_no_pump_away(office: Office) -> None:
    office.add("Linac 1")
    office.load()
    folder = office.program.places.pumps
    away = folder.rename(folder.with_name("away"))
    office.pumps.look()
    office.until_quiet()
    assert (office.told, office.failures) == ([], [])
    away.rename(folder)


def test_while_a_document_cannot_be_read_each_look_tries_again(office: Office) -> None:
    odd = office.program.places.pumps / "odd" / "config.json"
    odd.parent.mkdir()
    odd.write_text("[]", "utf-8")
    office.load()
    office.pumps.look()
    office.until_quiet()
    assert [what for what, _found in office.told] == ["loaded"]


def test_settings_written_by_hand_count_before_the_list_is_told(office: Office) -> None:
    office.pumps.settings_changed.connect(lambda: office.told.append(("settings", None)))
    office.load()
    office.program.places.settings_file.write_text(json.dumps({"DATE_FORMAT": "dd.MM.yyyy"}), "utf-8")
    office.pumps.look()
    office.until_quiet()
    assert [what for what, _found in office.told] == ["settings", "loaded"]
    assert office.program.settings.DATE_FORMAT == "dd.MM.yyyy"
    office.told.clear()
    office.program.places.settings_file.write_text(json.dumps({"LOG_LEVEL": 7}), "utf-8")
    office.pumps.look()
    office.until_quiet()
    (_settings, (_loaded, (_pumps, _broken, (message,)))) = office.told
    assert "LOG_LEVEL is 7" in message
