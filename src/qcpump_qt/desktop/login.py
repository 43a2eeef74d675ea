"""What starts this window at login, and what the settings dialog says of it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from qcpump_qt.engine.autostart.entry import AutostartKind, AutostartState
from qcpump_qt.engine.paths import Places, usual_root
from qcpump_qt.models.login_row import LoginRow

NOT_FOR_DEMONSTRATION = LoginRow(words="The demonstration does not start at login.")


def login_command(
    places: Places,
    *,
    executable: str = sys.executable,
    frozen: bool = getattr(sys, "frozen", False),
    platform: str = sys.platform,
) -> Sequence[str]:
    """What starts the window of this home hidden when its user logs in; every part of it is absolute.

    Args:
        places: the home; named in the command unless it is the usual one.
        executable: the program, or the Python that runs it.
        frozen: whether it is a program by itself.
        platform: as `sys.platform`; on Windows the Python without a console is taken.
    """
    named = () if places.root == usual_root(platform) else ("--home", str(places.root))
    if frozen:
        return (executable, *named, "--tray")
    return (_quiet(executable, platform), "-m", "qcpump_qt", *named, "--tray")


def login_row(state: AutostartState) -> LoginRow:
    """The check box and the words beside it for what the system really has entered."""
    if state.kind is AutostartKind.ELSEWHERE:
        entered = " ".join(state.entered)
        words = (
            state.why
            or f"Another program is entered: {entered}. Switch it on to enter this one in its place."
        )
        return LoginRow(on=False, words=words, known=True)
    if state.kind is AutostartKind.UNKNOWN:
        return LoginRow(on=False, words=state.why, known=False)
    return LoginRow(on=state.kind is AutostartKind.ON, words=state.why, known=True)


def _quiet(executable: str, platform: str) -> str:
    """The Python that opens no console window, where Windows has one beside the usual one."""
    quiet = Path(executable).with_name("pythonw.exe")
    return str(quiet) if platform == "win32" and quiet.exists() else executable
