"""Printing: one JSON object for programs, plain lines for people; nothing secret in either."""

from __future__ import annotations

import errno
import json
import os
import sys
from collections.abc import Iterable, Mapping
from typing import Any, TextIO

from qcpump_qt.engine.report import CycleOutcome, CycleReport, Message

_READER_GONE = (errno.EPIPE, errno.EINVAL)
"""What writing gives when nobody reads any more: the second is Windows' way to say so."""


class Output:
    """Where a command's words go.

    Args:
        as_json: True prints exactly one JSON object to stdout; what people should know meanwhile goes to stderr.
    """

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        # Kept, because in JSON mode what a pump type prints by itself is sent elsewhere. Either may be None.
        self._out: TextIO | None = sys.stdout
        self._err: TextIO | None = sys.stderr
        self.lost = False
        """True once something could not be written although somebody wanted it (a full disk)."""

    def line(self, text: str = "") -> None:
        """One line for people; nothing in JSON mode."""
        if not self.as_json:
            self._write(self._out, text)

    def trouble(self, text: str) -> None:
        """One line about trouble, always to stderr."""
        self._write(self._err, text)

    def document(self, content: Mapping[str, Any]) -> None:
        """The one JSON object; nothing in the mode for people."""
        if self.as_json:
            self._write(self._out, json.dumps(content, indent=2, ensure_ascii=True, default=str))

    def report(self, report: CycleReport) -> None:
        """One cycle as lines."""
        self.line(headline(report))
        for message in report.messages:
            self.line(indented(f"{message.level}: {message.text}"))

    def _write(self, stream: TextIO | None, text: str) -> None:
        """Print a line; a reader that has gone (``| head -1``) disturbs no cycle that is under way."""
        if stream is None:
            return
        try:
            print(printable(text, stream.encoding), file=stream, flush=True)
        except OSError as error:
            _mute(stream)
            if stream is self._out and error.errno not in _READER_GONE:
                self.lost = True
                self.trouble(f"The output could not be written: {error.strerror}.")


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


def headline(report: CycleReport) -> str:
    """A cycle in one line: who, how it ended, and what it did where it did anything."""
    attention = report.outcome is CycleOutcome.ATTENTION
    outcome = "needs attention" if attention else report.outcome.value
    counts = counted(report.counts)
    if not counts and report.outcome is CycleOutcome.OK:
        counts = "nothing new"
    return f"{report.name} ({report.type}): {outcome}{', ' if counts else ''}{counts}"


def counted(counts: Mapping[str, int]) -> str:
    """Counts as people read them; "" where there is nothing to count."""
    parts = [
        f"{number} {name.replace('_', ' ')}" for name, number in counts.items() if number and name != "found"
    ]
    return ", ".join(parts)


def indented(text: str) -> str:
    """A message below the line that it belongs to, each of its lines a little to the right."""
    first, *more = text.splitlines() or [""]
    return "\n".join([f"  {first}", *(f"    {line}" for line in more)])


def printable(text: str, encoding: str | None) -> str:
    """The text without characters that the terminal cannot show (and would fail on) or would take for commands."""
    text = "".join(each if each >= " " or each in "\n\t" else ascii(each)[1:-1] for each in text)
    return text.encode(encoding or "utf-8", "backslashreplace").decode(encoding or "utf-8")


def _mute(stream: TextIO) -> None:
    """Lead a stream into nothing, so that what is left in its buffer fails no more at the end of the process."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nothing, stream.fileno())
    finally:
        os.close(nothing)
