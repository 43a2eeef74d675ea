"""Windows on a screen that is smaller than they would like."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from qcpump_qt.views.fitting import FRAME, resize_to_fit, room


def test_a_window_takes_no_more_than_the_screen_has(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    resize_to_fit(window, 9000, 300)
    available = window.screen().availableSize()
    assert (window.width(), window.height()) == (available.width() - FRAME.width(), 300)
    resize_to_fit(window, 9000, 9000)
    assert window.size() == room(window)


def test_where_there_is_room_it_gets_what_it_wants(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    resize_to_fit(window, 640, 480)
    assert (window.width(), window.height()) == (640, 480)
