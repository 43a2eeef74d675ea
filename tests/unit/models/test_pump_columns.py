"""What the columns of the pump tree say, by a clock that stands still."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from qcpump_qt.models.dates import DateStyle
from qcpump_qt.models.pump_columns import (
    PumpColumn,
    PumpWords,
    group_key,
    group_state,
    pump_key,
    search_words,
    until,
)
from qcpump_qt.models.rows import OverallState, PumpRow, PumpState

NOW = datetime(2026, 11, 20, 14, 28, 0).astimezone()


def pump(pump_id: str = "a", **given: object) -> PumpRow:
    values = {
        "name": "TB1 beams",
        "type_key": "QATrackMPC",
        "type_name": "Varian MPC",
        "state": PumpState.IDLE,
    }
    return PumpRow(id=pump_id, **{**values, **given})  # type: ignore[arg-type]


@pytest.fixture
def words() -> PumpWords:
    return PumpWords(DateStyle(), lambda: NOW)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-5, "now"),
        (0, "now"),
        (1, "soon"),
        (59.9, "soon"),
        (60, "in 1 min"),
        (61, "in 2 min"),
        (90 * 60, "in 90 min"),
        (90 * 60 + 1, "in 2 h"),
        (48 * 3600, "in 48 h"),
        (49 * 3600, "in 2 days"),
        (10 * 86400, "in 10 days"),
    ],
)
def test_how_long_it_is_until_something(seconds: float, said: str) -> None:
    assert until(seconds) == said


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (timedelta(minutes=4), "14:32 (in 4 min)"),
        (timedelta(0), "14:28 (now)"),
        (-timedelta(minutes=1), "14:27 (now)"),
        (timedelta(hours=16), "2026-11-21 06:28 (in 16 h)"),
    ],
)
def test_the_next_run_is_told_as_a_time_and_as_a_span(words: PumpWords, after: timedelta, said: str) -> None:
    assert words.pump(pump(next_run=NOW + after), PumpColumn.NEXT_RUN) == said


def test_a_pump_without_a_next_run(words: PumpWords) -> None:
    assert words.pump(pump(), PumpColumn.NEXT_RUN) == "–"
    assert words.pump_aloud(pump(), PumpColumn.NEXT_RUN) == "no run is due"


def test_a_pump_in_trouble_that_is_stopped_says_so(words: PumpWords) -> None:
    row = pump(state=PumpState.ATTENTION, reason="The token is wrong.", stopped=True)
    assert words.pump(row, PumpColumn.STATE) == "Needs attention"
    assert words.pump(row, PumpColumn.NEXT_RUN) == "stopped"
    assert words.pump_aloud(row, PumpColumn.STATE) == "Needs attention, stopped: The token is wrong."
    assert words.pump_aloud(row, PumpColumn.NEXT_RUN) == "stopped"
    assert words.pump_tooltip(row) == "TB1 beams (Varian MPC)\nNeeds attention, stopped\nThe token is wrong."


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (timedelta(hours=2), "today 12:28"),
        (timedelta(hours=20), "yesterday 18:28"),
        (timedelta(days=2), "2026-11-18 14:28"),
    ],
)
def test_the_last_success(words: PumpWords, before: timedelta, said: str) -> None:
    assert words.pump(pump(last_success=NOW - before), PumpColumn.LAST_SUCCESS) == said


def test_a_pump_that_never_had_success(words: PumpWords) -> None:
    assert words.pump(pump(), PumpColumn.LAST_SUCCESS) == "none yet"


def test_dates_follow_the_style(words: PumpWords) -> None:
    words.set_style(DateStyle("dd.MM.yyyy"))
    row = pump(last_success=NOW - timedelta(days=2), next_run=NOW + timedelta(days=1))
    assert words.pump(row, PumpColumn.LAST_SUCCESS) == "18.11.2026 14:28"
    assert words.pump(row, PumpColumn.NEXT_RUN) == "21.11.2026 14:28 (in 24 h)"


@pytest.mark.parametrize(
    ("waiting", "rejected", "said", "aloud"),
    [
        (0, 0, "", "nothing waits"),
        (3, 0, "3", "3"),
        (0, 2, "2 rejected", "2 rejected"),
        (3, 2, "3, 2 rejected", "3, 2 rejected"),
    ],
)
def test_what_waits(words: PumpWords, waiting: int, rejected: int, said: str, aloud: str) -> None:
    row = pump(waiting=waiting, rejected=rejected)
    assert words.pump(row, PumpColumn.WAITING) == said
    assert words.pump_aloud(row, PumpColumn.WAITING) == aloud


def test_an_unsaved_pump_is_marked_in_the_cell_in_the_tooltip_and_aloud(words: PumpWords) -> None:
    row = pump(unsaved=True, reason="Waits for the server.")
    assert words.pump(row, PumpColumn.PUMP) == "● TB1 beams"
    assert words.pump_aloud(row, PumpColumn.PUMP) == "TB1 beams, not saved"
    assert words.pump_tooltip(row) == (
        "TB1 beams (Varian MPC)\nIdle\nWaits for the server.\nThis pump has changes that are not saved."
    )


def test_a_saved_pump_is_not_marked(words: PumpWords) -> None:
    assert words.pump(pump(), PumpColumn.PUMP) == "TB1 beams"
    assert words.pump_aloud(pump(), PumpColumn.PUMP) == "TB1 beams"
    assert words.pump_tooltip(pump()) == "TB1 beams (Varian MPC)\nIdle"


def test_the_reason_is_read_aloud_with_the_state(words: PumpWords) -> None:
    row = pump(state=PumpState.ATTENTION, reason="2 records were rejected.")
    assert words.pump_aloud(row, PumpColumn.STATE) == "Needs attention: 2 records were rejected."
    assert words.pump_aloud(pump(), PumpColumn.STATE) == "Idle"


def test_a_group_sums_up_its_pumps(words: PumpWords) -> None:
    rows = [pump("a", waiting=2), pump("b", waiting=1, rejected=4, state=PumpState.RUNNING)]
    told = [words.group("Varian MPC", rows, column) for column in PumpColumn]
    assert told == ["Varian MPC (2)", "Running", "", "", "3, 4 rejected"]
    assert words.group_tooltip("Varian MPC", rows) == "Varian MPC\n1 Running\n1 Idle"
    assert group_state([pump(), pump(state=PumpState.WAITING)]) is OverallState.MIXED


def in_order(column: PumpColumn, *rows: PumpRow) -> str:
    key: Callable[[PumpRow], str | float] = lambda row: pump_key(row, column)  # noqa: E731 - typed for mypy
    return "".join(row.id for row in sorted(rows, key=key))


def test_what_pumps_are_sorted_by() -> None:
    soon, late = NOW + timedelta(minutes=1), NOW + timedelta(hours=1)
    assert in_order(PumpColumn.PUMP, pump("a", name="beta"), pump("b", name="Alpha")) == "ba"
    assert in_order(PumpColumn.STATE, pump("a"), pump("b", state=PumpState.ATTENTION)) == "ba"
    assert in_order(PumpColumn.LAST_SUCCESS, pump("a", last_success=NOW), pump("b")) == "ba"
    assert (
        in_order(PumpColumn.NEXT_RUN, pump("a"), pump("b", next_run=late), pump("c", next_run=soon)) == "cba"
    )
    assert in_order(PumpColumn.WAITING, pump("a", rejected=1), pump("b", waiting=9), pump("c")) == "cba"


def test_groups_are_sorted_by_their_first_or_greatest_pump() -> None:
    rows = [pump("a", waiting=1, last_success=NOW), pump("b", waiting=5, next_run=NOW)]
    keys = [group_key("Varian MPC", rows, column) for column in PumpColumn]
    idle = pump_key(rows[0], PumpColumn.STATE)
    assert keys == ["varian mpc", idle, NOW.timestamp(), NOW.timestamp(), 5.0]


def test_the_filter_looks_at_name_type_and_state() -> None:
    assert search_words(pump()) == "TB1 beams\nVarian MPC\nIdle"
