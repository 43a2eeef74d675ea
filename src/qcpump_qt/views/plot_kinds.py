"""The kinds of plot: bars for days, a line for values. Imports pyqtgraph: to be imported only when wanted."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPalette

from qcpump_qt.models.plot_data import Tick, ticks
from qcpump_qt.views.plot_canvas import TimeCanvas

NEAR = 40.0
"""Pixels from which a dot is meant by the mouse."""
MOST_DOTS = 2000
"""Values that get a dot each; where there are more, the line alone is drawn."""
BAR_WIDTH = 0.8
"""Of a day."""
LEAST_DAYS = 14
"""The axis shows as many days at least, so that few bars are no broader than a day should look."""
FEW = 5
"""Up to this height the axis counts by one, so that it shows no halves of records."""


class BarCanvas(TimeCanvas):
    """One bar for each day. Days stand in order, with none left out."""

    _bars: Any = None

    def show_all(self) -> None:
        """Bring everything into sight again, and days beside it where there are few."""
        super().show_all()
        if 0 < len(self._places) < LEAST_DAYS:
            middle = (self._places[0] + self._places[-1] + 1) / 2
            self._plot.getPlotItem().setXRange(middle - LEAST_DAYS / 2, middle + LEAST_DAYS / 2, padding=0)

    def _draw(self) -> None:
        if self._bars is None:
            self._bars = pg.BarGraphItem(x=[], height=[], width=BAR_WIDTH)
            self._plot.addItem(self._bars)
        self._bars.setOpts(x=self._places + 0.5, height=self._heights, width=BAR_WIDTH)
        few = len(self._heights) and self._heights.max() <= FEW
        self._plot.getPlotItem().getAxis("left").setTickSpacing(*((1, 1) if few else (None, None)))

    def _point(self, number: int) -> tuple[float, float]:
        return float(self._places[number]) + 0.5, float(self._heights[number])

    def _ticks_between(self, first: float, last: float, most: int) -> list[Tick]:
        """The name of a day stands under the middle of its bar; where there are few, no other day is named."""
        if len(self._places) < LEAST_DAYS:
            apart = math.ceil((last - first) / most)
            seen = [place for place in self._places[::apart] if first <= place + 0.5 <= last]
            return [(place + 0.5, self._dates.day(date.fromordinal(int(place)))) for place in seen]
        found = ticks(first - 0.5, last - 0.5, most, self._dates, whole_days=True)
        return [(place + 0.5, label) for place, label in found]

    def _near(self, at: QPointF, wide: float, high: float) -> int | None:  # noqa: ARG002 - any height is meant
        number = int(np.floor(at.x() - self._places[0]))
        return number if 0 <= number < len(self._places) else None

    def _recolour(self) -> None:
        super()._recolour()
        if self._bars is not None:
            self._bars.setOpts(brush=self._colour(QPalette.ColorRole.Highlight), pen=pg.mkPen(None))


class LineCanvas(TimeCanvas):
    """A dot for each value, in order of time, and a line through them."""

    _line: Any = None

    def _draw(self) -> None:
        if self._line is None:
            self._line = pg.PlotDataItem()
            self._line.setDownsampling(auto=True, method="peak")
            self._line.setClipToView(True)
            self._plot.addItem(self._line)
        self._line.setData(self._places, self._heights)

    def _point(self, number: int) -> tuple[float, float]:
        return float(self._places[number]), float(self._heights[number])

    def _near(self, at: QPointF, wide: float, high: float) -> int | None:
        first, last = np.searchsorted(self._places, (at.x() - NEAR * wide, at.x() + NEAR * wide))
        if first == last:
            return None
        near = slice(int(first), int(last))
        away = np.hypot((self._places[near] - at.x()) / wide, (self._heights[near] - at.y()) / high)
        nearest = int(np.argmin(away))
        return int(first) + nearest if away[nearest] <= NEAR else None

    def _recolour(self) -> None:
        super()._recolour()
        if self._line is None:
            return
        accent = self._colour(QPalette.ColorRole.Highlight)
        self._line.setPen(pg.mkPen(accent, width=1))
        self._line.setSymbol("o" if len(self._places) <= MOST_DOTS else None)
        self._line.setSymbolSize(6)
        self._line.setSymbolBrush(accent)
        self._line.setSymbolPen(pg.mkPen(None))
