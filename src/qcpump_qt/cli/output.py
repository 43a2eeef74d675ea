"""Printing: one JSON object for programs, plain lines for people; nothing secret in either."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from qcpump_qt.engine.report import CycleReport, Message


class Output:
    """Where a command's words go.

    Args:
        as_json: True prints exactly one JSON object to stdout; what people should know meanwhile goes to stderr.
    """

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json

    def line(self, text: str = "") -> None:
        """One line for people; nothing in JSON mode."""
        if not self.as_json:
            print(printable(text, sys.stdout.encoding), flush=True)  # noqa: T201 - this is the command line

    def trouble(self, text: str) -> None:
        """One line about trouble, always to stderr."""
        print(printable(text, sys.stderr.encoding), file=sys.stderr, flush=True)  # noqa: T201 - as above

    def document(self, content: Mapping[str, Any]) -> None:
        """The one JSON object; nothing in the mode for people."""
        if self.as_json:
            print(json.dumps(content, indent=2, ensure_ascii=True, default=str), flush=True)  # noqa: T201 - as above

    def reports(self, reports: Iterable[CycleReport], messages: Iterable[str] = ()) -> None:
        """Cycles, in the shape that `run --json` promises, or as lines."""
        found = list(reports)
        for report in found:
            self.report(report)
        self.document(pumps_document((report.as_json() for report in found), messages))

    def report(self, report: CycleReport) -> None:
        """One cycle as lines."""
        self.line(f"{report.name} ({report.type}): {report.outcome.value}, {counted(report.counts)}")
        for message in report.messages:
            self.line(f"  {message.level}: {message.text}")


def pumps_document(pumps: Iterable[Mapping[str, Any]], messages: Iterable[str] = ()) -> dict[str, Any]:
    """The object that all commands about pumps print with ``--json``.

    Args:
        pumps: one object for each pump.
        messages: about the home as a whole (settings, pump types, broken documents).
    """
    return {"pumps": list(pumps), "messages": [{"level": "error", "text": text} for text in messages]}


def pump_object(name: str, type_key: str, outcome: str, messages: Iterable[Message] = ()) -> dict[str, Any]:
    """A pump with every key of the promised shape, for commands that count nothing."""
    names = ("found", "delivered", "already_there", "waiting", "skipped", "rejected")
    return {
        "name": name,
        "type": type_key,
        "outcome": outcome,
        **dict.fromkeys(names, 0),
        "seconds": 0.0,
        "messages": [{"level": message.level, "text": message.text} for message in messages],
    }


def counted(counts: Mapping[str, int]) -> str:
    """Counts as people read them."""
    parts = [
        f"{number} {name.replace('_', ' ')}" for name, number in counts.items() if number and name != "found"
    ]
    return ", ".join(parts) or "nothing new"


def printable(text: str, encoding: str | None) -> str:
    """The text without characters that the terminal cannot show (and would fail on)."""
    return text.encode(encoding or "utf-8", "backslashreplace").decode(encoding or "utf-8")
