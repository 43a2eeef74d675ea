"""Numbers as they are typed and stepped in the form."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.form_samples import bring_up
from qcpump_qt.views.form.number_box import NumberBox
from qcpump_qt.views.form.number_text import may_become_number, read_number, write_number


@given(st.integers(min_value=-(2**63), max_value=2**63 - 1))
def test_whole_numbers_come_back_as_they_were_written(number: int) -> None:
    assert read_number(write_number(number), whole=True) == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_other_numbers_come_back_as_they_were_written(number: float) -> None:
    text = write_number(number, ",")
    assert "." not in text
    assert read_number(text, whole=False) == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_beginning_of_a_number_may_be_typed(number: float) -> None:
    text = write_number(number)
    assert all(may_become_number(text[:end], whole=False) for end in range(len(text) + 1))


@given(st.text(max_size=12))
def test_what_is_read_is_a_finite_number_or_the_text_itself(text: str) -> None:
    found = read_number(text, whole=False)
    if isinstance(found, float):
        assert math.isfinite(found)
    else:
        assert found == (text if text.strip() else None)


@pytest.mark.parametrize(
    ("text", "whole", "value"),
    [
        ("", True, None),
        ("  ", False, None),
        ("12", True, 12),
        ("-3", True, -3),
        ("007", True, 7),
        ("9223372036854775807", True, 2**63 - 1),
        ("1.5", True, "1.5"),
        ("-", True, "-"),
        ("0,5", False, 0.5),
        (".5", False, 0.5),
        ("1e3", False, 1000.0),
        ("1e", False, "1e"),
        ("1e999", False, "1e999"),
        ("nan", False, "nan"),
        ("٣", True, "٣"),
    ],
)
def test_typed_text_is_read(text: str, whole: bool, value: object) -> None:
    assert read_number(text, whole=whole) == value


def test_values_that_are_no_numbers_are_written_as_they_are() -> None:
    assert [write_number(value) for value in (None, "soon", True, 4.0, 0.25, 1e300)] == [
        "",
        "soon",
        "True",
        "4",
        "0.25",
        "1e+300",
    ]


def box_with(
    qtbot: QtBot,
    value: object,
    *,
    whole: bool = True,
    limits: tuple[float | None, float | None] = (None, None),
) -> tuple[NumberBox, list[object]]:
    box = NumberBox(whole=whole)
    qtbot.addWidget(box)
    box.set_limits(*limits)
    box.set_number(value)
    told: list[object] = []
    box.number_edited.connect(told.append)
    bring_up(qtbot, box)
    box.setFocus()
    box.selectAll()
    return box, told


def test_typing_tells_every_step_and_refuses_letters(qtbot: QtBot) -> None:
    box, told = box_with(qtbot, 5)
    QTest.keyClicks(box, "-4x2")
    assert box.text() == "-42"
    assert told == ["-", -4, -42]


def test_a_number_of_64_bits_can_be_typed(qtbot: QtBot) -> None:
    box, told = box_with(qtbot, None)
    QTest.keyClicks(box, "9223372036854775807")
    assert told[-1] == 9223372036854775807
    assert box.text() == "9223372036854775807"


def test_a_number_can_be_made_blank(qtbot: QtBot) -> None:
    box, told = box_with(qtbot, 5)
    QTest.keyClick(box, Qt.Key.Key_Delete)
    assert (box.text(), told) == ("", [None])


def test_a_half_typed_number_stays_when_its_value_is_set_again(qtbot: QtBot) -> None:
    box, told = box_with(qtbot, 0.5, whole=False)
    QTest.keyClicks(box, "1.")
    box.set_number(told[-1])
    assert box.text() == "1."
    QTest.keyClicks(box, "25")
    assert told[-1] == 1.25


def test_a_decimal_comma_is_understood(qtbot: QtBot) -> None:
    box, told = box_with(qtbot, None, whole=False)
    QTest.keyClicks(box, "0,75")
    assert told[-1] == 0.75


def test_a_text_from_a_file_is_shown_and_can_be_deleted(qtbot: QtBot) -> None:
    box, told = box_with(qtbot, "soon")
    assert box.text() == "soon"
    QTest.keyClick(box, Qt.Key.Key_Backspace)
    assert told == [None]


def test_arrows_stay_within_the_limits(qtbot: QtBot) -> None:
    box, told = box_with(qtbot, 29, limits=(0, 30))
    for _ in range(3):
        QTest.keyClick(box, Qt.Key.Key_Up)
    assert told == [30]
    QTest.keyClick(box, Qt.Key.Key_PageDown)
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert told == [30, 20, 19]


def test_arrows_bring_a_number_that_is_far_off_back_to_its_limit(qtbot: QtBot) -> None:
    box, told = box_with(qtbot, 99, limits=(5, 30))
    QTest.keyClick(box, Qt.Key.Key_Up)
    assert (told, box.text()) == ([], "99")
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert told == [30]


def test_arrows_begin_at_the_smallest_number_when_blank(qtbot: QtBot) -> None:
    box, told = box_with(qtbot, None, limits=(5, 30))
    QTest.keyClick(box, Qt.Key.Key_Up)
    assert (told, box.text()) == ([5], "5")


def test_other_numbers_step_by_tenths(qtbot: QtBot) -> None:
    box, told = box_with(qtbot, 0.1, whole=False, limits=(0.0, 2.0))
    QTest.keyClick(box, Qt.Key.Key_Up)
    QTest.keyClick(box, Qt.Key.Key_Up)
    assert told == [0.2, 0.3]
    assert box.text() == "0.3"


def turn_wheel(box: NumberBox) -> bool:
    """One step of the wheel over the box; True when it took it."""
    event = QWheelEvent(
        QPointF(5, 5),
        QPointF(box.mapToGlobal(QPoint(5, 5))),
        QPoint(0, 0),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(box, event)
    return event.isAccepted()


def test_the_wheel_turns_the_number_only_where_the_keyboard_is(qtbot: QtBot) -> None:
    box, told = box_with(qtbot, 5)
    assert turn_wheel(box)
    assert told == [6]
    box.clearFocus()
    assert not turn_wheel(box)
    assert told == [6]


def test_twelve_digits_fit_into_a_large_font(qtbot: QtBot) -> None:
    box = NumberBox(whole=True)
    qtbot.addWidget(box)
    font = box.font()
    font.setPointSizeF(font.pointSizeF() * 2)
    box.setFont(font)
    assert box.minimumSizeHint().width() > box.fontMetrics().horizontalAdvance("0" * 12)
