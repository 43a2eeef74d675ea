"""The exit codes, and how several results become one."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from qcpump_qt.engine.errors import BusyError, ConfigurationError, PumpError
from qcpump_qt.engine.report import CycleOutcome, CycleReport


class ExitCode(IntEnum):
    """What the caller (a scheduler, a script) is told."""

    OK = 0
    TROUBLE = 1
    """At least one record was rejected, or a pump is invalid, failed or needs attention."""
    USAGE = 2
    """Wrong usage or configuration."""
    TRY_AGAIN = 3
    """A server or source could not be reached; trying again later may help."""


_OF_OUTCOME = {
    CycleOutcome.OK: ExitCode.OK,
    CycleOutcome.INACTIVE: ExitCode.OK,
    CycleOutcome.STOPPED: ExitCode.OK,
    CycleOutcome.UNREACHABLE: ExitCode.TRY_AGAIN,
    CycleOutcome.BUSY: ExitCode.TRY_AGAIN,
}


def of_reports(reports: Iterable[CycleReport], *, broken: bool = False) -> ExitCode:
    """The one code for several cycles: trouble counts most, then a broken configuration, then try-again.

    Args:
        reports: what the cycles said.
        broken: True when something in the home or in what was typed is not in order: settings, a pump's document,
            pump types, a name.
    """
    return worst([_OF_OUTCOME.get(report.outcome, ExitCode.TROUBLE) for report in reports], broken=broken)


def worst(codes: Iterable[ExitCode], *, broken: bool = False) -> ExitCode:
    """The code that counts most; arguments as `of_reports`."""
    found = {*codes, *([ExitCode.USAGE] if broken else [])}
    for code in (ExitCode.TROUBLE, ExitCode.USAGE, ExitCode.TRY_AGAIN):
        if code in found:
            return code
    return ExitCode.OK


def of_error(error: PumpError) -> ExitCode:
    """The code for an error that ended a command."""
    if isinstance(error, ConfigurationError):
        return ExitCode.USAGE
    if error.transient or isinstance(error, BusyError):
        return ExitCode.TRY_AGAIN
    return ExitCode.TROUBLE
