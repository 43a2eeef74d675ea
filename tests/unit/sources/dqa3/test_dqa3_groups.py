"""Grouping: every measurement in exactly one group, and none longer than the window."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from qcpump_qt.sources.dqa3.groups import Fixed, Group, group
from qcpump_qt.sources.dqa3.measurements import Sight

START = datetime.fromisoformat("2026-03-10 07:00")
WINDOW = timedelta(minutes=20)


def sight(minute: float, machine: str = "1", key: str = "") -> Sight:
    return Sight(machine, START + timedelta(minutes=minute), key or f"{minute:g}", "6 MV")


def minutes(groups: list[Group]) -> list[list[str]]:
    return [[each.data_key for each in found.sights] for found in groups]


def test_the_window_counts_from_the_first() -> None:
    found = group([sight(each) for each in (0, 15, 20, 20.5, 41)], WINDOW)
    assert minutes(found) == [["0", "15", "20"], ["20.5"], ["41"]]
    assert found[1].start == START + timedelta(minutes=20.5)


def test_machines_are_apart() -> None:
    assert minutes(group([sight(0), sight(1, "2")], WINDOW)) == [["0"], ["1"]]


def test_what_falls_into_a_standing_group_is_late() -> None:
    fixed = [Fixed("K", "1", START)]
    found = group([sight(-5), sight(10), sight(20), sight(21)], WINDOW, fixed)
    assert [(each.late_of, [sight.data_key for sight in each.sights]) for each in found] == [
        (None, ["-5"]),
        (None, ["21"]),
        ("K", ["10", "20"]),
    ]


@given(
    st.lists(st.tuples(st.integers(0, 500), st.sampled_from("12")), max_size=40),
    st.lists(st.integers(0, 500), max_size=3),
)
def test_each_measurement_is_in_one_group(points: list[tuple[int, str]], starts: list[int]) -> None:
    sights = [sight(minute, machine, str(number)) for number, (minute, machine) in enumerate(points)]
    fixed = [Fixed(f"K{start}", "1", START + timedelta(minutes=start)) for start in starts]
    found = group(sights, WINDOW, fixed)
    assert sorted((each for one in found for each in one.sights), key=lambda each: each.data_key) == sorted(
        sights, key=lambda each: each.data_key
    )
    for one in found:
        assert {each.machine_id for each in one.sights} == {one.machine_id}
        assert list(one.sights) == sorted(one.sights, key=lambda each: each.time)
        if one.late_of is None:
            assert one.newest - one.start <= WINDOW
