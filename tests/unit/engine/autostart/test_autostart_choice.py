"""Which way to start at login each system has."""

from __future__ import annotations

from pathlib import Path

from qcpump_qt.engine.autostart.choice import autostart
from qcpump_qt.engine.autostart.entry import AutostartKind
from qcpump_qt.engine.autostart.launch_agent import LaunchAgent
from qcpump_qt.engine.autostart.run_key import RunKey
from qcpump_qt.engine.autostart.xdg import XdgAutostart


def test_windows_has_the_run_key() -> None:
    assert isinstance(autostart(["x"], platform="win32", registry=object()), RunKey)


def test_macos_has_a_launch_agent(tmp_path: Path) -> None:
    found = autostart(["x"], platform="darwin", home=tmp_path)
    assert isinstance(found, LaunchAgent)
    assert found.file == tmp_path / "Library" / "LaunchAgents" / "org.qcpump-qt.window.plist"


def test_other_systems_have_the_autostart_folder(tmp_path: Path) -> None:
    for platform in ("linux", "freebsd14"):
        found = autostart(["x"], platform=platform, environ={}, home=tmp_path)
        assert isinstance(found, XdgAutostart)
        assert found.file == tmp_path / ".config" / "autostart" / "qcpump-qt.desktop"
        assert found.state().kind is AutostartKind.OFF


def test_the_environment_and_the_own_folder_are_looked_up(tmp_path: Path) -> None:
    found = autostart(["x"], platform="linux", environ={"XDG_CONFIG_HOME": str(tmp_path)})
    assert isinstance(found, XdgAutostart)
    assert found.file.parent == tmp_path / "autostart"
