"""Planned troubles strike as often, and whom, they should."""

from __future__ import annotations

import pytest

from qcpump_qt.demo.faults import FaultKind, Faults

PATH = "/api/qa/testlistinstances/"


def _struck(faults: Faults, method: str, number: int, path: str = PATH) -> list[bool]:
    return [faults.strike(method, path) is not None for _ in range(number)]


def test_without_a_plan_nothing_strikes() -> None:
    assert _struck(Faults(), "POST", 3) == [False] * 3


def test_the_next_n_posts_and_no_get() -> None:
    faults = Faults()
    faults.add("500", times=2)
    assert _struck(faults, "GET", 2) == [False, False]
    assert _struck(faults, "POST", 3) == [True, True, False]


def test_any_method_and_a_part_of_the_path() -> None:
    faults = Faults()
    faults.add(FaultKind.HANG, method="ANY", times=None, path="units")
    assert _struck(faults, "GET", 1) == [False]
    assert _struck(faults, "GET", 2, "/api/units/units/") == [True, True]


def test_troubles_come_in_the_order_of_their_planning() -> None:
    faults = Faults()
    faults.add("500")
    faults.add("429", seconds=2)
    struck = [faults.strike("POST", PATH) for _ in range(3)]
    assert [fault and fault.kind for fault in struck] == [FaultKind.ERROR, FaultKind.THROTTLED, None]


def test_chance_is_repeatable_and_about_right() -> None:
    runs = []
    for _ in range(2):
        faults = Faults()
        faults.add("503", times=None, probability=0.25, seed=3)
        runs.append(_struck(faults, "POST", 400))
    assert runs[0] == runs[1]
    assert 70 < sum(runs[0]) < 130


def test_a_posted_plan_clears_adds_and_slows_down() -> None:
    faults = Faults()
    faults.add("500", times=None)
    faults.set({"clear": True, "latency_ms": 5, "add": [{"kind": "307", "times": 1}]})
    assert faults.latency_ms == 5
    assert _struck(faults, "POST", 2) == [True, False]
    faults.clear()
    assert faults.latency_ms == 0


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        ({"add": [{"kind": "nosuch"}]}, "'nosuch' is not a valid FaultKind"),
        ({"add": [{"kind": "500", "often": 3}]}, "often"),
        ({"latency": 3}, "Not known: latency"),
    ],
)
def test_a_plan_with_unknown_words_is_refused(plan: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Faults().set(plan)
