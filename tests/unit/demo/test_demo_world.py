"""The set-up of a stand-in: numbering, and refusing what cannot be."""

from __future__ import annotations

import pytest

from qcpump_qt.demo.things import Cycle
from qcpump_qt.demo.world import World


@pytest.fixture
def world() -> World:
    world = World()
    world.add_site("Main Campus")
    world.add_unit("Linac 1", 5, "Main Campus", "2101")
    world.add_test_list("Small", {"a": "simple", "note": "string"})
    return world


def test_ids_count_from_one_and_numbers_are_the_users_own(world: World) -> None:
    second = world.add_unit("Linac 2", 9)
    assert (world.units[0].id, second.id, second.number, second.site) == (1, 2, 9, None)
    assert world.add_site("North").slug == "north"


def test_tests_are_numbered_over_all_lists_and_keep_their_order(world: World) -> None:
    other = world.add_test_list("Other", {"z": "simple", "a": "upload"})
    assert [(test.id, test.slug, test.type) for test in other.tests] == [
        (3, "z", "simple"),
        (4, "a", "upload"),
    ]


def test_a_list_has_the_tests_of_its_sublists_after_its_own(world: World) -> None:
    parent = world.add_test_list("Parent", {"own": "simple"}, sublists=["Small"])
    assert [test.slug for test in parent.tests] == ["own", "a", "note"]
    assert [test.slug for test in parent.own_tests] == ["own"]


def test_an_assignment_knows_unit_list_and_frequency(world: World) -> None:
    daily, ad_hoc = world.assign("Small", 5), world.assign("Small", 5, None, active=False)
    assert (daily.id, daily.name, daily.unit.name, daily.active) == (1, "Small", "Linac 1", True)
    assert daily.frequency is not None
    assert daily.frequency.slug == "daily"
    assert (ad_hoc.id, ad_hoc.frequency, ad_hoc.active) == (2, None, False)
    assert (daily.first_info_id, ad_hoc.first_info_id) == (1, 3)


def test_a_cycle_has_a_list_for_each_day(world: World) -> None:
    world.add_test_list("Second", {"b": "simple"})
    world.add_cycle("Both", ["Small", "Second"])
    assignment = world.assign("Both", 5)
    assert isinstance(assignment.tests_object, Cycle)
    assert [day.name for day in assignment.days] == ["Small", "Second"]


def test_users_have_the_rights_that_they_were_given(world: World) -> None:
    assert world.add_user("pump", "t").permissions == ["qa.add_testlistinstance"]
    assert world.add_user("reader", "u", may_add=False).permissions == []
    assert world.add_user("editor", "v", may_change=True).permissions == [
        "qa.add_testlistinstance",
        "qa.change_testlistinstance",
    ]


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda world: world.add_unit("Twin", 5), "Unit number 5 is taken."),
        (lambda world: world.add_unit("Lost", 6, "Nowhere"), "There is no site named 'Nowhere'."),
        (lambda world: world.assign("None", 5), "There is no test list named 'None'."),
        (lambda world: world.assign("Small", 77), "There is no unit number 77."),
        (lambda world: world.assign("Small", 5, "Hourly"), "There is no frequency named 'Hourly'."),
        (lambda world: world.add_test_list("X", {"a": "number"}), "Test a has the unknown type number."),
        (lambda world: world.add_test_list("X", {"a": "constant"}), "Constant test a needs a value."),
        (
            lambda world: world.add_test_list("X", {"a": "composite"}),
            "Calculated test a needs a calculation.",
        ),
    ],
)
def test_what_cannot_be_is_refused(world: World, build, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=message.replace(".", r"\.")):
        build(world)
