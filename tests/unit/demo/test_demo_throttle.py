"""The limit of requests a minute."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qcpump_qt.demo.throttle import Throttle


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_without_a_limit_nobody_waits() -> None:
    assert [Throttle().wait("pump") for _ in range(1000)] == [0] * 1000


def test_after_the_limit_the_wait_is_until_the_first_request_is_a_minute_old() -> None:
    clock = Clock()
    throttle = Throttle(3, 60, clock)
    for _ in range(3):
        assert throttle.wait("pump") == 0
        clock.now += 1
    assert throttle.wait("pump") == 57
    clock.now += 56.5
    assert throttle.wait("pump") == 1
    clock.now += 0.5
    assert throttle.wait("pump") == 0
    assert throttle.wait("pump") == 1


def test_each_user_has_a_limit_of_his_own() -> None:
    throttle = Throttle(1, 60, Clock())
    assert [throttle.wait("a"), throttle.wait("b"), throttle.wait("a")] == [0, 0, 60]


def test_a_limit_of_none_at_all() -> None:
    assert Throttle(0, 60, Clock()).wait("pump") == 60


@given(st.lists(st.floats(0, 30), max_size=60), st.integers(1, 5))
def test_never_more_than_the_limit_in_any_minute(pauses: list[float], limit: int) -> None:
    clock = Clock()
    throttle = Throttle(limit, 60, clock)
    allowed = []
    for pause in pauses:
        clock.now += pause
        if not throttle.wait("pump"):
            allowed.append(clock.now)
    assert all(later - earlier >= 60 for earlier, later in zip(allowed, allowed[limit:], strict=False))
