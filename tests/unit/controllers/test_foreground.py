"""The second start hands the foreground on, where the system asks for that."""

from __future__ import annotations

import ctypes
import logging
from types import SimpleNamespace

import pytest

from qcpump_qt.controllers.foreground import hand_on_foreground


class User32:
    """Like the library of Windows."""

    def __init__(self, answer: int) -> None:
        self.answer = answer
        self.asked: list[int] = []

    def AllowSetForegroundWindow(self, process: int) -> int:  # noqa: N802 - as Windows has it
        self.asked.append(process)
        return self.answer


def test_on_windows_any_process_may_take_it(caplog: pytest.LogCaptureFixture) -> None:
    user32 = User32(1)
    with caplog.at_level(logging.INFO):
        hand_on_foreground(platform="win32", user32=user32)
    assert user32.asked == [-1]
    assert caplog.messages == []


def test_on_windows_its_own_library_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    user32 = User32(1)
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(user32=user32), raising=False)
    hand_on_foreground(platform="win32")
    assert user32.asked == [-1]


def test_where_windows_refuses_that_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        hand_on_foreground(platform="win32", user32=User32(0))
    assert caplog.messages == ["Windows does not let the window come to the front."]


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_elsewhere_there_is_nothing_to_do(platform: str) -> None:
    user32 = User32(1)
    hand_on_foreground(platform=platform, user32=user32)
    assert user32.asked == []
