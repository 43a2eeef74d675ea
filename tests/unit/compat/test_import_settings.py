from __future__ import annotations

import json
from pathlib import Path

import pytest

from qcpump_qt.compat.import_report import ImportReport
from qcpump_qt.compat.importer import import_folder
from qcpump_qt.engine import files
from qcpump_qt.engine.errors import ConfigurationError
from qcpump_qt.engine.paths import Places
from qcpump_qt.engine.secrets import MemorySecrets
from qcpump_qt.engine.settings import load_settings
from qcpump_qt.engine.store import PumpStore


@pytest.fixture
def old(tmp_path: Path) -> Path:
    folder = tmp_path / "qcpump"
    folder.mkdir()
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Places:
    return Places(tmp_path / "home")


def run(old: Path, home: Places) -> ImportReport:
    return import_folder(old, PumpStore(home, MemorySecrets()), home.settings_file)


def test_all_settings_come_over(old: Path, home: Places) -> None:
    theirs = {
        "BROWSER_USER_AGENT": "QC/1",
        "DB_CONNECT_TIMEOUT": 7,
        "DEBUG": True,
        "LOG_LEVEL": "debug",
        "LOG_TO_CONSOLE": True,
        "PUMP_DIRECTORIES": None,
        "PUMP_ON_STARTUP": True,
        "MAX_HTTP_307_COUNT": 5,
        "HTTP_307_SLEEP_TIME": 0.25,
    }
    (old / "settings.json").write_text(json.dumps(theirs))
    report = run(old, home)
    assert sorted(report.settings) == sorted(theirs)
    assert json.loads(home.settings_file.read_text()) == theirs
    assert report.lines()[1].startswith("Settings imported: BROWSER_USER_AGENT, ")
    again = run(old, home)
    assert again.settings == []
    assert again.messages == []


def test_relative_folders_are_made_absolute(old: Path, home: Places, tmp_path: Path) -> None:
    elsewhere = str(tmp_path / "else")
    (old / "settings.json").write_text(json.dumps({"PUMP_DIRECTORIES": ["own pumps", elsewhere, ""]}))
    run(old, home)
    settings, _ = load_settings(home.settings_file)
    assert settings.given == {"PUMP_DIRECTORIES": [str(old / "own pumps"), elsewhere]}


def test_what_was_set_here_stays(old: Path, home: Places) -> None:
    home.ensure()
    home.settings_file.write_text('{"DEBUG": false, "MAX_CONNECTIONS": 2, "LOG_LEVEL": "error"}')
    (old / "settings.json").write_text('{"DEBUG": true, "LOG_LEVEL": "error", "DB_CONNECTION_TIMEOUT": 3}')
    report = run(old, home)
    assert report.settings == ["DB_CONNECT_TIMEOUT"]
    assert report.messages == ["The setting DEBUG was made here already and stays as it is."]
    assert json.loads(home.settings_file.read_text()) == {
        "DEBUG": False,
        "MAX_CONNECTIONS": 2,
        "LOG_LEVEL": "error",
        "DB_CONNECT_TIMEOUT": 3,
    }


def test_what_is_broken_in_the_old_settings_is_told(old: Path, home: Places) -> None:
    (old / "settings.json").write_text('{"DEBUG": "yes", "LOG_LEVEL": "debug", "COLOUR": 1}')
    report = run(old, home)
    assert report.settings == ["LOG_LEVEL"]
    assert report.messages == [
        f'{old / "settings.json"}: the key "COLOUR" is not known and is ignored.',
        f'{old / "settings.json"}, line 1: DEBUG is "yes", but true or false is expected. '
        "Its default false is used until that is mended.",
    ]


def test_our_own_broken_settings_are_left_alone(old: Path, home: Places) -> None:
    home.ensure()
    home.settings_file.write_text("{half")
    (old / "settings.json").write_text('{"DEBUG": true}')
    report = run(old, home)
    assert report.settings == []
    assert report.messages[0].startswith(
        "The settings were not imported, as our own file needs mending first."
    )
    assert home.settings_file.read_text() == "{half"
    assert [path.name for path in home.root.iterdir() if "broken" in path.name] == []


def test_a_full_disk_is_told(old: Path, home: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, data: str) -> None:
        raise ConfigurationError("the disk is full.")

    (old / "settings.json").write_text('{"DEBUG": true}')
    monkeypatch.setattr(files, "write_atomically", full)
    report = run(old, home)
    assert report.settings == []
    assert report.messages == ["The settings were not imported. the disk is full."]


def test_a_home_that_cannot_be_read_is_told(old: Path, tmp_path: Path) -> None:
    (old / "settings.json").write_text('{"DEBUG": true}')
    (tmp_path / "file").touch()
    report = import_folder(
        old, PumpStore(Places(tmp_path / "home"), MemorySecrets()), tmp_path / "file" / "x" / "settings.json"
    )
    assert report.settings == []
    assert any("settings were not imported" in message for message in report.messages)


def test_without_old_settings_nothing_is_written(old: Path, home: Places) -> None:
    (old / "pumps").mkdir()
    report = run(old, home)
    assert report.settings == report.messages == []
    assert not home.settings_file.exists()
