"""Start at login on Windows: a value of the user's Run key in the registry."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from qcpump_qt.engine.autostart.entry import NAME, AutostartState, state_of, unknown
from qcpump_qt.engine.errors import ConfigurationError
from qcpump_qt.engine.oserror_words import meaning

RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"
APPROVED = r"Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
LONGEST = 260
"""Windows starts no entry that is longer."""


class RunKey:
    """A value below ``HKEY_CURRENT_USER``, which Windows starts when the user logs in.

    Args:
        command: what this program would enter.
        registry: the module `winreg`, or one that is like it.
    """

    def __init__(self, command: Sequence[str], registry: Any) -> None:
        self._command = tuple(command)
        self._registry = registry

    def state(self) -> AutostartState:
        """What the registry says, and whether the user switched it off in the Task Manager."""
        try:
            entered = self._read(RUN)
            approved = self._read(APPROVED)
        except ConfigurationError as error:
            return unknown(error.message)
        off = isinstance(approved, bytes) and bool(approved) and approved[0] % 2 == 1
        return state_of(
            command_words(str(entered or "")), self._command, off_because=_OFF_THERE if off else ""
        )

    def switch_on(self, command: Sequence[str]) -> None:
        """Enter the command, and undo a former switching off."""
        line = subprocess.list2cmdline(command)
        if len(line) > LONGEST:
            raise ConfigurationError(
                f"The command is {len(line)} characters long, and Windows starts none of more than {LONGEST} at "
                "login. Move the program or its home to a folder with a shorter path.",
                subject=line,
            )
        with _told():
            key = self._registry.CreateKey(self._registry.HKEY_CURRENT_USER, RUN)
            with key:
                self._registry.SetValueEx(key, NAME, 0, self._registry.REG_SZ, line)
        self._remove(APPROVED)

    def switch_off(self) -> None:
        """Remove the value."""
        self._remove(RUN)
        self._remove(APPROVED)

    def _read(self, path: str) -> object:
        """The value in one key; None where there is none."""
        with _told():
            try:
                with self._registry.OpenKey(self._registry.HKEY_CURRENT_USER, path) as key:
                    return self._registry.QueryValueEx(key, NAME)[0]
            except FileNotFoundError:
                return None

    def _remove(self, path: str) -> None:
        winreg = self._registry
        with _told():
            try:
                with winreg.OpenKey(winreg.HKEY_CURRENT_USER, path, 0, winreg.KEY_SET_VALUE) as key:
                    winreg.DeleteValue(key, NAME)
            except FileNotFoundError:
                return


_OFF_THERE = (
    "It is entered, and was switched off in Windows' own Task Manager list. Switch it on here to undo that."
)


@contextmanager
def _told() -> Iterator[None]:
    """Turn the registry's complaints inside the block into words."""
    try:
        yield
    except OSError as error:
        raise ConfigurationError(
            f"The list of programs that Windows starts at login cannot be used: {meaning(error)}",
            title="Windows says no",
        ) from error


def command_words(line: str) -> list[str]:
    """A command line's arguments, by the rules that `subprocess.list2cmdline` writes by."""
    words: list[str] = []
    word: list[str] | None = None
    quoted = False
    position = 0
    while position < len(line):
        character = line[position]
        slashes = len(line[position:]) - len(line[position:].lstrip("\\"))
        position += slashes or 1
        if slashes:
            before_quote = line[position : position + 1] == '"'
            word = [*(word or []), "\\" * (slashes // 2 if before_quote else slashes)]
            if before_quote and slashes % 2:
                word.append('"')
                position += 1
        elif character == '"':
            quoted = not quoted
            word = word or []
        elif character in " \t" and not quoted:
            words += ["".join(word)] if word is not None else []
            word = None
        else:
            word = [*(word or []), character]
    return words + (["".join(word)] if word is not None else [])
