"""Numbers as people type them: whole ones and others, blank ones, and halves of them while they are typed."""

from __future__ import annotations

import math
import re

_WHOLE = re.compile(r"[+-]?[0-9]+")
_NUMBER = re.compile(r"[+-]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)([eE][+-]?[0-9]+)?")
_BEGUN_WHOLE = re.compile(r"[+-]?[0-9]*")
_BEGUN_NUMBER = re.compile(r"[+-]?[0-9]*([.,][0-9]*)?([eE][+-]?[0-9]*)?")

Typed = int | float | str | None
"""A number; None for blank; the text itself where it is no number (yet)."""


def read_number(text: str, *, whole: bool) -> Typed:
    """What a typed text means; the decimal sign may be a point or a comma."""
    plain = text.strip()
    if not plain:
        return None
    if not (_WHOLE if whole else _NUMBER).fullmatch(plain):
        return text
    if whole:
        return int(plain)
    value = float(plain.replace(",", "."))
    return value if math.isfinite(value) else text


def may_become_number(text: str, *, whole: bool) -> bool:
    """True when a number can still come of it, so that typing may go on."""
    return bool((_BEGUN_WHOLE if whole else _BEGUN_NUMBER).fullmatch(text.strip()))


def write_number(value: object, decimal_sign: str = ".") -> str:
    """A value as text: blank for None, and whatever is no number just as it is."""
    if value is None:
        return ""
    if isinstance(value, float):
        text = str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        return text.replace(".", decimal_sign)
    return str(value)
