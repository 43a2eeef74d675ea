"""Which way to start at login this system has."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from qcpump_qt.engine.autostart.entry import Autostart


def autostart(
    command: Sequence[str],
    *,
    platform: str = sys.platform,
    environ: Mapping[str, str] = os.environ,
    home: Path | None = None,
    registry: Any = None,
) -> Autostart:
    """The way of this system.

    Args:
        command: what starts this program's window, program first; absolute, for nothing can be looked up at login.
        platform: as `sys.platform`.
        environ: the environment's variables.
        home: the user's own folder; looked up where left out.
        registry: the module `winreg`, or one like it; imported on Windows where left out.
    """
    if platform == "win32":
        from qcpump_qt.engine.autostart.run_key import RunKey  # noqa: PLC0415 - each brings its own libraries

        return RunKey(command, registry or importlib.import_module("winreg"))
    own = home or Path.home()
    if platform == "darwin":
        from qcpump_qt.engine.autostart.launch_agent import LaunchAgent  # noqa: PLC0415 - as above

        return LaunchAgent(own / "Library" / "LaunchAgents", command)
    from qcpump_qt.engine.autostart.xdg import XdgAutostart, autostart_folder  # noqa: PLC0415 - as above

    return XdgAutostart(autostart_folder(environ, own), command)
