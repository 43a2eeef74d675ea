"""One option of a pump type: its type, limits and choices, declared once as data."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from qcpump_qt.engine.config.secrecy import looks_secret

Scalar = str | bool | int | float | None
"""What a field can hold; None is a number that was left blank."""


class FieldType(str, Enum):
    """The types of manual chapter 7.5.1, plus SECRET (kept in the keyring) and FILE."""

    STRING = "string"
    BOOLEAN = "boolean"
    INT = "int"
    UINT = "uint"
    FLOAT = "float"
    MULTCHOICE = "multchoice"
    DIRECTORY = "directory"
    SECRET = "secret"  # noqa: S105 - the name of a type, not a password
    FILE = "file"

    @property
    def words(self) -> str:
        """The kind of value it takes, as in "must be …"."""
        return _WORDS[self]

    @property
    def is_text(self) -> bool:
        """True when its values are text."""
        return self not in _NUMBERS and self is not FieldType.BOOLEAN

    @property
    def is_number(self) -> bool:
        """True when its values are numbers (True and False are none)."""
        return self in _NUMBERS

    @property
    def is_path(self) -> bool:
        """True when its values name something in the file system."""
        return self in (FieldType.DIRECTORY, FieldType.FILE)


_NUMBERS = frozenset({FieldType.INT, FieldType.UINT, FieldType.FLOAT})
_WORDS = {
    FieldType.STRING: "text",
    FieldType.BOOLEAN: "true or false",
    FieldType.INT: "a whole number",
    FieldType.UINT: "a whole number that is not negative",
    FieldType.FLOAT: "a number",
    FieldType.MULTCHOICE: "one of the choices",
    FieldType.DIRECTORY: "the path of a folder",
    FieldType.SECRET: "text",
    FieldType.FILE: "the path of a file",
}


def is_number(value: object) -> bool:
    """True for a finite float and for an int of at most 64 bits; True and False are no numbers."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return value.bit_length() < 64 if isinstance(value, int) else math.isfinite(value)


def has_type(kind: FieldType, value: object) -> bool:
    """True when `value` is exactly what a field of this type holds (an int is a fine FLOAT)."""
    if kind is FieldType.BOOLEAN:
        return isinstance(value, bool)
    if kind is FieldType.FLOAT:
        return is_number(value)
    if kind.is_number:
        return is_number(value) and isinstance(value, int)
    return isinstance(value, str)


def label_from(name: str) -> str:
    """The label of a field that declares none: "tds directory" → "Tds Directory" (manual, chapter 7.3)."""
    return " ".join(word[:1].upper() + word[1:] for word in name.replace("_", " ").split())


@dataclass(frozen=True, kw_only=True)
class Field:
    """One option.

    Args:
        name: its name in CONFIG, in values and on disk.
        type: what kind of value it takes.
        required: True when it must not be blank.
        label: what people see; made from the name where it is left out.
        help: a sentence or two for the form.
        default: its value where nothing was entered; None for a number without default.
        readonly: True when people only look at it.
        choices: the fixed choices of a MULTCHOICE, or None.
        choices_method: name of the pump type's method that fetches the choices, or None.
        minimum: smallest allowed number, included.
        maximum: largest allowed number, included.
        unit: what a number counts (``s``, ``min``), for the form.
        time_of_day: True for a text that has to be a time of day, ``HH:MM``, where it is not blank.
    """

    name: str
    type: FieldType
    required: bool = False
    label: str = ""
    help: str = ""
    default: Scalar = None
    readonly: bool = False
    choices: tuple[str, ...] | None = None
    choices_method: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    unit: str = ""
    time_of_day: bool = False

    def __post_init__(self) -> None:
        if not self.label:
            object.__setattr__(self, "label", label_from(self.name))
        if self.default is None and not self.type.is_number:
            object.__setattr__(self, "default", False if self.type is FieldType.BOOLEAN else "")

    @property
    def secret(self) -> bool:
        """True when its value belongs into the keyring: SECRET, or a text whose name says so."""
        return self.type is FieldType.SECRET or (self.type is FieldType.STRING and looks_secret(self.name))
