"""``demo``: the main job from end to end on made-up results; everything embedded, nothing left behind."""

from __future__ import annotations

import argparse
import signal
import tempfile
import threading
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qcpump_qt.app import Program
from qcpump_qt.cli.exit_codes import ExitCode
from qcpump_qt.cli.output import Output, counted
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.clock import local_now
from qcpump_qt.engine.ledger.deliveries import Page
from qcpump_qt.engine.paths import Places
from qcpump_qt.engine.records import DeliveryState, Sighting
from qcpump_qt.engine.report import CycleOutcome, CycleReport
from qcpump_qt.engine.secrets import MemorySecrets

if TYPE_CHECKING:
    from qcpump_qt.demo.server import StandIn

NAME = "Demonstration"
EXPECTED = (CycleOutcome.OK, CycleOutcome.ATTENTION)
"""The demonstration has a machine that no unit has, so it ends in need of attention."""


def demo(options: argparse.Namespace, output: Output) -> ExitCode:
    """Make a clinic, run a pump on it, and show what arrived."""
    from qcpump_qt.demo.clinic import demo_world  # noqa: PLC0415 - the stand-in is only loaded for the demonstration
    from qcpump_qt.demo.server import StandIn  # noqa: PLC0415 - as above

    with (
        tempfile.TemporaryDirectory(prefix="qcpump-qt-demo-") as folder,
        StandIn(demo_world()) as server,
        Program(Places(Path(folder) / "home"), secrets=MemorySecrets()) as program,
    ):
        first, second = _run_twice(program, Path(folder) / "TDS", server, local_now().date())
        records = program.ledger.deliveries.sightings(Page())
        _tell(output, first, second, records, server)
        output.document(_document(first, second, records, server))
        if not (options.once or options.json):
            output.line("The page stays open until you press Ctrl+C. Then everything is removed again.")
            _wait_for_the_end()
    return ExitCode.OK if _as_it_should_be(first, second, records, server) else ExitCode.TROUBLE


def _run_twice(program: Program, tds: Path, server: StandIn, today: date) -> tuple[CycleReport, CycleReport]:
    """One cycle that delivers, and one that shows that nothing goes twice."""
    from qcpump_qt.demo.clinic import TOKEN  # noqa: PLC0415 - as above
    from qcpump_qt.demo.tds import DAYS, write_tds  # noqa: PLC0415 - as above

    write_tds(tds, today)
    pump = program.store.add(
        NAME,
        "QATrackMPCPump",
        {
            "Pump": [{"interval (s)": 300, "active": True}],
            "MPC": [{"tds directory": str(tds), "history days": DAYS + 1}],
            "QATrack+ API": [{"api url": server.url, "auth token": TOKEN, "throttle": 0.0}],
            "Test List": [{"name": "MPC: {{ check_type }}"}],
        },
        program.secret_fields("QATrackMPCPump"),
    )
    first = program.run(pump, "command line", CancelToken())
    return first, program.run(pump, "command line", CancelToken())


def _tell(
    output: Output, first: CycleReport, second: CycleReport, records: list[Sighting], server: StandIn
) -> None:
    output.line("Two linacs with a few days of MPC results, and a QATrack+ stand-in, both made up just now.")
    output.line()
    for state in (
        DeliveryState.DELIVERED,
        DeliveryState.SKIPPED,
        DeliveryState.WAITING,
        DeliveryState.REJECTED,
    ):
        chosen = [record for record in records if record.state is state]
        if chosen:
            output.line(f"{state.value.capitalize()} ({len(chosen)}):")
            for record in chosen:
                output.line(f"  {record.title}{_more(record)}")
            output.line()
    warnings = [message.text for message in first.messages]
    if warnings:
        output.line("What the pump had to tell:")
        for text in warnings:
            output.line(f"  {text}")
        output.line()
    output.line(f"First cycle: {counted(first.counts)}, in {first.seconds:.1f} s.")
    output.line(f"Second cycle: {counted(second.counts)}, in {second.seconds:.1f} s.")
    output.line(f"See what arrived: {server.page_url}/")


def _more(record: Sighting) -> str:
    if record.state is DeliveryState.DELIVERED:
        return f" -> {record.unit}, {record.test_list}"
    return f": {record.reason}"


def _as_it_should_be(
    first: CycleReport, second: CycleReport, records: list[Sighting], server: StandIn
) -> bool:
    """Source = ledger = server: every delivered record is there once, and nothing else."""
    delivered = sorted(record.key for record in records if record.state is DeliveryState.DELIVERED)
    there = sorted(str(session["user_key"]) for session in server.sessions())
    ended_well = first.outcome in EXPECTED and second.outcome in EXPECTED
    return ended_well and bool(delivered) and delivered == there and not second.counts["delivered"]


def _document(
    first: CycleReport, second: CycleReport, records: list[Sighting], server: StandIn
) -> dict[str, Any]:
    return {
        "pumps": [first.as_json()],
        "second_cycle": second.as_json(),
        "records": [
            {"key": each.key, "title": each.title, "state": each.state.value, "reason": each.reason}
            for each in records
        ],
        "on_the_server": [str(session["user_key"]) for session in server.sessions()],
        "page": f"{server.page_url}/",
    }


def _wait_for_the_end() -> None:
    ended = threading.Event()
    former = {
        number: signal.signal(number, lambda *_: ended.set()) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        while not ended.wait(0.5):
            pass
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
