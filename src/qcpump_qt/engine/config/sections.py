"""The sections of a pump type, read from its CONFIG; every mistake in it is told at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Any

from qcpump_qt.engine.config.declaration import flag, read_field, read_name, read_names
from qcpump_qt.engine.config.fields import Field, FieldType
from qcpump_qt.engine.config.mistakes import Mistakes
from qcpump_qt.engine.errors import PumpTypeError

COMMON = "Pump"
"""Name of the section that every pump type has (manual chapter 5.1.1)."""


@dataclass(frozen=True, kw_only=True)
class Section:
    """Fields that belong together and are validated together.

    Args:
        name: its name in CONFIG, in values and on disk.
        fields: its options, in the order of the form.
        multiple: True when people may add numbered sub-sections.
        dependencies: names of sections that have to be right before this one can be looked at.
        validation: name of the pump type's method that checks one sub-section's values, or None.
    """

    name: str
    fields: tuple[Field, ...]
    multiple: bool = False
    dependencies: tuple[str, ...] = ()
    validation: str | None = None

    def field(self, name: str) -> Field | None:
        """The field of this name, or None."""
        return next((field for field in self.fields if field.name == name), None)

    def titled(self, index: int | None) -> str:
        """How people call one sub-section: ``Unit #2``, or just the name where there is only one."""
        return self.name if index is None or not self.multiple else f"{self.name} #{index + 1}"


COMMON_SECTION = Section(
    name=COMMON,
    fields=(
        Field(name="type", type=FieldType.STRING, readonly=True, help="The pump type of this pump."),
        Field(name="name", type=FieldType.STRING, readonly=True, help="The name of this pump."),
        Field(
            name="interval (s)",
            type=FieldType.INT,
            required=True,
            default=300,
            minimum=1,
            maximum=86400,
            unit="s",
            help="How often the pump runs, in seconds.",
        ),
        Field(
            name="log level",
            type=FieldType.MULTCHOICE,
            required=True,
            default="info",
            choices=("debug", "info", "warning", "error", "critical"),
            help="How much this pump writes to its log; debug is the most.",
        ),
        Field(
            name="active",
            type=FieldType.BOOLEAN,
            required=True,
            default=True,
            help="Only active pumps run when the pumps are started.",
        ),
        Field(
            name="expect result by",
            type=FieldType.STRING,
            label="Expect a result by",
            time_of_day=True,
            help="A time of day such as 09:30. You are told when nothing has arrived by then, although on this day "
            "of the week something always did. Leave it blank to be told nothing.",
        ),
    ),
)
"""In front of every type's own sections (compatibility reference, section 3)."""


def read_config(declared: object, *, owner: type, file: str) -> tuple[Section, ...]:
    """Read a pump type's CONFIG.

    Args:
        declared: the CONFIG, a list of sections as in manual chapter 7.5.
        owner: the pump type's class, asked for the methods that CONFIG names.
        file: where the class stands, for messages.

    Returns:
        The common section *Pump*, then the declared ones in their order.

    Raises:
        PumpTypeError: CONFIG has mistakes; the message names each with its section and field.
    """
    mistakes = Mistakes(owner)
    sections = [COMMON_SECTION]
    if not isinstance(declared, list | tuple):
        mistakes.add("CONFIG must be a list of sections", found=declared)
        declared = []
    for number, entry in enumerate(declared, start=1):
        section = _read_section(entry, number, mistakes)
        if section is not None:
            sections.append(section)
    _check_names(sections, mistakes)
    _check_dependencies(sections, mistakes)
    if mistakes.found:
        raise PumpTypeError(_in_words(mistakes.found, owner, file), subject=owner.__name__)
    return tuple(sections)


def _in_words(found: list[str], owner: type, file: str) -> str:
    count = "a mistake" if len(found) == 1 else f"{len(found)} mistakes"
    lines = "\n".join(f"- {line}" for line in found)
    return f"The CONFIG of {owner.__name__} in {file} has {count}; the pump type is not offered.\n{lines}"


def _read_section(entry: Any, number: int, mistakes: Mistakes) -> Section | None:
    if not isinstance(entry, Mapping):
        mistakes.add(f"section number {number} must be a dict", found=entry)
        return None
    name = read_name(entry, f"section number {number}", mistakes)
    place = f"section '{name}'" if name else f"section number {number}"
    inner = mistakes.at(place)
    declared = entry.get("fields", [])
    if not isinstance(declared, list | tuple):
        inner.add("'fields' must be a list", found=declared)
        declared = []
    fields = [read_field(field, position, inner) for position, field in enumerate(declared, start=1)]
    validation = entry.get("validation")
    if validation is not None:
        inner.method(validation, "validation")
    multiple = flag(entry, "multiple", inner)
    dependencies = read_names(entry, "dependencies", inner)
    if not name:
        return None
    return Section(
        name=name,
        fields=tuple(field for field in fields if field is not None),
        multiple=multiple,
        dependencies=dependencies,
        validation=validation if isinstance(validation, str) else None,
    )


def _check_names(sections: list[Section], mistakes: Mistakes) -> None:
    for name in _repeated([section.name for section in sections]):
        why = "every pump type has that section already" if name == COMMON else "each needs its own name"
        mistakes.add(f"section '{name}' is declared more than once; {why}")
    for section in sections:
        for name in _repeated([field.name for field in section.fields]):
            mistakes.add(f"section '{section.name}', field '{name}': the field is declared more than once")


def _repeated(names: list[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})


def _check_dependencies(sections: list[Section], mistakes: Mistakes) -> None:
    known = {section.name for section in sections}
    graph: dict[str, set[str]] = {}
    for section in sections:
        for dependency in section.dependencies:
            if dependency not in known:
                mistakes.add(
                    f"section '{section.name}' depends on the section '{dependency}', which does not exist"
                )
        graph.setdefault(section.name, set()).update(known.intersection(section.dependencies))
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle = " → ".join(f"'{name}'" for name in reversed(error.args[1]))
        mistakes.add(f"the sections depend on each other in a circle: {circle}")
