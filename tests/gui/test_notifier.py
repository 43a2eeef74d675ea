"""Notifications: gathered, not repeated, and results that are missing, from a real ledger."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from qcpump_qt.app import Program
from qcpump_qt.controllers.notifier import Notifier, expected_by
from qcpump_qt.controllers.tasks import Tasks
from qcpump_qt.engine.clock import local_now
from qcpump_qt.engine.paths import Places
from qcpump_qt.engine.secrets import MemorySecrets
from qcpump_qt.engine.store import StoredPump
from qcpump_qt.models.rows import PumpRow, PumpState
from unit.engine.ledger.ledger_writing import add_record

Told = list[tuple[str, str, str]]


def row(number: int, state: PumpState, reason: str = "") -> PumpRow:
    return PumpRow(
        id=f"p{number}", name=f"Linac {number}", type_key="Mpc", type_name="MPC", state=state, reason=reason
    )


def pump(number: int = 1, by: object = "07:30", *, active: bool = True) -> StoredPump:
    values = {"Pump": [{"active": active, "expect result by": by}]}
    return StoredPump(id=f"p{number}", type="Mpc", name=f"Linac {number}", values=values)


class Clock:
    def __init__(self) -> None:
        self.now = local_now().replace(hour=8, minute=0, second=0, microsecond=0)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    with Program(Places(tmp_path), secrets=MemorySecrets()) as program:
        yield program


@pytest.fixture
def notifier(program: Program, clock: Clock, qapp: object) -> Iterator[Notifier]:
    tasks = Tasks()
    notifier = Notifier(program, tasks, clock=clock, gather=20)
    notifier.start()
    yield notifier
    notifier.stop()
    assert tasks.wait(10)


@pytest.fixture
def told(notifier: Notifier) -> Told:
    found: Told = []
    notifier.notice.connect(lambda *words: found.append(words))
    return found


def arrived(program: Program, clock: Clock, *days: int, pump: str = "p1") -> None:
    for day in days:
        moment = clock.now.replace(hour=7, minute=10) - timedelta(days=day)
        add_record(program.ledger, f"{pump}-{day}", pump=pump, state="delivered", updated=moment)


def test_several_within_a_short_while_become_one(notifier: Notifier, told: Told, qtbot: QtBot) -> None:
    notifier.row_changed(row(1, PumpState.ATTENTION, "The token is wrong."))
    notifier.row_changed(row(2, PumpState.ATTENTION, "The folder is gone."))
    qtbot.waitUntil(lambda: bool(told))
    assert told == [
        ("2 pumps need attention", "Linac 1: The token is wrong.\nLinac 2: The folder is gone.", "warning")
    ]


def test_the_same_is_not_told_again_and_recovery_is(notifier: Notifier, told: Told, qtbot: QtBot) -> None:
    attention = row(1, PumpState.ATTENTION, "The token is wrong.")
    notifier.rows_reset([attention])
    qtbot.waitUntil(lambda: len(told) == 1)
    notifier.rows_reset([row(1, PumpState.RUNNING)])
    notifier.rows_reset([attention])
    notifier.row_changed(row(1, PumpState.WAITING))
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told == [
        ("Linac 1 needs attention", "The token is wrong.", "warning"),
        ("Linac 1 works again", "Its last cycle ended well.", "info"),
    ]


def test_what_recovers_at_once_is_not_told(notifier: Notifier, told: Told, qtbot: QtBot) -> None:
    notifier.row_changed(row(1, PumpState.ATTENTION))
    notifier.row_changed(row(1, PumpState.WAITING))
    notifier.row_changed(row(2, PumpState.ATTENTION, "Why."))
    qtbot.waitUntil(lambda: bool(told))
    assert told == [("Linac 2 needs attention", "Why.", "warning")]


def test_a_missing_result_is_told_once_a_day(
    notifier: Notifier, told: Told, program: Program, clock: Clock, qtbot: QtBot
) -> None:
    arrived(program, clock, 7, 14, 21)
    notifier.set_pumps([pump()])
    notifier.look_for_missing()
    qtbot.waitUntil(lambda: bool(told))
    missing = (
        "Linac 1: no result yet",
        "Nothing has arrived today by 07:30, although on this day of the week something always did. "
        "See whether the measurement was done and exported.",
        "warning",
    )
    assert told == [missing]
    clock.now += timedelta(hours=1)
    notifier.look_for_missing()
    notifier.row_changed(row(2, PumpState.ATTENTION, "Why."))
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told[1][0] == "Linac 2 needs attention"
    arrived(program, clock, 0)
    clock.now += timedelta(days=7)
    notifier.look_for_missing()
    qtbot.waitUntil(lambda: len(told) == 3)
    assert told[2] == missing


@pytest.mark.parametrize(
    "quiet", [pump(by=""), pump(by=None), pump(active=False), pump(by="09:00"), pump(2), pump(by="later")]
)
def test_what_is_not_missing_is_not_told(
    notifier: Notifier, told: Told, program: Program, clock: Clock, qtbot: QtBot, quiet: StoredPump
) -> None:
    arrived(program, clock, 7, 14, 21)
    loud = pump(3)
    arrived(program, clock, 7, pump="p3")
    notifier.set_pumps([quiet, loud])
    notifier.look_for_missing()
    qtbot.waitUntil(lambda: bool(told))
    assert [title for title, _text, _level in told] == ["Linac 3: no result yet"]


def test_a_ledger_that_cannot_be_read_is_asked_again(
    notifier: Notifier, told: Told, program: Program, clock: Clock, qtbot: QtBot
) -> None:
    program.places.ledger_file.write_bytes(b"no ledger at all, only some bytes" * 200)
    notifier.set_pumps([pump()])
    notifier.look_for_missing()
    qtbot.waitUntil(lambda: not notifier.looking)
    program.places.ledger_file.unlink()
    arrived(program, clock, 7)
    notifier.look_for_missing()
    qtbot.waitUntil(lambda: bool(told))
    assert told[0][0] == "Linac 1: no result yet"


def test_the_time_is_read_from_the_section_pump() -> None:
    assert expected_by(pump(by=" 07:30 ")) == "07:30"
    assert expected_by(StoredPump(id="x", type="Mpc", name="x", values={})) == ""


def test_what_was_the_matter_before_the_start_is_not_told_again(
    notifier: Notifier, told: Told, qtbot: QtBot
) -> None:
    notifier.take_as_known()
    former = row(1, PumpState.ATTENTION, "The token is wrong.")
    notifier.rows_reset([row(1, PumpState.IDLE), row(2, PumpState.IDLE)])
    notifier.row_changed(former)
    notifier.row_changed(row(2, PumpState.RUNNING))
    notifier.row_changed(row(2, PumpState.ATTENTION, "The folder is gone."))
    notifier.row_changed(row(1, PumpState.RUNNING))
    notifier.row_changed(former)
    qtbot.waitUntil(lambda: bool(told))
    assert told == [("Linac 2 needs attention", "The folder is gone.", "warning")]
    notifier.row_changed(row(1, PumpState.WAITING))
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told[1] == ("Linac 1 works again", "Its last cycle ended well.", "info")


def test_another_trouble_than_before_the_start_is_told(notifier: Notifier, told: Told, qtbot: QtBot) -> None:
    notifier.take_as_known()
    notifier.row_changed(row(1, PumpState.ATTENTION, "The token is wrong."))
    notifier.row_changed(row(1, PumpState.RUNNING))
    notifier.row_changed(row(1, PumpState.ATTENTION, "The folder is gone."))
    qtbot.waitUntil(lambda: bool(told))
    assert told == [("Linac 1 needs attention", "The folder is gone.", "warning")]


def test_some_time_after_the_start_trouble_is_news_also_of_a_pump_that_never_ran(
    notifier: Notifier, told: Told, qtbot: QtBot
) -> None:
    notifier.take_as_known()
    notifier._knowing.setInterval(10)
    qtbot.waitUntil(lambda: not notifier._knowing.isActive())
    notifier.row_changed(row(1, PumpState.ATTENTION, "The token is wrong."))
    qtbot.waitUntil(lambda: bool(told))
    assert told == [("Linac 1 needs attention", "The token is wrong.", "warning")]
