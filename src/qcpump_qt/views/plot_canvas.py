"""A plot over a time axis that tells its points in words. Imports pyqtgraph: to be imported only when wanted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QCursor, QFocusEvent, QFontMetrics, QKeyEvent, QPalette
from PySide6.QtWidgets import QToolTip, QVBoxLayout, QWidget

from qcpump_qt.models.dates import DateStyle
from qcpump_qt.models.plot_data import Tick, ticks

HOW = "Left and right arrow keys tell one point after the other."


class TimeCanvas(QWidget):
    """A plot over local time; mouse and arrow keys tell each point in words.

    Args:
        name: what it shows, for those who do not see it.
        parent: as for every widget.
    """

    pointed = Signal(str)
    """The point under the mouse or chosen by keys, in words; empty when there is none."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setAccessibleDescription(HOW)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._places = np.empty(0)
        self._heights = np.empty(0)
        self._words: Callable[[int], str] = str
        self._dates = DateStyle()
        self._current: int | None = None
        self._plot: Any = pg.PlotWidget(parent=self)
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._marker: Any = pg.ScatterPlotItem(size=12)
        self._marker.setZValue(10)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._plot)
        self._set_up()
        self._recolour()

    @property
    def current(self) -> int | None:
        """The number of the point that is told now."""
        return self._current

    def draw(
        self,
        places: Sequence[float],
        heights: Sequence[float],
        words: Callable[[int], str],
        dates: DateStyle,
    ) -> None:
        """Draw these points instead of those before.

        Args:
            places: where they stand on the axis (`models.plot_data`), in order.
            heights: as many values.
            words: tells one of them, by its number.
            dates: how dates are written on the axis.
        """
        self._places, self._heights = np.asarray(places, dtype=float), np.asarray(heights, dtype=float)
        self._words, self._dates = words, dates
        self.point_at(None)
        self._draw()
        self._recolour()
        self.show_all()

    def show_all(self) -> None:
        """Bring everything into sight again."""
        self._plot.getPlotItem().enableAutoRange(x=True, y=True)
        self._plot.getPlotItem().vb.updateAutoRange()
        self._show_ticks()

    def point_at(self, number: int | None) -> None:
        """Mark a point and tell it; none for None."""
        self._current = number
        if number is None:
            self._marker.setData([], [])
            self.setAccessibleDescription(HOW)
            self.pointed.emit("")
        else:
            x, y = self._point(number)
            self._marker.setData([x], [y])
            self.setAccessibleDescription(self._words(number))
            self.pointed.emit(self._words(number))

    # --- keys, mouse, looks ----------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - as Qt has it
        """Left, Right, Home and End go from point to point."""
        last = len(self._places) - 1
        here = last if self._current is None else self._current
        # The first arrow key tells the newest point.
        step = 0 if self._current is None else 1
        goals: dict[int, int] = {
            Qt.Key.Key_Left: max(0, here - step),
            Qt.Key.Key_Right: min(last, here + step),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        goal = goals.get(event.key())
        if goal is None or last < 0:
            super().keyPressEvent(event)
        else:
            self.point_at(goal)

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - as Qt has it
        """Who comes by keyboard sees the newest point marked."""
        super().focusInEvent(event)
        by_keys = event.reason() in {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason}
        if by_keys and len(self._places):
            self.point_at(len(self._places) - 1)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - as Qt has it
        """Nothing is told of a plot that is not worked with."""
        super().focusOutEvent(event)
        self.point_at(None)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802 - as Qt has it
        """Colours and letters as everywhere else on the screen."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._recolour()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - as Qt has it
        """The mouse points at nothing any more."""
        super().leaveEvent(event)
        if not self.hasFocus():
            self.point_at(None)

    def _set_up(self) -> None:
        item = self._plot.getPlotItem()
        item.setMenuEnabled(False)
        item.hideButtons()
        item.setMouseEnabled(x=True, y=False)
        item.vb.setAutoVisible(y=True)
        item.showGrid(x=False, y=True, alpha=0.25)
        item.getAxis("left").enableAutoSIPrefix(False)
        item.addItem(self._marker, ignoreBounds=True)
        self._ticks: list[Tick] = []
        item.vb.sigXRangeChanged.connect(self._show_ticks)
        item.vb.sigResized.connect(self._show_ticks)
        self._plot.scene().sigMouseMoved.connect(self._hover)

    def _recolour(self) -> None:
        text, accent = self._colour(QPalette.ColorRole.Text), self._colour(QPalette.ColorRole.Highlight)
        self._plot.setBackground(self._colour(QPalette.ColorRole.Base))
        for side in ("left", "bottom"):
            axis = self._plot.getPlotItem().getAxis(side)
            axis.setPen(text)
            axis.setTextPen(text)
            axis.setTickFont(self.font())
        self._marker.setPen(pg.mkPen(text, width=2))
        self._marker.setBrush(pg.mkBrush(accent))
        self._show_ticks()

    def _colour(self, role: QPalette.ColorRole) -> Any:
        return self.palette().color(role)

    def _show_ticks(self) -> None:
        box = self._plot.getPlotItem().vb
        (first, last), _ = box.viewRange()
        widest = QFontMetrics(self.font()).horizontalAdvance("0000-00-00") * 1.5
        most = max(1, int(box.width() / widest))
        self._ticks = self._ticks_between(first, last, most) if len(self._places) else []
        self._plot.getPlotItem().getAxis("bottom").setTicks([self._ticks])

    def _hover(self, place: QPointF) -> None:
        box = self._plot.getPlotItem().vb
        if not len(self._places) or not box.sceneBoundingRect().contains(place):
            return
        number = self._near(box.mapSceneToView(place), *box.viewPixelSize())
        if number is not None:
            self.point_at(number)
            QToolTip.showText(QCursor.pos(), self._words(number), self)
        elif not self.hasFocus():
            self.point_at(None)

    # --- what each kind of plot does in its own way -----------------------------------------------

    def _ticks_between(self, first: float, last: float, most: int) -> list[Tick]:
        """What stands on the time axis, in at most so many places."""
        return ticks(first, last, most, self._dates)

    def _draw(self) -> None:
        """Draw all points."""
        raise NotImplementedError

    def _point(self, number: int) -> tuple[float, float]:
        """Where the mark of a point stands."""
        raise NotImplementedError

    def _near(self, at: QPointF, wide: float, high: float) -> int | None:
        """The point that is meant by a place; a pixel is `wide` and `high`."""
        raise NotImplementedError
