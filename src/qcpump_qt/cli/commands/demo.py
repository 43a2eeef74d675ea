"""``demo``: the main job from end to end on made-up results; everything embedded, nothing left behind."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
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
    from qcpump_qt.demo.arrivals import Arrival
    from qcpump_qt.demo.server import StandIn

EXPECTED = (CycleOutcome.OK, CycleOutcome.ATTENTION)
"""The demonstration has a machine that no unit has, so one pump ends in need of attention."""

UNATTENDED = 120.0
"""Seconds that the page stays open where nobody can press a key, so that a script comes to an end."""

TOLD = (DeliveryState.WAITING, DeliveryState.SKIPPED, DeliveryState.REJECTED, DeliveryState.DELIVERED)
"""The states whose records are listed, in this order: first what somebody may have to look at."""

WRONG = (
    "What arrived is not what the results say should arrive. The demonstration has failed; please report it."
)


def demo(options: argparse.Namespace, output: Output) -> ExitCode:
    """Make a clinic, run its pumps, and show what arrived.

    Raises:
        Cancelled: it was ended before the delivery was shown.
    """
    from qcpump_qt.demo.clinic import demo_world  # noqa: PLC0415 - the stand-in is only loaded for the demonstration
    from qcpump_qt.demo.clinic_pumps import DEMONSTRATION_TYPES  # noqa: PLC0415 - as above
    from qcpump_qt.demo.server import StandIn  # noqa: PLC0415 - as above

    cancel = CancelToken()
    with (
        ended_by_signals(cancel),
        tempfile.TemporaryDirectory(prefix="qcpump-qt-demo-") as folder,
        StandIn(demo_world()) as server,
        Program(Places(Path(folder) / "home"), MemorySecrets(), DEMONSTRATION_TYPES) as program,
    ):
        shown = _shown(program, Path(folder), server, cancel)
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
        first: the cycles that deliver, one of each pump.
        second: those that show that nothing goes twice.
        records: the ledger.
        source: the sessions that should arrive, by the made-up results themselves.
        server: those that did arrive.
        keys: of those that did arrive.
    """

    first: list[CycleReport]
    second: list[CycleReport]
    records: list[Sighting]
    source: list[Arrival]
    server: list[Arrival]
    keys: list[str]

    @property
    def as_it_should_be(self) -> bool:
        """Source = ledger = server: everything arrived once with its values, and nothing else."""
        ended_well = all(report.outcome in EXPECTED for report in (*self.first, *self.second))
        ledger = sorted(each.key for each in self.records if each.state is DeliveryState.DELIVERED)
        equal = ledger == self.keys and Counter(self.source) == Counter(self.server)
        return ended_well and equal and not any(report.counts["delivered"] for report in self.second)


def _shown(program: Program, folder: Path, server: StandIn, cancel: CancelToken) -> _Shown:
    from qcpump_qt.demo.arrivals import arrived  # noqa: PLC0415 - as above
    from qcpump_qt.demo.clinic_pumps import set_up  # noqa: PLC0415 - as above

    shown = set_up(program.store, program.secret_fields, folder, server.url)
    first, second = ([program.run(pump, "command line", cancel) for pump in shown.pumps] for _ in range(2))
    if cancel.cancelled:
        raise Cancelled("The demonstration was ended early; everything was removed again.")
    sessions = server.sessions()
    return _Shown(
        first,
        second,
        program.ledger.deliveries.sightings(Page()),
        shown.arrivals,
        [arrived(session) for session in sessions],
        sorted(str(session["user_key"]) for session in sessions),
    )


def _tell(output: Output, shown: _Shown, page: str) -> None:
    output.line(
        "Two linacs with a few days of results, and a QATrack+ stand-in, all made up just now. These pumps ran:"
    )
    for report in shown.first:
        output.line(f"  {report.name}: {counted(report.counts) or 'nothing new'}, in {report.seconds:.1f} s.")
    output.line()
    _tell_records(output, shown.records)
    _tell_messages(output, shown)
    again = sum(report.counts["delivered"] for report in shown.second)
    output.line(
        f"In all: {counted(_total(shown.first))}. A second cycle of every pump sent {again or 'nothing'} again."
    )
    output.line(f"See what arrived: {page}/")


def _total(reports: list[CycleReport]) -> dict[str, int]:
    return {name: sum(report.counts[name] for report in reports) for name in reports[0].counts}


def _tell_records(output: Output, records: list[Sighting]) -> None:
    for state in TOLD:
        chosen = [record for record in records if record.state is state]
        if chosen:
            output.line(f"{state.value.capitalize()} ({len(chosen)}):")
            for record in chosen:
                output.line(f"  {record.title}{_more(record)}")
            output.line()


def _tell_messages(output: Output, shown: _Shown) -> None:
    """What the pumps told beside what stands with the records."""
    said = {f"{each.title}: {word}{each.reason}" for each in shown.records for word in ("", "skipped. ")}
    told = [message.text for report in shown.first for message in report.messages if message.text not in said]
    if told:
        output.line("What else the pumps had to tell:")
        for text in told:
            output.line(f"  {text}")
        output.line()


def _more(record: Sighting) -> str:
    if record.state is DeliveryState.DELIVERED:
        return f" -> {record.unit}, {record.test_list}"
    return f": {record.reason}"


def _document(shown: _Shown, page: str) -> dict[str, Any]:
    return {
        "pumps": [report.as_json() for report in shown.first],
        "second_cycles": [report.as_json() for report in shown.second],
        "records": [
            {"key": each.key, "title": each.title, "state": each.state.value, "reason": each.reason}
            for each in shown.records
        ],
        "on_the_server": shown.keys,
        "page": f"{page}/",
    }
