"""The first page of an empty home: what the program does, and three ways to begin."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from qcpump_qt.views.fonts import enlarged
from qcpump_qt.views.icons import icon

TITLE = "Welcome to QCPump-Qt"
ABOUT = (
    "QCPump-Qt fetches the results of quality control from where your machines leave them. "
    "It delivers each result exactly once, and to the right unit, to your QATrack+ server."
)
WAYS = (
    (
        "add",
        "Add Pump",
        "Choose where results come from, and tell the pump which QATrack+ server they go to.",
    ),
    (
        "import",
        "Import from QCPump",
        "Bring pumps, settings and tokens of QCPump 0.3 over. Its folder is only read, and nothing is sent twice.",
    ),
    (
        "demo",
        "Try the demonstration",
        "See the program at work with made-up results and a QATrack+ of its own. Nothing has to be configured.",
    ),
)
WIDTH = 100
"""How many letters the page is wide at most."""


class Welcome(QScrollArea):
    """Says what to do first."""

    add_wanted = Signal()
    """A pump is to be added."""
    import_wanted = Signal()
    """The pumps of QCPump are to be imported."""
    demo_wanted = Signal()
    """The demonstration is to be shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("welcome")
        self.setAccessibleName(TITLE)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        page = QWidget(self)
        page.setMaximumWidth(WIDTH * self.fontMetrics().averageCharWidth())
        layout = QVBoxLayout(page)
        layout.setSpacing(self.fontMetrics().lineSpacing())
        layout.addStretch(1)
        layout.addWidget(_picture(page), 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(_title(page))
        layout.addWidget(_text(ABOUT, page))
        layout.addLayout(self._ways(page))
        layout.addStretch(2)
        frame = QWidget(self)
        outer = QHBoxLayout(frame)
        outer.addStretch(1)
        outer.addWidget(page, 1000)
        outer.addStretch(1)
        self.setWidget(frame)

    def _ways(self, page: QWidget) -> QGridLayout:
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        grid.setHorizontalSpacing(self.fontMetrics().averageCharWidth() * 3)
        grid.setVerticalSpacing(self.fontMetrics().lineSpacing())
        wanted = (self.add_wanted, self.import_wanted, self.demo_wanted)
        for row, ((name, title, sentence), signal) in enumerate(zip(WAYS, wanted, strict=True)):
            button = _button(name, title, sentence, page)
            button.clicked.connect(signal)
            grid.addWidget(button, row, 0)
            grid.addWidget(_text(sentence, page), row, 1)
        return grid


def _button(name: str, title: str, sentence: str, parent: QWidget) -> QPushButton:
    button = QPushButton(icon(name), f"  {title}", parent)
    button.setObjectName(f"welcome_{name}")
    button.setAccessibleName(title)
    button.setAccessibleDescription(sentence)
    button.setAutoDefault(True)
    line = button.fontMetrics().lineSpacing()
    button.setIconSize(QSize(line * 2, line * 2))
    button.setMinimumHeight(line * 3)
    button.setStyleSheet("text-align: left; padding-left: 0.8em; padding-right: 0.8em;")
    return button


def _title(parent: QWidget) -> QLabel:
    label = _text(TITLE, parent)
    label.setFont(enlarged(label.font(), 1.6, bold=True))
    label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    return label


def _picture(parent: QWidget) -> QLabel:
    label = QLabel(parent)
    side = label.fontMetrics().lineSpacing() * 5
    label.setPixmap(icon("app").pixmap(QSize(side, side), parent.devicePixelRatio()))
    return label


def _text(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setWordWrap(True)
    return label
