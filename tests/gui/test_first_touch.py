"""Somebody is there: told once, by a key or a mouse button in any window, and by nothing that happens by itself."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from qcpump_qt.views.first_touch import FirstTouch


class Room:
    """A window that is watched."""

    def __init__(self, qtbot: QtBot, app: QApplication) -> None:
        self.line = QLineEdit()
        qtbot.addWidget(self.line)
        self.line.show()
        qtbot.waitExposed(self.line)
        self.touches: list[bool] = []
        self.touch = FirstTouch(app, self.line)
        self.touch.touched.connect(lambda: self.touches.append(True))


@pytest.fixture
def room(qtbot: QtBot, qapp: QApplication) -> Room:
    return Room(qtbot, qapp)


def wheel(widget: QWidget) -> None:
    event = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(0, 0),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def test_a_key_is_told_once_and_still_arrives(room: Room) -> None:
    room.touch.watch()
    QTest.keyClicks(room.line, "ab")
    assert room.touches == [True]
    assert room.line.text() == "ab"


def test_a_mouse_button_and_a_wheel_count(room: Room) -> None:
    room.touch.watch()
    QTest.mouseClick(room.line, Qt.MouseButton.LeftButton)
    assert room.touches == [True]
    room.touch.watch()
    wheel(room.line)
    assert room.touches == [True, True]


def test_what_happens_by_itself_does_not_count(room: Room, qtbot: QtBot) -> None:
    room.touch.watch()
    room.line.setText("by the program")
    room.line.resize(300, 40)
    room.line.repaint()
    room.line.hide()
    room.line.show()
    QTest.mouseMove(room.line)
    qtbot.waitUntil(room.line.isVisible)
    assert room.touches == []


def test_another_window_counts_too(room: Room, qtbot: QtBot) -> None:
    dialog = QLineEdit()
    qtbot.addWidget(dialog)
    dialog.show()
    room.touch.watch()
    QTest.keyClick(dialog, Qt.Key.Key_A)
    assert room.touches == [True]


def test_before_the_watch_nothing_is_told(room: Room) -> None:
    QTest.keyClick(room.line, Qt.Key.Key_A)
    assert room.touches == []
