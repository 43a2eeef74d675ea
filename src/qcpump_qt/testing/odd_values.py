"""Values that people, old configuration files and broken forms put into fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from qcpump_qt.engine.config.fields import Field, FieldType

TEXTS: tuple[Any, ...] = (
    "",
    " \t ",
    "x",
    "x" * 5000,
    "Prüfkörper Ж 漢字 🎯",
    "two\nlines",
    "a\x00b",
    "{{ x",
    "{% for %}",
    "%s %(name)s {0}",
    "'; DROP TABLE records; --",
    "..\\..\\C:\\*?<>|",
    "//server/share",
    "http://[",
    "0",
)
WRONG_TYPES: tuple[Any, ...] = (None, True, 17, -0.5, ["a", "b"], {"a": 1})
NUMBERS: tuple[Any, ...] = (
    None,
    "",
    "seven",
    "1,5",
    0,
    -1,
    1,
    1.5,
    10**30,
    1e308,
    float("nan"),
    float("inf"),
    True,
)
SWITCHES: tuple[Any, ...] = (None, "", "yes", 2, [])


def odd_values(field: Field) -> Iterator[Any]:
    """What a field is tried with: blank, nothing, of the wrong type, long, of every alphabet, at its limits."""
    if field.type is FieldType.BOOLEAN:
        yield from (True, False, *SWITCHES)
    elif field.type.is_number:
        yield from NUMBERS
        yield from (limit for limit in (field.minimum, field.maximum) if limit is not None)
    else:
        yield from (*TEXTS, *WRONG_TYPES, *(field.choices or ()))


def shown(value: object) -> str:
    """A value as it stands in a complaint: short."""
    text = repr(value)
    return text if len(text) <= 50 else f"{text[:47]}… ({len(text)} characters)"
