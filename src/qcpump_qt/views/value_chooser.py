"""Chooses a unit, and one of its tests from what may be a long list."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QHBoxLayout, QLabel, QSizePolicy, QWidget


class ValueChooser(QWidget):
    """Two drop-downs; what is typed into that of the tests finds those with the text in their name.

    Args:
        parent: as for every widget.
    """

    unit_chosen = Signal(str)
    """A unit, chosen by hand."""
    test_chosen = Signal(str)
    """A test of the chosen unit, chosen by hand."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._unit = ""
        self._test = ""
        self._units = self._drop_down("unit", "Unit", "Choose a unit")
        self._units.activated.connect(self._take_unit)
        self._tests = self._drop_down("test", "Test", "Choose a test")
        self._tests.activated.connect(self._take_test)
        self._make_searchable()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for text, box, stretch in (("&Unit", self._units, 2), ("&Test", self._tests, 3)):
            label = QLabel(text)
            label.setBuddy(box)
            row.addWidget(label)
            row.addWidget(box, stretch)
        self.set_units([])

    @property
    def unit(self) -> str:
        """The chosen unit; empty while none is."""
        return self._unit

    @property
    def test(self) -> str:
        """The chosen test; empty while none is."""
        return self._test

    def set_units(self, units: Sequence[str]) -> None:
        """Offer these units; a chosen one that is not among them is no longer chosen."""
        self._fill(self._units, units, self._unit)
        self._units.setEnabled(bool(units))
        if self._unit not in units:
            self._unit = ""
            self.set_tests([])

    def set_tests(self, tests: Sequence[str]) -> None:
        """Offer these tests; a chosen one that is not among them is no longer chosen."""
        if self._test not in tests:
            self._test = ""
        self._fill(self._tests, tests, self._test)
        self._tests.setEnabled(bool(tests))

    def _take_unit(self, number: int) -> None:
        unit = self._units.itemText(number)
        if unit != self._unit:
            self._unit = unit
            self._test = ""
            self.set_tests([])
        self.unit_chosen.emit(unit)

    def _take_test(self, number: int) -> None:
        self._test = self._tests.itemText(number)
        self.test_chosen.emit(self._test)

    def _settle(self) -> None:
        """What was typed becomes a choice where it fits only one test, else what was chosen stands there again."""
        box = self._tests
        text = box.currentText().casefold().strip()
        if text and text != self._test.casefold():
            names = [box.itemText(number) for number in range(box.count())]
            fitting = [number for number, name in enumerate(names) if text in name.casefold()]
            exact = [number for number in fitting if names[number].casefold() == text]
            chosen = exact or fitting
            if len(chosen) == 1:
                box.setCurrentIndex(chosen[0])
                self._take_test(chosen[0])
                return
        box.setEditText(self._test)

    def _make_searchable(self) -> None:
        self._tests.setEditable(True)
        self._tests.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        edit, completer = self._tests.lineEdit(), self._tests.completer()
        if edit is not None and completer is not None:
            edit.setPlaceholderText("Choose or type")
            edit.setObjectName("test_text")
            edit.setAccessibleName("Test, or a part of its name")
            edit.editingFinished.connect(self._settle)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)

    def _drop_down(self, name: str, meaning: str, placeholder: str) -> QComboBox:
        box = QComboBox()
        box.setObjectName(name)
        box.setAccessibleName(meaning)
        box.setPlaceholderText(placeholder)
        box.setMaxVisibleItems(20)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(10)
        box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        return box

    def _fill(self, box: QComboBox, names: Sequence[str], chosen: str) -> None:
        shown = [box.itemText(number) for number in range(box.count())]
        if shown != list(names):
            box.clear()
            box.addItems(list(names))
        box.setCurrentIndex(box.findText(chosen, Qt.MatchFlag.MatchExactly) if chosen else -1)
