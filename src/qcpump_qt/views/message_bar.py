"""Messages above the pumps that wait to be read: they block nothing, queue up, and are said once."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from qcpump_qt.views.fonts import enlarged
from qcpump_qt.views.icons import icon, level_icon
from qcpump_qt.views.state_colours import Level, is_dark, level_colour

MOST = 50
"""How many messages wait at most; then the oldest goes."""

WORDS = {Level.INFO: "Note", Level.WARNING: "Warning", Level.ERROR: "Error"}


@dataclass(frozen=True)
class Message:
    """One message.

    Args:
        level: how much it matters.
        title: what it is about, in a few words.
        text: whole sentences that say what to do.
        action: what a button beside it says; empty for no button.
        subject: what it is about, for the program, such as a pump's id.
    """

    level: Level
    title: str
    text: str
    action: str = ""
    subject: str = ""


class MessageBar(QFrame):
    """Shows one message after the other; hidden while there is none."""

    action_wanted = Signal(str, str)
    """What the button of a message says, and the subject of that message."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message_bar")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self._messages: deque[Message] = deque(maxlen=MOST)
        self._picture = QLabel(self)
        self._title = QLabel(self)
        self._text = QLabel(self)
        self._count = QLabel(self)
        self._action = QPushButton(self)
        self._dismiss_all = QPushButton("Dismiss all", self)
        self._dismiss = QToolButton(self)
        self._name_parts()
        self._lay_out()
        self._action.clicked.connect(self._on_action)
        self._dismiss.clicked.connect(self.dismiss)
        self._dismiss_all.clicked.connect(self.dismiss_all)
        self._show_first()

    def tell(self, level: str, title: str, text: str, action: str | None = None, subject: str = "") -> None:
        """Show a message, after those that wait; one that waits already is not shown twice.

        Args:
            level: ``info``, ``warning`` or ``error``.
            title: what it is about, in a few words.
            text: whole sentences that say what to do.
            action: what a button beside it says; None for no button.
            subject: handed back with the action, such as a pump's id.
        """
        message = Message(Level(level), title, text, action or "", subject)
        if message in self._messages:
            return
        self._messages.append(message)
        self._show_first()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def dismiss(self) -> None:
        """The message in sight was read; the next one comes."""
        if self._messages:
            self._messages.popleft()
        self._show_first()

    def withdraw(self, subject: str) -> None:
        """What is said about this is no longer so."""
        kept = [message for message in self._messages if message.subject != subject]
        if len(kept) != len(self._messages):
            self._messages = deque(kept, maxlen=MOST)
            self._show_first()

    def dismiss_all(self) -> None:
        """Nobody wants to read any of them."""
        self._messages.clear()
        self._show_first()

    @property
    def messages(self) -> list[Message]:
        """The message in sight, and those that wait behind it."""
        return list(self._messages)

    def _on_action(self) -> None:
        message = self._messages[0]
        self.dismiss()
        self.action_wanted.emit(message.action, message.subject)

    def _show_first(self) -> None:
        self.setVisible(bool(self._messages))
        if not self._messages:
            return
        first = self._messages[0]
        word = WORDS[first.level]
        side = self.fontMetrics().lineSpacing() + 4
        self._picture.setPixmap(level_icon(first.level).pixmap(side, side))
        self._picture.setAccessibleName(word)
        self._title.setText(first.title)
        self._text.setText(first.text)
        self._text.setVisible(bool(first.text))
        self.setAccessibleName(f"{word}: {first.title}")
        self.setAccessibleDescription(first.text)
        self._action.setText(first.action)
        self._action.setVisible(bool(first.action))
        several = len(self._messages) > 1
        self._count.setText(f"1 of {len(self._messages)}")
        self._count.setVisible(several)
        self._dismiss_all.setVisible(several)
        self.update()

    def _name_parts(self) -> None:
        self._picture.setObjectName("message_level")
        self._title.setObjectName("message_title")
        self._title.setFont(enlarged(self.font(), 1.0, bold=True))
        self._text.setObjectName("message_text")
        for label in (self._title, self._text):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._count.setObjectName("message_count")
        self._action.setObjectName("message_action")
        self._action.setAccessibleDescription("Does what the message proposes")
        self._dismiss_all.setObjectName("message_dismiss_all")
        self._dismiss.setObjectName("message_dismiss")
        self._dismiss.setAccessibleName("Dismiss this message")
        self._dismiss.setToolTip("Dismiss this message")
        self._dismiss.setIcon(icon("clear"))
        self._dismiss.setAutoRaise(True)
        self._dismiss.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        top = Qt.AlignmentFlag.AlignTop
        layout.setContentsMargins(14, 6, 6, 6)
        layout.addWidget(self._picture, 0, top)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._text)
        layout.addLayout(words, 1)
        layout.addWidget(self._action, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self._count, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self._dismiss_all, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self._dismiss, 0, top)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """The frame, with an edge in the colour of the message."""
        super().paintEvent(event)
        if self._messages:
            painter = QPainter(self)
            colour = level_colour(self._messages[0].level, dark=is_dark(self.palette()))
            painter.fillRect(0, 0, 5, self.height(), colour)
            painter.end()


def show_fatal(title: str, text: str) -> None:
    """Say in a window of its own why the program cannot start, and wait until it was read."""
    box = QMessageBox(QMessageBox.Icon.Critical, "QCPump-Qt", title, QMessageBox.StandardButton.Close)
    box.setObjectName("fatal")
    box.setInformativeText(text)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.exec()
