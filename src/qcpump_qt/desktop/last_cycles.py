"""How far each pump's cycle is, and how its last one ended, for the tab of whichever pump is shown."""

from __future__ import annotations

from dataclasses import dataclass, replace

from qcpump_qt.engine.report import CycleOutcome, CycleReport

OUTCOMES = {
    CycleOutcome.OK: "all well",
    CycleOutcome.ATTENTION: "needs attention",
    CycleOutcome.UNREACHABLE: "server or source not reached",
    CycleOutcome.INVALID: "configuration not in order",
    CycleOutcome.BUSY: "not run",
}


@dataclass(frozen=True)
class LastCycle:
    """One pump's cycle.

    Args:
        percent: how far it is; negative where nobody knows.
        step: what it is doing.
        result: how the last one ended, in words.
    """

    percent: float = -1.0
    step: str = ""
    result: str = ""


class LastCycles:
    """The last cycle of each pump since the start of the program."""

    def __init__(self) -> None:
        self._cycles: dict[str, LastCycle] = {}

    def of(self, pump_id: str | None) -> LastCycle:
        """The cycle of a pump; an empty one where there was none."""
        return self._cycles.get(pump_id or "", LastCycle())

    def progressed(self, pump_id: str, percent: float, step: str) -> None:
        """Note how far a cycle is."""
        self._cycles[pump_id] = replace(self.of(pump_id), percent=percent, step=step)

    def ended(self, pump_id: str, report: CycleReport) -> None:
        """Note how a cycle ended."""
        self._cycles[pump_id] = LastCycle(result=result_words(report))


def result_words(report: CycleReport) -> str:
    """How a cycle ended, in a sentence: ``Last cycle: all well, 9 delivered, 5 skipped, in 1.2 s.``"""
    names = ("delivered", "already_there", "waiting", "skipped", "rejected")
    counts = [f"{report.counts[name]} {name.replace('_', ' ')}" for name in names if report.counts.get(name)]
    well = report.outcome is CycleOutcome.OK
    told = [
        OUTCOMES.get(report.outcome, report.outcome.value),
        *(counts or (["nothing new"] if well else [])),
    ]
    sentence = f"Last cycle: {', '.join(told)}, in {report.seconds:.1f} s."
    return sentence if well or not report.reason else f"{sentence} {report.reason}"
