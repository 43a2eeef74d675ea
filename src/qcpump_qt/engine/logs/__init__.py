"""Logs for people: one for each pump and one for the program, without any secret in them."""

from qcpump_qt.engine.logs.lines import LogLine, level_number
from qcpump_qt.engine.logs.logs import Logs, PumpLog
from qcpump_qt.engine.logs.redaction import Redactor

__all__ = ["LogLine", "Logs", "PumpLog", "Redactor", "level_number"]
