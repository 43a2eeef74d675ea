"""The first page of an empty home."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from qcpump_qt.views.welcome import Welcome


@pytest.fixture
def page(qtbot: QtBot) -> Welcome:
    made = Welcome()
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    return made


def button(page: Welcome, name: str) -> QPushButton:
    found = page.findChild(QPushButton, f"welcome_{name}")
    assert isinstance(found, QPushButton)
    return found


def test_it_says_what_the_program_does_and_what_to_do_first(page: Welcome) -> None:
    said = [label.text() for label in page.findChildren(QLabel) if label.text()]
    assert said == [
        "Welcome to QCPump-Qt",
        "QCPump-Qt fetches the results of quality control from where your machines leave them. "
        "It delivers each result exactly once, and to the right unit, to your QATrack+ server.",
        "Choose where results come from, and tell the pump which QATrack+ server they go to.",
        "Bring pumps, settings and tokens of QCPump 0.3 over. Its folder is only read, and nothing is sent twice.",
        "See the program at work with made-up results and a QATrack+ of its own. Nothing has to be configured.",
    ]


WAYS = [
    ("add", "Add Pump", "add_wanted"),
    ("import", "Import from QCPump", "import_wanted"),
    ("demo", "Try the demonstration", "demo_wanted"),
]


@pytest.mark.parametrize(("name", "title", "signal"), WAYS)
def test_each_button_by_mouse_and_by_key(
    qtbot: QtBot, page: Welcome, name: str, title: str, signal: str
) -> None:
    found = button(page, name)
    assert (found.text().strip(), found.accessibleName()) == (title, title)
    assert found.accessibleDescription().endswith(".")
    with qtbot.waitSignal(getattr(page, signal)):
        QTest.mouseClick(found, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(getattr(page, signal)):
        QTest.keyClick(found, Qt.Key.Key_Space)


def test_tab_goes_through_the_buttons_in_their_order(page: Welcome) -> None:
    page.activateWindow()
    button(page, "add").setFocus()
    order = []
    for _press in range(3):
        focused = page.focusWidget()
        order.append(focused.objectName())
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert order == ["welcome_add", "welcome_import", "welcome_demo"]


def test_nothing_is_cut_when_the_font_is_half_as_large_again(qtbot: QtBot) -> None:
    page = Welcome()
    qtbot.addWidget(page)
    font = page.font()
    font.setPointSizeF(font.pointSizeF() * 1.5)
    page.setFont(font)
    page.resize(880, 480)
    page.show()
    qtbot.waitUntil(lambda: button(page, "demo").height() > 30)
    labels = [label for label in page.findChildren(QLabel) if label.text()]
    qtbot.waitUntil(lambda: all(label.height() >= label.heightForWidth(label.width()) for label in labels))
    for found in page.findChildren(QPushButton):
        assert found.width() >= found.minimumSizeHint().width()
