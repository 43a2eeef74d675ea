"""The words for what becomes of records, and what hangs on them."""

from __future__ import annotations

import pytest

from qcpump_qt.engine.records import KEY_LIMIT, DeliveryState, UnitBy, UnitRef, WaitingFor


@pytest.mark.parametrize(
    ("state", "final", "arrived"),
    [
        (DeliveryState.WAITING, False, False),
        (DeliveryState.SENDING, False, False),
        (DeliveryState.DELIVERED, True, True),
        (DeliveryState.ALREADY_THERE, True, True),
        (DeliveryState.SKIPPED, True, False),
        (DeliveryState.REJECTED, True, False),
    ],
)
def test_states(state: DeliveryState, final: bool, arrived: bool) -> None:
    assert (state.final, state.arrived) == (final, arrived)


def test_the_words_of_the_states_are_those_of_the_design() -> None:
    assert [state.value for state in DeliveryState] == [
        "waiting",
        "sending",
        "delivered",
        "already there",
        "skipped",
        "rejected",
    ]


def test_only_waiting_for_time_is_no_trouble() -> None:
    assert [each for each in WaitingFor if not each.trouble] == [WaitingFor.TIME]


def test_a_unit_says_by_what_it_is_meant() -> None:
    assert str(UnitRef(UnitBy.SERIAL, "2101")) == "unit with serial number 2101"
    assert str(UnitRef(UnitBy.LABEL, "Main: Linac 1")) == "unit with name Main: Linac 1"


def test_the_longest_key() -> None:
    assert KEY_LIMIT == 255
