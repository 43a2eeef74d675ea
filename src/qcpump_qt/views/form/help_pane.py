"""The help of the field that has the keyboard, and the way to the page about the pump type."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

START = "Choose a field, and its help is shown here. A star marks what must not be blank."


class HelpPane(QFrame):
    """Label and help of one field."""

    help_wanted = Signal(str)
    """Somebody wants the page about the pump type: its address."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("help pane")
        self.setAccessibleName("Help")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._url = ""
        self.title = QLabel("Help")
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        font = self.title.font()
        font.setBold(True)
        self.title.setFont(font)
        self.text = QLabel(START)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(True)
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.page = QPushButton()
        self.page.setObjectName("help page")
        self.page.hide()
        self.page.clicked.connect(lambda: self.help_wanted.emit(self._url))
        self._lay_out()

    def show_help(self, title: str, text: str) -> None:
        """Show the help of a field."""
        self.title.setText(title)
        self.text.setText(text or "There is no help for this field.")

    def show_type(self, type_name: str, url: str) -> None:
        """Begin anew for a pump of this type; without an address there is no button."""
        self.title.setText("Help")
        self.text.setText(START)
        self._url = url
        self.page.setText(f"About {type_name}…".replace("&", "&&"))
        self.page.setAccessibleName(f"Open the page about {type_name}")
        self.page.setToolTip(url)
        self.page.setVisible(bool(url))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.page)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self.text)
        scroll.setMinimumHeight(self.fontMetrics().lineSpacing() * 2)
        column = QVBoxLayout(self)
        column.addLayout(head)
        column.addWidget(scroll, 1)
