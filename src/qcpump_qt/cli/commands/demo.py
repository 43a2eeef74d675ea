"""``demo``: the main job from end to end on made-up results; everything embedded, nothing left behind."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qcpump_qt.app import Program
from qcpump_qt.cli.ending import ended_by_signals
from qcpump_qt.cli.exit_codes import ExitCode
from qcpump_qt.cli.output import Output, counted
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import Cancelled
from qcpump_qt.engine.ledger.deliveries import Page
from qcpump_qt.engine.paths import Places
from qcpump_qt.engine.records import DeliveryState, Sighting
from qcpump_qt.engine.report import CycleOutcome, CycleReport
from qcpump_qt.engine.secrets import MemorySecrets

if TYPE_CHECKING:
    from qcpump_qt.demo.server import StandIn

EXPECTED = (CycleOutcome.OK, CycleOutcome.ATTENTION)
"""The demonstration has a machine that no unit has, so it ends in need of attention."""

UNATTENDED = 120.0
"""Seconds that the page stays open where nobody can press a key, so that a script comes to an end."""

WRONG = (
    "What arrived is not what the results say should arrive. The demonstration has failed; please report it."
)


def demo(options: argparse.Namespace, output: Output) -> ExitCode:
    """Make a clinic, run a pump on it, and show what arrived.

    Raises:
        Cancelled: it was ended before the delivery was shown.
    """
    from qcpump_qt.demo.clinic import demo_world  # noqa: PLC0415 - the stand-in is only loaded for the demonstration
    from qcpump_qt.demo.server import StandIn  # noqa: PLC0415 - as above

    cancel = CancelToken()
    with (
        ended_by_signals(cancel),
        tempfile.TemporaryDirectory(prefix="qcpump-qt-demo-") as folder,
        StandIn(demo_world()) as server,
        Program(Places(Path(folder) / "home"), secrets=MemorySecrets()) as program,
    ):
        shown = _shown(program, Path(folder) / "TDS", server, cancel)
        _tell(output, shown, server.page_url)
        output.document(_document(shown, server.page_url))
        if not shown.as_it_should_be:
            output.trouble(WRONG)
        if not (options.once or options.json):
            _keep_the_page_open(output, cancel)
    return ExitCode.OK if shown.as_it_should_be else ExitCode.TROUBLE


def _keep_the_page_open(output: Output, cancel: CancelToken) -> None:
    attended = sys.stdin is not None and sys.stdin.isatty()
    limit = "" if attended else f", {UNATTENDED:.0f} s at most as this is no terminal"
    output.line(f"The page stays open until you press Ctrl+C{limit}. Then everything is removed again.")
    end = None if attended else time.monotonic() + UNATTENDED
    while not cancel.wait(0.5) and (end is None or time.monotonic() < end):
        pass


@dataclass(frozen=True)
class _Shown:
    """What the demonstration has to show.

    Args:
        first: the cycle that delivers.
        second: the one that shows that nothing goes twice.
        records: the ledger.
        source: the keys that should arrive, by the made-up results themselves.
        server: the keys that did arrive.
    """

    first: CycleReport
    second: CycleReport
    records: list[Sighting]
    source: list[str]
    server: list[str]

    @property
    def as_it_should_be(self) -> bool:
        """Source = ledger = server: everything arrived once, and nothing else."""
        ended_well = self.first.outcome in EXPECTED and self.second.outcome in EXPECTED
        ledger = sorted(each.key for each in self.records if each.state is DeliveryState.DELIVERED)
        return ended_well and self.source == ledger == self.server and not self.second.counts["delivered"]


def _shown(program: Program, tds: Path, server: StandIn, cancel: CancelToken) -> _Shown:
    from qcpump_qt.demo.clinic_pump import set_up  # noqa: PLC0415 - as above

    shown = set_up(program.store, program.secret_fields, tds, server.url)
    pump, story = shown.pump, shown.story
    first, second = (program.run(pump, "command line", cancel) for _ in range(2))
    if cancel.cancelled:
        raise Cancelled("The demonstration was ended early; everything was removed again.")
    return _Shown(
        first,
        second,
        program.ledger.deliveries.sightings(Page()),
        sorted(session.user_key for session in story.delivered),
        sorted(str(session["user_key"]) for session in server.sessions()),
    )


def _tell(output: Output, shown: _Shown, page: str) -> None:
    output.line("Two linacs with a few days of MPC results, and a QATrack+ stand-in, both made up just now.")
    output.line()
    for state in (
        DeliveryState.DELIVERED,
        DeliveryState.SKIPPED,
        DeliveryState.WAITING,
        DeliveryState.REJECTED,
    ):
        chosen = [record for record in shown.records if record.state is state]
        if chosen:
            output.line(f"{state.value.capitalize()} ({len(chosen)}):")
            for record in chosen:
                output.line(f"  {record.title}{_more(record)}")
            output.line()
    said = {f"{each.title}: {word}{each.reason}" for each in shown.records for word in ("", "skipped. ")}
    warnings = [message.text for message in shown.first.messages if message.text not in said]
    if warnings:
        output.line("What else the pump had to tell:")
        for text in warnings:
            output.line(f"  {text}")
        output.line()
    for name, report in (("First", shown.first), ("Second", shown.second)):
        output.line(f"{name} cycle: {counted(report.counts) or 'nothing new'}, in {report.seconds:.1f} s.")
    output.line(f"See what arrived: {page}/")


def _more(record: Sighting) -> str:
    if record.state is DeliveryState.DELIVERED:
        return f" -> {record.unit}, {record.test_list}"
    return f": {record.reason}"


def _document(shown: _Shown, page: str) -> dict[str, Any]:
    return {
        "pumps": [shown.first.as_json()],
        "second_cycle": shown.second.as_json(),
        "records": [
            {"key": each.key, "title": each.title, "state": each.state.value, "reason": each.reason}
            for each in shown.records
        ],
        "on_the_server": shown.server,
        "page": f"{page}/",
    }
