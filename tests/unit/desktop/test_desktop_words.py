"""What the desktop says of the last cycle and of starting at login, and what starts it there."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from qcpump_qt.desktop.last_cycles import LastCycle, LastCycles, result_words
from qcpump_qt.desktop.login import login_command, login_row
from qcpump_qt.engine.autostart.entry import AutostartKind, AutostartState
from qcpump_qt.engine.paths import Places, usual_root
from qcpump_qt.engine.report import CycleOutcome, CycleReport
from qcpump_qt.models.login_row import LoginRow


def report(outcome: CycleOutcome, reason: str = "", **counts: int) -> CycleReport:
    return CycleReport("Linacs", "Mpc", outcome, counts, 1.24, reason=reason)


@pytest.mark.parametrize(
    ("ended", "words"),
    [
        (report(CycleOutcome.OK), "Last cycle: all well, nothing new, in 1.2 s."),
        (
            report(CycleOutcome.OK, delivered=9, skipped=5, waiting=0),
            "Last cycle: all well, 9 delivered, 5 skipped, in 1.2 s.",
        ),
        (
            report(CycleOutcome.OK, "told, and all well", already_there=2),
            "Last cycle: all well, 2 already there, in 1.2 s.",
        ),
        (
            report(CycleOutcome.ATTENTION, "A record was rejected.", delivered=1, rejected=1),
            "Last cycle: needs attention, 1 delivered, 1 rejected, in 1.2 s. A record was rejected.",
        ),
        (
            report(CycleOutcome.UNREACHABLE, "The server does not answer.", waiting=3),
            "Last cycle: server or source not reached, 3 waiting, in 1.2 s. The server does not answer.",
        ),
        (
            report(CycleOutcome.INVALID, "The folder is missing."),
            "Last cycle: configuration not in order, in 1.2 s. The folder is missing.",
        ),
        (
            report(CycleOutcome.BUSY, "It runs elsewhere."),
            "Last cycle: not run, in 1.2 s. It runs elsewhere.",
        ),
        (report(CycleOutcome.FAILED), "Last cycle: failed, in 1.2 s."),
        (report(CycleOutcome.STOPPED), "Last cycle: stopped, in 1.2 s."),
        (report(CycleOutcome.INACTIVE), "Last cycle: inactive, in 1.2 s."),
    ],
)
def test_how_a_cycle_ended(ended: CycleReport, words: str) -> None:
    assert result_words(ended) == words


def test_each_pump_has_its_own_last_cycle() -> None:
    cycles = LastCycles()
    assert cycles.of("a") == cycles.of(None) == LastCycle(percent=-1.0, step="", result="")
    cycles.progressed("a", 40.0, "Reading")
    cycles.progressed("a", 60.0, "Sending")
    assert cycles.of("a") == LastCycle(60.0, "Sending")
    assert cycles.of("b") == LastCycle()
    cycles.ended("a", report(CycleOutcome.OK))
    assert cycles.of("a") == LastCycle(result="Last cycle: all well, nothing new, in 1.2 s.")
    cycles.progressed("a", 5.0, "Reading")
    assert cycles.of("a") == LastCycle(5.0, "Reading", "Last cycle: all well, nothing new, in 1.2 s.")


@pytest.mark.parametrize(
    ("state", "row"),
    [
        (AutostartState(AutostartKind.ON), LoginRow(on=True, words="", known=True)),
        (AutostartState(AutostartKind.OFF), LoginRow(on=False, words="", known=True)),
        (
            AutostartState(AutostartKind.OFF, why="It was switched off elsewhere."),
            LoginRow(on=False, words="It was switched off elsewhere.", known=True),
        ),
        (
            AutostartState(AutostartKind.ELSEWHERE, entered=("/old/qcpump-qt", "--tray")),
            LoginRow(
                on=False,
                words="Another program is entered: /old/qcpump-qt --tray. Switch it on to enter this one in its "
                "place.",
                known=True,
            ),
        ),
        (
            AutostartState(AutostartKind.ELSEWHERE, entered=("/old",), why="It is entered otherwise."),
            LoginRow(on=False, words="It is entered otherwise.", known=True),
        ),
        (
            AutostartState(AutostartKind.UNKNOWN, why="The file cannot be read."),
            LoginRow(on=False, words="The file cannot be read.", known=False),
        ),
    ],
)
def test_what_is_said_of_starting_at_login(state: AutostartState, row: LoginRow) -> None:
    assert login_row(state) == row


def test_what_is_started_at_login() -> None:
    usual = Places()
    assert login_command(usual, frozen=False) == (sys.executable, "-m", "qcpump_qt", "--tray")
    assert login_command(usual, executable="/opt/qcpump-qt", frozen=True) == ("/opt/qcpump-qt", "--tray")


def test_another_home_is_named_at_login_too(tmp_path: Path) -> None:
    assert login_command(Places(tmp_path), executable="/opt/qcpump-qt", frozen=True) == (
        *("/opt/qcpump-qt", "--home", str(tmp_path)),
        "--tray",
    )


def test_on_windows_the_python_without_a_console_is_started(tmp_path: Path) -> None:
    python = tmp_path / "python.exe"
    usual = Places(usual_root("win32"))
    command = login_command(usual, executable=str(python), frozen=False, platform="win32")
    assert command[0] == str(python), "where there is no other"
    (tmp_path / "pythonw.exe").touch()
    command = login_command(usual, executable=str(python), frozen=False, platform="win32")
    assert command == (str(tmp_path / "pythonw.exe"), "-m", "qcpump_qt", "--tray")
