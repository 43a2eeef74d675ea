"""Start at login on macOS: a launch agent of the user."""

from __future__ import annotations

import os
import plistlib
import re
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from xml.parsers.expat import ExpatError

from qcpump_qt.engine import files
from qcpump_qt.engine.autostart.entry import AutostartState, state_of, unknown
from qcpump_qt.engine.autostart.removing import remove_file
from qcpump_qt.engine.errors import ConfigurationError

LABEL = "org.qcpump-qt.window"
_SECONDS = 5

Launchctl = Callable[..., str]


def ask_launchctl(*arguments: str) -> str:
    """What ``launchctl`` answers; nothing where it cannot be asked."""
    try:
        done = subprocess.run(  # noqa: S603 - fixed program, our own words
            ["/bin/launchctl", *arguments], capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout


class LaunchAgent:
    """A property list in ``~/Library/LaunchAgents``, which macOS starts at the next login.

    Args:
        folder: ``~/Library/LaunchAgents``; made when it is needed.
        command: what this program would enter.
        launchctl: asks the system which agents were switched off.
        user: the number of the user; that of this process where left out.
    """

    def __init__(
        self,
        folder: Path,
        command: Sequence[str],
        *,
        launchctl: Launchctl = ask_launchctl,
        user: int | None = None,
    ) -> None:
        self.file = folder / f"{LABEL}.plist"
        self._command = tuple(command)
        self._launchctl = launchctl
        self._user = user

    def state(self) -> AutostartState:
        """What the property list says, and whether the system was told not to heed it."""
        try:
            entry = plistlib.loads(files.read_bytes(self.file))
        except files.FileMissing:
            return state_of((), self._command)
        except ConfigurationError as error:
            return unknown(error.message)
        except (plistlib.InvalidFileException, ExpatError, ValueError):
            return unknown(f"{self.file} cannot be understood. Switch it on here to write it anew.")
        off = _OFF_THERE if self._disabled(entry) else ""
        return state_of(_words(entry), self._command, off_because=off)

    def switch_on(self, command: Sequence[str]) -> None:
        """Write the property list and undo a former switching off."""
        entry = {
            "Label": LABEL,
            "ProgramArguments": list(command),
            "RunAtLoad": True,
            "ProcessType": "Interactive",
            "LimitLoadToSessionType": "Aqua",
        }
        files.make_folder(self.file.parent)
        files.write_atomically(self.file, plistlib.dumps(entry))
        self._launchctl("enable", f"{self._domain}/{LABEL}")

    def switch_off(self) -> None:
        """Remove the property list."""
        remove_file(self.file)

    @property
    def _domain(self) -> str:
        return f"gui/{os.getuid() if self._user is None else self._user}"

    def _disabled(self, entry: Any) -> bool:
        if isinstance(entry, dict) and (entry.get("Disabled") is True or entry.get("RunAtLoad") is False):
            return True
        told = self._launchctl("print-disabled", self._domain)
        return re.search(rf'"{re.escape(LABEL)}" => (disabled|true)\b', told) is not None


_OFF_THERE = (
    "It is entered, and was switched off in this computer's login items. Switch it on here to undo that."
)


def _words(entry: Any) -> tuple[str, ...]:
    arguments = entry.get("ProgramArguments") if isinstance(entry, dict) else None
    return tuple(str(argument) for argument in arguments) if isinstance(arguments, list) else ()
