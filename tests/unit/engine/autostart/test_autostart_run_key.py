"""Start at login on Windows, against a registry in memory."""

from __future__ import annotations

import errno
import subprocess
from types import TracebackType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcpump_qt.engine.autostart.entry import AutostartKind, AutostartState
from qcpump_qt.engine.autostart.run_key import APPROVED, RUN, RunKey, command_words
from qcpump_qt.engine.errors import ConfigurationError

COMMAND = (r"C:\Program Files\QCPump-Qt\qcpump-qt-window.exe", "--tray")
LINE = r'"C:\Program Files\QCPump-Qt\qcpump-qt-window.exe" --tray'


class Key:
    def __init__(self, values: dict[str, object]) -> None:
        self.values = values

    def __enter__(self) -> Key:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return


class Registry:
    """As much of `winreg` as is used."""

    HKEY_CURRENT_USER = 1
    KEY_READ = 2
    KEY_SET_VALUE = 3
    REG_SZ = 4

    def __init__(self) -> None:
        self.keys: dict[str, dict[str, object]] = {}
        self.refuses = False

    def OpenKey(self, root: int, path: str, reserved: int = 0, access: int = KEY_READ) -> Key:  # noqa: N802
        assert (root, reserved) == (self.HKEY_CURRENT_USER, 0)
        if self.refuses:
            raise PermissionError(errno.EACCES, "no")
        if path not in self.keys:
            raise FileNotFoundError(errno.ENOENT, path)
        return Key(self.keys[path])

    def CreateKey(self, root: int, path: str) -> Key:  # noqa: N802
        if self.refuses:
            raise PermissionError(errno.EACCES, "no")
        return Key(self.keys.setdefault(path, {}))

    def QueryValueEx(self, key: Key, name: str) -> tuple[object, int]:  # noqa: N802
        if name not in key.values:
            raise FileNotFoundError(errno.ENOENT, name)
        return key.values[name], self.REG_SZ

    def SetValueEx(self, key: Key, name: str, reserved: int, kind: int, value: object) -> None:  # noqa: N802
        assert (reserved, kind) == (0, self.REG_SZ)
        key.values[name] = value

    def DeleteValue(self, key: Key, name: str) -> None:  # noqa: N802
        if name not in key.values:
            raise FileNotFoundError(errno.ENOENT, name)
        del key.values[name]


@pytest.fixture
def registry() -> Registry:
    return Registry()


def test_it_is_switched_on_and_off(registry: Registry) -> None:
    entry = RunKey(COMMAND, registry)
    assert entry.state() == AutostartState(AutostartKind.OFF)
    entry.switch_on(COMMAND)
    assert registry.keys[RUN] == {"QCPump-Qt": LINE}
    assert entry.state() == AutostartState(AutostartKind.ON, "", COMMAND)
    entry.switch_off()
    entry.switch_off()
    assert registry.keys[RUN] == {}
    assert entry.state() == AutostartState(AutostartKind.OFF)


def test_another_program_is_told(registry: Registry) -> None:
    registry.keys[RUN] = {"QCPump-Qt": r"D:\old\qcpump.exe"}
    state = RunKey(COMMAND, registry).state()
    assert (state.kind, state.entered) == (AutostartKind.ELSEWHERE, (r"D:\old\qcpump.exe",))


@pytest.mark.parametrize(
    ("first", "kind"), [(2, AutostartKind.ON), (3, AutostartKind.OFF), (6, AutostartKind.ON)]
)
def test_the_task_manager_is_heeded(registry: Registry, first: int, kind: AutostartKind) -> None:
    entry = RunKey(COMMAND, registry)
    entry.switch_on(COMMAND)
    registry.keys[APPROVED] = {"QCPump-Qt": bytes([first, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8])}
    state = entry.state()
    assert state.kind is kind
    assert state.why == (
        ""
        if kind is AutostartKind.ON
        else "It is entered, and was switched off in Windows' own Task Manager list. Switch it on here to undo that."
    )
    entry.switch_on(COMMAND)
    assert entry.state().kind is AutostartKind.ON
    assert registry.keys[APPROVED] == {}


def test_a_registry_that_refuses_is_told(registry: Registry) -> None:
    registry.refuses = True
    words = (
        "The list of programs that Windows starts at login cannot be used: you do not have the right to do so. "
        "Ask for the right to that folder, or close the program that holds the file open."
    )
    entry = RunKey(COMMAND, registry)
    assert entry.state() == AutostartState(AutostartKind.UNKNOWN, words)
    with pytest.raises(ConfigurationError) as told:
        entry.switch_on(COMMAND)
    assert told.value.message == words
    with pytest.raises(ConfigurationError) as told:
        entry.switch_off()
    assert told.value.message == words


def test_a_command_that_windows_would_not_start_is_refused(registry: Registry) -> None:
    with pytest.raises(ConfigurationError) as told:
        RunKey(COMMAND, registry).switch_on(["C:\\" + "x" * 300])
    assert told.value.message == (
        "The command is 303 characters long, and Windows starts none of more than 260 at login. "
        "Move the program or its home to a folder with a shorter path."
    )
    assert registry.keys == {}


@given(st.lists(st.text(st.sampled_from('ab \t"\\ü'), max_size=12), min_size=1, max_size=5))
def test_command_lines_are_read_as_they_are_written(command: list[str]) -> None:
    assert command_words(subprocess.list2cmdline(command)) == command
