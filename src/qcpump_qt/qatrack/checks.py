"""What a request body must not hold: values that QATrack+ cannot take, found before anything is sent.

The server answers most of them with a bare 500 or a parse error that names nothing (qatrack-api, "500s that
a client can provoke" and the table of POST errors), so they are told here, with the test's name.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from qcpump_qt.engine.errors import RecordRejected
from qcpump_qt.engine.records import FileContent

Path = tuple[str, ...]


class Unsendable(RecordRejected):
    """The record was not sent, because the server could not take one of its values."""

    title = "Record cannot be sent"

    def __init__(self, message: str, *, subject: str = "") -> None:
        super().__init__(message, answer=None, status=0, subject=subject)


def check_payload(payload: Mapping[str, Any]) -> None:
    """Refuse a request body that the server could not take.

    Raises:
        Unsendable: names the test or field and says what is wrong with its value.
    """
    subject = str(payload.get("user_key") or "")
    if payload.get("user_key") == "":
        raise Unsendable(
            "The record has an empty user_key, which the server would take once only. Leave it out, or give one."
        )
    for path, value in _leaves(payload, ()):
        trouble = _trouble(value)
        if trouble:
            raise Unsendable(f"{_where(path)} {trouble}", subject=subject)


def _leaves(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """All values that hold no others, and the names of fields, each with its way from the top."""
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield (*path, str(name)), name if not isinstance(name, str) or _text_trouble(name) else ""
            yield from _leaves(each, (*path, str(name)))
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _leaves(each, path)
    else:
        yield path, value


def _trouble(value: Any) -> str:
    if value is None or isinstance(value, (bool, FileContent)):
        return ""
    if isinstance(value, str):
        return _text_trouble(value)
    if isinstance(value, (int, float)):
        return _number_trouble(value)
    return (
        f"has a value of the kind {type(value).__name__}, which cannot be sent; "
        "the pump has to make it text or a number."
    )


def _number_trouble(value: float) -> str:
    try:
        finite = math.isfinite(value)
    except OverflowError:
        return "has a whole number that is too large for the server. Correct the value, or skip the test."
    return (
        "" if finite else f"has the value {value}, which is no number. Correct the value, or skip the test."
    )


def _text_trouble(text: str) -> str:
    if "\0" in text:
        return "has a text with a NUL character in it, which databases refuse. Take it out at the source."
    if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
        return "has a text with half a character in it (a lone surrogate). Correct the text at the source."
    return ""


def _where(path: Path) -> str:
    if len(path) >= 2 and path[0] == "tests":
        return f"Test '{path[1]}'"
    return f"The field '{path[0]}'" if path else "The record"
