"""Starts the window: one for each home, over the usual home or over the demonstration's."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from qcpump_qt.desktop.leaving import leave, say
from qcpump_qt.desktop.options import WindowOptions

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

USAGE = 2
"""The command line's exit code for what has to be put right before anything can start."""

NO_QT = (
    'The window is not installed. Install it with:\n    pip install "qcpump-qt[desktop]"\n'
    "The command line works without it: qcpump-qt --help"
)
NO_SCREEN = (
    "There is no screen to show the window on (neither DISPLAY nor WAYLAND_DISPLAY is set).\n"
    "The command line works without one: qcpump-qt --help"
)


def start(options: WindowOptions) -> int:
    """Show the window, or the one that is open for this home already, and stay until it is quit.

    Returns:
        the exit code of the process.
    """
    reason = why_not(sys.platform, os.environ)
    if reason:
        say(reason)
        return USAGE
    from qcpump_qt.desktop.application import application  # noqa: PLC0415 - needs Qt

    app = application()
    if options.demonstration:
        from qcpump_qt.desktop.demonstration import show_demonstration  # noqa: PLC0415 - not loaded for a real home

        return show_demonstration(app)
    return _show_home(app, options)


def why_not(platform: str, environ: Mapping[str, str]) -> str:
    """Why no window can be shown, in words; empty when one can.

    Qt itself would end the process with a message about plug-ins.

    Args:
        platform: as `sys.platform`.
        environ: the environment's variables.
    """
    try:
        import PySide6  # noqa: F401, PLC0415 - only whether it is there
    except ImportError:
        return NO_QT
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if platform not in ("win32", "darwin") and not any(environ.get(name) for name in screens):
        return NO_SCREEN
    return ""


def _show_home(app: QApplication, options: WindowOptions) -> int:
    from qcpump_qt.app import Program  # noqa: PLC0415 - after the reasons why not
    from qcpump_qt.desktop.desktop import Desktop  # noqa: PLC0415 - as above
    from qcpump_qt.desktop.home import first_window  # noqa: PLC0415 - as above
    from qcpump_qt.engine.errors import PumpError  # noqa: PLC0415 - as above
    from qcpump_qt.engine.paths import places  # noqa: PLC0415 - as above

    try:
        home = places(options.home, os.environ)
        home.ensure()
        instance = first_window(home)
        if instance is None:
            return 0
        with Program(home) as program:
            desktop = Desktop(app, program, instance, hidden=options.tray)
            code = desktop.run()
    except PumpError as error:
        from qcpump_qt.views.message_bar import show_fatal  # noqa: PLC0415 - only when it is needed

        say(str(error))
        show_fatal(error.title, error.message)
        return USAGE
    from qcpump_qt.sources.databases.guarded import left_behind  # noqa: PLC0415 - as above

    return leave(code, everything_ended=desktop.all_ended and not left_behind())
