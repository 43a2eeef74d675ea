"""One run of one pump: whatever happens in it ends in the report and in the book of cycles."""

from __future__ import annotations

import dataclasses
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.cycle import CycleOrder, run_cycle
from qcpump_qt.engine.errors import (
    Cancelled,
    ConfigurationError,
    LedgerError,
    MappingError,
    SecretError,
    ServerUnavailable,
    SourceUnavailable,
)
from qcpump_qt.engine.host import PumpHost
from qcpump_qt.engine.ledger.cycles import CycleEntry
from qcpump_qt.engine.ledger.ledger import Ledger
from qcpump_qt.engine.lock import PumpLock
from qcpump_qt.engine.records import DeliveryState, Record
from qcpump_qt.engine.report import CycleOutcome, CycleReport
from qcpump_qt.engine.settings import Settings
from unit.engine.delivery.memory_server import (
    LOST,
    NO_TOKEN,
    Fault,
    MemoryServer,
    QuickToken,
    raising,
    record,
    records,
    refusal,
)

PUMP = "pump-1"


@dataclass
class Place:
    """A home with a ledger, a server, and one pump whose work is a function."""

    home: Path
    ledger: Ledger
    server: MemoryServer = field(default_factory=MemoryServer)
    cancel: CancelToken = field(default_factory=QuickToken)
    lines: list[tuple[int, str]] = field(default_factory=list)
    steps: list[tuple[float, str]] = field(default_factory=list)

    def run(self, work: Callable[[PumpHost], object], trigger: str = "interval") -> CycleReport:
        @dataclass
        class Pump:
            host: PumpHost

            def pump(self) -> object:
                return work(self.host)

        return self.order(Pump, trigger)

    def order(self, make: Callable[[PumpHost], Any], trigger: str = "interval") -> CycleReport:
        order = CycleOrder(
            pump_id=PUMP,
            name="Morning QA",
            type="MPC",
            folder=self.home / PUMP,
            trigger=trigger,
            settings=Settings(),
            make=make,
            log=lambda level, text: self.lines.append((level, text)),
            progress=lambda percent, text: self.steps.append((percent, text)),
        )
        return run_cycle(order, self.ledger, self.home / "locks", self.cancel)

    def deliver(self, found: list[Record], **options: Any) -> CycleReport:
        return self.run(lambda host: host.deliver(found, self.server, **options))

    def newest(self) -> CycleEntry:
        return self.ledger.cycles.latest(PUMP)[0]

    def states(self) -> dict[str, DeliveryState]:
        return {each.key: each.state for each in self.ledger.deliveries.sightings()}


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    ledger = Ledger.at(tmp_path / "ledger.sqlite3")
    yield Place(tmp_path, ledger)
    ledger.close()


def texts(report: CycleReport) -> list[str]:
    return [message.text for message in report.messages]


def test_a_cycle_that_goes_well(place: Place) -> None:
    report = place.deliver(records(3))
    assert report.outcome is CycleOutcome.OK
    assert (report.name, report.type) == ("Morning QA", "MPC")
    assert report.counts["found"] == report.counts["delivered"] == 3
    assert report.messages == ()
    assert report.seconds > 0
    entry = place.newest()
    assert (entry.number, entry.trigger, entry.outcome, entry.reason) == (1, "interval", "ok", "")
    assert entry.counts["delivered"] == 3
    assert (logging.INFO, "Session r000: delivered (Unit 2101)") in place.lines


def test_the_pump_gets_what_it_may_ask_of_the_program(place: Place) -> None:
    def work(host: PumpHost) -> None:
        assert (host.pump_id, host.pump_name) == (PUMP, "Morning QA")
        assert host.folder == place.home / PUMP
        assert host.cancel is place.cancel
        assert host.settings.HTTP_READ_TIMEOUT > 0
        host.memory.set_mark("since", 1)
        host.progress(50, "Half")
        host.log(logging.DEBUG, "Small talk")

    assert place.run(work).outcome is CycleOutcome.OK
    assert place.ledger.memory(PUMP).mark("since") == 1
    assert place.steps == [(50, "Half")]
    assert place.lines == [(logging.DEBUG, "Small talk")]


@pytest.mark.parametrize(
    ("error", "outcome", "text"),
    [
        (
            SourceUnavailable("The share is away."),
            CycleOutcome.UNREACHABLE,
            "Morning QA: Source cannot be reached: The share is away.",
        ),
        (LOST, CycleOutcome.UNREACHABLE, "Morning QA: Server cannot be reached: The connection broke."),
        (
            ConfigurationError("No folder."),
            CycleOutcome.INVALID,
            "Morning QA: Configuration not usable: No folder.",
        ),
        (
            MappingError("No unit."),
            CycleOutcome.FAILED,
            "Morning QA: No clear match in QATrack+: No unit.",
        ),
        (SecretError("No keyring."), CycleOutcome.FAILED, "Morning QA: Keyring not usable: No keyring."),
        (
            SystemExit(3),
            CycleOutcome.FAILED,
            "Morning QA: the pump type MPC failed (SystemExit: 3). This is a fault in the program or in a pump type of "
            "your own; the log at level debug shows where.",
        ),
        (
            ZeroDivisionError("oops"),
            CycleOutcome.FAILED,
            "Morning QA: the pump type MPC failed (ZeroDivisionError: oops). This is a fault in the program or in a "
            "pump type of your own; the log at level debug shows where.",
        ),
    ],
)
@pytest.mark.parametrize("when", ["make", "pump"])
def test_every_way_to_fail_has_its_outcome_and_its_words(
    place: Place, error: BaseException, outcome: CycleOutcome, text: str, when: str
) -> None:
    report = (
        place.run(lambda _host: raising(error)())
        if when == "pump"
        else place.order(lambda _: raising(error)())
    )
    assert report.outcome is outcome
    assert texts(report) == [text]
    assert (logging.ERROR, text) in place.lines
    entry = place.newest()
    reason = text.removeprefix("Morning QA: ")
    assert (entry.outcome, entry.reason, report.reason) == (outcome.value, reason, reason)
    assert entry.ended is not None


def test_what_arrived_before_a_failure_counts(place: Place) -> None:
    def work(host: PumpHost) -> None:
        host.deliver([record("a")], place.server)
        raise ValueError("later")

    report = place.run(work)
    assert report.outcome is CycleOutcome.FAILED
    assert report.counts["delivered"] == 1
    assert place.newest().counts["delivered"] == 1


def test_records_that_came_before_a_sys_exit_arrive(place: Place) -> None:
    def source() -> Iterator[Record]:
        yield from records(2)
        sys.exit("enough")

    report = place.run(lambda host: host.deliver(source(), place.server))
    assert report.outcome is CycleOutcome.FAILED
    assert report.counts["delivered"] == 2
    assert report.reason.startswith("the pump type MPC failed (SystemExit: enough).")
    assert place.newest().outcome == "failed"


def test_a_cycle_that_is_stopped(place: Place) -> None:
    place.server.on_post = lambda _payload: place.cancel.cancel()
    report = place.deliver(records(3))
    assert report.outcome is CycleOutcome.STOPPED
    assert report.messages == ()
    assert place.newest().outcome == "stopped"
    assert place.lines[-1] == (
        logging.INFO,
        "Stopped: The cycle was stopped; what was not finished goes on in the next one.",
    )


def test_stopping_before_anything_was_done(place: Place) -> None:
    report = place.run(lambda _host: raising(Cancelled("Enough."))())
    assert report.outcome is CycleOutcome.STOPPED
    assert report.counts["found"] == 0


@pytest.mark.parametrize(
    ("level", "outcome"), [(logging.WARNING, CycleOutcome.OK), (logging.ERROR, CycleOutcome.ATTENTION)]
)
def test_an_error_told_by_the_pump_needs_attention(place: Place, level: int, outcome: CycleOutcome) -> None:
    report = place.run(lambda host: host.log(level, "Row 7 is odd."))
    assert report.outcome is outcome
    assert texts(report) == ["Row 7 is odd."]


def test_a_part_of_the_source_that_is_away(place: Place) -> None:
    report = place.run(lambda host: host.unreachable("Machine 2 is away."))
    assert report.outcome is CycleOutcome.UNREACHABLE
    assert texts(report) == ["Machine 2 is away."]


def test_rejected_records_need_attention(place: Place) -> None:
    place.server.faults = [Fault(refusal())]
    assert place.deliver(records(2)).outcome is CycleOutcome.ATTENTION


def test_what_only_the_ledger_still_has_is_delivered_with_what_was_found(place: Place) -> None:
    place.server.faults = [Fault(NO_TOKEN)]
    place.deliver(records(3))
    place.server.faults = []
    report = place.deliver([record("new")])
    assert report.counts == {
        "found": 4,
        "delivered": 4,
        "already_there": 0,
        "waiting": 0,
        "skipped": 0,
        "rejected": 0,
    }


def test_a_source_that_breaks_gets_nothing_delivered_from_the_ledger_in_its_place(place: Place) -> None:
    """What was not reached may still be there, to be tidied up after by its own record."""
    place.server.faults = [Fault(NO_TOKEN)]
    place.deliver(records(3))
    place.server.faults = []

    def found() -> Iterator[Record]:
        yield record("r000")
        raise SourceUnavailable("The share went away.")

    report = place.run(lambda host: host.deliver(found(), place.server))
    assert report.outcome is CycleOutcome.UNREACHABLE
    assert place.states() == {
        "r000": DeliveryState.DELIVERED,
        "r001": DeliveryState.WAITING,
        "r002": DeliveryState.WAITING,
    }


def test_a_hold_from_the_pump(place: Place) -> None:
    report = place.deliver(records(2), hold=ServerUnavailable("The survey failed."))
    assert place.server.requests() == 0
    assert report.outcome is CycleOutcome.UNREACHABLE
    assert report.counts["waiting"] == 2


def test_doubts_may_be_settled_before_the_pump_looks_at_its_source(place: Place) -> None:
    place.server.faults = [Fault(LOST, stored=True)] * 3
    place.server.find_faults = [LOST] * 2
    moved: list[str] = []
    found = record("a", settled=lambda: moved.append("a"))
    place.deliver([found])
    assert place.states() == {"a": DeliveryState.SENDING}

    def work(host: PumpHost) -> None:
        assert host.settle_doubts(place.server) is None
        assert place.states() == {"a": DeliveryState.DELIVERED}
        host.deliver([found], place.server)

    report = place.run(work)
    assert report.counts["delivered"] == 1
    assert moved == ["a"]


def test_forgotten_records_are_gone(place: Place) -> None:
    place.deliver(records(2), hold=LOST)
    place.run(lambda host: host.forget(["r000"]))
    assert set(place.states()) == {"r001"}


def test_a_busy_pump_is_left_out_and_that_is_recorded(place: Place) -> None:
    with PumpLock(place.home / "locks", PUMP):
        report = place.deliver(records(1))
    assert report.outcome is CycleOutcome.BUSY
    reason = (
        "This pump is being run already, by this program or by another one with the same home. This cycle was "
        "left out; nothing is lost."
    )
    assert texts(report) == [f"Morning QA: {reason}"]
    assert (place.newest().outcome, place.newest().reason) == ("not run", reason)
    assert place.server.requests() == 0
    assert place.deliver(records(1)).outcome is CycleOutcome.OK


def test_two_threads_with_one_pump(place: Place) -> None:
    started, go = threading.Event(), threading.Event()

    def work(host: PumpHost) -> None:
        started.set()
        go.wait(5)
        host.deliver(records(5), place.server)

    first: list[CycleReport] = []
    thread = threading.Thread(target=lambda: first.append(place.run(work)))
    thread.start()
    assert started.wait(5)
    second = place.deliver(records(5))
    go.set()
    thread.join(10)
    assert second.outcome is CycleOutcome.BUSY
    assert first[0].outcome is CycleOutcome.OK
    assert place.server.requests("post") == 5
    assert [each.outcome for each in place.ledger.cycles.latest(PUMP)] == ["not run", "ok"]


def test_a_lock_that_cannot_be_made_fails_the_cycle(place: Place) -> None:
    (place.home / "locks").write_text("in the way", encoding="utf-8")
    report = place.deliver(records(1))
    assert report.outcome is CycleOutcome.FAILED
    assert "The lock file cannot be made" in texts(report)[0]
    assert place.server.requests() == 0


def fail_with_full_disk(*_args: object, **_options: object) -> None:
    raise LedgerError("The disk is full.")


def test_a_ledger_that_cannot_be_written_fails_the_cycle(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place.ledger.cycles, "begin", fail_with_full_disk)
    report = place.deliver(records(1))
    assert report.outcome is CycleOutcome.FAILED
    assert texts(report) == ["Morning QA: Ledger not usable: The disk is full."]
    assert place.server.requests() == 0


@pytest.mark.parametrize("step", ["end", "not_run"])
def test_a_book_of_cycles_that_fails_at_the_end_is_told(
    place: Place, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    monkeypatch.setattr(place.ledger.cycles, step, fail_with_full_disk)
    if step == "end":
        report = place.deliver(records(1))
        assert place.states() == {"r000": DeliveryState.DELIVERED}
    else:
        with PumpLock(place.home / "locks", PUMP):
            report = place.deliver(records(1))
    assert "Ledger not usable: The disk is full." in texts(report)


def test_odd_text_in_a_reason_does_not_keep_the_cycle_from_ending(place: Place) -> None:
    report = place.run(lambda _host: raising(SourceUnavailable("caf\udce9 is away."))())
    assert report.outcome is CycleOutcome.UNREACHABLE
    assert place.newest().reason.endswith("caf\\udce9 is away.")


def test_rejected_records_of_earlier_cycles_stay_in_sight(place: Place) -> None:
    def broken() -> Any:
        raise ValueError("no such column")

    found = [dataclasses.replace(each, prepare=broken) for each in records(2)]
    assert place.deliver(found).counts["rejected"] == 2
    for quiet in (lambda _host: None, lambda host: host.deliver(found, place.server)):
        report = place.run(quiet)
        assert (report.outcome, report.counts["rejected"]) == (CycleOutcome.OK, 0)
        assert [(message.level, message.text) for message in report.messages] == [
            (
                "info",
                "2 rejected records of earlier cycles still to be looked at: "
                'qcpump-qt records --pump "Morning QA" --state rejected',
            )
        ]


def test_what_a_pump_itself_says_is_in_the_report(place: Place) -> None:
    def work(host: PumpHost) -> None:
        host.log(logging.DEBUG, "a detail")
        host.log(logging.INFO, "Hello World says: hello")

    report = place.run(work)
    assert [(message.level, message.text) for message in report.messages] == [
        ("info", "Hello World says: hello")
    ]
