"""A spin box for numbers of any size, which may be left blank."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QWidget

from qcpump_qt.views.form.number_text import Typed, may_become_number, read_number, write_number

_Step = QAbstractSpinBox.StepEnabledFlag


class NumberBox(QAbstractSpinBox):
    """Takes whole numbers of 64 bits, other numbers, and nothing at all.

    Qt's own spin boxes end at 32 bits, always hold a value, and put one in that nobody typed.

    Args:
        whole: True for whole numbers.
    """

    number_edited = Signal(object)
    """What somebody typed or stepped to: a number, None for blank, or text that is no number yet."""

    def __init__(self, *, whole: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = whole
        self._minimum: float | None = None
        self._maximum: float | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.lineEdit().textEdited.connect(self._typed)

    def set_limits(self, minimum: float | None, maximum: float | None) -> None:
        """The numbers that the arrows stay within, both included; None for no limit."""
        self._minimum, self._maximum = minimum, maximum

    def number(self) -> Typed:
        """What stands in the box."""
        return read_number(self.lineEdit().text(), whole=self._whole)

    def set_number(self, value: object) -> None:
        """Show a value; nothing happens when the text means the same already, as while ``1.`` is typed."""
        if self.number() == value and not isinstance(value, bool):
            return
        self.lineEdit().setText(write_number(value, self.locale().decimalPoint()))

    def stepBy(self, steps: int) -> None:  # noqa: N802 - Qt's name
        """Go up or down by whole steps; from a blank box to the smallest number."""
        current = self.number()
        if isinstance(current, int | float):
            value = self._within(current + steps if self._whole else round(current + steps * 0.1, 10))
        else:
            value = self._within(0)
        self.set_number(value)
        self.lineEdit().selectAll()
        self.number_edited.emit(value)

    def stepEnabled(self) -> _Step:  # noqa: N802 - Qt's name
        """Which of the two arrows lead anywhere."""
        current = self.number()
        if not isinstance(current, int | float):
            return _Step.StepUpEnabled | _Step.StepDownEnabled
        enabled = _Step.StepNone
        if self._maximum is None or current < self._maximum:
            enabled |= _Step.StepUpEnabled
        if self._minimum is None or current > self._minimum:
            enabled |= _Step.StepDownEnabled
        return enabled

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Refuse letters; everything else may be on the way to a number."""
        if isinstance(read_number(text, whole=self._whole), int | float):
            state = QValidator.State.Acceptable
        elif may_become_number(text, whole=self._whole):
            state = QValidator.State.Intermediate
        else:
            state = QValidator.State.Invalid
        return state, text, position

    def fixup(self, text: str) -> str:
        """Leave what was typed; the message below the field says what is wrong with it."""
        return text

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Turn the number only when the keyboard is here; else the form scrolls."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Room for twelve digits and the arrows."""
        hint = super().sizeHint()
        digits = self.fontMetrics().horizontalAdvance("0" * 12)
        return QSize(max(hint.width(), digits + 2 * hint.height()), hint.height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """As the wanted size, so that no digit is cut."""
        return self.sizeHint()

    def _within(self, value: float) -> float:
        if self._minimum is not None and value < self._minimum:
            value = self._minimum
        if self._maximum is not None and value > self._maximum:
            value = self._maximum
        return int(value) if self._whole else float(value)

    def _typed(self, text: str) -> None:
        self.number_edited.emit(read_number(text, whole=self._whole))
