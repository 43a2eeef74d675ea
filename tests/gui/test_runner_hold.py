"""Taking and giving back the home's lock off the UI thread."""

from __future__ import annotations

import threading

import pytest
from pytestqt.qtbot import QtBot

from qcpump_qt.controllers.running_hold import HomeHold
from qcpump_qt.engine.errors import BusyError, LedgerError


class SlowLock:
    """A lock on a slow share: calls last until the test lets them go on, and may fail."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.threads: set[int] = set()
        self.go_on = threading.Event()
        self.refusal: BusyError | None = None
        self.trouble: LedgerError | None = None

    def acquire(self) -> None:
        self._called("acquire")
        if self.refusal is not None:
            raise self.refusal

    def release(self) -> None:
        self._called("release")
        if self.trouble is not None:
            raise self.trouble

    def _called(self, name: str) -> None:
        self.calls.append(name)
        self.threads.add(threading.get_ident())
        assert self.go_on.wait(20)


@pytest.fixture
def lock() -> SlowLock:
    return SlowLock()


@pytest.fixture
def hold(qtbot: QtBot, lock: SlowLock) -> HomeHold:
    return HomeHold(lambda: lock)


def taken(hold: HomeHold, lock: SlowLock, qtbot: QtBot) -> None:
    lock.go_on.set()
    with qtbot.waitSignal(hold.taken):
        hold.ask()


def test_it_is_taken_and_given_back_elsewhere(hold: HomeHold, lock: SlowLock, qtbot: QtBot) -> None:
    assert hold.free
    hold.ask()
    hold.ask()
    assert (hold.free, hold.held) == (False, False)
    with qtbot.waitSignal(hold.taken):
        lock.go_on.set()
    assert hold.held
    hold.ask()
    with qtbot.waitSignal(hold.given_back):
        hold.give_back()
        hold.give_back()
    assert hold.free
    assert lock.calls == ["acquire", "release"]
    assert threading.get_ident() not in lock.threads


def test_what_is_not_held_is_not_given_back(hold: HomeHold, lock: SlowLock) -> None:
    hold.give_back()
    hold.ask()
    hold.give_back()
    lock.go_on.set()
    assert "release" not in lock.calls


def test_refused_it_can_be_asked_for_again(hold: HomeHold, lock: SlowLock, qtbot: QtBot) -> None:
    lock.go_on.set()
    lock.refusal = BusyError("Somebody else runs them.")
    with qtbot.waitSignal(hold.refused) as refused:
        hold.ask()
    assert refused.args == ["Somebody else runs them."]
    assert hold.free
    lock.refusal = None
    taken(hold, lock, qtbot)
    assert hold.held


def test_a_lock_that_cannot_be_given_back_is_logged_and_counts_as_free(
    hold: HomeHold, lock: SlowLock, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    taken(hold, lock, qtbot)
    lock.trouble = LedgerError("The share is away.")
    with qtbot.waitSignal(hold.given_back):
        hold.give_back()
    assert hold.free
    assert "The home could not be given back: Ledger not usable: The share is away." in caplog.text
