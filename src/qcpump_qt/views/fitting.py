"""Sizes that fit the screen: on a small laptop at 150 % much of it is wanted by the system itself."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

FRAME = QSize(16, 48)
"""What a window's frame and title take, about."""


def room(widget: QWidget) -> QSize:
    """The largest size that a window can have on the screen that this widget is on."""
    return widget.screen().availableSize() - FRAME


def resize_to_fit(widget: QWidget, width: int, height: int) -> None:
    """Give a window this size, or what there is room for."""
    widget.resize(QSize(width, height).boundedTo(room(widget)))
