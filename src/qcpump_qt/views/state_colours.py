"""The colours of states and messages, for light and for dark palettes; words always stand beside them."""

from __future__ import annotations

from enum import Enum

from PySide6.QtGui import QColor, QPalette

from qcpump_qt.models.rows import OverallState, PumpState


class Level(str, Enum):
    """How much a message matters."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


_GREY = ("#59636e", "#9da7b3")
_BLUE = ("#0b64c4", "#6cb2ff")
_GREEN = ("#1a7f37", "#4cc265")
_AMBER = ("#b25000", "#f5a04c")
_RED = ("#c9252d", "#ff8079")

_OF_STATE = {
    "NOT_CONFIGURED": _GREY,
    "INVALID": _RED,
    "INACTIVE": _GREY,
    "IDLE": _GREY,
    "WAITING": _BLUE,
    "RUNNING": _GREEN,
    "STOPPING": _AMBER,
    "ATTENTION": _AMBER,
    "MIXED": _BLUE,
}
_OF_RECORD = {
    "record-to-send": _BLUE,
    "record-waiting": _BLUE,
    "record-sending": _BLUE,
    "record-delivered": _GREEN,
    "record-rejected": _RED,
    "record-skipped": _GREY,
}
COLOURED = frozenset(_OF_RECORD)
"""The icons that have a colour of their own beside those of states and messages."""

_OF_LEVEL = {Level.INFO: _BLUE, Level.WARNING: _AMBER, Level.ERROR: _RED}


def is_dark(palette: QPalette) -> bool:
    """True when the palette writes light on dark."""
    return palette.windowText().color().lightness() > palette.window().color().lightness()


def state_colour(state: PumpState | OverallState, *, dark: bool) -> QColor:
    """The colour of a state's icon; at least 3 : 1 against the window in both kinds of palette."""
    return QColor(_OF_STATE[state.name][dark])


def level_colour(level: Level, *, dark: bool) -> QColor:
    """The colour of a message's icon and edge."""
    return QColor(_OF_LEVEL[level][dark])


def record_colour(icon: str, *, dark: bool) -> QColor:
    """The colour of the icon of a record's state; the icon is one of `COLOURED`."""
    return QColor(_OF_RECORD[icon][dark])


def glyph_colour(*, dark: bool) -> QColor:
    """What is drawn on top of such a colour."""
    return QColor("#10151b" if dark else "#ffffff")
