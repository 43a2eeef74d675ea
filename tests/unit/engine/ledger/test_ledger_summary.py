"""How every pump stands: counts, troubles, last success, last cycle; a glance at the file tells the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from qcpump_qt.engine.ledger.glance import glance
from qcpump_qt.engine.ledger.ledger import Ledger
from qcpump_qt.engine.ledger.shown import LastCycle, PumpSummary
from qcpump_qt.engine.records import DeliveryState
from qcpump_qt.engine.report import CycleOutcome
from unit.engine.ledger.ledger_writing import NOON, add_cycle, add_record

Standing = Callable[[], dict[str, PumpSummary]]
FILE = "ledger.sqlite3"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger.at(tmp_path / FILE)
    yield made
    made.close()


@pytest.fixture
def standing(ledger: Ledger, tmp_path: Path) -> Standing:
    """How the pumps stand, after making sure that a glance at the file tells the same."""

    def both() -> dict[str, PumpSummary]:
        found = ledger.browse.summary()
        assert glance(tmp_path / FILE) == found
        return found

    return both


def test_an_empty_ledger_knows_no_pump(standing: Standing) -> None:
    assert standing() == {}


def test_records_are_counted_by_state_and_troubles_apart(ledger: Ledger, standing: Standing) -> None:
    for number, waiting_for in enumerate(["time", "time", "server", "mapping", "refusal", "clock", "source"]):
        add_record(ledger, f"w{number}", state="waiting", waiting_for=waiting_for)
    add_record(ledger, "d", state="delivered", waiting_for="mapping")
    add_record(ledger, "r", state="rejected", waiting_for="server")
    add_record(ledger, "x", pump="q", state="skipped")
    summary = standing()
    assert summary["p"] == PumpSummary(
        counts={DeliveryState.WAITING: 7, DeliveryState.DELIVERED: 1, DeliveryState.REJECTED: 1}, trouble=3
    )
    assert summary["q"] == PumpSummary(counts={DeliveryState.SKIPPED: 1})
    for pump in ("p", "q"):
        assert summary[pump].counts == ledger.deliveries.counts(pump)


def test_the_last_success_is_the_newest_end_of_a_good_cycle(ledger: Ledger, standing: Standing) -> None:
    for number, outcome in enumerate(["ok", "ok", "unreachable", "attention", "not run"], start=1):
        add_cycle(ledger, number, outcome, ended=NOON + timedelta(minutes=number), reason=f"{outcome} it is")
    add_cycle(ledger, 1, "failed", pump="q")
    add_cycle(ledger, 1, "running", pump="r", ended=None)
    summary = standing()
    assert summary["p"] == PumpSummary(
        last_success=NOON + timedelta(minutes=2),
        last_cycle=LastCycle(4, "attention", "attention it is", NOON + timedelta(minutes=4)),
    )
    assert summary["q"] == PumpSummary(last_cycle=LastCycle(1, "failed", "", NOON))
    assert "r" not in summary, "of a first cycle that runs there is nothing to tell yet"


def test_a_cycle_that_delivered_something_was_a_success_whatever_else_it_found(
    ledger: Ledger, standing: Standing
) -> None:
    add_cycle(ledger, 1, "ok", ended=NOON)
    add_cycle(ledger, 2, "attention", ended=NOON + timedelta(minutes=2), delivered=9)
    add_cycle(ledger, 3, "attention", ended=NOON + timedelta(minutes=3))
    assert standing()["p"].last_success == NOON + timedelta(minutes=2)


@pytest.mark.parametrize("pumps", [1, 2, 7])
def test_every_pump_of_the_book_is_found(ledger: Ledger, standing: Standing, pumps: int) -> None:
    for pump in range(pumps):
        for number in range(1, 4):
            add_cycle(
                ledger, number, "ok", pump=f"pump-{pump}", ended=NOON + timedelta(minutes=number + pump)
            )
    summary = standing()
    assert list(summary) == [f"pump-{pump}" for pump in range(pumps)]
    for pump in range(pumps):
        found = summary[f"pump-{pump}"]
        assert found.last_success == NOON + timedelta(minutes=3 + pump)
        assert found.last_cycle is not None
        assert found.last_cycle.number == 3


def test_it_agrees_with_the_book_of_cycles(ledger: Ledger, standing: Standing) -> None:
    number = ledger.cycles.begin("p", "manual")
    ledger.cycles.end("p", number, CycleOutcome.OK.value, {"found": 0})
    ledger.cycles.not_run("p", "interval", "The window was busy.")
    newest, former = ledger.cycles.latest("p")
    found = standing()["p"]
    assert newest.outcome == "not run"
    assert former.ended is not None
    assert found.last_success == former.ended
    assert found.last_cycle == LastCycle(former.number, former.outcome, former.reason, former.ended)
