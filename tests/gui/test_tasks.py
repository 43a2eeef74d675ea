"""Work off the UI thread, and its result back on it."""

from __future__ import annotations

import gc
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from gui.heartbeat import Heartbeat
from qcpump_qt.controllers.tasks import Tasks
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import Cancelled, ConfigurationError, PumpError


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    made = Tasks(2)
    yield made
    made.cancel()
    qtbot.waitUntil(lambda: not made.busy)
    assert made.wait(20)


def nobody(_result: object) -> None:
    raise AssertionError("must not be called")


def test_the_work_is_done_elsewhere_and_its_result_comes_back_here(tasks: Tasks, qtbot: QtBot) -> None:
    here = QThread.currentThread()
    threads: list[QThread] = []
    results: list[tuple[int, QThread]] = []

    def work(_cancel: CancelToken) -> int:
        threads.append(QThread.currentThread())
        return 42

    tasks.start(work, lambda result: results.append((result, QThread.currentThread())), nobody)
    assert tasks.busy
    assert results == []
    qtbot.waitUntil(lambda: bool(results))
    assert results == [(42, here)]
    assert threads[0] is not here
    assert not tasks.busy


def test_what_goes_wrong_comes_back_as_it_is(tasks: Tasks, qtbot: QtBot) -> None:
    failures: list[PumpError] = []

    def work(_cancel: CancelToken) -> None:
        raise ConfigurationError("The folder is not there.")

    tasks.start(work, nobody, failures.append)
    qtbot.waitUntil(lambda: bool(failures))
    assert isinstance(failures[0], ConfigurationError)
    assert failures[0].message == "The folder is not there."


def test_a_fault_of_the_program_is_logged_and_told_in_words(
    tasks: Tasks, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    failures: list[PumpError] = []

    def work(_cancel: CancelToken) -> None:
        raise ValueError("nobody thought of this")

    tasks.start(work, nobody, failures.append)
    qtbot.waitUntil(lambda: bool(failures))
    assert failures[0].title == "Fault in QCPump-Qt"
    assert failures[0].message == (
        "ValueError: nobody thought of this. The log shows where; please report it."
    )
    assert "Work in the background failed" in caplog.text
    assert "Traceback" in caplog.text


def test_work_that_ends_in_sys_exit_is_told_in_the_same_words(
    tasks: Tasks, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    failures: list[PumpError] = []
    tasks.start(lambda _cancel: sys.exit(3), nobody, failures.append)
    qtbot.waitUntil(lambda: bool(failures))
    assert failures[0].title == "Fault in QCPump-Qt"
    assert failures[0].message == "SystemExit: 3. The log shows where; please report it."
    assert "Work in the background failed" in caplog.text
    assert not tasks.busy


def test_after_a_cancel_nothing_is_called(tasks: Tasks, qtbot: QtBot) -> None:
    begun = threading.Event()

    def work(cancel: CancelToken) -> str:
        begun.set()
        assert cancel.wait(20)
        return "too late"

    def checked(cancel: CancelToken) -> None:
        begun.set()
        cancel.wait(20)
        cancel.check()

    for each in (work, checked):
        begun.clear()
        token = tasks.start(each, nobody, nobody)
        assert begun.wait(20)
        token.cancel()
        qtbot.waitUntil(lambda: not tasks.busy)


def test_work_that_gives_up_by_itself_calls_nothing(tasks: Tasks, qtbot: QtBot) -> None:
    def work(_cancel: CancelToken) -> None:
        raise Cancelled("Stopped.")

    tasks.start(work, nobody, nobody)
    qtbot.waitUntil(lambda: not tasks.busy)


def test_cancel_ends_all_also_what_has_not_begun(tasks: Tasks, qtbot: QtBot) -> None:
    begun: list[int] = []

    def work(cancel: CancelToken) -> None:
        if not cancelled.is_set():
            begun.append(1)
        cancel.wait(20)

    cancelled = threading.Event()
    for _ in range(5):
        tasks.start(work, nobody, nobody)
    qtbot.waitUntil(lambda: len(begun) == 2)
    cancelled.set()
    tasks.cancel()
    qtbot.waitUntil(lambda: not tasks.busy)
    assert len(begun) == 2


def test_wait_tells_whether_the_threads_are_done(tasks: Tasks) -> None:
    go_on = threading.Event()
    tasks.start(lambda _cancel: go_on.wait(20), lambda _result: None, nobody)
    assert not tasks.wait(0.01)
    go_on.set()
    assert tasks.wait(20)


def test_work_that_hangs_stalls_nothing(
    tasks: Tasks, qtbot: QtBot, heartbeat: Callable[[], AbstractContextManager[Heartbeat]]
) -> None:
    done: list[bool] = []
    hang = threading.Event()
    with heartbeat():
        for _ in range(4):
            tasks.start(lambda _cancel: hang.wait(0.2), done.append, nobody)
        qtbot.waitUntil(lambda: len(done) == 4)


def _handed_back(kept: object, _token: CancelToken) -> object:
    return kept


def test_what_is_done_is_let_go_of(qtbot: QtBot) -> None:
    class Kept:
        """Stands for what the work holds on to, such as a form."""

    tasks = Tasks(2)
    left: list[weakref.ref[Kept]] = []
    for _ in range(20):
        kept = Kept()
        left.append(weakref.ref(kept))
        tasks.start(partial(_handed_back, kept), lambda _kept: None, lambda _error: None)
    del kept
    qtbot.waitUntil(lambda: not tasks.busy)
    gc.collect()
    assert sum(reference() is not None for reference in left) <= 2, "at most what the threads did last"
    assert tasks.wait(10)
