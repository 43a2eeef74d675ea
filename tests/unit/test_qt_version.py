"""The Qt that is installed keeps count of what it hands to Python; 6.12.0 did not and aborted after a while."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QObject, Signal


class _Telling(QObject):
    told = Signal(int)


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="True and None are never freed from Python 3.12 on")
def test_a_signal_drops_no_reference_to_true() -> None:
    telling = _Telling()
    before = sys.getrefcount(True)
    for number in range(50):
        telling.told.emit(number)
    assert sys.getrefcount(True) > before - 25
