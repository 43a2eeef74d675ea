"""The signs beside the levels of log lines are the program's own, as in its messages."""

from __future__ import annotations

import logging
from datetime import datetime, timezone

import pytest
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from qcpump_qt.models.log_table import LogColumn, LogRow, LogTableModel
from qcpump_qt.views.icons import level_icon
from qcpump_qt.views.log_view import LogView
from qcpump_qt.views.state_colours import Level

LEVELS = (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR, logging.CRITICAL)


@pytest.fixture
def view(qtbot: QtBot) -> LogView:
    made = LogView()
    qtbot.addWidget(made)
    model = LogTableModel(parent=made)
    when = datetime(2026, 11, 20, 9, 0, tzinfo=timezone.utc)
    model.append([LogRow(when, level, "A line.") for level in LEVELS])
    made.set_log(model)
    return made


def shown(view: LogView, row: int, column: LogColumn) -> QStyleOptionViewItem:
    delegate = view.itemDelegate()
    assert isinstance(delegate, QStyledItemDelegate)
    option = QStyleOptionViewItem()
    delegate.initStyleOption(option, view.model().index(row, column))
    return option


@pytest.mark.parametrize(
    ("row", "word", "level"),
    [
        (0, "Debug", None),
        (1, "Info", None),
        (2, "Warning", Level.WARNING),
        (3, "Error", Level.ERROR),
        (4, "Critical", Level.ERROR),
    ],
)
def test_a_sign_stands_beside_the_word(view: LogView, row: int, word: str, level: Level | None) -> None:
    option = shown(view, row, LogColumn.LEVEL)
    decorated = QStyleOptionViewItem.ViewItemFeature.HasDecoration in option.features
    assert option.text == word
    assert decorated == (level is not None)
    assert option.icon.isNull() == (level is None)
    if level is not None:
        assert option.icon.pixmap(16, 16).toImage() == level_icon(level).pixmap(16, 16).toImage()


def test_no_other_column_has_a_sign(view: LogView) -> None:
    assert shown(view, 3, LogColumn.MESSAGE).icon.isNull()
    assert shown(view, 3, LogColumn.TIME).icon.isNull()


def test_sign_and_word_fit_the_column_in_every_size_of_writing(view: LogView) -> None:
    for size in (9, 14, 20):
        font = QFont(view.font())
        font.setPointSize(size)
        view.setFont(font)
        option = QStyleOptionViewItem()
        view.initViewItemOption(option)
        needed = option.decorationSize.width() + view.fontMetrics().horizontalAdvance("Warning")
        assert view.columnWidth(LogColumn.LEVEL) > needed
