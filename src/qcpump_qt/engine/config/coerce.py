"""Turns what stands in a file or a form into the type its field holds, and says when it had to."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from qcpump_qt.engine.config.fields import Field, FieldType, Scalar, has_type, is_number

_WHOLE = re.compile(r"[+-]?[0-9]{1,20}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?", re.ASCII)
_TRUE = frozenset({"true", "yes", "on", "1"})
_FALSE = frozenset({"false", "no", "off", "0"})


@dataclass(frozen=True)
class Coerced:
    """One value, made fit for its field.

    Args:
        value: the value to go on with.
        changed: True when the type had to be changed ("300" → 300).
        lost: True when nothing fitting could be made of it and the default stands in.
    """

    value: Scalar
    changed: bool = False
    lost: bool = False


def coerce(field: Field, raw: object) -> Coerced:
    """Make `raw` a value of `field`.

    A text that is no number, or neither true nor false, stays as it is: people see what they entered,
    and the check of the field (`qcpump_qt.engine.config.checks`) tells what is wrong with it.
    """
    if raw is None:
        return Coerced(None if field.type.is_number else field.default)
    if has_type(field.type, raw):
        return Coerced(_exact(field, raw))
    if field.type.is_text:
        return _to_text(field, raw)
    found = _to_boolean(raw) if field.type is FieldType.BOOLEAN else _to_number(field.type, raw)
    if found is not None:
        return Coerced(found, changed=True)
    if isinstance(raw, str) and not raw.strip():
        return Coerced(None if field.type.is_number else field.default)
    return Coerced(raw) if isinstance(raw, str | bool) else _plain_text(field, raw)


def _exact(field: Field, raw: object) -> Scalar:
    if field.type is FieldType.FLOAT and isinstance(raw, int):
        return float(raw)
    return raw if isinstance(raw, str | bool | int | float) else None


def _to_text(field: Field, raw: object) -> Coerced:
    text = _written(raw)
    return Coerced(field.default, lost=True) if text is None else Coerced(text, changed=True)


def _plain_text(field: Field, raw: object) -> Coerced:
    """A number that does not fit (NaN, a fraction for a whole number) stays as its text; the rest is lost."""
    text = _written(raw)
    return Coerced(field.default, lost=True) if text is None else Coerced(text)


def _written(raw: object) -> str | None:
    """A number, or True or False, as text; None for what is none, and for a number beyond all bounds."""
    if isinstance(raw, bool | float) or is_number(raw):
        return str(raw)
    return None


def _to_boolean(raw: object) -> bool | None:
    word = (_written(raw) or "") if isinstance(raw, int) else raw
    word = word.strip().casefold() if isinstance(word, str) else ""
    if word in _TRUE:
        return True
    return False if word in _FALSE else None


def _to_number(kind: FieldType, raw: object) -> int | float | None:
    if isinstance(raw, float) and raw.is_integer() and kind is not FieldType.FLOAT:
        return int(raw) if is_number(int(raw)) else None
    if not isinstance(raw, str):
        return None
    text = raw.strip()
    if kind is FieldType.FLOAT:
        value = float(text) if _DECIMAL.fullmatch(text) else math.nan
        return value if math.isfinite(value) else None
    number = int(text) if _WHOLE.fullmatch(text) else None
    return number if is_number(number) else None
