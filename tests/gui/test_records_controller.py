"""Records read from a real ledger off the UI thread; the newest wish wins, and nothing stalls."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from gui.heartbeat import Heartbeat
from gui.records_book import ANSWER, OTHER, PAGE_URL, PUMP, REJECTION, fill, fill_many, home, meet
from qcpump_qt.app import Program
from qcpump_qt.controllers.records import PAGE, RecordChoice, Records
from qcpump_qt.controllers.tasks import Tasks
from qcpump_qt.engine.ledger.deliveries import Entry
from qcpump_qt.engine.records import DeliveryState
from qcpump_qt.models.rows import RecordDetail, RecordRow

AGAIN = "Will be tried again in the next cycle, as somebody asked."


class Heard:
    """The controller over a real home, and everything that it told, in order."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.tasks = Tasks(4)
        self.records = Records(program, self.tasks)
        self.told: list[tuple[str, tuple[Any, ...]]] = []
        signals = ("reading", "started", "renewed", "continued", "rejected", "detailed")
        for name in (*signals, "changed", "told", "failed"):
            getattr(self.records, name).connect(lambda *given, name=name: self.told.append((name, given)))

    def of(self, name: str) -> list[tuple[Any, ...]]:
        return [given for told, given in self.told if told == name]

    def last(self, name: str) -> tuple[Any, ...]:
        return self.of(name)[-1]

    def keys(self, name: str = "started") -> list[str]:
        return [row.key for row in self.last(name)[-1]]


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    with home(tmp_path) as made:
        yield made


@pytest.fixture
def heard(program: Program, qtbot: QtBot) -> Iterator[Heard]:
    made = Heard(program)
    yield made
    made.tasks.cancel()
    assert made.tasks.wait(10)


def settle(qtbot: QtBot, heard: Heard) -> None:
    qtbot.waitUntil(lambda: not heard.tasks.busy, timeout=10_000)


def show(qtbot: QtBot, heard: Heard, pump: str | None = PUMP) -> None:
    heard.records.show(pump)
    settle(qtbot, heard)


def test_the_records_of_a_pump_newest_first(qtbot: QtBot, heard: Heard) -> None:
    fill(heard.program.ledger)
    meet(heard.program.ledger, ["elsewhere"], OTHER)
    show(qtbot, heard)
    assert [name for name, _given in heard.told] == ["reading", "rejected", "started"]
    total, rows = heard.last("started")
    assert (total, len(rows), heard.last("rejected")) == (7, 7, (1,))
    kept = {row.key: row for row in rows}
    assert kept["rejected"].reason == REJECTION
    assert (kept["rejected"].trouble, kept["no unit"].trouble, kept["waiting"].trouble) == (True, True, False)
    assert (kept["delivered"].unit, kept["delivered"].url) == ("TrueBeam 1", PAGE_URL)
    assert (kept["delivered"].attempts, kept["delivered"].test_list) == (1, "MPC 6x")
    assert kept["delivered"].updated >= kept["delivered"].first_seen
    assert [row.updated for row in rows] == sorted((row.updated for row in rows), reverse=True)


def test_no_pump_has_no_records(qtbot: QtBot, heard: Heard) -> None:
    fill(heard.program.ledger)
    show(qtbot, heard)
    show(qtbot, heard, None)
    assert heard.last("started") == (0, [])
    assert heard.last("rejected") == (0,)
    for ask in (heard.records.refresh, heard.records.retry_all_rejected):
        ask()
    heard.records.more(0)
    heard.records.retry([1])
    assert not heard.tasks.busy


def test_by_state_and_text(qtbot: QtBot, heard: Heard) -> None:
    fill(heard.program.ledger)
    show(qtbot, heard)
    heard.records.set_filter("waiting", "")
    settle(qtbot, heard)
    assert sorted(heard.keys()) == ["no unit", "waiting"]
    heard.records.set_filter("waiting", "SERIAL NUMBER 2101")
    settle(qtbot, heard)
    assert sorted(heard.keys()) == ["no unit", "waiting"]  # the unit's name has it, whatever the case
    heard.records.set_filter(None, "results")
    settle(qtbot, heard)
    assert heard.keys() == ["skipped"]
    assert heard.last("started")[0] == 1
    assert heard.last("rejected") == (1,)  # of the pump, not of the filter
    assert heard.records.choice == RecordChoice(pump=PUMP, text="results")
    assert len(heard.of("reading")) == 1  # it is the same pump all the while


def test_in_another_order(qtbot: QtBot, heard: Heard) -> None:
    fill(heard.program.ledger)
    show(qtbot, heard)
    heard.records.sort("title", False)
    settle(qtbot, heard)
    assert heard.keys() == sorted(heard.keys())
    heard.records.sort("title", True)
    settle(qtbot, heard)
    assert heard.keys() == sorted(heard.keys(), reverse=True)


def test_filter_and_order_stay_for_the_next_pump(qtbot: QtBot, heard: Heard) -> None:
    fill(heard.program.ledger)
    meet(heard.program.ledger, ["b", "a"], OTHER)
    heard.records.set_filter("waiting", "")
    heard.records.sort("title", False)
    show(qtbot, heard, OTHER)
    assert heard.keys() == ["a", "b"]


def test_page_by_page(qtbot: QtBot, heard: Heard) -> None:
    fill_many(heard.program.ledger, PAGE + 20)
    show(qtbot, heard)
    total, rows = heard.last("started")
    assert (total, len(rows)) == (PAGE + 20, PAGE)
    heard.records.more(PAGE)
    settle(qtbot, heard)
    assert len(heard.last("continued")[0]) == 20
    assert not {row.number for row in rows} & {row.number for row in heard.last("continued")[0]}


def test_refreshing_reads_all_that_was_loaded(qtbot: QtBot, heard: Heard) -> None:
    fill_many(heard.program.ledger, 3 * PAGE)
    show(qtbot, heard)
    heard.records.more(PAGE)
    settle(qtbot, heard)
    meet(heard.program.ledger, ["new"])
    heard.records.refresh()
    settle(qtbot, heard)
    total, rows = heard.last("renewed")
    assert (total, len(rows), rows[0].key) == (3 * PAGE + 1, 2 * PAGE, "new")
    assert len(heard.of("started")) == 1


def test_the_newest_wish_wins(qtbot: QtBot, heard: Heard) -> None:
    fill(heard.program.ledger)
    meet(heard.program.ledger, ["b"], OTHER)
    heard.records.show(PUMP)
    heard.records.set_filter("rejected", "")
    heard.records.show(OTHER)
    heard.records.set_filter(None, "")
    heard.records.refresh()  # what has only begun sees what is new by itself
    heard.records.more(500)
    settle(qtbot, heard)
    assert heard.keys() == ["b"]
    assert len(heard.of("started")) == 1
    assert heard.of("renewed") == heard.of("continued") == []


def test_a_page_that_is_overtaken_by_a_refresh_is_dropped(qtbot: QtBot, heard: Heard) -> None:
    fill_many(heard.program.ledger, 2 * PAGE)
    show(qtbot, heard)
    heard.records.more(PAGE)
    heard.records.refresh()
    heard.records.more(PAGE)
    settle(qtbot, heard)
    assert heard.of("continued") == []
    assert len(heard.last("renewed")[1]) == PAGE


def test_all_that_is_kept_of_one_record(qtbot: QtBot, heard: Heard) -> None:
    numbers = fill(heard.program.ledger)
    heard.records.detail(numbers["delivered"])
    heard.records.detail(numbers["rejected"])
    settle(qtbot, heard)
    assert len(heard.of("detailed")) == 1
    detail = heard.last("detailed")[0]
    assert isinstance(detail, RecordDetail)
    assert (detail.row.key, detail.answer) == ("rejected", ANSWER)
    assert detail.source == ("/tds/rejected/Results.csv",)
    assert detail.payload is not None
    assert detail.payload["tests"]["isocentersize_mm_6x"]["value"] == 0.31


def test_a_record_that_is_no_more(qtbot: QtBot, heard: Heard) -> None:
    heard.records.detail(4711)
    settle(qtbot, heard)
    assert heard.of("detailed") == [(None,)]


def test_the_details_of_another_pump_are_not_shown(qtbot: QtBot, heard: Heard) -> None:
    numbers = fill(heard.program.ledger)
    heard.records.detail(numbers["rejected"])
    show(qtbot, heard, OTHER)
    assert heard.of("detailed") == []


def test_records_are_tried_again(qtbot: QtBot, heard: Heard) -> None:
    numbers = fill(heard.program.ledger)
    show(qtbot, heard)
    heard.records.retry([numbers["rejected"], numbers["no unit"], numbers["delivered"]])
    settle(qtbot, heard)
    assert heard.of("told") == [
        (
            "Retry",
            "2 records will be tried again in the next cycle. "
            "1 other was left alone, as it has arrived, was skipped or is on its way.",
        )
    ]
    assert heard.of("changed") == [(PUMP,)]
    rows: dict[str, RecordRow] = {row.key: row for row in heard.last("renewed")[1]}
    assert (rows["rejected"].state, rows["rejected"].reason) == ("waiting", AGAIN)
    assert (rows["no unit"].reason, rows["no unit"].trouble) == (AGAIN, False)
    assert rows["delivered"].state == "delivered"
    assert heard.last("rejected") == (0,)


def test_what_has_arrived_is_not_tried_again(qtbot: QtBot, heard: Heard) -> None:
    numbers = fill(heard.program.ledger)
    show(qtbot, heard)
    heard.records.retry([numbers["delivered"], numbers["sending"], 4711])
    settle(qtbot, heard)
    assert heard.of("told") == [
        ("Retry", "Nothing is tried again: only records that were rejected or that wait can be.")
    ]
    assert heard.of("changed") == heard.of("renewed") == []


def test_all_rejected_ones_are_tried_again(qtbot: QtBot, heard: Heard) -> None:
    ledger = heard.program.ledger
    fill_many(ledger, 1200, rejected=range(0, 1200, 2))
    fill(ledger, OTHER)
    show(qtbot, heard)
    heard.records.retry_all_rejected()
    settle(qtbot, heard)
    assert heard.of("told") == [("Retry", "600 records will be tried again in the next cycle.")]
    assert ledger.browse.count(PUMP, DeliveryState.WAITING) == 600
    assert ledger.browse.count(OTHER, DeliveryState.REJECTED) == 1
    heard.records.retry_all_rejected()
    settle(qtbot, heard)
    assert heard.last("told") == (
        "Retry",
        "No record of this pump is rejected, so there is nothing to try again.",
    )


def test_what_a_cycle_changed_is_seen_after_a_refresh(qtbot: QtBot, heard: Heard) -> None:
    fill(heard.program.ledger)
    show(qtbot, heard)
    heard.program.ledger.deliveries.write(PUMP, [Entry(key="waiting", state=DeliveryState.DELIVERED)])
    heard.records.refresh()
    settle(qtbot, heard)
    assert heard.keys("renewed")[0] == "waiting"
    assert heard.last("renewed")[1][0].state == "delivered"


def test_a_ledger_that_cannot_be_read_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    with home(tmp_path) as program:
        program.places.ledger_file.parent.mkdir(parents=True, exist_ok=True)
        program.places.ledger_file.write_bytes(b"this is no database " * 100)
        heard = Heard(program)
        show(qtbot, heard)
        [(title, text)] = heard.of("failed")
        assert title == "Ledger not usable"
        assert text.startswith(
            "The record of deliveries could not be read or written (file is not a database)."
        )
        assert heard.last("started") == (0, [])
        heard.records.refresh()
        settle(qtbot, heard)
        heard.records.more(500)
        settle(qtbot, heard)
        heard.records.detail(1)
        settle(qtbot, heard)
        heard.records.retry_all_rejected()
        settle(qtbot, heard)
        assert len(heard.of("failed")) == 5
        assert heard.of("continued") == [([],)]  # so that the table can ask again


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    """The window opens with these; the database and its like come with the first look into the ledger."""
    asked = (
        "import sys\n"
        "import qcpump_qt.controllers.records, qcpump_qt.controllers.export, qcpump_qt.controllers.previews\n"
        "import qcpump_qt.views.records_tab, qcpump_qt.views.preview_dialog\n"
        "print(sorted({'sqlalchemy', 'pydantic', 'msgspec', 'requests', 'keyring', 'jinja2'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_first_page_of_100_000_records_stalls_nothing(
    qtbot: QtBot, heard: Heard, heartbeat: Callable[[], AbstractContextManager[Heartbeat]]
) -> None:
    fill_many(heard.program.ledger, 100_000, rejected=range(100))
    with heartbeat() as beat:
        show(qtbot, heard)
        heard.records.set_filter(None, "record 99")
        settle(qtbot, heard)
        heard.records.sort("title", False)
        settle(qtbot, heard)
        qtbot.wait(60)
    assert beat.beats > 1
    assert [given[0] for given in heard.of("started")] == [100_000, 1111, 1111]
    assert len(heard.of("started")[0][1]) == PAGE
    assert heard.last("rejected") == (100,)
