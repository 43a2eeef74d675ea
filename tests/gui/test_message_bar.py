"""The bar of messages: one at a time, none twice, none in the way."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QMessageBox
from pytestqt.qtbot import QtBot

from qcpump_qt.views.message_bar import MOST, MessageBar, show_fatal


@pytest.fixture
def bar(qtbot: QtBot) -> MessageBar:
    made = MessageBar()
    qtbot.addWidget(made)
    return made


def words(bar: MessageBar, name: str) -> str:
    label = bar.findChild(QLabel, name)
    assert isinstance(label, QLabel)
    return label.text() if label.isVisible() else ""


def button(bar: MessageBar, name: str) -> QAbstractButton:
    found = bar.findChild(QAbstractButton, name)
    assert isinstance(found, QAbstractButton)
    return found


def press(bar: MessageBar, name: str) -> None:
    QTest.mouseClick(button(bar, name), Qt.MouseButton.LeftButton)


def seen(bar: MessageBar) -> tuple[str, str, str]:
    return words(bar, "message_title"), words(bar, "message_text"), words(bar, "message_count")


def test_it_is_hidden_while_there_is_nothing_to_say(bar: MessageBar) -> None:
    bar.show()
    bar.dismiss()
    assert not bar.isVisible()


def test_one_message(bar: MessageBar) -> None:
    bar.tell("error", "Pump cannot be read", "Mend the file, or delete the pump.")
    assert seen(bar) == ("Pump cannot be read", "Mend the file, or delete the pump.", "")
    assert bar.accessibleName() == "Error: Pump cannot be read"
    assert bar.accessibleDescription() == "Mend the file, or delete the pump."
    assert not button(bar, "message_action").isVisible()
    press(bar, "message_dismiss")
    assert not bar.isVisible()


@pytest.mark.parametrize(("level", "said"), [("info", "Note"), ("warning", "Warning"), ("error", "Error")])
def test_the_level_is_told_in_words_and_by_an_icon(bar: MessageBar, level: str, said: str) -> None:
    bar.tell(level, "Title", "Text.")
    picture = bar.findChild(QLabel, "message_level")
    assert isinstance(picture, QLabel)
    assert picture.accessibleName() == said
    assert not picture.pixmap().isNull()


def test_an_unknown_level_is_a_mistake_of_the_program(bar: MessageBar) -> None:
    with pytest.raises(ValueError, match="loud"):
        bar.tell("loud", "Title", "Text.")


def test_several_wait_for_their_turn(bar: MessageBar) -> None:
    for number in (1, 2, 3):
        bar.tell("info", f"Message {number}", f"Text {number}.")
    assert seen(bar) == ("Message 1", "Text 1.", "1 of 3")
    press(bar, "message_dismiss")
    assert seen(bar) == ("Message 2", "Text 2.", "1 of 2")
    press(bar, "message_dismiss")
    assert seen(bar) == ("Message 3", "Text 3.", "")


def test_all_can_be_dismissed_at_once(bar: MessageBar) -> None:
    bar.tell("info", "One", "Text.")
    assert not button(bar, "message_dismiss_all").isVisible()
    bar.tell("info", "Two", "Text.")
    press(bar, "message_dismiss_all")
    assert not bar.isVisible()
    assert bar.messages == []


def test_the_same_is_not_shown_twice_while_it_waits(bar: MessageBar) -> None:
    for title in ("One", "Two", "One", "Two"):
        bar.tell("warning", title, "Text.")
    assert [message.title for message in bar.messages] == ["One", "Two"]
    bar.dismiss_all()
    bar.tell("warning", "One", "Text.")
    assert seen(bar) == ("One", "Text.", "")


def test_the_action_is_wanted_and_the_message_is_done_with(qtbot: QtBot, bar: MessageBar) -> None:
    bar.tell("warning", "2 records were rejected", "Look at them.", "Show records", subject="mpc-1")
    with qtbot.waitSignal(bar.action_wanted) as wanted:
        press(bar, "message_action")
    assert wanted.args == ["Show records", "mpc-1"]
    assert not bar.isVisible()


def test_a_flood_keeps_the_newest(bar: MessageBar) -> None:
    for number in range(MOST + 5):
        bar.tell("info", f"Message {number}", "")
    assert len(bar.messages) == MOST
    assert seen(bar) == ("Message 5", "", f"1 of {MOST}")


def test_what_looks_like_markup_is_shown_as_it_is(bar: MessageBar) -> None:
    bar.tell("error", "<b>Title</b>", "<img src=x>")
    label = bar.findChild(QLabel, "message_text")
    assert isinstance(label, QLabel)
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert seen(bar)[:2] == ("<b>Title</b>", "<img src=x>")


def test_every_button_can_be_reached_and_has_a_name(bar: MessageBar) -> None:
    bar.tell("info", "One", "Text.", "Do it")
    dismiss = button(bar, "message_dismiss")
    assert dismiss.accessibleName() == "Dismiss this message"
    assert dismiss.focusPolicy() == Qt.FocusPolicy.StrongFocus


def test_why_the_program_cannot_start_is_said_in_a_window(qapp: QApplication) -> None:
    seen_words: list[str] = []

    def read() -> None:
        box = qapp.activeModalWidget()
        assert isinstance(box, QMessageBox)
        seen_words.extend((box.text(), box.informativeText()))
        QTest.mouseClick(box.button(QMessageBox.StandardButton.Close), Qt.MouseButton.LeftButton)

    QTimer.singleShot(0, read)
    show_fatal("The ledger cannot be opened", "Close the other program that uses it, then start again.")
    assert seen_words == [
        "The ledger cannot be opened",
        "Close the other program that uses it, then start again.",
    ]


def test_what_is_no_longer_so_is_withdrawn(bar: MessageBar) -> None:
    bar.tell("warning", "Not run", "The command line runs the pumps.", subject="not run")
    bar.tell("info", "Export", "9 records were written.")
    bar.withdraw("something else")
    assert seen(bar) == ("Not run", "The command line runs the pumps.", "1 of 2")
    bar.withdraw("not run")
    assert [message.title for message in bar.messages] == ["Export"]
    bar.withdraw("not run")
    assert len(bar.messages) == 1
