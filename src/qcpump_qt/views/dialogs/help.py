"""The help, in a window of its own that stays open beside the others."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtWidgets import QDialog, QTextBrowser, QVBoxLayout, QWidget

from qcpump_qt.views.fitting import resize_to_fit


class HelpDialog(QDialog):
    """Shows a text in Markdown.

    Args:
        text: the help.
        parent: as for every widget.
    """

    page_wanted = Signal(str)
    """The address of a page that is to be opened in the browser."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle("Help for QCPump-Qt")
        self.setObjectName("help_dialog")
        self.setModal(False)
        self.text = QTextBrowser()
        self.text.setObjectName("help_text")
        self.text.setAccessibleName("Help")
        self.text.setOpenLinks(False)
        self.text.setMarkdown(text)
        self.text.anchorClicked.connect(self._on_link)
        layout = QVBoxLayout(self)
        layout.addWidget(self.text)
        resize_to_fit(self, self.fontMetrics().averageCharWidth() * 110, self.fontMetrics().height() * 44)

    def _on_link(self, link: QUrl) -> None:
        self.page_wanted.emit(link.toString())
