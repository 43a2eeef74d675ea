"""The rows of all pumps, with the real runner, ledger and pump types."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from gui.heartbeat import Heartbeat
from qcpump_qt.controllers import overview as overview_module
from qcpump_qt.controllers.overview import Overview
from qcpump_qt.controllers.runner import Runner
from qcpump_qt.controllers.tasks import Tasks
from qcpump_qt.engine.clock import local_now
from qcpump_qt.engine.errors import ServerUnavailable
from qcpump_qt.engine.ledger.browse import PumpSummary
from qcpump_qt.engine.ledger.database import Database
from qcpump_qt.engine.pump_state import OverallState, PumpState
from qcpump_qt.engine.store import StoredPump
from qcpump_qt.models.rows import PumpRow
from qcpump_qt.pumps.base import BasePump
from unit.controllers.gated import TYPE, GatedHome
from unit.controllers.steady import SteadyByHand

AWAY = "The server at https://qa.example.org cannot be reached."


class Board:
    """An overview over a gated home, and what it told."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.home = GatedHome(folder)
        self.clock = SteadyByHand()
        self.runner = Runner(self.home.program, clock=self.clock)
        self.tasks = Tasks(2)
        self.overview = Overview(self.home.program, self.runner, self.tasks)
        self.resets: list[list[PumpRow]] = []
        self.rows: dict[str, PumpRow] = {}
        self.changes: list[list[PumpRow]] = []
        self.overall: list[tuple[OverallState, str]] = []
        self.failures: list[tuple[str, str]] = []
        self.overview.rows_reset.connect(self._reset)
        self.overview.rows_changed.connect(self._change)
        self.overview.overall_changed.connect(lambda state, text: self.overall.append((state, text)))
        self.overview.failed.connect(lambda title, text: self.failures.append((title, text)))

    def _reset(self, rows: list[PumpRow]) -> None:
        self.resets.append(rows)
        self.rows = {row.id: row for row in rows}

    def _change(self, rows: list[PumpRow]) -> None:
        assert rows
        for row in rows:
            assert row.id in self.rows
            assert row != self.rows[row.id]
            self.rows[row.id] = row
        self.changes.append(rows)

    def show(self, *pumps: StoredPump) -> None:
        self.runner.set_pumps(pumps)
        self.overview.set_pumps(pumps)

    def until(self, true: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(true()), timeout=20_000)

    def until_state(self, pump: StoredPump, state: PumpState) -> PumpRow:
        self.until(lambda: self.rows[pump.id].state is state)
        return self.rows[pump.id]

    def close(self) -> None:
        ends: list[bool] = []
        self.home.gate.opened.set()
        self.runner.ended_all.connect(ends.append)
        self.runner.shut_down(patience=20)
        self.until(lambda: ends and not self.tasks.busy)
        self.home.close()


@pytest.fixture
def board(tmp_path: Path, qtbot: QtBot) -> Iterator[Board]:
    made = Board(tmp_path / "home", qtbot)
    yield made
    made.close()


def test_without_pumps_that_is_said(board: Board) -> None:
    board.show()
    assert board.resets == [[]]
    assert board.overall == [(OverallState.NOT_CONFIGURED, "No pump is configured yet")]


def test_pumps_stand_in_the_order_given_and_types_get_their_names(board: Board) -> None:
    two, one = board.home.add("Linac 2"), board.home.add("Linac 1")
    board.show(two, one)
    assert [(row.name, row.type_key, row.type_name) for row in board.resets[0]] == [
        ("Linac 2", TYPE, TYPE),
        ("Linac 1", TYPE, TYPE),
    ]
    board.until(lambda: board.rows[one.id].type_name == "Gated results")
    assert list(board.rows) == [two.id, one.id]
    assert board.overview.rows() == board.resets[-1]
    assert {row.state for row in board.rows.values()} == {PumpState.IDLE}
    assert board.overall == [(OverallState.IDLE, "All 2 pumps are idle")]


def test_the_life_of_a_pump(board: Board) -> None:
    pump = board.home.add()
    board.show(pump)
    board.runner.start_all()
    board.until_state(pump, PumpState.RUNNING)
    board.home.gate.opened.set()
    row = board.until_state(pump, PumpState.WAITING)
    assert row.next_run is not None
    assert abs(row.next_run - local_now() - timedelta(seconds=60)) < timedelta(seconds=20)
    board.until(lambda: board.rows[pump.id].last_success is not None)
    board.runner.stop_all()
    row = board.until_state(pump, PumpState.IDLE)
    assert row.next_run is None
    board.until(lambda: board.overall[-1] == (OverallState.IDLE, "The pump is idle"))
    texts = [text for _state, text in board.overall]
    assert set(texts) == {"The pump is idle", "1 pump is running", "The pump waits for its next cycle"}
    # In between it may be seen to wait until the home is its own.
    assert texts[0] == "The pump is idle"
    assert texts[-3:] == ["1 pump is running", "The pump waits for its next cycle", "The pump is idle"]


def test_a_pump_that_is_being_stopped_says_so(board: Board) -> None:
    pump = board.home.add()
    board.home.gate.deaf = True
    board.show(pump)
    board.runner.start_all()
    board.until(lambda: board.home.gate.begun)
    board.runner.stop_all()
    assert board.until_state(pump, PumpState.STOPPING).reason == ""
    board.home.gate.opened.set()
    board.until_state(pump, PumpState.IDLE)


def test_a_cycle_that_needs_attention_is_told_with_its_reason_and_recovers(board: Board) -> None:
    pump = board.home.add()
    board.home.gate.act = lambda gated: gated.log_error("The chamber gave no reading. Plug it in.")
    board.home.gate.opened.set()
    board.show(pump)
    board.runner.start_all()
    row = board.until_state(pump, PumpState.ATTENTION)
    assert row.reason == "The chamber gave no reading. Plug it in."
    board.until(lambda: board.overall[-1] == (OverallState.ATTENTION, "1 pump needs attention"))
    board.home.gate.act = lambda _gated: None
    board.clock.passes(60)
    assert board.until_state(pump, PumpState.WAITING).reason == ""


def test_a_pump_in_trouble_says_whether_it_is_stopped(board: Board) -> None:
    pump = board.home.add()
    board.home.gate.act = lambda gated: gated.log_error("The chamber gave no reading. Plug it in.")
    board.home.gate.opened.set()
    board.show(pump)
    board.runner.start_all()
    assert board.until_state(pump, PumpState.ATTENTION).state_words == "Needs attention"
    board.runner.stop_all()
    board.until(lambda: board.rows[pump.id].stopped)
    row = board.rows[pump.id]
    assert (row.state, row.state_words) == (PumpState.ATTENTION, "Needs attention, stopped")
    assert row.reason == "The chamber gave no reading. Plug it in."
    board.home.gate.act = lambda _gated: None
    board.runner.start(pump.id)
    assert board.until_state(pump, PumpState.WAITING).state_words == "Waiting"
    board.runner.stop_all()
    assert board.until_state(pump, PumpState.IDLE).state_words == "Idle"


def test_a_server_that_is_away_once_is_a_hint_and_twice_is_attention(board: Board) -> None:
    def away(_gated: BasePump) -> None:
        raise ServerUnavailable(AWAY)

    pump = board.home.add()
    board.home.gate.act = away
    board.home.gate.opened.set()
    board.show(pump)
    board.runner.start_all()
    told = f"Server cannot be reached: {AWAY}"
    hint = f"Waiting for the server or the source; it is tried again in the next cycle. {told}"
    board.until(lambda: board.rows[pump.id].reason == hint)
    assert board.rows[pump.id].state is PumpState.WAITING
    board.clock.passes(60)
    row = board.until_state(pump, PumpState.ATTENTION)
    assert row.reason == f"The server or the source could not be reached in the last 2 cycles. {told}"


def test_a_server_that_stays_away_needs_attention_after_an_hour_without_another_cycle(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_gated: BasePump) -> None:
        raise ServerUnavailable(AWAY)

    monkeypatch.setattr(overview_module, "LOOK_AGAIN_MS", 20)
    overview = Overview(board.home.program, board.runner, board.tasks)
    pump = board.home.add()
    board.home.gate.act = away
    board.home.gate.opened.set()
    board.show(pump)
    overview.set_pumps([pump])
    rows: list[PumpRow] = []
    overview.rows_changed.connect(rows.extend)
    board.runner.run_now(pump.id)
    board.until(lambda: rows and rows[-1].reason.startswith("Waiting for the server"))
    later = local_now() + timedelta(hours=2)
    monkeypatch.setattr("qcpump_qt.controllers.overview_facts.now", lambda: later)
    board.until(lambda: rows[-1].state is PumpState.ATTENTION)
    assert rows[-1].reason == (
        f"The server or the source has not been reached for more than an hour. Server cannot be reached: {AWAY}"
    )


def test_validity_is_shown(board: Board) -> None:
    pump = board.home.add()
    board.show(pump)
    board.overview.set_validity(pump.id, False, "Gate: The mark is blank.")
    row = board.until_state(pump, PumpState.INVALID)
    assert row.reason == "Gate: The mark is blank."
    board.until(lambda: board.overall[-1] == (OverallState.INVALID, "The pump is invalid"))
    board.overview.set_validity(pump.id, False, "")
    board.until(
        lambda: (
            board.rows[pump.id].reason
            == "Its configuration is not in order. The tab Configuration shows what has to be put right."
        )
    )
    board.overview.set_validity(pump.id, True, "")
    assert board.until_state(pump, PumpState.IDLE).reason == ""


def test_a_cycle_that_works_shows_that_the_configuration_is_in_order(board: Board) -> None:
    pump = board.home.add()
    board.show(pump)
    board.overview.set_validity(pump.id, False, "The share is not there.")
    board.until_state(pump, PumpState.INVALID)
    board.home.gate.opened.set()
    board.runner.run_now(pump.id)
    assert board.until_state(pump, PumpState.IDLE).reason == ""


def test_what_was_found_while_a_cycle_ran_with_other_values_stays(board: Board) -> None:
    pump = board.home.add()
    board.show(pump)
    board.runner.run_now(pump.id)
    board.until_state(pump, PumpState.RUNNING)
    board.overview.set_validity(pump.id, False, "Gate: The mark is blank.")
    board.home.gate.opened.set()
    assert board.until_state(pump, PumpState.INVALID).reason == "Gate: The mark is blank."
    board.until(lambda: not board.runner.busy)
    assert board.overview.rows()[0].state is PumpState.INVALID


def test_what_another_program_did_is_seen_after_a_minute(
    board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overview_module, "LOOK_AGAIN_MS", 20)
    monkeypatch.setattr(overview_module, "SUMMARY_MS", 20)
    overview = Overview(board.home.program, board.runner, board.tasks)
    pump = board.home.add()
    overview.set_pumps([pump])
    board.until(lambda: not board.tasks.busy)
    assert overview.rows()[0].last_success is None
    cycles = board.home.program.ledger.cycles
    number = cycles.begin(pump.id, "command line")
    cycles.end(pump.id, number, "ok", {"found": 1, "delivered": 1}, "")
    board.until(lambda: overview.rows()[0].last_success is not None)
    overview._look_again.stop()


def test_many_changes_are_told_in_one_batch(board: Board) -> None:
    pumps = [board.home.add(f"Linac {number}") for number in range(5)]
    board.show(*pumps)
    board.until(lambda: board.rows[pumps[0].id].type_name == "Gated results")
    board.until(lambda: not board.tasks.busy)
    board.changes.clear()
    for pump in reversed(pumps):
        board.overview.set_validity(pump.id, False, "Wrong.")
    board.until(lambda: board.changes)
    assert [[row.name for row in rows] for rows in board.changes] == [[pump.name for pump in pumps]]
    board.overview.set_validity(pumps[3].id, False, "Wrong.")
    board.overview.set_validity(pumps[4].id, True, "")
    board.until(lambda: len(board.changes) == 2)
    assert [row.name for row in board.changes[1]] == ["Linac 4"]


def test_a_pump_that_is_switched_off_is_inactive(board: Board) -> None:
    pump = board.home.add(active=False)
    board.show(pump)
    (row,) = board.resets[0]
    assert (row.state, row.reason) == (PumpState.INACTIVE, "It is switched off in its configuration.")
    assert board.overall[-1] == (OverallState.INACTIVE, "The pump is inactive")


def test_edits_that_were_not_saved_are_marked(board: Board) -> None:
    pump = board.home.add()
    board.show(pump)
    board.overview.set_unsaved(pump.id, True)
    board.until(lambda: board.rows[pump.id].unsaved)
    board.overview.set_unsaved(pump.id, False)
    board.until(lambda: not board.rows[pump.id].unsaved)


def test_a_new_pump_is_shown_until_it_is_saved(board: Board) -> None:
    pump = board.home.add("Linac 1")
    board.show(pump)
    board.until(lambda: board.rows[pump.id].type_name == "Gated results")
    board.overview.add_new("new-1", "Linac 2", TYPE)
    row = board.rows["new-1"]
    assert (row.name, row.type_name, row.unsaved) == ("Linac 2", "Gated results", True)
    assert (row.state, row.reason) == (PumpState.NOT_CONFIGURED, "It has not been saved yet.")
    assert list(board.rows) == [pump.id, "new-1"]
    assert board.overall[-1] == (OverallState.MIXED, "1 pump is idle, 1 pump is not saved yet")
    saved = board.home.add("Linac 2")
    board.overview.remove_new("new-1")
    board.show(pump, saved)
    assert list(board.rows) == [pump.id, saved.id]
    resets = len(board.resets)
    board.overview.remove_new("new-1")
    assert len(board.resets) == resets


def test_a_pump_that_cannot_be_read_is_a_row_with_the_reason(board: Board) -> None:
    pump = board.home.add("Linac 1")
    path = board.home.program.places.pumps / "odd-xyz789" / "config.json"
    path.parent.mkdir()
    path.write_text("[]", "utf-8")
    pumps, broken = board.home.program.pumps()
    board.overview.set_pumps(pumps, broken)
    good, odd = board.rows.values()
    assert good.id == pump.id
    assert (odd.id, odd.name, odd.type_key, odd.type_name) == (
        "odd-xyz789",
        "odd-xyz789",
        "",
        "Cannot be read",
    )
    assert odd.state is PumpState.INVALID
    assert odd.reason.startswith(str(path))
    assert board.overall[-1] == (OverallState.MIXED, "1 pump is invalid, 1 pump is idle")


def test_a_pump_that_is_gone_is_forgotten(board: Board) -> None:
    one, two = board.home.add("Linac 1"), board.home.add("Linac 2")
    board.show(one, two)
    board.overview.set_validity(one.id, False, "Wrong.")
    board.until_state(one, PumpState.INVALID)
    board.show(two)
    board.overview.set_validity(one.id, False, "Wrong.")
    assert list(board.rows) == [two.id]
    board.show(one, two)
    assert list(board.rows) == [one.id, two.id]


def test_a_start_that_waits_for_its_turn_says_so(board: Board) -> None:
    pumps = [board.home.add(f"Linac {number}") for number in range(9)]
    board.show(*pumps)
    board.runner.start_all()
    board.until(
        lambda: (
            board.rows[pumps[8].id].reason
            == "It waits for its turn: 8 pumps are running, and no more run at the same time."
        )
    )
    assert board.rows[pumps[8].id].state is PumpState.WAITING


def test_the_ledger_is_asked_at_most_once_a_second(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    program = board.home.program
    real = program.standing

    def counted() -> Mapping[str, PumpSummary]:
        asked.append(1)
        return real()

    monkeypatch.setattr(program, "standing", counted)
    for _ in range(20):
        board.overview.refresh()
    board.until(lambda: len(asked) == 2)
    board.until(lambda: not board.tasks.busy)
    assert len(asked) == 2


def test_a_ledger_that_cannot_be_read_is_told_once(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []
    real = Database.at

    def counted(file: Path) -> Database:
        asked.append(file)
        return real(file)

    monkeypatch.setattr(Database, "at", counted)
    board.home.program.places.ledger_file.write_bytes(b"no database at all" * 100)
    board.show(board.home.add())
    board.overview.refresh()
    board.until(lambda: len(asked) == 2 and not board.tasks.busy)
    ((title, text),) = board.failures
    assert title == "Ledger not usable"
    assert "The file is damaged." in text


def test_two_hundred_pumps_stall_nothing(
    board: Board,
    heartbeat: Callable[[], AbstractContextManager[Heartbeat]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(board.runner, "_apart", QTimer(board.runner, singleShot=True, interval=1))
    board.runner._apart.timeout.connect(board.runner._go_on)
    pumps = [board.home.add(f"Linac {number}") for number in range(200)]
    board.home.gate.opened.set()
    with heartbeat():
        board.show(*pumps)
        for pump in pumps:
            board.overview.set_validity(pump.id, True, "")
        board.runner.start_all()
        board.until(lambda: all(row.state is PumpState.WAITING for row in board.rows.values()))
        board.until(lambda: all(row.last_success for row in board.rows.values()))
