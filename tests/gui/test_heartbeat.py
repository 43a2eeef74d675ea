"""The fixture that watches the UI thread sees a stall, and only a stall."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from pytestqt.qtbot import QtBot

from gui.heartbeat import Heartbeat

Watch = Callable[[], AbstractContextManager[Heartbeat]]


def test_a_stall_is_seen(qtbot: QtBot, heartbeat: Watch) -> None:
    with pytest.raises(AssertionError, match=r"the UI thread stood still for 0\.\d+ s"), heartbeat():
        time.sleep(0.3)


def test_idle_events_are_no_stall(qtbot: QtBot, heartbeat: Watch) -> None:
    with heartbeat() as beat:
        qtbot.wait(200)
    assert beat.beats > 3
