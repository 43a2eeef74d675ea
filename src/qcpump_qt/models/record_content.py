"""Reads what was or would be sent for one record, and the server's answer to it, into rows of plain text."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from qcpump_qt.engine.records import FileContent
from qcpump_qt.models.rows import RecordDetail

_FILE = "content of file"
"""Under this name the ledger keeps which file's content was sent."""

_LABELS = {
    "work_started": "Work started",
    "work_completed": "Work completed",
    "user_key": "Key (user_key)",
    "day": "Day",
    "unit_test_collection": "Assignment in QATrack+",
    "comment": "Comment",
    "in_progress": "In progress",
    "include_for_scheduling": "Counts for scheduling",
    "status": "Review status",
    "attachments": "Attachments",
}
_MARKUP = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class ValueLine:
    """One test of a record, or one of the entries that are sent with the tests.

    Args:
        test: its macro name (slug), or what the entry is called.
        value: what was or would be sent; empty for a test that only the server has.
        server: what the server stored; empty where its answer does not say.
        judged: the server's verdict on the value, such as ``OK`` or ``Action``.
        skipped: ``skipped`` or empty.
        comment: of the test.
        differs: True when the server stored something else.
        entry: True for what is sent with the tests, such as times and attachments.
    """

    test: str
    value: str = ""
    server: str = ""
    judged: str = ""
    skipped: str = ""
    comment: str = ""
    differs: bool = False
    entry: bool = False


def lines_of(detail: RecordDetail) -> list[ValueLine]:
    """What is sent with the tests, one line for each test, and at the end the tests that only the server has."""
    ours, theirs = _tests(detail.payload), _tests(_body(detail.answer))
    lines = [ValueLine(name, value, entry=True) for name, value in _entries(detail.payload or {})]
    lines += [_line(str(slug), test, theirs.get(slug)) for slug, test in ours.items()]
    lines += [_line(str(slug), None, echo) for slug, echo in theirs.items() if slug not in ours]
    return lines


def _entries(payload: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """All that is sent besides the tests, each with its label; attachments one by one."""
    for name, value in payload.items():
        if name == "attachments" and isinstance(value, (list, tuple)):
            yield from (("Attachment", value_text(attachment)) for attachment in value)
        elif name != "tests":
            yield _LABELS.get(name, name), value_text(value)


def answer_text(detail: RecordDetail) -> str:
    """The server's answer as text to be read; a sentence where none is kept."""
    if detail.answer is None:
        return _NO_ANSWER.get(detail.row.state, "No answer of the server is kept for this record.")
    body, status = _body(detail.answer), _status(detail.answer)
    text = body if isinstance(body, str) else json.dumps(_named(body), indent=2, ensure_ascii=False)
    if status is None:
        return text
    return f"HTTP status {status}\n\n{text}" + (_SHORTENED if status == _CREATED else "")


_CREATED = 201
_SHORTENED = "\n\nThis much of the answer is kept. Open in QATrack+ shows the whole session."

_NO_ANSWER = {
    "would be sent": "Nothing has been sent yet, so there is no answer.",
    "waiting": "There is no answer, as the server has not judged this record yet.",
    "sending": "The record is on its way; there is no answer yet.",
    "delivered": "The server stored this record. What it answered is not kept; Open in QATrack+ shows the session.",
    "already there": "The server had this record before. Open in QATrack+ shows the session where its page is known.",
    "skipped": "The record was not sent, so there is no answer.",
    "rejected": "No answer of the server is kept. The reason above says what stood in the way.",
}


def value_text(value: Any) -> str:
    """A value as it would be sent, as text; the content of a file is never shown, only which file it is."""
    if value is None:
        return "no value"
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (Mapping, list, tuple, FileContent)):
        named = _named(value)
        return named if isinstance(named, str) else json.dumps(named, ensure_ascii=False)
    return str(value)


def _line(slug: str, ours: Any, echo: Any) -> ValueLine:
    test = ours if isinstance(ours, Mapping) else {} if ours is None else {"value": ours}
    server = echo if isinstance(echo, Mapping) else {}
    comment = test.get("comment") or (server.get("comment") if ours is None else "")
    return ValueLine(
        test=slug,
        value=_sent(test),
        server=_stored(server),
        judged=_judged(server),
        skipped="skipped" if test.get("skipped") or (ours is None and server.get("skipped")) else "",
        comment=value_text(comment) if comment else "",
        differs=bool(server) and ours is not None and _differ(test, server),
    )


def _sent(test: Mapping[str, Any]) -> str:
    if _file_words(test) or "value" not in test:
        return _file_words(test)
    return "" if test["value"] is None and test.get("skipped") else value_text(test["value"])


def _stored(echo: Mapping[str, Any]) -> str:
    """What the server says that it stored for one test."""
    if echo.get("skipped"):
        return "skipped"
    files = echo.get("attachments")
    if isinstance(files, list) and files:
        return ", ".join(f"file {_name_of(str(each))}" for each in files)
    for name in ("value", "string_value", "date_value", "datetime_value"):
        if echo.get(name) not in (None, ""):
            return value_text(echo[name])
    return _MARKUP.sub("", str(echo.get("value_display") or ""))


def _judged(echo: Mapping[str, Any]) -> str:
    verdict = echo.get("pass_fail")
    if isinstance(verdict, (list, tuple)) and verdict:
        return str(verdict[-1])
    return verdict if isinstance(verdict, str) else ""


def _differ(test: Mapping[str, Any], echo: Mapping[str, Any]) -> bool:
    """Whether the server stored another number or text, or skipped what was sent; dates and files are not judged."""
    skipped = bool(echo.get("skipped"))
    if skipped != bool(test.get("skipped")):
        return True
    ours, number, text = test.get("value"), echo.get("value"), echo.get("string_value")
    if skipped or _file_words(test) or ours is None:
        return False
    if isinstance(number, (int, float)):
        return not _same_number(ours, number)
    return isinstance(ours, str) and isinstance(text, str) and bool(text) and ours.strip() != text.strip()


def _same_number(ours: Any, stored: float) -> bool:
    try:
        return math.isclose(float(ours), stored, rel_tol=1e-12)
    except (TypeError, ValueError, OverflowError):
        return False


def _tests(holder: Any) -> Mapping[Any, Any]:
    tests = holder.get("tests") if isinstance(holder, Mapping) else None
    return tests if isinstance(tests, Mapping) else {}


def _status(answer: Any) -> int | None:
    """The HTTP status, where the ledger kept it beside the body."""
    if isinstance(answer, Mapping) and set(answer) == {"status", "body"}:
        return answer["status"] if isinstance(answer["status"], int) else None
    return None


def _body(answer: Any) -> Any:
    return answer["body"] if _status(answer) is not None else answer


def _named(value: Any) -> Any:
    """The value with each file's content replaced by the file's name."""
    words = _file_words(value)
    if words:
        return words
    if isinstance(value, Mapping):
        return {str(name): _named(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_named(each) for each in value]
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)


def _file_words(value: Any) -> str:
    """Which file's content this is, in words; empty when it is none."""
    names = list(_file_names(value))
    if not names:
        return ""
    return f"file {names[0]}" if names[0] else "content of a file"


def _file_names(value: Any) -> Iterator[str]:
    """The names under which a file's content is known; the best one first, empty for one without a name."""
    if isinstance(value, FileContent):
        yield _name_of(str(value.path))
    elif isinstance(value, Mapping):
        inner = value.get("value")
        if isinstance(value.get(_FILE), str):
            yield _name_of(value[_FILE])
        elif "encoding" in value or "filename" in value:
            yield str(value.get("filename") or next(_file_names(inner), ""))
        else:
            yield from _file_names(inner)


def _name_of(path: str) -> str:
    return re.split(r"[\\/]", path)[-1] or path
