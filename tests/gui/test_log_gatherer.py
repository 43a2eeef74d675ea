"""Lines of real logs, written in any thread, reach the tables in batches; the UI thread goes on."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from gui.heartbeat import Heartbeat
from qcpump_qt.app import Program
from qcpump_qt.controllers.log_gatherer import MOST_AT_ONCE, UNSEEN, LogGatherer
from qcpump_qt.engine.paths import Places
from qcpump_qt.engine.secrets import MemorySecrets
from qcpump_qt.engine.store import StoredPump
from qcpump_qt.models.dates import DateStyle
from qcpump_qt.models.log_table import CAPACITY, MESSAGE_ROLE, LogTableModel
from qcpump_qt.views.log_view import LogView

Watch = Callable[[], AbstractContextManager[Heartbeat]]
TYPE = "QATrackMPCPump"


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    with Program(Places(tmp_path / "home"), secrets=MemorySecrets()) as made:
        yield made


@pytest.fixture
def gatherer(qtbot: QtBot, program: Program) -> Iterator[LogGatherer]:
    made = LogGatherer(program)
    yield made
    made.shut_down()


def pump(program: Program, name: str = "TrueBeam", level: str = "info") -> StoredPump:
    return program.store.add(name, TYPE, {"Pump": [{"log level": level}]})


def shown(gatherer: LogGatherer, of: StoredPump) -> LogTableModel:
    model = gatherer.model(of.id)
    assert model is not None
    return model


def messages(model: LogTableModel) -> list[str]:
    return [model.index(row, 0).data(MESSAGE_ROLE) for row in range(model.rowCount())]


def log_in_thread(program: Program, of: StoredPump, count: int) -> threading.Thread:
    log = program.log_of(of)

    def work() -> None:
        for number in range(count):
            log.log(logging.INFO, f"line {number}")

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_a_line_of_another_thread_arrives_in_the_table(
    qtbot: QtBot, program: Program, gatherer: LogGatherer
) -> None:
    mine = pump(program)
    gatherer.set_pumps([mine])
    model = shown(gatherer, mine)
    thread = log_in_thread(program, mine, 3)
    qtbot.waitUntil(lambda: model.rowCount() == 3)
    thread.join()
    assert messages(model) == ["line 0", "line 1", "line 2"]
    assert model.index(0, 1).data() == "Info"


def test_lines_of_before_are_there_when_the_table_is_first_shown(
    qtbot: QtBot, program: Program, gatherer: LogGatherer
) -> None:
    mine = pump(program)
    gatherer.set_pumps([mine])
    program.log_of(mine).log(logging.ERROR, "before anybody looked")
    assert messages(shown(gatherer, mine)) == ["before anybody looked"]


def test_lines_that_nobody_looks_at_wake_nobody_and_only_the_newest_stay(
    qtbot: QtBot, program: Program, gatherer: LogGatherer
) -> None:
    mine = pump(program)
    gatherer.set_pumps([mine])
    woken = QSignalSpy(gatherer.woken)
    log_in_thread(program, mine, UNSEEN + 50).join()
    assert woken.count() == 0
    assert gatherer.resting
    assert messages(shown(gatherer, mine)) == [f"line {number}" for number in range(50, UNSEEN + 50)]


def test_many_lines_wake_once_and_come_as_one_batch(
    qtbot: QtBot, program: Program, gatherer: LogGatherer
) -> None:
    mine = pump(program)
    gatherer.set_pumps([mine])
    model = shown(gatherer, mine)
    woken, inserted = QSignalSpy(gatherer.woken), QSignalSpy(model.rowsInserted)
    log_in_thread(program, mine, 200).join()
    qtbot.waitUntil(lambda: model.rowCount() == 200)
    assert (woken.count(), inserted.count()) == (1, 1)


def test_it_rests_when_there_is_nothing_more_and_wakes_again(
    qtbot: QtBot, program: Program, gatherer: LogGatherer
) -> None:
    mine = pump(program)
    gatherer.set_pumps([mine])
    model = shown(gatherer, mine)
    for _ in range(2):
        before = model.rowCount()
        program.log_of(mine).log(logging.INFO, "here")
        assert not gatherer.resting
        qtbot.waitUntil(lambda: gatherer.resting)
        assert model.rowCount() == before + 1


def test_a_burst_of_20000_lines_stalls_nothing_and_the_newest_stay(
    qtbot: QtBot, program: Program, gatherer: LogGatherer, heartbeat: Watch
) -> None:
    mine = pump(program)
    gatherer.set_pumps([mine])
    model = shown(gatherer, mine)
    view = LogView()
    qtbot.addWidget(view)
    view.resize(700, 400)
    view.set_log(model)
    with qtbot.waitExposed(view):
        view.show()
    batches: list[int] = []
    model.rowsInserted.connect(lambda _parent, first, last: batches.append(last - first + 1))
    with heartbeat():
        thread = log_in_thread(program, mine, 20_000)
        qtbot.waitUntil(
            lambda: bool(model.rowCount()) and messages_end(model) == "line 19999", timeout=60_000
        )
        thread.join()
    assert max(batches) <= MOST_AT_ONCE
    assert model.rowCount() <= CAPACITY
    assert view.indexAt(view.viewport().rect().bottomLeft()).row() >= model.rowCount() - 2


def messages_end(model: LogTableModel) -> str:
    return str(model.index(model.rowCount() - 1, 0).data(MESSAGE_ROLE))


def test_each_pump_has_its_own_table(qtbot: QtBot, program: Program, gatherer: LogGatherer) -> None:
    one, two = pump(program, "One"), pump(program, "Two")
    gatherer.set_pumps([one, two])
    first = shown(gatherer, one)
    assert shown(gatherer, one) is first
    second = shown(gatherer, two)
    assert first is not second
    threads = [log_in_thread(program, each, 3000) for each in (one, two)]
    qtbot.waitUntil(lambda: second.rowCount() == 3000)
    for thread in threads:
        thread.join()
    assert messages(second) == [f"line {number}" for number in range(3000)]
    assert first.rowCount() == 0


def test_of_a_pump_that_is_no_longer_shown_only_the_newest_lines_are_kept(
    qtbot: QtBot, program: Program, gatherer: LogGatherer
) -> None:
    one, two = pump(program, "One"), pump(program, "Two")
    gatherer.set_pumps([one, two])
    first = shown(gatherer, one)
    log_in_thread(program, one, 3 * UNSEEN).join()
    qtbot.waitUntil(lambda: first.rowCount() == 3 * UNSEEN)
    program.log_of(one).log(logging.INFO, "on its way when the other is shown")
    shown(gatherer, two)
    assert first.kept == 0
    qtbot.waitUntil(lambda: gatherer.resting)
    woken = QSignalSpy(gatherer.woken)
    program.log_of(one).log(logging.INFO, "while the other is shown")
    assert woken.count() == 0
    assert shown(gatherer, one) is first
    expected = [f"line {number}" for number in range(2 * UNSEEN + 2, 3 * UNSEEN)]
    assert messages(first) == [*expected, "on its way when the other is shown", "while the other is shown"]
    program.log_of(one).log(logging.INFO, "shown again")
    qtbot.waitUntil(lambda: messages_end(first) == "shown again")
    assert first.rowCount() == UNSEEN + 1


def test_many_pumps_that_were_looked_at_keep_few_lines(
    qtbot: QtBot, program: Program, gatherer: LogGatherer
) -> None:
    pumps = [pump(program, f"Linac {number}") for number in range(20)]
    gatherer.set_pumps(pumps)
    models = []
    for each in pumps:
        models.append(shown(gatherer, each))
        log_in_thread(program, each, UNSEEN + 500).join()
        qtbot.waitUntil(lambda: models[-1].rowCount() == UNSEEN + 500)
    assert [model.kept for model in models] == [0] * 19 + [UNSEEN + 500]
    assert shown(gatherer, pumps[0]).kept == UNSEEN


def test_clear_of_a_pump_that_is_no_longer_shown(
    qtbot: QtBot, program: Program, gatherer: LogGatherer
) -> None:
    one, two = pump(program, "One"), pump(program, "Two")
    gatherer.set_pumps([one, two])
    program.log_of(one).log(logging.INFO, "seen before")
    assert messages(shown(gatherer, one)) == ["seen before"]
    shown(gatherer, two)
    gatherer.clear(one.id)
    assert messages(shown(gatherer, one)) == []


def test_a_pump_that_is_gone_is_listened_to_no_longer(
    qtbot: QtBot, program: Program, gatherer: LogGatherer
) -> None:
    one, two = pump(program, "One"), pump(program, "Two")
    gatherer.set_pumps([one, two])
    former = shown(gatherer, one)
    program.log_of(one).log(logging.INFO, "on its way when the pump goes")
    gatherer.set_pumps([two])
    assert gatherer.model(one.id) is None
    model = shown(gatherer, two)
    program.log_of(one).log(logging.INFO, "too late")
    program.log_of(two).log(logging.INFO, "still heard")
    qtbot.waitUntil(lambda: messages(model) == ["still heard"])
    assert former.rowCount() == 0
    gatherer.clear(one.id)


def test_a_pump_that_stays_keeps_its_table_and_its_new_level_counts(
    qtbot: QtBot, program: Program, gatherer: LogGatherer
) -> None:
    mine = pump(program)
    gatherer.set_pumps([mine])
    model = shown(gatherer, mine)
    assert program.logs.pump(mine.id).level == logging.INFO
    talkative = replace(mine, values={"Pump": [{"log level": "debug"}]})
    gatherer.set_pumps([talkative])
    assert shown(gatherer, mine) is model
    program.log_of(talkative).log(logging.DEBUG, "wanted")
    qtbot.waitUntil(lambda: messages(model) == ["wanted"])


def test_a_level_that_is_none_keeps_no_pump_from_being_heard(
    qtbot: QtBot, program: Program, gatherer: LogGatherer
) -> None:
    mine = pump(program, level="loud")
    gatherer.set_pumps([mine])
    model = shown(gatherer, mine)
    program.logs.pump(mine.id).log(logging.INFO, "heard")
    qtbot.waitUntil(lambda: messages(model) == ["heard"])


def test_clear_empties_the_table_and_what_was_on_its_way_but_not_the_file(
    qtbot: QtBot, program: Program, gatherer: LogGatherer
) -> None:
    mine = pump(program)
    gatherer.set_pumps([mine])
    model = shown(gatherer, mine)
    log = program.log_of(mine)
    log.log(logging.INFO, "first")
    qtbot.waitUntil(lambda: model.rowCount() == 1)
    log.log(logging.INFO, "on its way")
    gatherer.clear(mine.id)
    log.log(logging.INFO, "after")
    qtbot.waitUntil(lambda: messages(model) == ["after"])
    assert "on its way" in program.logs.file_of(mine.id).read_text(encoding="utf-8")


def test_clear_before_the_table_was_shown(qtbot: QtBot, program: Program, gatherer: LogGatherer) -> None:
    mine = pump(program)
    gatherer.set_pumps([mine])
    program.log_of(mine).log(logging.INFO, "forgotten")
    gatherer.clear(mine.id)
    assert shown(gatherer, mine).rowCount() == 0


def test_the_date_style_holds_for_tables_of_now_and_later(
    qtbot: QtBot, program: Program, gatherer: LogGatherer
) -> None:
    one, two = pump(program, "One"), pump(program, "Two")
    gatherer.set_pumps([one, two])
    for each in (one, two):
        program.log_of(each).log(logging.INFO, "x")
    shown(gatherer, one)
    gatherer.set_date_style(DateStyle("dd.MM.yyyy"))
    for each in (one, two, one):
        model = shown(gatherer, each)
        assert model.index(0, 0).data(Qt.ItemDataRole.DisplayRole)[2] == "."


def test_after_shut_down_nothing_is_heard(qtbot: QtBot, program: Program, gatherer: LogGatherer) -> None:
    mine = pump(program)
    gatherer.set_pumps([mine])
    model = shown(gatherer, mine)
    gatherer.shut_down()
    woken = QSignalSpy(gatherer.woken)
    program.log_of(mine).log(logging.INFO, "nobody there")
    assert woken.count() == 0
    assert model.rowCount() == 0


def test_no_table_for_a_pump_that_is_unknown(gatherer: LogGatherer) -> None:
    assert gatherer.model("nobody") is None
