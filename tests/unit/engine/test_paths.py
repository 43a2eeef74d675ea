from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import platformdirs
import pytest

from qcpump_qt.engine.errors import ConfigurationError
from qcpump_qt.engine.paths import Places, places, usual_root

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no permission bits")


def test_everything_lies_below_one_folder(tmp_path: Path) -> None:
    here = Places(tmp_path)
    assert here.config == tmp_path
    assert here.settings_file == tmp_path / "settings.json"
    assert here.pumps == tmp_path / "pumps"
    assert here.state == tmp_path / "state"
    assert here.ledger_file == tmp_path / "state" / "ledger.sqlite3"
    assert here.locks == tmp_path / "state" / "locks"
    assert here.logs == tmp_path / "logs"


def test_the_command_line_wins_over_the_environment(tmp_path: Path) -> None:
    environ = {"QCPUMP_QT_HOME": str(tmp_path / "environment")}
    assert places(tmp_path / "line", environ).root == tmp_path / "line"
    assert places(None, environ).root == tmp_path / "environment"
    assert places("", environ).root == tmp_path / "environment"


@pytest.mark.parametrize("blank", ["", "   "])
def test_a_blank_name_means_the_usual_folder(blank: str) -> None:
    assert places(blank, {"QCPUMP_QT_HOME": blank}) == Places(None) == Places(usual_root())


def test_a_relative_home_is_made_absolute_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    here = places("mine", {})
    monkeypatch.chdir("/")
    assert here.root == tmp_path / "mine"


def test_a_tilde_is_the_users_own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert places("~/qc", {}).root == tmp_path / "qc"


@POSIX
def test_a_tilde_of_an_unknown_user_is_told() -> None:
    with pytest.raises(ConfigurationError, match="names a user that this computer does not know"):
        places("~nobody-of-this-name/qc", {})


def test_windows_has_one_folder_for_all_users() -> None:
    everybodys = Path(platformdirs.site_data_dir("qcpump-qt", appauthor=False))
    assert usual_root("win32") == everybodys
    assert places(None, {}, platform="win32").root == everybodys
    assert usual_root("win32") != usual_root("linux")


@pytest.mark.skipif(sys.platform != "linux", reason="looks at the folder of Linux")
def test_linux_has_a_folder_for_each_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert usual_root("linux") == tmp_path / "qcpump-qt"


def test_ensure_makes_what_is_missing_and_may_be_repeated(tmp_path: Path) -> None:
    here = Places(tmp_path / "deep" / "er")
    here.ensure()
    here.ensure()
    for folder in (here.root, here.pumps, here.state, here.locks, here.logs):
        assert folder.is_dir()
        assert folder == here.locks.parent or not any(path.is_file() for path in folder.iterdir())


@POSIX
def test_the_folders_are_for_their_owner_only(tmp_path: Path) -> None:
    here = Places(tmp_path / "mine")
    here.ensure()
    for folder in (here.root, here.pumps, here.state, here.locks, here.logs):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@POSIX
def test_windows_folders_inherit_their_rights(tmp_path: Path) -> None:
    """Mode 0o700 would lock other users out there; here the umask shows that no mode was asked for."""
    former = os.umask(0o022)
    try:
        Places(tmp_path / "mine").ensure(platform="win32")
    finally:
        os.umask(former)
    assert stat.S_IMODE((tmp_path / "mine" / "pumps").stat().st_mode) == 0o755


def test_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "pumps").write_text("not a folder")
    with pytest.raises(
        ConfigurationError, match=r"pumps could not be made: a file of that name is in the way"
    ):
        Places(tmp_path).ensure()
    (tmp_path / "file").write_text("")
    with pytest.raises(
        ConfigurationError, match="below could not be made: a file of that name is in the way"
    ):
        Places(tmp_path / "file" / "below").ensure()


@pytest.mark.skipif(not Path("/sys/kernel").is_dir(), reason="needs a file system that nobody may write to")
def test_a_folder_that_cannot_be_made_is_told() -> None:
    with pytest.raises(ConfigurationError, match=r"/sys/kernel/qcpump-qt could not be made: .*(allow|right)"):
        Places(Path("/sys/kernel/qcpump-qt")).ensure()
