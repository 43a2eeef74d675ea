"""The form of one pump: a box for each section of the model, kept in step with it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QTimer, Signal, SignalInstance
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from qcpump_qt.views.form.section_box import SectionBox

if TYPE_CHECKING:
    from qcpump_qt.models.form_model import FormModel

SLICE = 0.006
"""Seconds of building at a stretch."""


class FormView(QScrollArea):
    """Draws a `FormModel`; edits go straight into the model, which knows how to undo them."""

    choices_wanted = Signal(str, int, str)
    """The choices of a field are wanted anew: section, sub-section from 0, field."""

    mapping_wanted = Signal(str)
    """Somebody wants help to match machines and units: the section's name."""

    help_shown = Signal(str, str)
    """The keyboard is in another field: its label and its help."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model: FormModel | None = None
        self.boxes: list[SectionBox] = []
        self._todo: deque[Callable[[], None]] = deque()
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.timeout.connect(self._go_on)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setObjectName("form")
        self.setAccessibleName("Configuration of the pump")

    def model(self) -> FormModel | None:
        """The model that is shown."""
        return self._model

    def set_model(self, model: FormModel | None) -> None:
        """Show another form; None for an empty one. Nothing happens when it is shown already."""
        if model is self._model:
            return
        if self._model is not None:
            for signal, slot in self._links(self._model):
                signal.disconnect(slot)
        self._model = model
        if model is not None:
            for signal, slot in self._links(model):
                signal.connect(slot)
        self._build()

    def _links(self, model: FormModel) -> tuple[tuple[SignalInstance, Callable[..., None]], ...]:
        return (
            (model.dataChanged, self._changed),
            (model.rowsAboutToBeInserted, self._finish),
            (model.rowsAboutToBeRemoved, self._finish),
            (model.rowsInserted, self._inserted),
            (model.rowsRemoved, self._removed),
            (model.modelReset, self._build),
        )

    def is_complete(self) -> bool:
        """True when every field of the model has its editor."""
        return not self._todo

    def _build(self) -> None:
        """Begin anew; a long form comes bit by bit, so that keys and clicks get their turn in between."""
        self.boxes = []
        page = QWidget()
        self._column = QVBoxLayout(page)
        self._column.addStretch()
        self.setWidget(page)
        self._todo.clear()
        if self._model is not None:
            for number in range(self._model.rowCount()):
                self._todo.append(partial(self._add_box, self._model, number))
                rows = self._model.rowCount(self._model.index(number, 0))
                self._todo.extend(partial(self._add_row, number, row) for row in range(rows))
        self._go_on()

    def _go_on(self) -> None:
        began = monotonic()
        while not self.is_complete() and monotonic() - began < SLICE:
            self._todo.popleft()()
        if not self.is_complete():
            self._next.start()

    def _finish(self, *_about: object) -> None:
        while not self.is_complete():
            self._todo.popleft()()

    def _add_box(self, model: FormModel, number: int) -> None:
        box = SectionBox(model, model.index(number, 0))
        box.refresh_wanted.connect(self.choices_wanted)
        box.mapping_wanted.connect(self.mapping_wanted)
        box.focused.connect(self.help_shown)
        self.boxes.append(box)
        self._column.insertWidget(number, box)

    def _add_row(self, number: int, row: int) -> None:
        self.boxes[number].insert_rows(row, row)

    def _changed(self, first: QModelIndex, last: QModelIndex, _roles: object = None) -> None:
        row = first.parent()
        if not row.isValid():
            for box in self.boxes[first.row() : last.row() + 1]:
                box.refresh()
        elif not row.parent().isValid():
            for box in self.boxes[row.row() : row.row() + 1]:
                box.refresh_rows(first.row(), last.row())
        else:
            for box in self.boxes[row.parent().row() : row.parent().row() + 1]:
                box.refresh_fields(row.row(), first.row(), last.row())

    def _inserted(self, parent: QModelIndex, first: int, last: int) -> None:
        if not parent.isValid() or parent.parent().isValid():
            self._build()
        else:
            self.boxes[parent.row()].insert_rows(first, last)

    def _removed(self, parent: QModelIndex, first: int, last: int) -> None:
        if not parent.isValid() or parent.parent().isValid():
            self._build()
        else:
            self.boxes[parent.row()].remove_rows(first, last)
