"""What the tray says."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcpump_qt.models.dates import DateStyle
from qcpump_qt.models.rows import OverallState, PumpRow, PumpState
from qcpump_qt.models.tray_words import LONGEST_TOOLTIP, TrayPump, tooltip, tray_pump

SUCCESS = datetime(2026, 11, 20, 7, 5, 9, tzinfo=timezone.utc)


def row(name: str, state: PumpState = PumpState.WAITING, success: datetime | None = None) -> PumpRow:
    return PumpRow(
        id=name.lower(), name=name, type_key="Mpc", type_name="MPC", state=state, last_success=success
    )


def told(*rows: PumpRow, overall: OverallState = OverallState.WAITING, text: str = "") -> str:
    return tooltip(rows, overall, text, DateStyle("dd.MM.yyyy"))


def test_state_last_success_and_problems_are_told() -> None:
    local = f"{SUCCESS.astimezone():%d.%m.%Y %H:%M}"
    earlier = SUCCESS.replace(day=19)
    rows = [
        row("Linac 1", success=earlier),
        row("Linac 2", PumpState.ATTENTION, SUCCESS),
        row("DQA3", PumpState.INVALID),
    ]
    assert told(*rows, overall=OverallState.ATTENTION, text="2 pumps need attention") == (
        f"QCPump-Qt: 2 pumps need attention\nLast success: {local}\nLook at: Linac 2, DQA3"
    )


def test_a_beginning_without_success() -> None:
    assert told(overall=OverallState.NOT_CONFIGURED) == "QCPump-Qt: Not configured\nNo success yet"


def test_windows_would_cut_more_than_127_characters() -> None:
    rows = [row(f"Linac {number} in the north wing", PumpState.ATTENTION) for number in range(20)]
    text = told(*rows, overall=OverallState.ATTENTION, text="20 pumps need attention")
    assert len(text) == LONGEST_TOOLTIP
    assert text.startswith(
        "QCPump-Qt: 20 pumps need attention\nNo success yet\nLook at: Linac 0 in the north wing, "
    )
    assert text.endswith("…")


@given(st.lists(st.text(max_size=200), max_size=30), st.text(max_size=300))
def test_no_tooltip_is_too_long(names: list[str], text: str) -> None:
    rows = [row(name, PumpState.ATTENTION, SUCCESS) for name in names]
    assert len(told(*rows, text=text)) <= LONGEST_TOOLTIP


@pytest.mark.parametrize(
    ("state", "can_run"),
    [
        (PumpState.NOT_CONFIGURED, False),
        (PumpState.INVALID, False),
        (PumpState.INACTIVE, False),
        (PumpState.IDLE, True),
        (PumpState.WAITING, True),
        (PumpState.RUNNING, False),
        (PumpState.STOPPING, False),
        (PumpState.ATTENTION, True),
    ],
)
def test_a_pump_in_the_menu_shows_its_state_and_whether_it_can_run(state: PumpState, can_run: bool) -> None:
    assert tray_pump(row("Linac 1", state)) == TrayPump("linac 1", f"Linac 1: {state.value}", state, can_run)


def test_an_ampersand_is_shown_and_long_names_are_cut() -> None:
    assert tray_pump(row("R&D")).label == "R&&D: Waiting"
    assert tray_pump(row("x" * 80)).label == f"{'x' * 59}…: Waiting"


def test_a_pump_in_trouble_that_is_stopped_says_so() -> None:
    entry = tray_pump(replace(row("Linac 1", PumpState.ATTENTION), stopped=True))
    assert (entry.label, entry.can_run) == ("Linac 1: Needs attention, stopped", True)
