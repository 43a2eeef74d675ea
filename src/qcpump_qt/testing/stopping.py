"""Stops a pump at the worst moments, and sees whether it ends in time."""

from __future__ import annotations

import threading
import time

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.report import CycleOutcome, CycleReport
from qcpump_qt.testing.clinic import Clinic
from qcpump_qt.testing.requiring import require
from qcpump_qt.testing.tokens import CancelsWhenAsked

MOST_MOMENTS = 50
"""So many of the looks that a pump takes at the wish to stop are tried: the first ones all, later ones not all."""

SILENCE = 60.0
"""Seconds that the silent server says nothing; far longer than anybody waits."""


def stop_at_every_moment(clinic: Clinic, seconds: float) -> None:
    """Cycles that are stopped before they begin, and at one after the other of their looks; each has to end in time."""
    before = CancelToken()
    before.cancel()
    _stopped(clinic, before, seconds, "before it began")
    looks = 0
    for _ in range(MOST_MOMENTS):
        token = CancelsWhenAsked(looks)
        _stopped(clinic, token, seconds, _words(looks))
        if token.asked_at is None:  # it ended before it had looked so often
            return
        looks += 1 + looks // 10


def _stopped(clinic: Clinic, token: CancelToken, seconds: float, moment: str) -> None:
    started = time.monotonic()
    report = clinic.run(token)
    asked = getattr(token, "asked_at", None)
    took = time.monotonic() - (started if asked is None else asked)
    require(
        took <= seconds,
        f"Stopped {moment}, the cycle went on for {took:.1f} s; {seconds:g} s are allowed. "
        "A pump that loops or waits has to ask should_terminate().",
    )
    _require_calm(report, moment)


def stop_while_the_server_is_silent(clinic: Clinic, seconds: float) -> None:
    """A cycle that is stopped while it waits for an answer."""
    clinic.server.faults.add("hang", method="ANY", times=None, seconds=SILENCE)
    clinic.server.counts.reset()
    cancel, reports = CancelToken(), list[CycleReport]()
    thread = threading.Thread(target=lambda: reports.append(clinic.run(cancel)), daemon=True)
    thread.start()
    while thread.is_alive() and not clinic.server.counts.requests():
        cancel.wait(0.01)
    cancel.cancel()
    thread.join(seconds)
    clinic.server.faults.clear()
    require(
        not thread.is_alive(),
        f"Stopped while the server was silent, the cycle went on for more than {seconds:g} s. "
        "Requests that the mixins make can be stopped; those of a session of your own need a time-out.",
    )
    for report in reports:
        _require_calm(report, "while the server was silent")


def _words(looks: int) -> str:
    return "at its first look" if not looks else f"after {looks} looks"


def _require_calm(report: CycleReport, moment: str) -> None:
    told = " ".join(message.text for message in report.messages)
    require(
        report.outcome not in (CycleOutcome.FAILED, CycleOutcome.INVALID),
        f"Stopped {moment}, the cycle did not end in peace but {report.outcome.value}: {told}",
    )
