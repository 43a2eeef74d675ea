"""Windows lets no program take the foreground by itself: the one that the user just started hands it on."""

from __future__ import annotations

import importlib
import logging
import sys
from typing import Any

ANY_PROCESS = -1
"""``ASFW_ANY``: whichever process asks next, which is the one that is about to be asked to show its window."""


def hand_on_foreground(*, platform: str = sys.platform, user32: Any = None) -> None:
    """Let another process bring its window to the front; on other systems there is nothing to do.

    Args:
        platform: as `sys.platform`.
        user32: the library of that name, or one like it; loaded on Windows where left out.
    """
    if platform != "win32":
        return
    library = user32 or importlib.import_module("ctypes").windll.user32
    if not library.AllowSetForegroundWindow(ANY_PROCESS):
        # The window then only flashes in the task bar; it is there all the same.
        logging.getLogger("qcpump_qt.instance").info("Windows does not let the window come to the front.")
