"""Every GUI test: a screen in memory, numbers written the same everywhere, and a heartbeat to be watched."""

from __future__ import annotations

import os

# Before Qt is imported, else a run without a display aborts. Qt's own screen in memory is smaller than the window;
# the path is a relative one because Qt ends it at a colon, as in C:.
os.environ["QT_QPA_PLATFORM"] = "offscreen:configfile=" + os.path.relpath(
    os.path.join(os.path.dirname(__file__), "screen.json")  # noqa: PTH118, PTH120 - nothing may be imported yet
)

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtGui import QGuiApplication

from gui.heartbeat import Heartbeat


@pytest.fixture(autouse=True)
def english() -> None:
    """Numbers are typed and shown with a point, whatever the machine is set to."""
    QLocale.setDefault(QLocale.c())


@pytest.fixture
def heartbeat(qapp: QGuiApplication) -> Callable[[], AbstractContextManager[Heartbeat]]:
    """``with heartbeat() as beat``: the largest gap of a 20 ms timer on the UI thread stays in bounds."""
    assert qapp is not None
    return Heartbeat


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    """A folder for pictures that a test takes."""
    return tmp_path
