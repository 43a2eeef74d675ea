"""Start at login on Linux, with real files."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from qcpump_qt.engine.autostart.entry import AutostartKind, AutostartState
from qcpump_qt.engine.autostart.xdg import XdgAutostart, autostart_folder
from qcpump_qt.engine.errors import ConfigurationError

COMMAND = ("/opt/QC Pump/qcpump-qt-window", "--tray", "--home", "/srv/100% QC")
OFF_THERE = (
    "It is entered, and was switched off in the settings of this desktop. Switch it on here to undo that."
)


@pytest.fixture
def entry(tmp_path: Path) -> XdgAutostart:
    return XdgAutostart(tmp_path / "config" / "autostart", COMMAND)


def test_nothing_is_entered_at_first(entry: XdgAutostart) -> None:
    assert entry.state() == AutostartState(AutostartKind.OFF)
    assert not entry.file.exists()


def test_it_is_switched_on_and_off(entry: XdgAutostart) -> None:
    entry.switch_on(COMMAND)
    assert entry.state() == AutostartState(AutostartKind.ON, "", COMMAND)
    entry.switch_off()
    assert entry.state() == AutostartState(AutostartKind.OFF)
    entry.switch_off()
    assert list(entry.file.parent.iterdir()) == []


def test_another_place_is_told(entry: XdgAutostart) -> None:
    entry.switch_on(["/old/qcpump-qt-window", "--tray"])
    assert entry.state() == AutostartState(
        AutostartKind.ELSEWHERE,
        "Another QCPump-Qt is entered to start at login: /old/qcpump-qt-window --tray. "
        "Switch it on here to enter this one instead.",
        ("/old/qcpump-qt-window", "--tray"),
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Terminal=false", "Terminal=false\nHidden=true"),
        ("X-GNOME-Autostart-enabled=true", "X-GNOME-Autostart-enabled=false"),
    ],
)
def test_what_the_desktop_switched_off_is_off(entry: XdgAutostart, old: str, new: str) -> None:
    entry.switch_on(COMMAND)
    entry.file.write_text(entry.file.read_text("utf-8").replace(old, new), encoding="utf-8")
    assert entry.state() == AutostartState(AutostartKind.OFF, OFF_THERE, COMMAND)
    entry.switch_on(COMMAND)
    assert entry.state().kind is AutostartKind.ON


@pytest.mark.parametrize("data", [b"no heading\n", b"\xff\xfe\x00", b"[Desktop Entry]\nno equals sign\n"])
def test_a_file_that_cannot_be_understood_is_told(entry: XdgAutostart, data: bytes) -> None:
    entry.file.parent.mkdir(parents=True)
    entry.file.write_bytes(data)
    assert entry.state() == AutostartState(
        AutostartKind.UNKNOWN, f"{entry.file} cannot be understood. Switch it on here to write it anew."
    )
    entry.switch_on(COMMAND)
    assert entry.state().kind is AutostartKind.ON


def test_another_heading_and_comments_are_passed_over(entry: XdgAutostart) -> None:
    entry.file.parent.mkdir(parents=True)
    entry.file.write_text("# made by hand\n[Other]\nExec=x\n", encoding="utf-8")
    assert entry.state() == AutostartState(AutostartKind.OFF)


def test_a_folder_in_the_way_is_told(entry: XdgAutostart) -> None:
    entry.file.mkdir(parents=True)
    state = entry.state()
    assert state.kind is AutostartKind.UNKNOWN
    assert state.why.startswith(f"{entry.file} could not be read: ")
    with pytest.raises(ConfigurationError):
        entry.switch_on(COMMAND)
    with pytest.raises(ConfigurationError) as told:
        entry.switch_off()
    assert told.value.message.startswith(f"{entry.file} could not be removed: ")


def test_a_file_where_the_folder_should_be_is_no_entry(tmp_path: Path) -> None:
    (tmp_path / "autostart").write_text("", encoding="utf-8")
    entry = XdgAutostart(tmp_path / "autostart", COMMAND)
    entry.switch_off()
    with pytest.raises(ConfigurationError):
        entry.switch_on(COMMAND)


def test_the_folder_follows_the_environment(tmp_path: Path) -> None:
    usual = tmp_path / ".config" / "autostart"
    assert autostart_folder({}, tmp_path) == usual
    assert autostart_folder({"XDG_CONFIG_HOME": ""}, tmp_path) == usual
    assert autostart_folder({"XDG_CONFIG_HOME": "relative"}, tmp_path) == usual
    named = tmp_path / "elsewhere"
    assert autostart_folder({"XDG_CONFIG_HOME": str(named)}, tmp_path) == named / "autostart"


@pytest.mark.skipif(shutil.which("desktop-file-validate") is None, reason="needs apt: desktop-file-utils")
def test_the_system_finds_the_file_valid(entry: XdgAutostart) -> None:
    entry.switch_on(COMMAND)
    done = subprocess.run(
        ["desktop-file-validate", str(entry.file)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.skipif(shutil.which("dex") is None, reason="needs apt: dex")
def test_a_session_really_starts_it(tmp_path: Path) -> None:
    # dex itself does not read escaped characters as the specification says, so there are none here.
    proof = tmp_path / "a proof of (work)"
    script = tmp_path / "my script.py"
    script.write_text(
        "import pathlib, sys; pathlib.Path(sys.argv[1]).write_text('started')", encoding="utf-8"
    )
    entry = XdgAutostart(tmp_path / "autostart", ())
    entry.switch_on([sys.executable, str(script), str(proof)])
    subprocess.run(["dex", "--wait", str(entry.file)], check=True, timeout=60)
    assert proof.read_text("utf-8") == "started"


@pytest.mark.skipif(shutil.which("gio") is None, reason="needs apt: libglib2.0-bin")
def test_gnome_reads_every_character_as_it_was_meant(tmp_path: Path) -> None:
    proof = tmp_path / 'a "proof" of 100% $HOME `x` \\ back'
    script = tmp_path / "my script.py"
    script.write_text(
        "import pathlib, sys; part = pathlib.Path(sys.argv[1] + '.part'); part.write_text('started'); "
        "part.rename(sys.argv[1])",
        encoding="utf-8",
    )
    entry = XdgAutostart(tmp_path / "autostart", ())
    entry.switch_on([sys.executable, str(script), str(proof)])
    subprocess.run(["gio", "launch", str(entry.file)], check=True, timeout=60)
    until = time.monotonic() + 60
    while not proof.exists():  # gio does not wait for what it starts
        assert time.monotonic() < until
        time.sleep(0.01)
    assert proof.read_text("utf-8") == "started"
