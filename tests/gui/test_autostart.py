"""Start at login, as the desktop switches it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from qcpump_qt.controllers.autostart import StartAtLogin
from qcpump_qt.controllers.tasks import Tasks
from qcpump_qt.engine.autostart.entry import AutostartKind, AutostartState
from qcpump_qt.engine.autostart.xdg import XdgAutostart
from qcpump_qt.engine.errors import ConfigurationError

COMMAND = (sys.executable, "-m", "qcpump_qt", "window", "--tray")


@pytest.fixture
def entry(tmp_path: Path) -> XdgAutostart:
    return XdgAutostart(tmp_path / "autostart", COMMAND)


@pytest.fixture
def login(entry: XdgAutostart, qapp: object) -> Iterator[StartAtLogin]:
    tasks = Tasks(1)
    yield StartAtLogin(entry, COMMAND, tasks)
    assert tasks.wait(10)


def test_it_is_looked_at_and_switched(login: StartAtLogin, entry: XdgAutostart, qtbot: QtBot) -> None:
    with qtbot.waitSignal(login.shown) as said:
        login.look()
    assert said.args == [AutostartState(AutostartKind.OFF)]
    with qtbot.waitSignal(login.shown) as said:
        login.switch(True)
    assert said.args == [AutostartState(AutostartKind.ON, "", COMMAND)]
    assert entry.file.exists()
    with qtbot.waitSignal(login.shown) as said:
        login.switch(False)
    assert said.args == [AutostartState(AutostartKind.OFF)]
    assert not entry.file.exists()


def test_where_it_cannot_be_switched_it_is_told_and_shown_as_it_is(
    login: StartAtLogin, entry: XdgAutostart, qtbot: QtBot
) -> None:
    entry.file.parent.write_text("in the way", encoding="utf-8")
    failed: list[tuple[str, str]] = []
    login.failed.connect(lambda *words: failed.append(words))
    with qtbot.waitSignal(login.shown) as said:
        login.switch(True)
    folder = entry.file.parent
    assert failed == [
        (
            "Disk refuses",
            f"{folder} could not be made: a file of that name is in the way. Move that file away.",
        )
    ]
    assert said.args == [
        AutostartState(
            AutostartKind.UNKNOWN,
            f"{entry.file} could not be read: a file is in the way where a folder should be. Move that file away.",
        )
    ]


def test_a_program_that_moved_is_put_right(
    login: StartAtLogin, entry: XdgAutostart, tmp_path: Path, qtbot: QtBot
) -> None:
    entry.switch_on([str(tmp_path / "gone" / "qcpump-qt-window"), "--tray"])
    told: list[str] = []
    login.put_right_done.connect(told.append)
    with qtbot.waitSignal(login.shown) as said:
        login.put_right()
    assert told == ["QCPump-Qt had moved; it starts at login from its new place now."]
    assert said.args == [AutostartState(AutostartKind.ON, "", COMMAND)]
    assert entry.state() == AutostartState(AutostartKind.ON, "", COMMAND)


@pytest.mark.parametrize(
    "entered", [(), COMMAND, (sys.executable, "other"), ("/gone/qcpump-qt", "--home", "/other", "--tray")]
)
def test_what_is_off_right_or_another_program_is_left_alone(
    login: StartAtLogin, entry: XdgAutostart, qtbot: QtBot, entered: tuple[str, ...]
) -> None:
    if entered:
        entry.switch_on(entered)
    before = entry.state()
    told: list[str] = []
    login.put_right_done.connect(told.append)
    login.put_right()
    with qtbot.waitSignal(login.shown) as said:
        login.look()
    assert said.args == [before]
    assert told == []


def test_what_the_desktop_switched_off_stays_off(
    login: StartAtLogin, entry: XdgAutostart, tmp_path: Path, qtbot: QtBot
) -> None:
    entry.switch_on([str(tmp_path / "gone"), "--tray"])
    entry.file.write_text(entry.file.read_text("utf-8") + "Hidden=true\n", encoding="utf-8")
    login.put_right()
    with qtbot.waitSignal(login.shown) as said:
        login.look()
    assert said.args is not None
    assert said.args[0].kind is AutostartKind.OFF


def test_a_disk_that_refuses_is_told(tmp_path: Path, qtbot: QtBot) -> None:
    class ReadOnly(XdgAutostart):
        def switch_on(self, command: Sequence[str]) -> None:
            raise ConfigurationError("The disk is read-only.", title="Disk refuses")

    entered = XdgAutostart(tmp_path, COMMAND)
    entered.switch_on([str(tmp_path / "gone"), *COMMAND[1:]])
    tasks = Tasks()
    login = StartAtLogin(ReadOnly(tmp_path, COMMAND), COMMAND, tasks)
    with qtbot.waitSignal(login.failed) as said:
        login.put_right()
    assert said.args == ["Disk refuses", "The disk is read-only."]
    assert tasks.wait(10)
