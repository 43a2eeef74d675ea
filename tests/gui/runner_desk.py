"""A runner over a home whose cycles wait at a gate, and everything that it tells."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pytestqt.qtbot import QtBot

from qcpump_qt.controllers.runner import Runner
from qcpump_qt.engine.errors import BusyError
from qcpump_qt.engine.pumping import RunPumping
from qcpump_qt.engine.report import CycleOutcome, CycleReport
from unit.controllers.gated import GatedHome
from unit.controllers.steady import SteadyByHand

UNKNOWN = (
    "This pump cannot be run, as it has no configuration that can be used. Save one in the tab Configuration."
)


class Desk:
    """A runner over a gated home, and everything that it told."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        self.home = GatedHome(folder)
        self.clock = SteadyByHand()
        self.qtbot = qtbot
        self.reports: list[tuple[str, CycleReport]] = []
        self.refusals: list[str] = []
        self.left_out: list[tuple[str, str]] = []
        self.steps: list[tuple[str, float, str]] = []
        self.ends: list[bool] = []
        self.runner = self.runner_of()

    def runner_of(self, parallel: int = 8) -> Runner:
        runner = Runner(self.home.program, clock=self.clock, parallel=parallel)
        runner.ended.connect(lambda pump, report: self.reports.append((pump, report)))
        runner.refused.connect(self.refusals.append)
        runner.not_run.connect(lambda pump, reason: self.left_out.append((pump, reason)))
        runner.progressed.connect(lambda *step: self.steps.append(step))
        runner.ended_all.connect(self.ends.append)
        self.runner = runner
        return runner

    @property
    def gate(self) -> object:
        return self.home.gate

    def until(self, true: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(true()), timeout=20_000)

    def at_the_gate(self, count: int = 1) -> None:
        self.until(lambda: len(self.home.gate.begun) == count)

    def ended(self, count: int = 1) -> None:
        self.until(lambda: len(self.reports) == count)

    def outcomes(self) -> list[CycleOutcome]:
        return [report.outcome for _pump, report in self.reports]

    def close(self) -> None:
        self.home.gate.opened.set()
        self.home.gate.deaf = False
        if not self.ends:
            self.runner.shut_down(patience=20)
            self.until(lambda: self.ends)
        self.until(lambda: not self.runner.busy)
        self.home.close()


def others_may_run(desk: Desk) -> bool:
    """Whether a command-line run would be let through now."""
    try:
        with RunPumping(desk.home.program.places.locks, patience=0.0):
            return True
    except BusyError:
        return False
