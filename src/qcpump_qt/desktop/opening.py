"""Opens folders, files and web pages with the programs of the system."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices


def open_path(path: str) -> None:
    """Open a folder or file."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(path))


def open_page(address: str) -> None:
    """Open a web page; an address of any other kind is left alone."""
    url = QUrl(address)
    if url.scheme() in ("http", "https"):
        QDesktopServices.openUrl(url)
