"""The pumps of a home as the window loads, orders and deletes them."""

from __future__ import annotations

import json
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
TOKEN = "0123456789abcdef0123456789abcdef01234567"


class ForgetfulNot(MemorySecrets):
    """A keyring that can be made to refuse to forget."""

    refuses = False

    def delete(self, name: str) -> None:
        if self.refuses:
            raise SecretError("The keyring is locked. Unlock it.")
        super().delete(name)


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
        self.pumps.loaded.connect(lambda *found: self.told.append(("loaded", found)))
        self.pumps.deleted.connect(lambda pump: self.told.append(("deleted", pump)))
        self.pumps.types_ready.connect(lambda *found: self.told.append(("types", found)))
        self.pumps.failed.connect(lambda *words: self.failures.append(words))

    def add(self, name: str) -> StoredPump:
        values: Values = {"Pump": [{"active": True}], "QATrack+ API": [{"auth token": TOKEN}]}
        return self.program.store.add(name, TYPE, values, self.program.secret_fields(TYPE))

    def until_quiet(self) -> None:
        self.qtbot.waitUntil(lambda: not self.tasks.busy, timeout=20_000)

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
        self.until_quiet()
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
    ((title, message),) = office.failures
    assert title == "Disk says no"
    assert str(folder) in message
    assert office.told == []
    folder.unlink()


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
        office.qtbot.waitUntil(lambda: office.tasks.busy)
        assert not office.tasks.wait(0.2)
        assert office.told == []
    office.until_quiet()
    assert office.told == [("deleted", pump.id)]
    assert office.failures == []


def test_when_the_program_ends_a_deletion_waits_no_longer(office: Office) -> None:
    pump = office.add("Linac 1")
    office.pumps.patience = 600.0
    with PumpLock(office.program.places.locks, pump.id):
        office.pumps.delete(pump.id)
        office.tasks.cancel()
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
    assert title == "Disk says no"
    assert str(state) in message
    state.unlink()


def test_the_types_that_new_pumps_can_have(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "types"
    for name, text in (
        (
            "Chamber",
            "from qcpump.pumps.base import BasePump\n\n\nclass ChamberPump(BasePump):\n"
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
    by_key = {key: (name, help_url, source) for key, name, help_url, source in types}
    assert by_key["ChamberPump"] == (
        "a chamber",
        "https://example.com/chamber",
        str(folder / "Chamber" / "chamber.py"),
    )
    assert by_key[TYPE][2] == ""
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
