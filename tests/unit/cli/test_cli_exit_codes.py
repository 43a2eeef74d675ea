"""Which code counts when several results come together."""

from __future__ import annotations

import pytest

from qcpump_qt.cli.exit_codes import ExitCode, of_error, of_reports, worst
from qcpump_qt.engine.errors import (
    BusyError,
    Cancelled,
    ConfigurationError,
    LedgerError,
    PumpError,
    PumpTypeError,
    SecretError,
    ServerRefused,
    ServerUnavailable,
    SourceUnavailable,
)
from qcpump_qt.engine.report import CycleOutcome, CycleReport

OF_OUTCOME = {
    CycleOutcome.OK: 0,
    CycleOutcome.INACTIVE: 0,
    CycleOutcome.STOPPED: 0,
    CycleOutcome.ATTENTION: 1,
    CycleOutcome.FAILED: 1,
    CycleOutcome.INVALID: 1,
    CycleOutcome.UNREACHABLE: 3,
    CycleOutcome.BUSY: 3,
}


def report(outcome: CycleOutcome) -> CycleReport:
    return CycleReport("TB", "QATrackMPCPump", outcome, {}, 0.1)


@pytest.mark.parametrize("outcome", CycleOutcome)
def test_every_outcome_has_its_code(outcome: CycleOutcome) -> None:
    assert of_reports([report(outcome)]) == OF_OUTCOME[outcome]


@pytest.mark.parametrize(
    ("outcomes", "broken", "code"),
    [
        ([], False, 0),
        ([], True, 2),
        ([CycleOutcome.OK], True, 2),
        ([CycleOutcome.UNREACHABLE], True, 2),
        ([CycleOutcome.FAILED], True, 1),
        ([CycleOutcome.OK, CycleOutcome.UNREACHABLE], False, 3),
        ([CycleOutcome.UNREACHABLE, CycleOutcome.ATTENTION, CycleOutcome.OK], False, 1),
    ],
)
def test_trouble_counts_most_then_configuration_then_try_again(
    outcomes: list[CycleOutcome], broken: bool, code: int
) -> None:
    assert of_reports(map(report, outcomes), broken=broken) == code


def test_worst_of_nothing_is_ok() -> None:
    assert worst([]) is ExitCode.OK


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ConfigurationError("x"), 2),
        (PumpTypeError("x"), 2),
        (ServerUnavailable("x"), 3),
        (SourceUnavailable("x"), 3),
        (BusyError("x"), 3),
        (ServerRefused("x"), 1),
        (SecretError("x"), 1),
        (LedgerError("x"), 1),
        (Cancelled("x"), 1),
        (PumpError("x"), 1),
    ],
    ids=lambda value: type(value).__name__,
)
def test_every_kind_of_error_has_its_code(error: PumpError, code: int) -> None:
    assert of_error(error) == code
