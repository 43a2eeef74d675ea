"""What one line of a log looks like."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timezone

from qcpump_qt.engine.errors import ConfigurationError

LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
    "critical": logging.CRITICAL,
}
"""The levels of the manual (section *Pump*, field *log level*)."""


@dataclass(frozen=True)
class LogLine:
    """One line of a pump's log, without secrets.

    Args:
        when: local time, with its offset.
        level: as in `logging`.
        message: the text; may span several lines.
        pump_id: the pump it is about.
    """

    when: datetime
    level: int
    message: str
    pump_id: str


def level_number(level: str | int) -> int:
    """The number of a level given by its word or number.

    Raises:
        ConfigurationError: there is no such level.
    """
    if isinstance(level, int):
        return level
    number = LEVELS.get(level.strip().lower())
    if number is None:
        raise ConfigurationError(f"There is no log level {level!r}; choose one of {', '.join(LEVELS)}.")
    return number


def local_time(seconds: float) -> datetime:
    """Seconds since 1970 as local time with its offset."""
    return datetime.fromtimestamp(seconds, tz=timezone.utc).astimezone()


class LineFormatter(logging.Formatter):
    """``2026-03-31T01:23:34.567+02:00 WARNING  message``; further lines are indented.

    The indent lets nobody write a line that looks like one of ours by sending text with line ends in it.

    Args:
        named: whether the logger's name stands in the line.
    """

    def __init__(self, *, named: bool = False) -> None:
        super().__init__("%(asctime)s %(levelname)-8s " + ("%(name)s: " if named else "") + "%(message)s")

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802, ARG002 - as logging calls it
        """The record's local time in ISO form, with milliseconds and offset."""
        return local_time(record.created).isoformat(timespec="milliseconds")

    def format(self, record: logging.LogRecord) -> str:
        """The whole line, further lines indented by four spaces."""
        return "\n    ".join(super().format(record).splitlines())
