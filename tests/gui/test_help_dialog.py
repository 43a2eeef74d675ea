"""The help that comes with the program, as it is shown."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import QUrl
from pytestqt.qtbot import QtBot

from qcpump_qt.desktop.flows.telling import help_text
from qcpump_qt.models.rows import OverallState
from qcpump_qt.views.actions import PUMP_ACTIONS, WINDOW_ACTIONS
from qcpump_qt.views.dialogs.help import HelpDialog


@pytest.fixture
def dialog(qtbot: QtBot) -> HelpDialog:
    found = HelpDialog(help_text())
    qtbot.addWidget(found)
    found.show()
    return found


def test_it_shows_the_help_of_the_program(dialog: HelpDialog) -> None:
    shown = dialog.text.toPlainText()
    assert shown.startswith("The window and the tray")
    assert "**" not in shown, "Markdown is rendered, not shown"
    assert dialog.windowTitle() == "Help for QCPump-Qt"


@pytest.mark.parametrize("state", list(OverallState), ids=lambda state: state.value)
def test_every_state_is_explained(dialog: HelpDialog, state: OverallState) -> None:
    assert re.search(rf"^\| {state.value} \|", help_text(), re.MULTILINE)


def test_every_key_that_it_names_is_one(dialog: HelpDialog) -> None:
    table = help_text().partition("## Keys")[2]
    named = set(re.findall(r"\b(?:Ctrl\+(?:Shift\+)?\w+|Shift\+F\d|F\d+)\b", table))
    ours = {key for words in (*PUMP_ACTIONS, *WINDOW_ACTIONS) for key in words.keys}
    in_tabs = {"Ctrl+F", "Ctrl+S", "Ctrl+Z", "Ctrl+Shift+Z", "Ctrl+1", "Ctrl+4", "Ctrl+comma"}
    assert named - in_tabs <= ours


def test_a_link_is_handed_on_and_the_help_stays(qtbot: QtBot, dialog: HelpDialog) -> None:
    before = dialog.text.toPlainText()
    with qtbot.waitSignal(dialog.page_wanted) as wanted:
        dialog.text.anchorClicked.emit(QUrl("https://qatrackplus.com"))
    assert wanted.args == ["https://qatrackplus.com"]
    assert dialog.text.toPlainText() == before
