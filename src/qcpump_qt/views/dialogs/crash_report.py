"""What is shown when the former window did not end properly."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QPushButton, QVBoxLayout, QWidget

from qcpump_qt.views.dialogs.wordy import WordyDialog

REASSURANCE = (
    "Nothing is lost: every record is delivered exactly once, also after a crash, as soon as the pumps run again. "
    "If this happens again, save a report and send it to those who look after QCPump-Qt."
)


class CrashReportDialog(WordyDialog):
    """Says what is known of the crash, and offers the report and the log.

    Args:
        words: how the former window ended.
        parent: as for every widget.
    """

    report_wanted = Signal()
    """The diagnostics bundle is to be saved."""
    log_wanted = Signal()
    """The program's log is to be opened."""

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("QCPump-Qt did not end properly")
        self.setObjectName("crash_report_dialog")
        said = QLabel(f"{words}\n\n{REASSURANCE}")
        said.setObjectName("crash_words")
        said.setWordWrap(True)
        said.setAlignment(Qt.AlignmentFlag.AlignTop)
        said.setTextFormat(Qt.TextFormat.PlainText)
        said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout = QVBoxLayout(self)
        layout.addWidget(said, 1)
        box = self._button_box()
        layout.addWidget(box)
        box.button(QDialogButtonBox.StandardButton.Close).setDefault(True)  # a default is one of a dialog
        self.resize(self.fontMetrics().averageCharWidth() * 76, self.sizeHint().height())

    def _button_box(self) -> QDialogButtonBox:
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close = box.button(QDialogButtonBox.StandardButton.Close)
        close.setObjectName("close")
        close.setAccessibleName("Close")
        box.rejected.connect(self.reject)
        for name, text, spoken, signal in (
            ("save_report", "Save a report…", "Save a diagnostics bundle as a report", self.report_wanted),
            ("open_log", "Open the log", "Open the log of QCPump-Qt", self.log_wanted),
        ):
            button = QPushButton(text)
            button.setObjectName(name)
            button.setAccessibleName(spoken)
            button.setAutoDefault(False)
            button.clicked.connect(signal)
            box.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
        return box
