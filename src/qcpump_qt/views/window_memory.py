"""What the window remembers from one start to the next: its place, columns, order, groups, tab and selection."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRect, QSettings
from PySide6.QtGui import QGuiApplication

from qcpump_qt.views.main_window import MainWindow

GEOMETRY = "window/geometry"
PLACE = "window/place"
SPLITTER = "window/splitter"
TAB = "window/tab"
COLUMNS = "pumps/columns"
COLLAPSED = "pumps/collapsed"
SELECTED = "pumps/selected"
IN_SIGHT = 80
"""Pixels of a window, each way, that have to be on a screen for it to be put there again."""


class WindowMemory:
    """Keeps and brings back what a window looks like.

    Args:
        window: the window.
        settings: where it is kept; what is in there of another version or broken is passed over.
    """

    def __init__(self, window: MainWindow, settings: QSettings) -> None:
        self._window = window
        self._settings = settings

    def restore(self) -> None:
        """Bring back how it was, as far as that makes sense on the screens of today."""
        window, pumps = self._window, self._window.pumps
        place = self._settings.value(PLACE)
        if isinstance(place, QRect) and on_a_screen(place):
            window.restoreGeometry(self._bytes(GEOMETRY))
        window.splitter.restoreState(self._bytes(SPLITTER))
        pumps.view.header().restoreState(self._bytes(COLUMNS))
        pumps.view.set_collapsed_types(self._text(COLLAPSED).splitlines())
        selected = self._text(SELECTED)
        if selected:
            pumps.select(selected)
        titles = [window.tabs.tabText(place) for place in range(window.tabs.count())]
        if self._text(TAB) in titles:
            window.tabs.setCurrentIndex(titles.index(self._text(TAB)))

    def save(self) -> None:
        """Keep how it is now; Qt writes it to disk soon after."""
        window, pumps = self._window, self._window.pumps
        values = {
            GEOMETRY: window.saveGeometry(),
            PLACE: window.normalGeometry(),
            SPLITTER: window.splitter.saveState(),
            COLUMNS: pumps.view.header().saveState(),
            COLLAPSED: "\n".join(pumps.view.collapsed_types),
            SELECTED: pumps.selected_id or "",
            TAB: window.tabs.tabText(window.tabs.currentIndex()),
        }
        for key, value in values.items():
            self._settings.setValue(key, value)

    def _bytes(self, key: str) -> QByteArray:
        value = self._settings.value(key)
        return value if isinstance(value, QByteArray) else QByteArray()

    def _text(self, key: str) -> str:
        value = self._settings.value(key)
        return value if isinstance(value, str) else ""


def on_a_screen(place: QRect) -> bool:
    """True when enough of a rectangle can be seen on one of the screens to take hold of it."""
    for screen in QGuiApplication.screens():
        seen = screen.availableGeometry().intersected(place)
        if seen.width() >= IN_SIGHT and seen.height() >= IN_SIGHT:
            return True
    return False
