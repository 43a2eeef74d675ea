"""Tells when somebody first uses the program: a key or a mouse button, in any window of it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Signal

_TOUCHES = frozenset(
    {
        QEvent.Type.MouseButtonPress,
        QEvent.Type.KeyPress,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.Shortcut,
    }
)


class FirstTouch(QObject):
    """Watches until somebody is there.

    Args:
        app: what gets the events of all windows.
        parent: as for every Qt object.
    """

    touched = Signal()
    """Somebody is there; told once."""

    def __init__(self, app: QCoreApplication, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app = app

    def watch(self) -> None:
        """Begin to watch."""
        self._app.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Look at an event; it goes on to whom it is for."""
        if event.type() in _TOUCHES:
            self._app.removeEventFilter(self)
            self.touched.emit()
        return False
