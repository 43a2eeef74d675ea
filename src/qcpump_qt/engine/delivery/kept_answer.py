"""What is kept of the server's answer to a delivered record: what people look at, and not the other nine tenths."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

LONGEST = 200
"""Characters that are kept of a text."""

_SESSION = ("url", "site_url", "id", "user_key", "work_started", "work_completed", "comment")
_STORED = ("value", "string_value", "date_value", "datetime_value", "value_display")
"""Where the server shows the value of a test; the first of these that is not blank tells it."""


def kept_answer(answer: Mapping[str, Any]) -> dict[str, Any]:
    """The session, and of each test its value, the server's judgement, and whether it is skipped.

    Args:
        answer: the session as the server described it.
    """
    kept = {name: _short(answer[name]) for name in _SESSION if _tells(answer.get(name))}
    tests = answer.get("tests")
    if isinstance(tests, Mapping):
        kept["tests"] = {str(slug): _kept_test(test) for slug, test in tests.items()}
    return kept


def _kept_test(test: Any) -> dict[str, Any]:
    if not isinstance(test, Mapping):
        return {}
    verdict = test.get("pass_fail")
    word = verdict[-1] if isinstance(verdict, list) and verdict else verdict
    judged = {"pass_fail": _short(word)} if isinstance(word, str) and word else {}
    return {**({"skipped": True} if test.get("skipped") else _value(test)), **judged}


def _value(test: Mapping[str, Any]) -> dict[str, Any]:
    files = test.get("attachments")
    if isinstance(files, list) and files:
        return {"attachments": [_end(str(file)) for file in files]}
    name = next((name for name in _STORED if _tells(test.get(name))), None)
    if name is None:
        return {}
    value = test[name]
    # A text that was cut must not look like another one than was sent, so it stands where no text is compared.
    cut = isinstance(value, str) and len(value) > LONGEST
    return {"value_display" if cut else name: _short(value)}


def _tells(value: Any) -> bool:
    """Whether there is something in it that can be shown in one line."""
    return isinstance(value, str | int | float) and value != ""


def _short(value: Any) -> Any:
    if isinstance(value, str) and len(value) > LONGEST:
        return f"{value[: LONGEST - 1]}…"
    return value


def _end(path: str) -> str:
    """The last part of an address; its folders say nothing."""
    return path.rstrip("/").rsplit("/", 1)[-1][-LONGEST:]
