"""What can be done with a pump in each of its states."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from qcpump_qt.models.pump_possible import can_be_started, can_preview, can_run, can_start, can_stop
from qcpump_qt.models.rows import PumpRow, PumpState

DUE = datetime(2026, 11, 20, tzinfo=timezone.utc)


def pump(state: PumpState, *, due: bool = False) -> PumpRow:
    return PumpRow(id="a", name="A", type_key="T", type_name="T", state=state, next_run=DUE if due else None)


@pytest.mark.parametrize(
    ("state", "run", "stop", "preview", "started"),
    [
        (PumpState.NOT_CONFIGURED, False, False, False, False),
        (PumpState.INVALID, False, False, True, True),
        (PumpState.INACTIVE, False, False, True, False),
        (PumpState.IDLE, True, False, True, True),
        (PumpState.WAITING, True, True, True, True),
        (PumpState.RUNNING, False, True, True, True),
        (PumpState.STOPPING, False, False, True, True),
        (PumpState.ATTENTION, True, False, True, True),
    ],
)
def test_every_state(state: PumpState, run: bool, stop: bool, preview: bool, started: bool) -> None:
    row = pump(state)
    assert (can_run(row), can_stop(row), can_preview(row), can_be_started(row)) == (
        run,
        stop,
        preview,
        started,
    )


@pytest.mark.parametrize("state", [PumpState.ATTENTION, PumpState.INVALID])
def test_a_next_run_can_be_called_off_in_any_state(state: PumpState) -> None:
    assert can_stop(pump(state, due=True))


@pytest.mark.parametrize(
    ("state", "possible"),
    [
        (PumpState.NOT_CONFIGURED, False),
        (PumpState.INVALID, False),
        (PumpState.INACTIVE, False),
        (PumpState.IDLE, True),
        (PumpState.RUNNING, True),
        (PumpState.STOPPING, True),
        (PumpState.ATTENTION, True),
    ],
)
def test_a_pump_is_started_that_is_not_scheduled(state: PumpState, possible: bool) -> None:
    assert can_start(pump(state)) is possible
    assert not can_start(pump(state, due=True))


def test_a_pump_that_stops_already_is_not_stopped_again() -> None:
    assert not can_stop(pump(PumpState.STOPPING, due=True))
