"""Which machine belongs to which unit, judging by the names alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qcpump_qt.models.mapping_names import Pair, likeness, machine_name, suggest_pairs, unit_name


def alike(machine: str, unit: str) -> float:
    return likeness(machine_name(machine), unit_name(unit))


@pytest.mark.parametrize(
    ("machine", "unit"),
    [
        ("TB1", "TrueBeam 1"),
        ("TB1", "Main Site: TrueBeam 1"),
        ("Room 3/TB1", "Main Site: TrueBeam 1"),
        ("TB 01", "TrueBeam_1"),
        ("truebeam-1", "TRUEBEAM 1"),
        ("True Beam 1", "TrueBeam1"),
        ("Linac 3", "Elekta Linac 3"),
        ("Lin 3", "Linac 3"),
        ("Versa HD", "VersaHD"),
        ("VHD", "Versa High Definition"),
        ("Linac A", "Linac A"),
        ("1234", "TrueBeam 1234"),
        ("Béam 1", "Beam 1"),
        ("TrueBeam ２", "TrueBeam 2"),
    ],
)
def test_names_that_mean_the_same(machine: str, unit: str) -> None:
    assert alike(machine, unit) >= 0.5


@pytest.mark.parametrize(
    ("machine", "unit"),
    [
        ("TB1", "TrueBeam 2"),
        ("TrueBeam", "TrueBeam 1"),
        ("TB1", "TrueBeam 11"),
        ("Linac A", "Linac B"),
        ("Clinac iX", "Clinac EX"),
        ("TB1", "Halcyon 1"),
        ("", "TrueBeam 1"),
        ("Halcyon", "Ethos"),
        ("12 3", "123"),
        ("//", ": "),
    ],
)
def test_names_that_do_not(machine: str, unit: str) -> None:
    assert alike(machine, unit) < 0.5


def test_the_room_and_the_site_decide_between_equals() -> None:
    units = ["North: TrueBeam 1", "South: TrueBeam 1"]
    assert suggest_pairs(["North/TB1", "South/TB1"], units) == [
        Pair("North/TB1", "North: TrueBeam 1", 0.8),
        Pair("South/TB1", "South: TrueBeam 1", 0.8),
    ]


def test_what_could_be_meant_either_way_is_left_to_people() -> None:
    assert suggest_pairs(["TB1"], ["North: TrueBeam 1", "South: TrueBeam 1"]) == []
    assert suggest_pairs(["A/TB1", "B/TB1"], ["TrueBeam 1"]) == []


def test_the_same_name_comes_before_a_similar_one() -> None:
    pairs = suggest_pairs(["Linac 1", "Linac 1 old"], ["Linac 1"])
    assert pairs == [Pair("Linac 1", "Linac 1", 1.0)]


def test_pairs_that_stand_already_are_left_alone() -> None:
    machines, units = ["TB1", "TB2", "TB3"], ["TrueBeam 1", "TrueBeam 2", "TrueBeam 3"]
    taken = [("TB1", "TrueBeam 2")]
    assert suggest_pairs(machines, units, taken) == [Pair("TB3", "TrueBeam 3", 0.8)]


def test_a_clinic_with_many_machines() -> None:
    machines = ["Bunker 1/TB1", "Bunker 2/TB2", "Bunker 3/Halcyon", "Bunker 4/21EX", "Lab/Phantom"]
    units = ["Main: Clinac 21EX", "Main: Halcyon 1", "Main: TrueBeam 1", "Main: TrueBeam 2", "Main: HDR"]
    found = [(pair.machine, pair.unit) for pair in suggest_pairs(machines, units)]
    assert found == [
        ("Bunker 1/TB1", "Main: TrueBeam 1"),
        ("Bunker 2/TB2", "Main: TrueBeam 2"),
        ("Bunker 4/21EX", "Main: Clinac 21EX"),
    ]


names = st.lists(
    st.one_of(
        st.text(alphabet="TBtb12/: ", max_size=8),
        st.sampled_from(["TB1", "TB2", "TrueBeam 1", "Main: TrueBeam 1", "A/TB1", "Linac", "1234"]),
        st.text(max_size=6),
    ),
    max_size=7,
)


@settings(max_examples=300)
@given(machines=names, units=names, count=st.integers(0, 3))
def test_nothing_is_suggested_twice_or_out_of_the_blue(
    machines: list[str], units: list[str], count: int
) -> None:
    taken = list(zip(machines[:count], units[:count], strict=False))
    pairs = suggest_pairs(machines, units, taken)
    left = [pair.machine for pair in pairs]
    right = [pair.unit for pair in pairs]
    assert len(set(left)) == len(left)
    assert len(set(right)) == len(right)
    assert set(left) <= set(machines) - {machine for machine, _ in taken}
    assert set(right) <= set(units) - {unit for _, unit in taken}
    for pair in pairs:
        assert 0.5 <= pair.certainty <= 1
        assert sorted(machine_name(pair.machine).marks) == sorted(unit_name(pair.unit).marks)


@settings(max_examples=200)
@given(machines=names, units=names, shuffle=st.randoms(use_true_random=False))
def test_the_order_of_the_lists_does_not_matter(
    machines: list[str], units: list[str], shuffle: object
) -> None:
    pairs = set(suggest_pairs(machines, units))
    shuffle.shuffle(machines)  # type: ignore[attr-defined]
    shuffle.shuffle(units)  # type: ignore[attr-defined]
    assert set(suggest_pairs(machines, units)) == pairs


@given(numbers=st.lists(st.integers(1, 999), unique=True, max_size=12))
def test_numbered_machines_all_find_their_units(numbers: list[int]) -> None:
    machines = [f"Room/TB{number}" for number in numbers]
    units = [f"Main: TrueBeam {number:03}" for number in reversed(numbers)]
    assert [pair.unit for pair in suggest_pairs(machines, units)] == [
        f"Main: TrueBeam {number:03}" for number in numbers
    ]
