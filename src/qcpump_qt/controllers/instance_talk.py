"""What two starts of the program say to each other: one line of JSON each way, with a version."""

from __future__ import annotations

import json
from typing import Any

VERSION = 1
LONGEST = 4096
"""Bytes; no message of ours comes near."""
ASK = b'{"version": 1, "command": "show"}\n'


def answer_to(line: bytes) -> tuple[bytes, str]:
    """The answer to one line, and the command to follow; no command where it was not understood."""
    message = _message(line)
    if message is None:
        return _refusal("This is no message of QCPump-Qt."), ""
    if message.get("version") != VERSION:
        return _refusal(
            f"The window that is open speaks version {VERSION} and was asked in version "
            f"{_short(message.get('version'))}. Quit it, then start QCPump-Qt again."
        ), ""
    if message.get("command") != "show":
        return _refusal(f"The window that is open knows no command {_short(message.get('command'))}."), ""
    return _line({"version": VERSION, "answer": "ok"}), "show"


def complaint_of(line: bytes) -> str:
    """What an answer complains of, in words; nothing when all is well."""
    if not line:
        return (
            "QCPump-Qt is open already, and its window does not answer. "
            "Wait a moment and try again; if that does not help, end it and start it anew."
        )
    message = _message(line.partition(b"\n")[0])
    if message is None:
        return "QCPump-Qt is open already, and its window gave an answer that cannot be understood."
    if message.get("answer") == "ok":
        return ""
    return str(message.get("message") or "The window that is open refused to show itself.")


def _message(line: bytes) -> dict[str, Any] | None:
    if len(line) > LONGEST:
        return None
    try:
        message = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    return message if isinstance(message, dict) else None


def _refusal(words: str) -> bytes:
    return _line({"version": VERSION, "answer": "refused", "message": words})


def _line(message: dict[str, Any]) -> bytes:
    return json.dumps(message).encode("ascii") + b"\n"


def _short(value: object) -> str:
    text = json.dumps(value)
    return text if len(text) <= 40 else text[:39] + "…"
