"""What can be said about one value without asking anybody: blank, type, limits, choices."""

from __future__ import annotations

import re
from datetime import time

from qcpump_qt.engine.config.fields import Field, FieldType, has_type
from qcpump_qt.engine.config.mistakes import shown
from qcpump_qt.engine.config.secrecy import has_credentials

_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", re.ASCII)


def check(field: Field, value: object) -> str:
    """What is wrong with `value`, as a sentence; "" when nothing is.

    Choices that a server gives are not looked at: it may be unreachable, and then a saved choice
    must stay (compatibility reference, section 3). Nor is the file system: a share may hang.
    """
    if is_blank(value):
        return _blank(field)
    if not has_type(field.type, value):
        return f"{field.label} must be {field.type.words}{_instead(field, value)}."
    if field.choices is not None and value not in field.choices:
        return f"{field.label} must be one of {', '.join(field.choices)}{_instead(field, value)}."
    if field.time_of_day and time_of_day(str(value)) is None:
        return f"{field.label} must be a time of day such as 09:30{_instead(field, value)}, or blank."
    if isinstance(value, int | float):
        return _outside(field, value)
    return ""


def time_of_day(text: str) -> time | None:
    """The time that a text such as ``09:30`` says; None for any other text."""
    found = _TIME.fullmatch(text.strip())
    return time(int(found[1]), int(found[2])) if found else None


def is_blank(value: object) -> bool:
    """True for nothing, and for text of nothing but spaces."""
    return value is None or (isinstance(value, str) and not value.strip())


def display(field: Field, value: object) -> str:
    """A value as it may stand in a message: never a secret."""
    if field.secret or (isinstance(value, str) and has_credentials(value)):
        return "the value that was entered"
    return shown(value)


def _blank(field: Field) -> str:
    if not field.required:
        return ""
    verb = "Choose a value" if field.type is FieldType.MULTCHOICE else "Enter a value"
    return f"{verb} for {field.label}; it must not be blank."


def _instead(field: Field, value: object) -> str:
    return f", not {display(field, value)}"


def _outside(field: Field, value: float) -> str:
    if isinstance(value, bool):
        return ""
    low, high = field.minimum, field.maximum
    if (low is None or value >= low) and (high is None or value <= high):
        return ""
    unit = f" {field.unit}" if field.unit else ""
    if low is None:
        return f"{field.label} must be at most {high}{unit}, not {value}."
    if high is None:
        return f"{field.label} must be at least {low}{unit}, not {value}."
    return f"{field.label} must be from {low} to {high}{unit}, not {value}."
