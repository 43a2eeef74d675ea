"""The wish to stop: seen by every wait, and by whatever is tied to it."""

from __future__ import annotations

import threading

import pytest

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import Cancelled


def test_it_is_set_once_and_for_all() -> None:
    token = CancelToken()
    token.check()
    token.cancel()
    token.cancel()
    assert token.cancelled
    with pytest.raises(Cancelled) as caught:
        token.check()
    assert str(caught.value) == (
        "Stopped: The cycle was stopped; what was not finished goes on in the next one."
    )


def test_a_wait_ends_when_it_is_set() -> None:
    token = CancelToken()
    assert not token.wait(0)
    assert not token.wait(-1)
    waiting = threading.Event()
    ended: list[bool] = []

    def wait() -> None:
        waiting.set()
        ended.append(token.wait(30))

    thread = threading.Thread(target=wait)
    thread.start()
    waiting.wait(5)
    token.cancel()
    thread.join(5)
    assert ended == [True]


def test_what_is_tied_to_it_is_closed_while_tied() -> None:
    token = CancelToken()
    closed: list[str] = []
    with token.closing(lambda: closed.append("first")):
        pass
    with token.closing(lambda: closed.append("second")):
        token.cancel()
        assert closed == ["second"]
        token.cancel()
    assert closed == ["second"]


def test_what_is_tied_too_late_is_closed_at_once() -> None:
    token = CancelToken()
    token.cancel()
    closed: list[str] = []
    with token.closing(lambda: closed.append("late")):
        assert closed == ["late"]


def test_one_that_fails_to_close_does_not_keep_the_others_open() -> None:
    token = CancelToken()
    closed: list[str] = []

    def fail() -> None:
        raise OSError("already closed")

    with (
        token.closing(lambda: closed.append("a")),
        token.closing(fail),
        token.closing(lambda: closed.append("b")),
        pytest.raises(OSError, match="already closed"),
    ):
        token.cancel()
    assert sorted(closed) == ["a", "b"]
    assert token.cancelled
