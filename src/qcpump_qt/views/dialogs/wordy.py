"""A dialog of wrapped text that never cuts its words, whatever its width and font."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QDialog


class WordyDialog(QDialog):
    """Keeps its least height at what its words need at its present width: layouts alone do not."""

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Another width wraps the words elsewhere."""
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Make room for the words; to be called when they change."""
        layout = self.layout()
        if layout is not None:
            layout.invalidate()
            self.setMinimumHeight(
                max(layout.totalHeightForWidth(self.width()), layout.minimumSize().height())
            )
