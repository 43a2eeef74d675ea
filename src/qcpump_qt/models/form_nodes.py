"""The tree behind the form: sections, their sub-sections, and the fields in them; no Qt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from qcpump_qt.engine.config.fields import Field, FieldType
from qcpump_qt.engine.config.sections import Section
from qcpump_qt.models.form_roles import ChoicesState, Editor, Status
from qcpump_qt.models.form_values import differs, editor_of, fitting, is_kept, problem_of

Rows = list[dict[str, Any]]
NEVER_SAVED = object()
"""Stands where a field of a new sub-section has nothing on disk."""


@dataclass(frozen=True)
class Choices:
    """The choices of one field, and how far fetching them has come."""

    state: ChoicesState
    texts: tuple[str, ...] = ()
    message: str = ""


@dataclass(eq=False)
class FieldNode:
    """One field of one sub-section.

    Args:
        id: its number in the tree, never used twice.
        field: what the pump type says about it.
        row: the sub-section it stands in.
        value: the value now.
        saved: the value on disk, or `NEVER_SAVED`.
        opened_with: the value that decided about its editor.
        choices: what can be chosen.
        reported: what the last validation said about it.
    """

    id: int
    field: Field
    row: RowNode
    value: Any
    saved: Any
    opened_with: Any
    choices: Choices
    reported: str = ""

    @property
    def editor(self) -> Editor:
        """What it is edited with."""
        return editor_of(self.field, self.saved if is_kept(self.saved) else self.opened_with)

    @property
    def changed(self) -> bool:
        """True when the value is not the one on disk."""
        return differs(self.value, self.saved)

    @property
    def problem(self) -> str:
        """Why it is invalid; what can be seen at once comes before what the last validation said."""
        return problem_of(self.field, self.value) or self.reported

    @property
    def title(self) -> str:
        """How people call it among all fields: ``Interval (s)``, or ``Unit Name of Unit #2``."""
        row = self.row
        return f"{self.field.label} of {row.title}" if row.section.section.multiple else self.field.label


@dataclass(eq=False)
class RowNode:
    """One sub-section; a section that is not multiple has exactly one."""

    id: int
    section: SectionNode
    saved_at: int | None = None
    """Which sub-section on disk it is, from 0; None for one that was never saved."""
    fields: list[FieldNode] = field(default_factory=list)
    status: Status = Status.UNCHECKED
    message: str = ""

    @property
    def number(self) -> int:
        """Which one it is, from 0; -1 while it is taken out."""
        return self.section.rows.index(self) if self in self.section.rows else -1

    @property
    def title(self) -> str:
        """How people call it: ``Unit #2``, or just the section's name where there is only one."""
        return self.section.section.titled(self.number)

    def get(self, name: str) -> FieldNode | None:
        """The field of this name."""
        return next((node for node in self.fields if node.field.name == name), None)

    def values(self) -> dict[str, Any]:
        """Field name → value."""
        return {node.field.name: node.value for node in self.fields}


@dataclass(eq=False)
class SectionNode:
    """One section."""

    id: int
    section: Section
    position: int
    rows: list[RowNode] = field(default_factory=list)
    status: Status = Status.UNCHECKED
    message: str = ""
    blocked_by: tuple[str, ...] = ()


Node = SectionNode | RowNode | FieldNode


class FormTree:
    """All nodes of one form.

    Args:
        sections: the pump type's sections.
        values: what is saved; a field that they lack has its default.
    """

    def __init__(self, sections: Sequence[Section], values: Mapping[str, Rows]) -> None:
        self._numbers = count(1)
        self._nodes: dict[int, Node] = {}
        self.sections = [self._section(section, position) for position, section in enumerate(sections)]
        for node in self.sections:
            rows = rows_of(node.section, values)
            node.rows = [self.saved_row(node, place, row) for place, row in enumerate(rows)]
        self.saved = self.values()

    def node(self, number: int) -> Node | None:
        """The node of this number; one that was taken out may come back and keeps its number."""
        return self._nodes.get(number)

    def section(self, name: str) -> SectionNode | None:
        """The section of this name."""
        return next((node for node in self.sections if node.section.name == name), None)

    def rows(self) -> Iterator[RowNode]:
        """Every sub-section, in the order of the form."""
        return (row for section in self.sections for row in section.rows)

    def fields(self) -> Iterator[FieldNode]:
        """Every field, in the order of the form."""
        return (node for row in self.rows() for node in row.fields)

    def values(self) -> dict[str, Rows]:
        """Section name → sub-sections → field name → value."""
        return {node.section.name: [row.values() for row in node.rows] for node in self.sections}

    def is_changed(self) -> bool:
        """True when the values are not those on disk."""
        return any(
            len(node.rows) != len(self.saved[node.section.name])
            or any(
                differs(value, saved[name])
                for row, saved in zip(node.rows, self.saved[node.section.name], strict=True)
                for name, value in row.values().items()
            )
            for node in self.sections
        )

    def saved_row(self, section: SectionNode, place: int, values: Mapping[str, Any]) -> RowNode:
        """A sub-section as it stands on disk, as the one numbered `place` from 0."""
        row = self.new_row(section, values)
        row.saved_at = place
        for node in row.fields:
            node.saved = node.value
        return row

    def new_row(self, section: SectionNode, values: Mapping[str, Any]) -> RowNode:
        """A new sub-section, with defaults for the fields that `values` lack; it has its siblings' choices."""
        row = self._row(section)
        for each, value in fitted(section.section, values):
            node = self._field(each, row, value)
            sibling = section.rows[0].get(each.name) if section.rows else None
            node.choices = sibling.choices if sibling else node.choices
            row.fields.append(node)
        return row

    def _section(self, section: Section, position: int) -> SectionNode:
        node = SectionNode(next(self._numbers), section, position)
        self._nodes[node.id] = node
        return node

    def _row(self, section: SectionNode) -> RowNode:
        row = RowNode(next(self._numbers), section)
        self._nodes[row.id] = row
        return row

    def _field(self, each: Field, row: RowNode, value: Any) -> FieldNode:
        choices = Choices(ChoicesState.NOT_ASKED if each.choices_method else ChoicesState.STATIC)
        if each.choices is not None:
            choices = Choices(ChoicesState.STATIC, each.choices)
        node = FieldNode(next(self._numbers), each, row, value, NEVER_SAVED, value, choices)
        self._nodes[node.id] = node
        return node


def rows_of(section: Section, values: Mapping[str, Rows]) -> Rows:
    """The sub-sections of a section in `values`: at least one, and one alone where there cannot be more."""
    rows = values.get(section.name) or [{}]
    return rows if section.multiple else rows[:1]


def fitted(section: Section, values: Mapping[str, Any]) -> Iterator[tuple[Field, Any]]:
    """Each field of a section with its value in one sub-section, or its default."""
    for each in section.fields:
        yield each, fitting(each, values[each.name]) if each.name in values else each.default


def mapped_fields(section: Section) -> tuple[str, str] | None:
    """The fields for machine and unit of a section that pairs the two; None where it does not.

    It is a multiple section with exactly two fields whose choices are fetched (compatibility reference,
    section 3, section *Unit*). The one with "unit" in its name holds the unit, or else the second.
    """
    live = [each for each in section.fields if each.type is FieldType.MULTCHOICE and each.choices_method]
    if not section.multiple or len(live) != 2:
        return None
    first, second = (each.name for each in live)
    return (
        (second, first) if "unit" in first.casefold() and "unit" not in second.casefold() else (first, second)
    )
