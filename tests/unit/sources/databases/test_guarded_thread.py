"""Calls on a connection's own thread: answered, given up on a stop or a time-out, interrupted, left behind."""

from __future__ import annotations

import sqlite3
import threading

import pytest

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import Cancelled
from qcpump_qt.sources.databases.guarded import GuardedThread, TooLateError, left_behind

LONG = 60.0


def test_calls_are_made_in_order_on_one_thread_of_their_own() -> None:
    thread = GuardedThread("database x", CancelToken())
    seen = [thread.call(threading.current_thread, LONG) for _ in range(3)]
    assert len(set(seen)) == 1
    assert seen[0] is not threading.current_thread()
    assert (seen[0].name, seen[0].daemon) == ("database x", True)
    thread.end(lambda: None, LONG)
    assert not seen[0].is_alive()


def test_an_error_comes_through() -> None:
    thread = GuardedThread("x", CancelToken())
    with pytest.raises(ZeroDivisionError):
        thread.call(lambda: 1 / 0, LONG)
    assert thread.call(lambda: "goes on", LONG) == "goes on"
    thread.end(lambda: None, LONG)


def test_a_stop_ends_the_wait_and_interrupts_the_driver() -> None:
    cancel, entered, interrupted = CancelToken(), threading.Event(), threading.Event()
    ended: list[str] = []

    def work() -> None:
        entered.set()
        interrupted.wait(LONG)

    def stop() -> None:
        entered.wait(LONG)
        cancel.cancel()

    threading.Thread(target=stop).start()
    thread = GuardedThread("x", cancel)
    with pytest.raises(Cancelled):
        thread.call(work, LONG, interrupted.set)
    assert interrupted.is_set()
    with pytest.raises(Cancelled):
        thread.call(lambda: None, LONG)
    # A driver that came back is let close its connection, and that is waited for.
    thread.end(lambda: ended.append("closed"), LONG)
    assert ended == ["closed"]


def test_a_call_that_takes_too_long_makes_the_connection_unusable() -> None:
    interrupted = threading.Event()
    thread = GuardedThread("x", CancelToken())
    with pytest.raises(TooLateError):
        thread.call(lambda: interrupted.wait(LONG), 0.01, interrupted.set)
    assert thread.abandoned
    with pytest.raises(TooLateError):
        thread.call(lambda: None, LONG)
    thread.end(lambda: None, LONG)


def test_a_driver_that_nothing_wakes_is_left_behind_and_closes_when_it_comes_back() -> None:
    wake, closed = threading.Event(), threading.Event()
    thread = GuardedThread("x", CancelToken())
    with pytest.raises(TooLateError):
        thread.call(lambda: wake.wait(LONG), 0.01, lambda: None)
    thread.end(closed.set, LONG)
    assert not closed.is_set()
    wake.set()
    assert closed.wait(LONG)


def test_an_interruption_that_hangs_itself_holds_nobody() -> None:
    wake = threading.Event()
    thread = GuardedThread("x", CancelToken())
    with pytest.raises(TooLateError):
        thread.call(lambda: wake.wait(LONG), 0.01, lambda: wake.wait(LONG))
    thread.end(lambda: None, LONG)
    wake.set()


def test_nothing_is_begun_after_a_stop() -> None:
    cancel = CancelToken()
    cancel.cancel()
    begun: list[int] = []
    thread = GuardedThread("x", cancel)
    with pytest.raises(Cancelled):
        thread.call(lambda: begun.append(1), LONG)
    thread.end(lambda: None, LONG)
    assert begun == []


def test_a_driver_that_is_bound_to_its_thread_is_content() -> None:
    thread = GuardedThread("x", CancelToken())
    connection = thread.call(lambda: sqlite3.connect(":memory:"), LONG)
    assert thread.call(lambda: connection.execute("SELECT 1").fetchall(), LONG) == [(1,)]
    thread.end(connection.close, LONG)


def test_a_driver_that_was_given_up_is_known_until_it_comes_back() -> None:
    comes_back = threading.Event()
    thread = GuardedThread("x", CancelToken())
    with pytest.raises(TooLateError):
        thread.call(comes_back.wait, 0.01)
    thread.end(lambda: None, 0)
    assert left_behind()
    comes_back.set()
    thread._thread.join(LONG)
    assert not left_behind()
