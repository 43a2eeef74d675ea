"""Bringing pumps over from QCPump 0.3 in the window."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from endtoend.old_folder import mpc_sections, write_old_folder, write_old_pump
from qcpump_qt.app import Program
from qcpump_qt.compat import old_config
from qcpump_qt.controllers.imports import Imports
from qcpump_qt.controllers.tasks import Tasks
from qcpump_qt.engine.paths import Places
from qcpump_qt.engine.secrets import MemorySecrets

TYPE = "QATrackMPCPump"


class Removal:
    """The controller over an empty home, and what it told."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.program = Program(Places(folder), secrets=MemorySecrets())
        self.tasks = Tasks(2)
        self.imports = Imports(self.program, self.tasks)
        self.found: list[list[str]] = []
        self.done: list[tuple[list[str], dict[str, int]]] = []
        self.failures: list[tuple[str, str]] = []
        self.imports.found.connect(self.found.append)
        self.imports.done.connect(lambda lines, counts: self.done.append((lines, counts)))
        self.imports.failed.connect(lambda title, text: self.failures.append((title, text)))

    def until_quiet(self) -> None:
        self.qtbot.waitUntil(lambda: not self.tasks.busy, timeout=20_000)

    def take(self, folder: Path | str) -> tuple[list[str], dict[str, int]]:
        self.imports.import_from(str(folder))
        self.until_quiet()
        return self.done.pop()

    def close(self) -> None:
        self.until_quiet()
        self.program.close()


@pytest.fixture
def removal(tmp_path: Path, qtbot: QtBot) -> Iterator[Removal]:
    made = Removal(tmp_path / "home", qtbot)
    yield made
    made.close()


@pytest.fixture
def old(tmp_path: Path) -> Path:
    folder = write_old_folder(tmp_path / "old")
    write_old_pump(folder, "TrueBeam", TYPE, mpc_sections(tmp_path / "TDS", "http://127.0.0.1:9/api"))
    return folder


def test_folders_that_are_there_are_suggested(
    removal: Removal, old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = [tmp_path / "nowhere", old, tmp_path / "empty", old]
    (tmp_path / "empty").mkdir()
    monkeypatch.setattr(old_config, "usual_folders", lambda: usual)
    removal.imports.suggested()
    removal.until_quiet()
    assert removal.found == [[str(old)]]


def test_where_qcpump_never_was_nothing_is_suggested(
    removal: Removal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(old_config, "usual_folders", lambda: [tmp_path / "nowhere"])
    removal.imports.suggested()
    removal.until_quiet()
    assert removal.found == [[]]


def test_an_import_brings_pumps_and_secrets_and_tells_what_came(removal: Removal, old: Path) -> None:
    lines, counts = removal.take(old)
    assert counts == {"imported": 1}
    assert lines[0] == (
        f"Import from {old}: pumps 1 imported, 0 already there, 0 not imported; 0 items could not be read."
    )
    assert lines[1].startswith(f"Pump TrueBeam ({TYPE}): imported.\n    1 secret went to the keyring.")
    (pump,), broken = removal.program.pumps()
    assert (pump.name, pump.type, broken) == ("TrueBeam", TYPE, [])
    assert removal.failures == []


def test_twice_doubles_nothing(removal: Removal, old: Path) -> None:
    removal.take(old)
    _lines, counts = removal.take(old)
    assert counts == {"already there": 1}
    assert len(removal.program.pumps()[0]) == 1


def test_own_pump_types_come_along_with_the_settings(removal: Removal, old: Path, tmp_path: Path) -> None:
    folder = tmp_path / "types" / "Hello"
    folder.mkdir(parents=True)
    (folder / "hello.py").write_text(
        "from qcpump.pumps.base import BasePump\n\n\nclass HelloPump(BasePump):\n    def pump(self):\n        pass\n",
        "utf-8",
    )
    settings: dict[str, Any] = {"PUMP_DIRECTORIES": [str(tmp_path / "types")]}
    (old / "settings.json").write_text(json.dumps(settings), "utf-8")
    write_old_pump(old, "Hello", "HelloPump", {})
    lines, counts = removal.take(f"  {old} ")
    assert counts == {"imported": 2}
    assert not [line for line in lines if "not known here" in line]
    assert "HelloPump" in removal.program.catalogue.types


def test_no_folder_is_told(removal: Removal) -> None:
    removal.imports.import_from("  ")
    removal.until_quiet()
    assert removal.failures == [
        (
            "No folder chosen",
            "Choose the configuration folder of QCPump. Its menu File, About shows where it is.",
        )
    ]
    assert removal.done == []


def test_a_folder_that_is_none_of_qcpump_is_told(removal: Removal, tmp_path: Path) -> None:
    removal.imports.import_from(str(tmp_path / "nowhere"))
    removal.until_quiet()
    ((title, message),) = removal.failures
    assert title == "Configuration not usable"
    assert message == (
        f"There is no folder {tmp_path / 'nowhere'}. Name the configuration folder of QCPump 0.3; "
        "its menu File, About shows where it is."
    )


def test_a_pump_that_cannot_be_read_is_in_the_report(removal: Removal, old: Path) -> None:
    broken = old / "pumps" / "Broken" / "config.json"
    broken.parent.mkdir()
    broken.write_text("{", "utf-8")
    lines, counts = removal.take(old)
    assert counts == {"imported": 1}
    assert any(line.startswith(f"Not imported: {broken}\n") for line in lines)
