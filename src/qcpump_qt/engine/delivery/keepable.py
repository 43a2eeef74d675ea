"""Whether what is to be sent can be kept in the ledger, so that it can be sent from there too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qcpump_qt.engine.ledger.drafts import text_of


def unkeepable(payload: Mapping[str, Any]) -> str:
    """What in the payload is no plain data, in words; empty when all of it is."""
    if _plain(payload):
        return ""
    tests = payload.get("tests")
    if isinstance(tests, Mapping):
        for slug, test in tests.items():
            if not _plain(test) or not isinstance(slug, str):
                return f"The test {slug} has a value that is neither text nor a number; the pump has to make it one."
    for name, value in payload.items():
        if not _plain(value):
            return f"The field {name} is neither text nor a number; the pump has to make it one."
    return "What is to be sent is no plain data."


def _plain(value: Any) -> bool:
    try:
        text_of(value)
    except (TypeError, ValueError, RecursionError):
        return False
    return True
