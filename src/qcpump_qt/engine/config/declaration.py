"""Reads the parts of a CONFIG: names, flags, and one field with its limits, choices and default."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from qcpump_qt.engine.config.fields import Field, FieldType, Scalar, has_type, is_number
from qcpump_qt.engine.config.mistakes import Mistakes, shown


def read_name(entry: Mapping[Any, Any], place: str, mistakes: Mistakes) -> str:
    """The entry's 'name', or "" with a mistake noted."""
    name = entry.get("name")
    if isinstance(name, str) and name.strip():
        return name
    if name is None:
        mistakes.add(f"{place} has no 'name'")
    else:
        mistakes.add(f"{place}: 'name' must be text", found=name)
    return ""


def read_names(entry: Mapping[Any, Any], key: str, mistakes: Mistakes) -> tuple[str, ...]:
    """A list of section names, or () with a mistake noted."""
    names = entry.get(key)
    if names is None:
        return ()
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        mistakes.add(f"'{key}' must be a list of section names", found=names)
        return ()
    return tuple(dict.fromkeys(names))


def flag(entry: Mapping[Any, Any], key: str, mistakes: Mistakes) -> bool:
    """A True or False, False where it is left out."""
    value = entry.get(key)
    if value is None or isinstance(value, bool):
        return bool(value)
    mistakes.add(f"'{key}' must be True or False", found=value)
    return False


def read_field(entry: Any, number: int, mistakes: Mistakes) -> Field | None:
    """One entry of 'fields', or None with the mistakes noted."""
    if not isinstance(entry, Mapping):
        mistakes.add(f"field number {number} must be a dict", found=entry)
        return None
    name = read_name(entry, f"field number {number}", mistakes)
    inner = mistakes.at(f"field '{name}'" if name else f"field number {number}")
    kind = _read_type(entry, inner)
    if kind is None or not name:
        return None
    choices, method = _read_choices(entry, kind, inner)
    minimum, maximum = _read_limits(entry, kind, inner)
    field = Field(
        name=name,
        type=kind,
        required=flag(entry, "required", inner),
        label=_text(entry, "label", inner),
        help=_text(entry, "help", inner),
        default=_read_default(entry, kind, inner),
        readonly=flag(entry, "readonly", inner),
        choices=choices,
        choices_method=method,
        minimum=minimum,
        maximum=maximum,
        unit=_text(entry, "unit", inner),
    )
    _check_default(field, inner)
    return field


def _read_type(entry: Mapping[Any, Any], mistakes: Mistakes) -> FieldType | None:
    kind = entry.get("type")
    if kind is None:
        mistakes.add("it has no 'type'")
        return None
    known = [member.value for member in FieldType]
    if isinstance(kind, str) and kind in known:
        return FieldType(kind)
    mistakes.add(f"'type' must be one of {', '.join(known)}", found=kind)
    return None


def _text(entry: Mapping[Any, Any], key: str, mistakes: Mistakes) -> str:
    value = entry.get(key)
    if value is None or isinstance(value, str):
        return value or ""
    mistakes.add(f"'{key}' must be text", found=value)
    return ""


def _read_choices(
    entry: Mapping[Any, Any], kind: FieldType, mistakes: Mistakes
) -> tuple[tuple[str, ...] | None, str | None]:
    if kind is not FieldType.MULTCHOICE:
        return None, None
    choices = entry.get("choices")
    if choices is None:
        mistakes.add("a field with choices needs 'choices': a list of texts, or the name of a method")
    elif isinstance(choices, str):
        mistakes.method(choices, "choices")
        return None, choices
    elif isinstance(choices, list | tuple) and choices and all(isinstance(text, str) for text in choices):
        return tuple(choices), None
    else:
        mistakes.add("'choices' must be a list of texts, or the name of a method", found=choices)
    return None, None


def _read_limits(
    entry: Mapping[Any, Any], kind: FieldType, mistakes: Mistakes
) -> tuple[float | None, float | None]:
    limits = entry.get("validation")
    if limits is None:
        limits = {}
    if not isinstance(limits, Mapping):
        mistakes.add("'validation' of a field must be a dict with 'min' and 'max'", found=limits)
        limits = {}
    minimum, maximum = (_limit(limits, key, mistakes) for key in ("min", "max"))
    if minimum is not None and maximum is not None and minimum > maximum:
        mistakes.add(f"'min' ({minimum}) is greater than 'max' ({maximum})")
        return None, None
    if kind is FieldType.UINT and minimum is None:
        minimum = 0
    return minimum, maximum


def _limit(limits: Mapping[Any, Any], key: str, mistakes: Mistakes) -> float | None:
    value = limits.get(key)
    if value is None or is_number(value):
        return value
    mistakes.add(f"'{key}' must be a number", found=value)
    return None


def _read_default(entry: Mapping[Any, Any], kind: FieldType, mistakes: Mistakes) -> Scalar:
    default = entry.get("default")
    if kind.is_path and isinstance(default, os.PathLike):
        default = os.fspath(default)
    if default is None or has_type(kind, default):
        value: Scalar = default
        return value
    mistakes.add(f"'default' must be {kind.words}", found=default)
    return None


def _check_default(field: Field, mistakes: Mistakes) -> None:
    default = field.default
    if field.choices is not None and default and default not in field.choices:
        mistakes.add(f"'default' {shown(default)} is not among the choices {', '.join(field.choices)}")
    if not isinstance(default, int | float) or isinstance(default, bool):
        return
    if field.minimum is not None and default < field.minimum:
        mistakes.add(f"'default' {default} is smaller than 'min' ({field.minimum})")
    if field.maximum is not None and default > field.maximum:
        mistakes.add(f"'default' {default} is greater than 'max' ({field.maximum})")
