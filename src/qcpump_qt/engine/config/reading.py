"""Reads a pump's values from a file or a form: fits them to the sections and keeps every doubt to be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qcpump_qt.engine.config.checks import display
from qcpump_qt.engine.config.coerce import coerce
from qcpump_qt.engine.config.fields import Field, Scalar
from qcpump_qt.engine.config.mistakes import shown
from qcpump_qt.engine.config.sections import Section
from qcpump_qt.engine.errors import ConfigurationError

Values = dict[str, list[dict[str, Any]]]
"""Section name → sub-sections → field name → value."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, or was put right.

    Args:
        section: the section's name.
        index: which sub-section, from 0.
        field: the field's name; "" when it is about the whole sub-section.
        message: what it is, as a sentence.
    """

    section: str
    index: int
    field: str
    message: str


class Reader:
    """Reads one set of values.

    Args:
        sections: the pump type's sections.
        faults: gets what could not be read, so that the default stands in its place.
        notes: gets what was put right or left out.
    """

    def __init__(self, sections: Sequence[Section]) -> None:
        self._sections = sections
        self.faults: list[Problem] = []
        self.notes: list[Problem] = []

    def read(self, values: object) -> Values:
        """The values of every section, with at least one sub-section each.

        Raises:
            ConfigurationError: `values` is no table of sections at all.
        """
        given = {} if values is None else values
        if not isinstance(given, Mapping):
            raise ConfigurationError(
                f"The values of a pump must be a table of sections, not {type(values).__name__}."
            )
        known = {section.name for section in self._sections}
        for name in given:
            if name not in known:
                text = f"The section {shown(name)} is not known to this pump type and was left out."
                self.notes.append(Problem(str(name), 0, "", text))
        return {section.name: self._section(section, given.get(section.name)) for section in self._sections}

    def _section(self, section: Section, rows: object) -> list[dict[str, Any]]:
        if rows is None:
            rows = []
        if not isinstance(rows, list):
            text = f"Section {section.name}: no list of sub-sections was found; the defaults are shown."
            self.faults.append(Problem(section.name, 0, "", text))
            rows = []
        if len(rows) > 1 and not section.multiple:
            text = f"Section {section.name}: only the first of {len(rows)} sub-sections was read."
            self.notes.append(Problem(section.name, 0, "", text))
            rows = rows[:1]
        return [self._row(section, index, row) for index, row in enumerate(rows or [{}])]

    def _row(self, section: Section, index: int, row: object) -> dict[str, Any]:
        if not isinstance(row, Mapping):
            text = f"{section.titled(index)}: no table of fields was found; the defaults are shown."
            self.faults.append(Problem(section.name, index, "", text))
            row = {}
        known = {field.name for field in section.fields}
        for name in row:
            if name not in known:
                text = f"The field {shown(name)} is not known to this pump type and was left out."
                self.notes.append(Problem(section.name, index, str(name), text))
        return {field.name: self._value(section, index, field, row) for field in section.fields}

    def _value(self, section: Section, index: int, field: Field, row: Mapping[Any, Any]) -> Scalar:
        if field.name not in row:
            return field.default
        raw = row[field.name]
        coerced = coerce(field, raw)
        if coerced.changed:
            text = f"{field.label}: {display(field, raw)} was read as {display(field, coerced.value)}."
            self.notes.append(Problem(section.name, index, field.name, text))
        if coerced.lost:
            text = (
                f"{field.label} must be {field.type.words}, not {display(field, raw)}; the default is shown."
            )
            self.faults.append(Problem(section.name, index, field.name, text))
        return coerced.value
