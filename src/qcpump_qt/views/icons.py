"""The program's own icons: drawn from SVG in the colours of the palette at hand, at the size that is asked for."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from functools import cache, partial

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QIcon,
    QIconEngine,
    QPainter,
    QPalette,
    QPixmap,
    QPixmapCache,
)
from PySide6.QtSvg import QSvgRenderer

from qcpump_qt.models.rows import OverallState, PumpState
from qcpump_qt.views.state_colours import (
    COLOURED,
    Level,
    glyph_colour,
    is_dark,
    level_colour,
    record_colour,
    state_colour,
)

SIZES = (16, 22, 24, 32, 48, 64, 128)
"""What is offered to those who ask for all sizes, as window managers and trays do."""

FADED = 0.45
"""How much is left of a coloured icon that is disabled."""

Ink = Callable[[QIcon.Mode], tuple[QColor, QColor, float]]
"""For a mode: the colour of ``currentColor``, that of ``#ffffff``, and the opacity."""


@cache
def icon(name: str) -> QIcon:
    """An icon of the program, in the text colour of whatever palette it is drawn with.

    Args:
        name: the name of a file in `resources`, without its ending. ``app`` keeps its own colours, and the
            states of records have theirs.

    Raises:
        LookupError: there is no such icon.
    """
    if name in COLOURED:
        return QIcon(_SvgEngine(((name, 1.0),), _shaded(partial(record_colour, name))))
    return QIcon(_SvgEngine(((name, 1.0),), _own_colours if name == "app" else _text_colours))


@cache
def state_icon(state: PumpState | OverallState) -> QIcon:
    """The icon of a state: a shape of its own, in the colour of the state."""
    return QIcon(_SvgEngine(((_state_file(state), 1.0),), _shaded(partial(state_colour, state))))


@cache
def level_icon(level: Level) -> QIcon:
    """The icon of a kind of message."""
    return QIcon(_SvgEngine(((f"level-{level.value}", 1.0),), _shaded(partial(level_colour, level))))


@cache
def tray_icon(state: OverallState) -> QIcon:
    """The program's drop with the sign of the overall state at its lower right, for the tray."""
    return QIcon(
        _SvgEngine((("tray", 1.0), (_state_file(state), 0.68)), _shaded(partial(state_colour, state)))
    )


def _state_file(state: PumpState | OverallState) -> str:
    return f"state-{state.name.lower().replace('_', '-')}"


def _svg(name: str) -> bytes:
    try:
        found = pkgutil.get_data("qcpump_qt", f"resources/{name}.svg")
    except FileNotFoundError:
        found = None
    if found is None:
        raise LookupError(f"there is no icon {name!r}")
    return found


def _text_colours(mode: QIcon.Mode) -> tuple[QColor, QColor, float]:
    palette = QGuiApplication.palette()
    if mode == QIcon.Mode.Selected:
        ink = palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole.HighlightedText)
    elif mode == QIcon.Mode.Disabled:
        ink = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.WindowText)
    else:
        ink = palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole.WindowText)
    return ink, palette.window().color(), 1.0


def _own_colours(mode: QIcon.Mode) -> tuple[QColor, QColor, float]:
    return QColor("#ffffff"), QColor("#ffffff"), FADED if mode == QIcon.Mode.Disabled else 1.0


def _shaded(colour: Callable[..., QColor]) -> Ink:
    def ink(mode: QIcon.Mode) -> tuple[QColor, QColor, float]:
        dark = is_dark(QGuiApplication.palette())
        opacity = FADED if mode == QIcon.Mode.Disabled else 1.0
        return colour(dark=dark), glyph_colour(dark=dark), opacity

    return ink


class _SvgEngine(QIconEngine):
    """Draws SVGs above each other, each at the lower right in its share of the size, when Qt asks for it."""

    def __init__(self, layers: tuple[tuple[str, float], ...], ink: Ink) -> None:
        super().__init__()
        self._layers = layers
        self._svgs = [_svg(name) for name, _share in layers]
        self._ink = ink
        self._clones: list[QIconEngine] = []

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draw into a rectangle, crisp on every screen."""
        side = min(rect.width(), rect.height())
        square = QRect(0, 0, side, side)
        square.moveCenter(rect.center())
        density = painter.device().devicePixelRatioF()
        painter.drawPixmap(square, self.pixmap(QSize(side, side) * density, mode, state))

    def pixmap(self, size: QSize, mode: QIcon.Mode, _state: QIcon.State) -> QPixmap:
        """The picture in this many device pixels; made once for each size and colour."""
        ink, glyph, opacity = self._ink(mode)
        names = "+".join(name for name, _share in self._layers)
        key = f"qcpump-qt/{names}/{size.width()}x{size.height()}/{ink.name()}/{glyph.name()}/{opacity}"
        picture = QPixmap()
        if not QPixmapCache.find(key, picture):
            picture = self._draw(size, ink, glyph, opacity)
            QPixmapCache.insert(key, picture)
        return picture

    def availableSizes(self, _mode: QIcon.Mode = ..., _state: QIcon.State = ...) -> list[QSize]:  # type: ignore[assignment]  # noqa: N802
        """The sizes for those who want them all."""
        return [QSize(side, side) for side in SIZES]

    def clone(self) -> QIconEngine:
        """Another engine for a copy of the icon; kept here, as Qt does not keep Python's half of it."""
        other = _SvgEngine(self._layers, self._ink)
        self._clones.append(other)
        return other

    def _draw(self, size: QSize, ink: QColor, glyph: QColor, opacity: float) -> QPixmap:
        drawn = QPixmap(size)
        drawn.fill(Qt.GlobalColor.transparent)
        painter = QPainter(drawn)
        painter.setOpacity(opacity)
        for svg, (_name, share) in zip(self._svgs, self._layers, strict=True):
            coloured = svg.replace(b"#ffffff", glyph.name().encode()).replace(
                b"currentColor", ink.name().encode()
            )
            width, height = size.width() * share, size.height() * share
            corner = QRectF(size.width() - width, size.height() - height, width, height)
            if share < 1.0:
                _clear_round(painter, corner)
            QSvgRenderer(QByteArray(coloured)).render(painter, corner)
        painter.end()
        return drawn


def _clear_round(painter: QPainter, rect: QRectF) -> None:
    """Take away what lies under a sign, and a little around it, so that the sign stands clear."""
    rim = rect.width() * 0.06
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
    painter.setBrush(Qt.GlobalColor.black)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawEllipse(rect.adjusted(-rim, -rim, rim, rim))
    painter.restore()
