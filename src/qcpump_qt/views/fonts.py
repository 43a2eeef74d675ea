"""Fonts that stand out, measured by the font of the system."""

from __future__ import annotations

from PySide6.QtGui import QFont


def enlarged(font: QFont, factor: float, *, bold: bool = False) -> QFont:
    """A copy of a font, larger by a factor, whether the system measures it in points or in pixels."""
    larger = QFont(font)
    larger.setBold(bold)
    if font.pointSizeF() > 0:
        larger.setPointSizeF(font.pointSizeF() * factor)
    else:
        larger.setPixelSize(round(font.pixelSize() * factor))
    return larger
