from __future__ import annotations

import hashlib
import json
import logging
import os
from pathlib import Path
from typing import Any

import pytest

from qcpump_qt.compat.import_report import ImportReport, Outcome
from qcpump_qt.compat.importer import import_folder
from qcpump_qt.engine import files
from qcpump_qt.engine.errors import ConfigurationError, SecretError
from qcpump_qt.engine.logs import Logs, Redactor
from qcpump_qt.engine.paths import Places
from qcpump_qt.engine.secrets import MemorySecrets
from qcpump_qt.engine.store import PumpStore

CANARY = "canary-4711-ünd"
API = "QATrack+ API"

TYPES = (
    "SimpleFileMover",
    "FileMover",
    "FirebirdDQA3",
    "SQLServerDQA3",
    "AtlasDQA3",
    "FirebirdGroupedDQA3",
    "SQLServerGroupedDQA3",
    "AtlasGroupedDQA3",
    "QATrackMPCPump",
    "QATrackGenericTextFileUploader",
    "QATrackGenericBinaryFileUploader",
)
"""Class names of all pump types of QCPump 0.3 (compatibility reference, section 3)."""


class Locked(MemorySecrets):
    """A keyring that can be locked, wholly or after its check."""

    def __init__(self) -> None:
        super().__init__()
        self.locked = False
        self.locked_after_check = False

    def set(self, name: str, value: str) -> None:
        if self.locked or self.locked_after_check:
            raise SecretError("The keyring of this system is locked.")
        super().set(name, value)

    def check(self) -> None:
        if self.locked:
            raise SecretError("The keyring of this system is locked.")


def section(name: str, *subsections: dict[str, Any]) -> dict[str, Any]:
    rows = [
        [{"config_name": field, "value": value} for field, value in fields.items()] for fields in subsections
    ]
    return {"config_name": name, "subsections": rows}


def put(old: Path, folder: str, name: str, pump_type: str = "QATrackMPCPump", **values: Any) -> Path:
    state = {title: section(title, *rows) for title, rows in values.items()}
    path = old / "pumps" / folder / "config.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"type": pump_type, "name": name, "version": "v0.3.17", "state": state}))
    return path


def secret_values() -> dict[str, Any]:
    return {
        "Pump": [{"interval (s)": 300, "active": True, "type": "QATrackMPCPump", "name": "TB"}],
        API: [
            {
                "api url": "https://qatrack.example/api",
                "auth token": CANARY,
                "throttle": 0.5,
                "http proxy": f"http://user:{CANARY}@proxy:3128",
                "https proxy": "",
            }
        ],
        "DQA3Reader": [{"user": "sysdba", "password": CANARY, "port": 3050}],
    }


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return tmp_path / "old" / "qcpump"


@pytest.fixture
def home(tmp_path: Path) -> Places:
    return Places(tmp_path / "home")


@pytest.fixture
def secrets() -> Locked:
    return Locked()


@pytest.fixture
def store(home: Places, secrets: Locked) -> PumpStore:
    return PumpStore(home, secrets)


def run(old: Path, store: PumpStore, home: Places, **options: Any) -> ImportReport:
    return import_folder(old, store, home.settings_file, **options)


def fingerprint(folder: Path) -> dict[str, tuple[str, int]]:
    """Every file's hash and time of change, and every folder's time of change."""
    found = {}
    for path in [folder, *sorted(folder.rglob("*"))]:
        digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
        found[str(path)] = (digest, path.stat().st_mtime_ns)
    return found


def everything_in(folder: Path) -> str:
    texts = [str(path) for path in folder.rglob("*")]
    texts += [
        path.read_bytes().decode("utf-8", errors="replace") for path in folder.rglob("*") if path.is_file()
    ]
    return "\n".join(texts)


def test_pumps_come_over_as_they_stand(old: Path, store: PumpStore, home: Places) -> None:
    put(old, "tb", "TB", **secret_values())
    report = run(old, store, home)
    (pump,) = report.pumps
    assert (pump.outcome, pump.name, pump.type) == (Outcome.IMPORTED, "TB", "QATrackMPCPump")
    assert pump.notes == ("3 secrets went to the keyring.",)
    assert report.complete
    ((stored,), broken) = store.load_all()
    assert broken == []
    assert (stored.id, stored.name, stored.type) == (pump.id, "TB", "QATrackMPCPump")
    assert json.dumps(store.with_secrets(stored)) == json.dumps(secret_values())
    assert report.lines() == [
        f"Import from {old}: pumps 1 imported, 0 already there, 0 not imported; 0 items could not be read.",
        "Pump TB (QATrackMPCPump): imported.\n    3 secrets went to the keyring.",
    ]


def test_every_type_of_the_incumbent_comes_over_under_its_class_name(
    old: Path, store: PumpStore, home: Places
) -> None:
    for pump_type in TYPES:
        put(old, pump_type, f"My {pump_type}", pump_type, Pump=[{"active": False}])
    report = run(old, store, home, known_types=lambda: TYPES)
    assert report.complete
    assert {pump.name: pump.type for pump in store.load_all()[0]} == {f"My {name}": name for name in TYPES}
    assert all(pump.notes == () for pump in report.pumps)


def test_no_secret_is_left_in_clear_anywhere(
    tmp_path: Path, old: Path, home: Places, secrets: Locked
) -> None:
    put(old, "tb", "TB", **secret_values())
    broken = old / "pumps" / "half" / "config.json"
    broken.parent.mkdir()
    broken.write_text(json.dumps({"auth token": CANARY})[:-2])
    home.ensure()
    redactor = Redactor()
    store = PumpStore(home, secrets, redactor)
    with Logs(home.logs, redactor, level="debug") as logs:
        report = run(old, store, home)
        stored = store.find("TB")
        logging.getLogger("ours").debug("%s", store.with_secrets(stored))
        logs.pump(stored.id).log(logging.INFO, f"Token {CANARY} for http://user:{CANARY}@proxy:3128")
        for line in report.lines():
            logging.getLogger("ours").info(line)
    text = everything_in(home.root)
    assert "Import from" in text
    assert "canary" not in text
    assert "canary" not in "\n".join(report.lines())
    assert "canary" not in repr(report)


def test_the_old_folder_is_only_read(old: Path, store: PumpStore, home: Places) -> None:
    put(old, "tb", "TB", **secret_values())
    (old / "settings.json").write_text('{"DEBUG": true, "LOG_LEVEL": "odd"}')
    broken = put(old, "broken", "Broken")
    broken.write_text("{half")
    for path in sorted(old.rglob("*"), reverse=True):
        os.utime(path, ns=(1, 1))
    before = fingerprint(old)
    run(old, store, home)
    run(old / "pumps", store, home)
    assert fingerprint(old) == before


def test_a_second_import_doubles_nothing_and_changes_nothing(
    old: Path, store: PumpStore, home: Places
) -> None:
    put(old, "tb", "TB", **secret_values())
    put(old, "dqa3", "DQA3", "FirebirdDQA3", DQA3Reader=[{"host": "h"}])
    run(old, store, home)
    mine = store.find("DQA3")
    store.save(mine.changed(values={"DQA3Reader": [{"host": "my own"}]}))
    before = store.load_all()
    report = run(old, store, home)
    assert [pump.outcome for pump in report.pumps] == [Outcome.ALREADY_THERE] * 2
    assert [pump.notes for pump in report.pumps] == [("It was left as it is here.",)] * 2
    assert {pump.id for pump in report.pumps} == {pump.id for pump in before[0]}
    assert report.complete
    assert store.load_all() == before


def test_a_pump_that_was_renamed_here_is_still_known(old: Path, store: PumpStore, home: Places) -> None:
    put(old, "tb", "TB")
    run(old, store, home)
    store.rename(store.find("TB"), "New name")
    (pump,) = run(old, store, home).pumps
    assert (pump.outcome, pump.name) == (Outcome.ALREADY_THERE, "New name")


def test_the_same_pump_from_a_copied_folder_is_known_by_name_and_type(
    tmp_path: Path, old: Path, store: PumpStore, home: Places
) -> None:
    put(old, "tb", "TB")
    put(tmp_path / "copy", "tb", "TB")
    run(old, store, home)
    assert run(tmp_path / "copy", store, home).pumps[0].outcome is Outcome.ALREADY_THERE
    assert len(store.load_all()[0]) == 1


def test_pumps_of_one_name_all_come_over(old: Path, store: PumpStore, home: Places) -> None:
    for folder, pump_type in (("a", "FileMover"), ("b", "FileMover"), ("c", "FirebirdDQA3")):
        put(old, folder, "Same", pump_type)
    report = run(old, store, home)
    assert [(pump.name, pump.type) for pump in report.pumps] == [
        ("Same", "FileMover"),
        ("Same (2)", "FileMover"),
        ("Same (3)", "FirebirdDQA3"),
    ]
    assert report.pumps[1].notes == (
        "It was called 'Same' and is called 'Same (2)' here, as names have to differ.",
    )
    again = run(old, store, home)
    assert [pump.outcome for pump in again.pumps] == [Outcome.ALREADY_THERE] * 3
    assert len(store.load_all()[0]) == 3


def test_a_pump_made_here_keeps_its_name(old: Path, store: PumpStore, home: Places) -> None:
    store.add("TB", "OtherType", {})
    put(old, "tb", "TB")
    assert run(old, store, home).pumps[0].name == "TB (2)"
    assert store.find("TB").type == "OtherType"


def test_an_unknown_type_comes_over_and_is_told(old: Path, store: PumpStore, home: Places) -> None:
    put(old, "own", "Own", "MyOwnPump", Mine=[{"a": 1}])
    report = run(old, store, home, known_types=lambda: {"FileMover"})
    assert store.find("Own").values == {"Mine": [{"a": 1}]}
    assert report.pumps[0].notes == (
        "The pump type MyOwnPump is not known here. If it is one of your own, see that PUMP_DIRECTORIES in the "
        "settings names its folder; the pump runs once the type is found.",
    )


def test_declared_secrets_go_to_the_keyring_too(old: Path, store: PumpStore, home: Places) -> None:
    put(old, "own", "Own", "MyOwnPump", Mine=[{"key": CANARY}])
    asked = []

    def declared(pump_type: str) -> set[tuple[str, str]]:
        asked.append(pump_type)
        return {("Mine", "key")}

    run(old, store, home, secret_fields=declared)
    assert asked == ["MyOwnPump"]
    assert CANARY not in everything_in(home.root)
    assert store.with_secrets(store.find("Own")) == {"Mine": [{"key": CANARY}]}


@pytest.mark.parametrize("after_check", [False, True])
def test_without_a_keyring_pumps_come_over_without_secrets(
    old: Path, store: PumpStore, home: Places, secrets: Locked, after_check: bool
) -> None:
    put(old, "tb", "TB", **secret_values())
    put(old, "mover", "Mover", "FileMover")
    secrets.locked, secrets.locked_after_check = not after_check, after_check
    report = run(old, store, home)
    mover, tb = report.pumps
    assert mover.notes == ()
    assert tb.outcome is Outcome.IMPORTED
    assert tb.notes == (
        "Its tokens and passwords were not imported, as the keyring does not work. "
        "The keyring of this system is locked.",
        "When it works, import again, or type them with:\n"
        '    qcpump-qt secret set "TB" "QATrack+ API" "auth token"\n'
        '    qcpump-qt secret set "TB" "QATrack+ API" "http proxy"\n'
        '    qcpump-qt secret set "TB" "DQA3Reader" "password"',
    )
    assert not report.complete
    assert "canary" not in everything_in(home.root)
    stored = store.find("TB")
    assert stored.values["DQA3Reader"][0]["user"] == "sysdba"
    with pytest.raises(SecretError, match='qcpump-qt secret set "TB" "QATrack'):
        store.with_secrets(stored)

    secrets.locked = secrets.locked_after_check = False
    _, again = run(old, store, home).pumps
    assert again.outcome is Outcome.ALREADY_THERE
    assert [note for note in again.notes if "filled in" in note] == [
        "The keyring lacked a secret, which was filled in: section QATrack+ API, field auth token.",
        "The keyring lacked a secret, which was filled in: section QATrack+ API, field http proxy.",
        "The keyring lacked a secret, which was filled in: section DQA3Reader, field password.",
    ]
    assert json.dumps(store.with_secrets(stored)) == json.dumps(secret_values())


def test_a_second_import_with_a_locked_keyring_says_what_it_could_not_see(
    old: Path, store: PumpStore, home: Places, secrets: Locked
) -> None:
    put(old, "tb", "TB", **secret_values())
    run(old, store, home)
    secrets.locked = True
    assert run(old, store, home).pumps[0].notes == (
        "It was left as it is here.",
        "Whether its secrets are in the keyring could not be seen. The keyring of this system is locked.",
    )


def test_one_bad_pump_stops_no_other(old: Path, store: PumpStore, home: Places) -> None:
    put(old, "a", "A")
    put(old, "b", "B").write_text('{"type": "T",')
    put(old, "c", "C", S=[{"number": 10**30}])
    put(old, "d", "Line\nend", "FileMover")
    report = run(old, store, home)
    assert [(pump.name, pump.outcome) for pump in report.pumps] == [
        ("A", Outcome.IMPORTED),
        ("C", Outcome.FAILED),
        ("Line end", Outcome.IMPORTED),
    ]
    assert "The value of S → number is of a kind that cannot be kept" in report.pumps[1].notes[0]
    assert report.pumps[1].id == ""
    assert not report.complete
    assert [pump.name for pump in store.load_all()[0]] == ["A", "Line end"]
    lines = report.lines()
    assert lines[0].endswith("pumps 2 imported, 0 already there, 1 not imported; 1 item could not be read.")
    assert any(
        line.startswith(
            f"Not imported: {old / 'pumps' / 'b' / 'config.json'}\n    Its config.json cannot be read"
        )
        for line in lines
    )


def test_a_full_disk_is_told_for_each_pump(
    old: Path, store: PumpStore, home: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(old, "a", "A")
    put(old, "b", "B")

    def full(path: Path, data: str) -> None:
        raise ConfigurationError("the disk is full.")

    monkeypatch.setattr(files, "write_atomically", full)
    report = run(old, store, home)
    assert [(pump.outcome, pump.notes) for pump in report.pumps] == [
        (Outcome.FAILED, ("the disk is full.",))
    ] * 2
    assert store.load_all() == ([], [])


def test_our_own_folder_is_not_imported_into_itself(store: PumpStore, home: Places) -> None:
    store.add("TB", "T", {})
    report = run(home.root, store, home)
    assert report.pumps == []
    assert [item.reason for item in report.unusable] == ["It is a pump of QCPump-Qt, not of QCPump 0.3."]
    assert len(store.load_all()[0]) == 1


def test_a_folder_that_is_none_is_told(tmp_path: Path, store: PumpStore, home: Places) -> None:
    with pytest.raises(ConfigurationError, match="There is no folder"):
        run(tmp_path / "nowhere", store, home)
