"""Validation in the background: the newest request wins, and nothing waits for one that hangs."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any

import pytest

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.config.background import BackgroundValidator
from qcpump_qt.engine.config.fields import Field, FieldType
from qcpump_qt.engine.config.report import Report
from qcpump_qt.engine.config.sections import Section
from qcpump_qt.engine.config.values import Configuration
from qcpump_qt.engine.errors import Cancelled, PumpError, PumpTypeError

PATIENCE = 20.0
SECTION = Section(name="Main", fields=(Field(name="text", type=FieldType.STRING),), validation="check")


class Pump:
    def __init__(self, check: Callable[[], tuple[bool, str]]) -> None:
        self._check = check

    def check(self, values: dict[str, Any]) -> tuple[bool, str]:
        return self._check()


class Results:
    """Gathers what the validator tells."""

    def __init__(self) -> None:
        self.told: queue.Queue[tuple[int, Report | PumpError]] = queue.Queue()

    def add(self, number: int, result: Report | PumpError) -> None:
        self.told.put((number, result))

    def next(self) -> tuple[int, Report | PumpError]:
        return self.told.get(timeout=PATIENCE)


class Threads:
    """Starts work on threads that can be waited for."""

    def __init__(self) -> None:
        self.started: list[threading.Thread] = []

    def __call__(self, work: Callable[[], None]) -> None:
        self.started.append(threading.Thread(target=work))
        self.started[-1].start()

    def join(self) -> None:
        for thread in self.started:
            thread.join(PATIENCE)
            assert not thread.is_alive()


def configuration() -> Configuration:
    return Configuration([SECTION])


def validator(results: Results, **options: Any) -> BackgroundValidator:
    return BackgroundValidator(results.add, results.add, **options)


def message(result: Report | PumpError) -> str:
    assert isinstance(result, Report)
    return result.sections[0].message


def test_the_result_comes_from_another_thread() -> None:
    threads: list[str] = []
    results = Results()

    def check() -> tuple[bool, str]:
        threads.append(threading.current_thread().name)
        return True, "fine"

    number = validator(results).request(lambda token: Pump(check), configuration())
    found, result = results.next()
    assert (found, message(result)) == (number, "fine")
    assert threads == ["validation"]


def test_a_check_that_hangs_blocks_neither_the_caller_nor_the_next_request() -> None:
    results, release, hanging = Results(), threading.Event(), threading.Event()

    def hang() -> tuple[bool, str]:
        hanging.set()
        release.wait(PATIENCE)
        return True, "old"

    threads = Threads()
    validating = validator(results, start=threads)
    validating.request(lambda token: Pump(hang), configuration())
    assert hanging.wait(PATIENCE)
    newest = validating.request(lambda token: Pump(lambda: (True, "new")), configuration())
    number, result = results.next()  # comes although the first one still hangs
    assert (number, message(result)) == (newest, "new")
    release.set()
    threads.join()
    assert results.told.empty()


def test_the_older_request_is_cancelled_and_its_result_dropped() -> None:
    results, started, ended = Results(), threading.Event(), threading.Event()
    seen: list[CancelToken] = []

    def make(token: CancelToken) -> Pump:
        seen.append(token)

        def check() -> tuple[bool, str]:
            started.set()
            token.wait(PATIENCE)
            ended.set()
            return True, "old"

        return Pump(check)

    threads = Threads()
    validating = validator(results, start=threads)
    first = validating.request(make, configuration())
    assert started.wait(PATIENCE)
    second = validating.request(lambda token: Pump(lambda: (False, "new")), configuration())
    assert ended.wait(PATIENCE)
    assert seen[0].cancelled
    number, result = results.next()
    assert (number, message(result)) == (second, "new")
    assert not validating.is_newest(first)
    assert validating.is_newest(second)
    threads.join()
    assert results.told.empty()


def test_of_many_requests_under_real_threads_the_last_one_told_is_the_newest() -> None:
    for _ in range(30):
        results = Results()
        validating = validator(results)
        barrier = threading.Barrier(4)

        def ask(validating: BackgroundValidator = validating, barrier: threading.Barrier = barrier) -> None:
            barrier.wait(PATIENCE)
            for _ in range(5):
                validating.request(lambda token: Pump(lambda: (True, "x")), configuration())

        askers = [threading.Thread(target=ask) for _ in range(4)]
        for asker in askers:
            asker.start()
        numbers = [results.next()[0]]
        while numbers[-1] != 20:
            numbers.append(results.next()[0])
        for asker in askers:
            asker.join(PATIENCE)
        assert numbers == sorted(numbers)
        assert results.told.empty()


def test_work_can_be_done_by_a_pool_and_cancelled_work_is_not_begun() -> None:
    waiting: list[Callable[[], None]] = []
    made: list[int] = []
    results = Results()
    validating = validator(results, start=waiting.append)

    def maker(number: int) -> Callable[[CancelToken], Pump]:
        def make(token: CancelToken) -> Pump:
            made.append(number)
            return Pump(lambda: (True, str(number)))

        return make

    for number in range(3):
        validating.request(maker(number), configuration())
    assert made == []
    for work in waiting:
        work()
    assert made == [2]
    assert message(results.next()[1]) == "2"
    assert results.told.empty()


def test_a_newer_request_made_by_the_callback_itself() -> None:
    told: list[int] = []
    done = threading.Event()

    def on_report(number: int, report: Report) -> None:
        told.append(number)
        if number == 1:
            validating.request(lambda token: Pump(lambda: (True, "second")), configuration())
        else:
            done.set()

    validating = BackgroundValidator(on_report, lambda number, error: None)
    validating.request(lambda token: Pump(lambda: (True, "first")), configuration())
    assert done.wait(PATIENCE)
    assert told == [1, 2]


def failing(error: BaseException) -> Callable[[CancelToken], Pump]:
    def make(token: CancelToken) -> Pump:
        raise error

    return make


def error_of(error: BaseException, values: Configuration | None = None) -> PumpError:
    results = Results()
    validator(results).request(failing(error), values or configuration())
    result = results.next()[1]
    assert isinstance(result, PumpError)
    return result


def test_a_pump_that_cannot_be_made_is_told() -> None:
    own = PumpTypeError("There is no such pump type.")
    assert error_of(own) is own
    assert isinstance(error_of(Cancelled("Stopped.")), Cancelled)
    assert error_of(KeyError("host")).message.startswith(
        "The pump could not be checked: KeyError: 'host' (test_config_background.py, line "
    )
    assert "SystemExit: 2" in error_of(SystemExit(2)).message


def test_such_an_error_gives_no_secret_away() -> None:
    section = Section(name="Main", fields=(Field(name="password", type=FieldType.STRING),))
    values = Configuration([section], {"Main": [{"password": "hunter22"}]})
    assert "hunter22" not in error_of(ValueError("login with hunter22 failed"), values).message


def test_closing_cancels_drops_the_result_and_refuses_more() -> None:
    results, started, ended = Results(), threading.Event(), threading.Event()
    threads = Threads()

    def make(token: CancelToken) -> Pump:
        def check() -> tuple[bool, str]:
            started.set()
            ended.set() if token.wait(PATIENCE) else None
            return True, ""

        return Pump(check)

    validating = validator(results, start=threads)
    number = validating.request(make, configuration())
    assert started.wait(PATIENCE)
    validating.close()
    assert ended.wait(PATIENCE)
    threads.join()
    assert results.told.empty()
    assert not validating.is_newest(number)
    with pytest.raises(RuntimeError, match="was closed"):
        validating.request(make, configuration())


def test_online_checks_can_be_left_out() -> None:
    from qcpump_qt.engine.config.marks import online

    class Online(Pump):
        @online
        def check(self, values: dict[str, Any]) -> tuple[bool, str]:
            return False, "asked"

    results = Results()
    validator(results).request(lambda token: Online(lambda: (False, "")), configuration(), online=False)
    result = results.next()[1]
    assert isinstance(result, Report)
    assert result.valid
