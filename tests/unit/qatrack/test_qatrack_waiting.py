"""Calls without a time-out of their own are waited for no longer than is good."""

from __future__ import annotations

import threading
import time

import pytest

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import Cancelled
from qcpump_qt.qatrack.waiting import run_bounded


def test_results_and_errors_come_through() -> None:
    def fails() -> int:
        raise LookupError("name")

    assert run_bounded(lambda: 42, 5, CancelToken()) == 42
    with pytest.raises(LookupError, match="name"):
        run_bounded(fails, 5, CancelToken())


def test_a_late_result_is_got_rid_of() -> None:
    go, gone = threading.Event(), threading.Event()
    discarded: list[str] = []

    def work() -> str:
        go.wait(10)
        return "socket"

    def discard(result: str) -> None:
        discarded.append(result)
        gone.set()

    with pytest.raises(TimeoutError):
        run_bounded(work, 0.05, CancelToken(), discard)
    go.set()
    assert gone.wait(5)
    assert discarded == ["socket"]


def test_cancelling_ends_the_wait_at_once() -> None:
    cancel, go = CancelToken(), threading.Event()
    threading.Timer(0.05, cancel.cancel).start()
    start = time.monotonic()
    with pytest.raises(Cancelled):
        run_bounded(lambda: go.wait(10), 10, cancel)
    assert time.monotonic() - start < 2
    go.set()


def test_nothing_is_started_after_cancelling() -> None:
    cancel = CancelToken()
    cancel.cancel()
    started: list[int] = []
    with pytest.raises(Cancelled):
        run_bounded(lambda: started.append(1), 10, cancel)
    assert started == []
