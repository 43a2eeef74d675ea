"""The Qt application object, named and set up once for each process."""

from __future__ import annotations

import sys

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from qcpump_qt.version import VERSION
from qcpump_qt.views.icons import icon


def application() -> QApplication:
    """Make the application: it goes on without a window, as it lives in the tray."""
    QGuiApplication.setDesktopFileName("qcpump-qt")
    app = QApplication(sys.argv[:1])
    app.setApplicationName("QCPump-Qt")
    app.setApplicationDisplayName("QCPump-Qt")
    app.setApplicationVersion(VERSION)
    app.setQuitOnLastWindowClosed(False)
    app.setWindowIcon(icon("app"))
    return app
