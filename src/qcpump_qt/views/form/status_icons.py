"""Small marks for the state of a section: each has a shape of its own, in the program's colours."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPixmapCache, QPolygonF

from qcpump_qt.models.form_roles import Status
from qcpump_qt.models.rows import PumpState
from qcpump_qt.views.state_colours import Level, glyph_colour, level_colour, state_colour

_Draw = Callable[[QPainter, QColor, QColor], None]


def status_pixmap(status: Status, size: int, ratio: float, *, dark: bool) -> QPixmap:
    """The mark of a state.

    Args:
        status: the state.
        size: its width and height in device-independent pixels.
        ratio: how many real pixels there are to one of these.
        dark: True where the palette writes light on dark.
    """
    key = f"qcpump-qt/section-{status.value}/{size}/{ratio}/{dark}"
    picture = QPixmap()
    if QPixmapCache.find(key, picture):
        return picture
    picture = QPixmap(round(size * ratio), round(size * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(size / 16, size / 16)
    painter.setPen(Qt.PenStyle.NoPen)
    colour = _colour(status, dark=dark)
    painter.setBrush(colour)
    _DRAW[status](painter, colour, glyph_colour(dark=dark))
    painter.end()
    QPixmapCache.insert(key, picture)
    return picture


def _colour(status: Status, *, dark: bool) -> QColor:
    if status is Status.WRONG:
        return level_colour(Level.ERROR, dark=dark)
    if status is Status.AWAY:
        return level_colour(Level.WARNING, dark=dark)
    if status is Status.CHECKING:
        return level_colour(Level.INFO, dark=dark)
    return state_colour(PumpState.RUNNING if status is Status.OK else PumpState.INACTIVE, dark=dark)


def _disc(painter: QPainter, glyph: QColor) -> None:
    painter.drawEllipse(QRectF(1, 1, 14, 14))
    painter.setPen(_pen(glyph))


def _pen(colour: QColor) -> QPen:
    return QPen(colour, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)


def _line(painter: QPainter, *points: tuple[float, float]) -> None:
    painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in points]))


def _ok(painter: QPainter, _colour: QColor, glyph: QColor) -> None:
    _disc(painter, glyph)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    _line(painter, (4.5, 8.2), (7, 10.7), (11.5, 5.6))


def _wrong(painter: QPainter, _colour: QColor, glyph: QColor) -> None:
    _disc(painter, glyph)
    _line(painter, (5.4, 5.4), (10.6, 10.6))
    _line(painter, (10.6, 5.4), (5.4, 10.6))


def _away(painter: QPainter, _colour: QColor, glyph: QColor) -> None:
    painter.drawPolygon(QPolygonF([QPointF(8, 0.8), QPointF(15.6, 14.8), QPointF(0.4, 14.8)]))
    painter.setPen(_pen(glyph))
    _line(painter, (8, 6), (8, 9.6))
    painter.drawPoint(QPointF(8, 12.4))


def _checking(painter: QPainter, _colour: QColor, glyph: QColor) -> None:
    _disc(painter, glyph)
    for x in (4.6, 8, 11.4):
        painter.drawPoint(QPointF(x, 8))


def _blocked(painter: QPainter, _colour: QColor, glyph: QColor) -> None:
    _disc(painter, glyph)
    _line(painter, (5, 8), (11, 8))


def _inactive(painter: QPainter, _colour: QColor, glyph: QColor) -> None:
    _disc(painter, glyph)
    _line(painter, (6.2, 5.4), (6.2, 10.6))
    _line(painter, (9.8, 5.4), (9.8, 10.6))


def _unchecked(painter: QPainter, colour: QColor, _glyph: QColor) -> None:
    painter.setPen(_pen(colour))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QRectF(2, 2, 12, 12))


_DRAW: dict[Status, _Draw] = {
    Status.UNCHECKED: _unchecked,
    Status.CHECKING: _checking,
    Status.OK: _ok,
    Status.WRONG: _wrong,
    Status.AWAY: _away,
    Status.BLOCKED: _blocked,
    Status.INACTIVE: _inactive,
}
