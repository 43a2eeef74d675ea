"""What is said of all pumps together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcpump_qt.controllers.overview_words import overall_text
from qcpump_qt.engine.pump_state import PumpState as S
from qcpump_qt.engine.pump_state import overall_of


@pytest.mark.parametrize(
    ("states", "text"),
    [
        ([], "No pump is configured yet"),
        ([S.WAITING], "The pump waits for its next cycle"),
        ([S.WAITING] * 5, "All 5 pumps wait for their next cycle"),
        ([S.IDLE], "The pump is idle"),
        ([S.IDLE] * 2, "All 2 pumps are idle"),
        ([S.INVALID], "The pump is invalid"),
        ([S.INACTIVE] * 3, "All 3 pumps are inactive"),
        ([S.NOT_CONFIGURED], "The pump is not saved yet"),
        ([S.ATTENTION], "1 pump needs attention"),
        ([S.ATTENTION, S.ATTENTION, S.RUNNING], "2 pumps need attention"),
        ([S.RUNNING, S.WAITING], "1 pump is running"),
        ([S.RUNNING, S.RUNNING], "2 pumps are running"),
        ([S.STOPPING, S.RUNNING], "1 pump is stopping"),
        (
            [S.WAITING, S.WAITING, S.INVALID, S.IDLE],
            "1 pump is invalid, 2 pumps wait for their next cycle, 1 pump is idle",
        ),
        ([S.WAITING, S.WAITING, S.INACTIVE], "2 pumps wait for their next cycle, 1 pump is inactive"),
        ([S.NOT_CONFIGURED, S.IDLE], "1 pump is idle, 1 pump is not saved yet"),
    ],
)
def test_the_words_for_all_pumps(states: list[S], text: str) -> None:
    assert overall_text(overall_of(states), states) == text


@given(st.lists(st.sampled_from(list(S)), min_size=1, max_size=30))
def test_any_mixture_has_words_for_its_worst(states: list[S]) -> None:
    text = overall_text(overall_of(states), states)
    assert text
    assert ("attention" in text) == (S.ATTENTION in states)
