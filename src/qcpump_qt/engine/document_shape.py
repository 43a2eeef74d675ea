"""The shape that a pump's document must have, and words for what is not so; never a value, which might be secret."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

SCHEMA = 1
MARK = {"secret": True}
"""Stands in the document for a value that is in the keyring."""

_LIMIT = 2**63
"""Whole numbers stay below it: no field needs a larger one, and some could not even be written."""
_HALF = "half of a character stands there, which no file can hold"


class Misshapen(ValueError):  # noqa: N818 - reads as the state of the document
    """What is the matter with a document, as a sentence."""


def check_document(raw: object) -> dict[str, Any]:
    """The document, if it is one in all its parts.

    Unknown keys are refused: dropping them at the next save would lose what a later version kept there.

    Raises:
        Misshapen: it is not.
    """
    if not isinstance(raw, dict):
        raise Misshapen("A JSON object is expected.")
    for key, check in _CHECKS.items():
        if key in raw:
            check(key, raw[key])
        elif key != "origin":
            raise Misshapen(f"At {key}: this key is missing.")
    unknown = next((key for key in raw if key not in _CHECKS), None)
    if unknown is not None:
        raise Misshapen(f"At {_shown(unknown)}: there is no such key.")
    return raw


def is_mark(value: object) -> bool:
    """Whether it stands for a value in the keyring."""
    return isinstance(value, dict) and value == MARK and value["secret"] is True


def _check_schema(key: str, value: object) -> None:
    if type(value) is not int or value != SCHEMA:
        raise Misshapen(f"At {key}: the number {SCHEMA} is expected.")


def _check_text(key: str, value: object) -> None:
    if not isinstance(value, str):
        raise Misshapen(f"At {key}: a text is expected.")
    if not _is_whole(value):
        raise Misshapen(f"At {key}: {_HALF}.")


def _check_name(key: str, value: object) -> None:
    if not value:
        raise Misshapen(f"At {key}: a text that is not empty is expected.")
    _check_text(key, value)


def _check_values(key: str, value: object) -> None:
    for section, subsections in _keyed(value, key, "an object with the sections is expected").items():
        place = f"{key} → {section}"
        if not isinstance(subsections, list):
            raise Misshapen(f"At {place}: a list of objects is expected.")
        for number, row in enumerate(subsections, start=1):
            fields = _keyed(row, f"{place} {number}", "an object with the fields is expected")
            for field, kept in fields.items():
                if not _is_keepable(kept):
                    raise Misshapen(f"The value of {section} → {field} is of a kind that cannot be kept.")


def _keyed(value: object, place: str, expected: str) -> Mapping[str, Any]:
    """An object whose names are all texts that can be written."""
    if not isinstance(value, dict):
        raise Misshapen(f"At {place}: {expected}.")
    for name in value:
        if not isinstance(name, str):
            raise Misshapen(f"At {place} → {_shown(name)}: a text is expected as the name.")
        if not _is_whole(name):
            raise Misshapen(f"At {place} → {_shown(name)}: {_HALF}.")
    return value


def _is_keepable(value: object) -> bool:
    """Whether it is read again from JSON as what it was."""
    if value is None or isinstance(value, bool):
        return True
    if isinstance(value, str):
        return _is_whole(value)
    if isinstance(value, int):
        return -_LIMIT <= value < _LIMIT
    if isinstance(value, float):
        return math.isfinite(value)
    return is_mark(value)


def _is_whole(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _shown(name: object) -> str:
    """A name for a message, with what cannot be written as its code."""
    return str(name).encode("utf-8", errors="backslashreplace").decode("utf-8")


_CHECKS: dict[str, Callable[[str, object], None]] = {
    "schema": _check_schema,
    "id": _check_name,
    "type": _check_name,
    "name": _check_name,
    "origin": _check_text,
    "values": _check_values,
}
"""What is kept of a pump, and how each is looked at; all but the origin must be there."""
