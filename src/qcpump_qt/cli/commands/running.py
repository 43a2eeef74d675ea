"""``run``: cycles without a window, once or by interval."""

from __future__ import annotations

import argparse
import threading
from contextlib import nullcontext

from qcpump_qt.app import Program
from qcpump_qt.cli.choosing import NO_PUMPS, found_by_name
from qcpump_qt.cli.ending import ended_by_signals
from qcpump_qt.cli.exit_codes import ExitCode, of_reports
from qcpump_qt.cli.output import Output, pumps_document
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import BusyError
from qcpump_qt.engine.pumping import RunPumping
from qcpump_qt.engine.report import CycleOutcome, CycleReport, Message
from qcpump_qt.engine.schedule import Schedule
from qcpump_qt.engine.steady_clock import steady_seconds
from qcpump_qt.engine.store import StoredPump

PATIENCE = 1.6
"""Seconds that cycles get to end after a signal; the process then ends all the same, within 2 s."""

LOOK_SECONDS = 10.0
"""How often a pump that waits looks at the clock: a wait stands still while the computer sleeps, the clock does not."""

TRIGGER = "command line"
NONE_ACTIVE = "No pump is active, so nothing runs."


def run(program: Program, options: argparse.Namespace, output: Output) -> ExitCode:
    """Run the named pumps, or all active ones."""
    chosen, faults = _chosen(program, options.names)
    troubles = [*program.troubles(), *faults]
    for text in troubles:
        output.trouble(text)
    if not chosen and not faults:
        output.trouble(NONE_ACTIVE)
    try:
        with RunPumping(program.places.locks) if chosen else nullcontext():
            reports = _pumped(program, chosen, output, once=options.once)
    except BusyError as busy:
        output.trouble(busy.message)
        reports = [_left_out(program, pump, busy) for pump in chosen]
        troubles.append(busy.message)
    output.document(pumps_document((report.as_json() for report in reports), troubles))
    return of_reports(reports, broken=bool(faults or program.faults()))


def _pumped(program: Program, chosen: list[StoredPump], output: Output, *, once: bool) -> list[CycleReport]:
    cancel = CancelToken()
    with ended_by_signals(cancel):
        work = _Once if once else _ByInterval
        return work(program, cancel, output).run(chosen)


def _left_out(program: Program, pump: StoredPump, busy: BusyError) -> CycleReport:
    """A cycle that did not run because the window pumps this home; the history says so too."""
    program.ledger.cycles.not_run(pump.id, TRIGGER, busy.message)
    told = (Message("warning", busy.message),)
    return CycleReport(pump.name, pump.type, CycleOutcome.BUSY, {}, 0.0, told)


def _chosen(program: Program, names: list[str]) -> tuple[list[StoredPump], list[str]]:
    """The pumps to run, and what keeps others from it; a name that fits no pump keeps no other from running."""
    if names:
        return found_by_name(program, names)
    pumps, broken = program.pumps()
    faults = [] if pumps or broken else [NO_PUMPS]
    return [pump for pump in pumps if program.is_active(pump)], faults


class _Once:
    """One cycle of each pump, all at the same time, each in a thread of its own."""

    def __init__(self, program: Program, cancel: CancelToken, output: Output) -> None:
        self._program = program
        self._cancel = cancel
        self._output = output
        self._lock = threading.Lock()
        self._reports: dict[str, CycleReport] = {}

    def run(self, pumps: list[StoredPump]) -> list[CycleReport]:
        """Run, and wait for the end."""
        if pumps:
            _ = (
                self._program.catalogue,
                self._program.ledger,
            )  # once, before threads would do it at the same time
        threads = [
            threading.Thread(target=self._work, args=(pump,), name=pump.name, daemon=True) for pump in pumps
        ]
        for thread in threads:
            thread.start()
        self._wait_for(threads)
        with self._lock:
            return [self._reports.get(pump.id) or _cut_off(pump) for pump in pumps]

    def _work(self, pump: StoredPump) -> None:
        self._cycle(pump, TRIGGER)

    def _cycle(self, pump: StoredPump, trigger: str) -> CycleReport:
        if not self._program.is_active(pump):
            report = CycleReport(pump.name, pump.type, CycleOutcome.INACTIVE, {}, 0.0)
        else:
            report = self._program.run(pump, trigger, self._cancel)
        with self._lock:
            self._reports[pump.id] = report
            self._tell(report)
        return report

    def _tell(self, report: CycleReport) -> None:
        self._output.report(report)

    def _wait_for(self, threads: list[threading.Thread]) -> None:
        """Until all have ended, or patience with a stopped one is at its end."""
        while any(thread.is_alive() for thread in threads) and not self._cancel.wait(0.05):
            pass
        for thread in threads:
            thread.join(PATIENCE / max(1, len(threads)) if self._cancel.cancelled else None)


class _ByInterval(_Once):
    """Cycles by each pump's interval until somebody asks for an end."""

    def run(self, pumps: list[StoredPump]) -> list[CycleReport]:
        """Run until cancelled; the reports are those of each pump's last cycle."""
        for pump in pumps:
            seconds = self._program.interval(pump)
            self._output.line(f"{pump.name}: every {seconds:g} s. Stop with Ctrl+C.")
        reports = super().run(pumps)
        self._output.line("Stopped.")
        return reports

    def _work(self, pump: StoredPump) -> None:
        schedule = Schedule(self._program.interval(pump))
        trigger = "start"
        while not self._cancel.cancelled:
            self._cycle(pump, trigger)
            trigger = "interval"
            schedule.seconds_to_next()
            while (left := schedule.due - steady_seconds()) > 0 and not self._cancel.wait(
                min(left, LOOK_SECONDS)
            ):
                pass

    def _tell(self, report: CycleReport) -> None:
        if report.outcome is not CycleOutcome.OK or report.counts.get("found") or report.messages:
            self._output.report(report)


def _cut_off(pump: StoredPump) -> CycleReport:
    return CycleReport(pump.name, pump.type, CycleOutcome.STOPPED, {}, 0.0)
