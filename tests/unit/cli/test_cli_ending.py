"""Signals ask for an end; which of them there are depends on the system."""

from __future__ import annotations

import signal

import pytest

from qcpump_qt.cli import ending
from qcpump_qt.cli.ending import ended_by_signals
from qcpump_qt.engine.cancel import CancelToken


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_sets_the_token_and_nothing_else(number: signal.Signals) -> None:
    cancel = CancelToken()
    with ended_by_signals(cancel):
        signal.raise_signal(number)
        assert cancel.wait(5)


def test_a_signal_does_not_wait_for_a_lock_that_its_own_thread_holds() -> None:
    """The handler runs in the main thread, which may be inside of the token at that moment."""
    cancel = CancelToken()
    with ended_by_signals(cancel):
        with cancel._lock:
            signal.raise_signal(signal.SIGTERM)
            assert not cancel.cancelled
        assert cancel.wait(5)


def test_afterwards_signals_do_what_they_did_before() -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def failing() -> None:
        with ended_by_signals(CancelToken()):
            assert signal.getsignal(signal.SIGINT) is not before[signal.SIGINT]
            raise ValueError("a fault inside")

    with pytest.raises(ValueError, match="a fault inside"):
        failing()
    assert {number: signal.getsignal(number) for number in before} == before


def test_windows_has_its_ctrl_break_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """`SIGBREAK` is only there on Windows; any signal of this system stands in for it here."""
    stand_in = getattr(signal, "SIGUSR1", signal.SIGABRT)
    monkeypatch.setattr(signal, "SIGBREAK", stand_in, raising=False)
    assert "SIGBREAK" in ending.NAMES
    cancel = CancelToken()
    with ended_by_signals(cancel):
        signal.raise_signal(stand_in)
        assert cancel.wait(5)
