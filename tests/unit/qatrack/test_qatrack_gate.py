"""The gate: pauses the server asked for, spacing, and the serial phase, by a clock of our own."""

from __future__ import annotations

import threading

import pytest

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import Cancelled, ServerUnavailable
from qcpump_qt.qatrack import gate as gates
from qcpump_qt.qatrack.address import ServerAddress
from qcpump_qt.qatrack.gate import LONGEST_WAIT, SERIAL_SECONDS, RateGate, gate_for


class Clock(CancelToken):
    """A clock that only waiting moves."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0
        self.waits: list[float] = []

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> bool:
        self.waits.append(seconds)
        self.now += seconds
        return self.cancelled


def test_nothing_is_waited_for_at_first() -> None:
    clock = Clock()
    RateGate(clock).wait_turn(clock)
    assert clock.waits == []


def test_a_pause_holds_for_all_and_a_shorter_one_does_not_cut_it() -> None:
    clock = Clock()
    gate = RateGate(clock)
    gate.note_throttled(56)
    gate.note_throttled(2)
    assert gate.pause_left() == 56
    gate.wait_turn(clock)
    assert clock.now == 1056
    assert gate.pause_left() == 0


def test_a_long_pause_is_told_and_not_sat_out() -> None:
    clock = Clock()
    gate = RateGate(clock)
    gate.note_throttled(LONGEST_WAIT + 30)
    with pytest.raises(ServerUnavailable, match="150 seconds of it are left") as caught:
        gate.wait_turn(clock)
    assert (caught.value.retry_after, caught.value.status, caught.value.reached) == (150, 429, True)
    assert caught.value.title == "Server asks for a pause"
    assert clock.waits == []


def test_a_negative_pause_is_none() -> None:
    clock = Clock()
    gate = RateGate(clock)
    gate.note_throttled(-5)
    assert gate.pause_left() == 0


def test_requests_are_spaced_by_the_throttle() -> None:
    clock = Clock()
    gate = RateGate(clock)
    moments = []
    for _ in range(3):
        gate.wait_turn(clock, 2.0)
        moments.append(clock.now)
    assert moments == [1000, 1002, 1004]
    clock.now = 1010
    gate.wait_turn(clock, 2.0)
    assert clock.now == 1010


def test_a_throttle_or_the_serial_phase_means_one_connection() -> None:
    clock = Clock()
    gate = RateGate(clock)
    assert gate.connections() == 4
    assert gate.connections(0.5) == 1
    gate.note_server_error(parallel=False)
    assert gate.connections() == 4
    gate.note_server_error(parallel=True)
    assert gate.connections() == 1
    clock.now += SERIAL_SECONDS - 1
    assert gate.connections() == 1
    clock.now += 1
    assert gate.connections() == 4


def test_cancelling_ends_the_wait() -> None:
    cancel = CancelToken()
    gate = RateGate()
    gate.note_throttled(100)
    threading.Timer(0.05, cancel.cancel).start()
    with pytest.raises(Cancelled):
        gate.wait_turn(cancel)
    assert gate.pause_left() > 90


def test_requests_under_way_at_once_know_of_each_other() -> None:
    clock = Clock()
    gate = RateGate(clock)
    with gate.under_way(clock) as alone:
        pass
    with gate.under_way(clock) as first, gate.under_way(clock) as second:
        pass
    assert (alone.parallel, first.parallel, second.parallel) == (False, True, True)


def test_in_the_serial_phase_a_request_waits_for_the_one_before() -> None:
    gate = RateGate()
    gate.note_server_error(parallel=True)
    cancel = CancelToken()
    order: list[str] = []
    inside = threading.Event()

    def second() -> None:
        inside.wait()
        with gate.under_way(cancel):
            order.append("second")

    thread = threading.Thread(target=second)
    thread.start()
    with gate.under_way(cancel):
        inside.set()
        thread.join(0.3)
        order.append("first")
    thread.join(5)
    assert order == ["first", "second"]


def test_cancelling_ends_the_wait_for_the_one_before() -> None:
    clock = Clock()
    gate = RateGate(clock)
    gate.note_server_error(parallel=True)
    with gate.under_way(clock):
        clock.cancel()
        with pytest.raises(Cancelled), gate.under_way(clock):
            pytest.fail("two requests at once")


def test_pumps_with_one_token_share_a_gate_that_does_not_hold_the_token() -> None:
    token = "canary-0123456789abcdef"
    one = gate_for(ServerAddress("https://qa/api", token))
    same = gate_for(ServerAddress("https://QA/api/", f" {token}", verify_ssl=False))
    other_token = gate_for(ServerAddress("https://qa/api", "another"))
    other_server = gate_for(ServerAddress("https://qb/api", token))
    assert one is same
    assert len({id(one), id(other_token), id(other_server)}) == 3
    assert token not in repr(gates._gates)
