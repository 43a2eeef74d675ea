"""Small parts of the form: marks and words of states, the line of messages, the layout of buttons, notes."""

from __future__ import annotations

import dataclasses

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from qcpump_qt.models.form_roles import ChoicesState, Editor, Status
from qcpump_qt.views.form.flow_layout import FlowLayout
from qcpump_qt.views.form.message_line import MessageLine
from qcpump_qt.views.form.notes import help_on, limits_of, note_on
from qcpump_qt.views.form.shown_editor import in_words
from qcpump_qt.views.form.status_icons import status_pixmap
from qcpump_qt.views.form.status_words import status_words
from qcpump_qt.views.form.traits import FieldTraits

FIELD = FieldTraits(section="Source", row=0, name="days", editor=Editor.WHOLE, label="Days")


@pytest.mark.parametrize(
    ("status", "message", "blocked_by", "words"),
    [
        (Status.UNCHECKED, "", (), "Not checked yet"),
        (Status.CHECKING, "Checking…", (), "Checking…"),
        (Status.OK, "", (), "In order"),
        (Status.OK, "Connected.", (), "In order: Connected."),
        (Status.WRONG, "No such folder.", (), "Not in order: No such folder."),
        (Status.AWAY, "No answer.", (), "Cannot be reached now: No answer."),
        (Status.BLOCKED, "", ("A",), "Waiting: checked once A is in order."),
        (Status.BLOCKED, "", ("A", "B"), "Waiting: checked once A and B are in order."),
        (Status.BLOCKED, "", ("A", "B", "C"), "Waiting: checked once A, B and C are in order."),
        (Status.BLOCKED, "", (), "Waiting"),
        (Status.INACTIVE, "", (), "Not checked, as the pump is not active"),
    ],
)
def test_every_state_has_words(status: Status, message: str, blocked_by: tuple[str, ...], words: str) -> None:
    assert status_words(status, message, blocked_by) == words


@pytest.mark.parametrize("dark", [False, True])
def test_every_state_has_a_mark_of_its_own(qapp: QApplication, dark: bool) -> None:
    pictures = [status_pixmap(status, 32, 1.0, dark=dark).toImage() for status in Status]
    assert all(one != other for place, one in enumerate(pictures) for other in pictures[:place])


def test_marks_are_sharp_on_a_dense_screen(qapp: QApplication) -> None:
    picture = status_pixmap(Status.OK, 16, 2.0, dark=False)
    assert (picture.width(), picture.deviceIndependentSize().width()) == (32, 16)


def test_a_line_without_words_is_not_there(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    line = MessageLine(window)
    window.show()
    line.tell(Status.OK, "In order")
    assert (line.isVisible(), line.text(), line.accessibleName()) == (True, "In order", "In order")
    line.tell(Status.OK, "")
    assert not line.isVisible()


def test_the_mark_of_a_line_follows_the_palette_and_the_font(qtbot: QtBot) -> None:
    line = MessageLine()
    qtbot.addWidget(line)
    line.tell(Status.WRONG, "Not in order")
    light = line.findChildren(QLabel)[0].pixmap().toImage()
    line.setPalette(QPalette(QColor(40, 42, 46), QColor(40, 42, 46)))
    dark = line.findChildren(QLabel)[0].pixmap().toImage()
    assert dark != light
    font = line.font()
    font.setPointSizeF(font.pointSizeF() * 2)
    line.setFont(font)
    assert line.findChildren(QLabel)[0].pixmap().height() > dark.height()


def test_buttons_flow_into_further_lines(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    flow = FlowLayout(window)
    flow.setSpacing(4)
    buttons = [QPushButton(f"Button {number}") for number in range(6)]
    for button in buttons:
        flow.addWidget(button)
    width = buttons[0].sizeHint().width()
    height = buttons[0].sizeHint().height()
    assert flow.heightForWidth(6 * width + 5 * 4) == height
    assert flow.heightForWidth(6 * width + 5 * 4 - 1) == 2 * height + 4
    assert flow.heightForWidth(1) == 6 * height + 5 * 4
    flow.setGeometry(QRect(0, 0, 3 * width + 2 * 4, 500))
    assert [button.y() for button in buttons] == [0, 0, 0, height + 4, height + 4, height + 4]
    assert flow.minimumSize().width() >= width


def test_hidden_buttons_take_no_room(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    flow = FlowLayout(window)
    button = QPushButton("Button")
    flow.addWidget(button)
    button.hide()
    assert flow.heightForWidth(500) == 0


def test_a_flow_gives_its_items_back(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    flow = FlowLayout(window)
    flow.addWidget(QLabel("one"))
    assert flow.count() == 1
    assert flow.itemAt(1) is None
    assert flow.takeAt(0) is not None
    assert flow.takeAt(0) is None
    assert flow.count() == 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ""),
        ({"minimum": 0, "maximum": 30, "unit": "min"}, "From 0 to 30 min."),
        ({"minimum": 0.5}, "At least 0.5."),
        ({"maximum": 60.0, "unit": "s"}, "At most 60 s."),
    ],
)
def test_limits_are_told_in_words(changes: dict[str, object], words: str) -> None:
    assert limits_of(dataclasses.replace(FIELD, **changes)) == words  # type: ignore[arg-type]


def test_help_names_limits_and_what_must_not_be_blank() -> None:
    field = dataclasses.replace(FIELD, help="How far back.", minimum=0, required=True)
    assert help_on(field) == "How far back.\nAt least 0.\nIt must not be blank."


def test_yes_and_no_is_never_blank() -> None:
    field = dataclasses.replace(FIELD, editor=Editor.CHECK, required=True, help="Whether.")
    assert (help_on(field), field.title) == ("Whether.", "Days")


@pytest.mark.parametrize(
    ("label", "unit", "suffix"), [("Wait (min)", "min", ""), ("Wait", "min", "min"), ("Wait", "", "")]
)
def test_a_unit_is_not_told_twice(label: str, unit: str, suffix: str) -> None:
    assert dataclasses.replace(FIELD, label=label, unit=unit).suffix == suffix


@pytest.mark.parametrize(
    ("state", "choices", "value", "words"),
    [
        (ChoicesState.STATIC, ("A",), "A", ""),
        (ChoicesState.READY, ("A",), "", ""),
        (ChoicesState.READY, (), "", "There is nothing to choose from."),
        (ChoicesState.FAILED, ("A",), "B", "No answer."),
        (ChoicesState.ASKING, ("A",), "B", "Asking what can be chosen…"),
    ],
)
def test_notes_on_choices(state: ChoicesState, choices: tuple[str, ...], value: str, words: str) -> None:
    field = dataclasses.replace(
        FIELD,
        editor=Editor.CHOICE,
        choices_state=state,
        choices=choices,
        value=value,
        choices_message="No answer.",
    )
    assert note_on(field) == words


def test_values_are_shown_in_words() -> None:
    assert [in_words(value) for value in (True, False, None, "", "abc", 5)] == [
        "Yes",
        "No",
        "–",
        "–",
        "abc",
        "5",
    ]
