"""The values of one pump: defaults filled in, types made right, and every doubt kept to be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from qcpump_qt.engine.config.checks import check
from qcpump_qt.engine.config.reading import Problem, Reader, Values
from qcpump_qt.engine.config.secrecy import has_credentials
from qcpump_qt.engine.config.sections import COMMON, Section
from qcpump_qt.engine.errors import ConfigurationError
from qcpump_qt.engine.pump_secrets import Place, secret_command

__all__ = ["Configuration", "Problem", "Values", "same_values"]


class Configuration:
    """The values of one pump, fitted to the sections of its type.

    A field that the values lack takes its default, one that the type does not have is dropped
    (compatibility reference, section 2). A section always has at least one sub-section.

    Args:
        sections: the pump type's sections.
        values: what was kept or entered; anything that JSON can hold.

    Raises:
        ConfigurationError: `values` is no table of sections at all.
    """

    def __init__(self, sections: Sequence[Section], values: Mapping[str, Any] | None = None) -> None:
        self.sections: tuple[Section, ...] = tuple(sections)
        self._by_name = {section.name: section for section in self.sections}
        reader = Reader(self.sections)
        self._values = reader.read(values)
        self._faults = reader.faults
        self.notes: tuple[Problem, ...] = tuple(reader.notes)
        """What was put right or left out while reading; nothing that stops the pump."""

    def section(self, name: str) -> Section:
        """The section of this name.

        Raises:
            ConfigurationError: the pump type has no such section.
        """
        found = self._by_name.get(name)
        if found is None:
            known = ", ".join(self._by_name)
            raise ConfigurationError(
                f"There is no section '{name}'; the sections are {known}.", subject=str(name)
            )
        return found

    def value(self, section: str, field: str, index: int | None = None) -> Any:
        """One value; of the first sub-section where `index` is left out.

        Raises:
            ConfigurationError: there is no such section, sub-section or field.
        """
        found = self.section(section)
        rows = self._values[section]
        number = 0 if index is None else index
        if not 0 <= number < len(rows):
            raise ConfigurationError(
                f"Section '{section}' has {len(rows)} sub-section(s), so there is no number {number + 1}.",
                subject=section,
            )
        if field not in rows[number]:
            known = ", ".join(entry.name for entry in found.fields)
            raise ConfigurationError(
                f"Section '{section}' has no field '{field}'; its fields are {known}.", subject=section
            )
        return rows[number][field]

    def values(self, section: str) -> list[dict[str, Any]]:
        """The values of each sub-section, as copies.

        Raises:
            ConfigurationError: there is no such section.
        """
        self.section(section)
        return [dict(row) for row in self._values[section]]

    def problems(self, section: str | None = None) -> list[Problem]:
        """What is wrong, without asking any server or share; of one section, or of all.

        Raises:
            ConfigurationError: there is no such section.
        """
        wanted = self.sections if section is None else (self.section(section),)
        names = {entry.name for entry in wanted}
        found = [fault for fault in self._faults if fault.section in names]
        for entry in wanted:
            for index, row in enumerate(self._values[entry.name]):
                messages = ((field.name, check(field, row[field.name])) for field in entry.fields)
                found.extend(Problem(entry.name, index, name, text) for name, text in messages if text)
        return [self._with_command(problem) for problem in found]

    def _with_command(self, problem: Problem) -> Problem:
        """A blank secret cannot be seen where it is kept, so the message tells how to keep one."""
        field = self.section(problem.section).field(problem.field) if problem.field else None
        if field is None or not field.secret or self._values[problem.section][problem.index][field.name]:
            return problem
        name = str(self._values.get(COMMON, [{}])[0].get("name") or "PUMP")
        command = secret_command(name, Place(problem.section, problem.index, field.name))
        return replace(problem, message=f"{problem.message} It is kept in the keyring by: {command}")

    def secrets(self) -> set[str]:
        """The secret values in here, so that messages and logs can leave them out."""
        return {
            value
            for section in self.sections
            for row in self._values[section.name]
            for field in section.fields
            if isinstance(value := row[field.name], str) and value
            if field.secret or has_credentials(value)
        }


def same_values(one: Values, other: Values) -> bool:
    """True when both hold the same values of the same types: 1, True and "1" are three different things."""
    return bool(_typed(one) == _typed(other))


def _typed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _typed(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_typed(inner) for inner in value]
    return type(value), value
