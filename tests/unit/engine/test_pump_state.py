"""One word for the state of a pump, and one for all of them together."""

from __future__ import annotations

import itertools
from dataclasses import fields
from typing import Any

import pytest

from qcpump_qt.engine.pump_state import OverallState, PumpFacts, PumpState, overall_of, state_of

S = PumpState


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({}, S.IDLE),
        ({"valid": True}, S.IDLE),
        ({"saved": False}, S.NOT_CONFIGURED),
        ({"saved": False, "valid": False, "active": False}, S.NOT_CONFIGURED),
        ({"valid": False}, S.INVALID),
        ({"valid": False, "scheduled": True}, S.INVALID),
        ({"active": False}, S.INACTIVE),
        ({"active": False, "valid": False, "attention": True}, S.INACTIVE),
        ({"active": False, "running": True}, S.RUNNING),
        ({"scheduled": True}, S.WAITING),
        ({"scheduled": True, "valid": True}, S.WAITING),
        ({"scheduled": True, "running": True}, S.RUNNING),
        ({"running": True, "valid": False}, S.RUNNING),
        ({"running": True, "attention": True}, S.RUNNING),
        ({"running": True, "stopping": True}, S.STOPPING),
        ({"stopping": True}, S.IDLE),
        ({"attention": True}, S.ATTENTION),
        ({"attention": True, "scheduled": True}, S.ATTENTION),
        ({"attention": True, "valid": False}, S.INVALID),
    ],
)
def test_what_is_happening_now_comes_before_what_was_found(facts: dict[str, Any], state: PumpState) -> None:
    assert state_of(PumpFacts(**facts)) is state


def test_all_facts_together_have_a_state_and_every_state_is_reached() -> None:
    values: list[tuple[Any, ...]] = [
        (True, False, None) if each.name == "valid" else (True, False) for each in fields(PumpFacts)
    ]
    names = [each.name for each in fields(PumpFacts)]
    found = {
        state_of(PumpFacts(**dict(zip(names, chosen, strict=True)))) for chosen in itertools.product(*values)
    }
    assert found == set(PumpState)


@pytest.mark.parametrize(
    ("states", "overall"),
    [
        ([], OverallState.NOT_CONFIGURED),
        ([S.IDLE, S.IDLE], OverallState.IDLE),
        ([S.WAITING, S.WAITING], OverallState.WAITING),
        ([S.NOT_CONFIGURED], OverallState.NOT_CONFIGURED),
        ([S.INVALID, S.INVALID], OverallState.INVALID),
        ([S.WAITING, S.IDLE], OverallState.MIXED),
        ([S.WAITING, S.INVALID], OverallState.MIXED),
        ([S.NOT_CONFIGURED, S.IDLE], OverallState.MIXED),
        ([S.RUNNING, S.WAITING, S.INVALID], OverallState.RUNNING),
        ([S.STOPPING, S.RUNNING], OverallState.STOPPING),
        ([S.ATTENTION, S.STOPPING, S.RUNNING], OverallState.ATTENTION),
        ([S.INACTIVE, S.INACTIVE], OverallState.INACTIVE),
        ([S.INACTIVE, S.WAITING], OverallState.WAITING),
        ([S.INACTIVE, S.WAITING, S.IDLE], OverallState.MIXED),
        ([S.INACTIVE, S.ATTENTION], OverallState.ATTENTION),
    ],
)
def test_all_agree_or_trouble_comes_first_or_it_is_mixed(
    states: list[PumpState], overall: OverallState
) -> None:
    for order in itertools.permutations(states):
        assert overall_of(order) is overall
    assert overall_of(iter(states)) is overall


def test_the_words_are_those_of_the_window() -> None:
    assert [state.value for state in PumpState] == [
        "Not configured",
        "Invalid",
        "Inactive",
        "Idle",
        "Waiting",
        "Running",
        "Stopping",
        "Needs attention",
    ]
    assert {state.value for state in OverallState} == {state.value for state in PumpState} | {"Mixed"}


@pytest.mark.parametrize("state", list(PumpState))
def test_many_of_one_kind_are_together_what_each_one_is(state: PumpState) -> None:
    assert overall_of([state] * 3).value == state.value
