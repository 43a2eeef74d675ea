"""Which assignment of a test list is meant: exactly one, or words that say what to do."""

from __future__ import annotations

from typing import Any

import pytest

from qcpump_qt.engine.errors import MappingError
from qcpump_qt.qatrack.assignments import Assignment, assignments_from, one_assignment
from qcpump_qt.qatrack.units import Unit

UNIT = Unit(3, "http://q/api/units/units/3/", "Linac 1", 7, "North", "9012", True)
FREQUENCIES = {"/api/qc/frequencies/1/": "Daily", "/api/qc/frequencies/3/": "Monthly"}


def item(number: int, name: str, *, unit: int = 3, frequency: int | None = 1, **more: Any) -> dict[str, Any]:
    return {
        "url": f"http://elsewhere/api/qc/unittestcollections/{number}/",
        "tests_object": f"http://elsewhere/api/qc/testlists/{number}/",
        "name": name,
        "active": True,
        "unit": f"http://elsewhere/api/units/units/{unit}/",
        "frequency": None if frequency is None else f"http://elsewhere/api/qc/frequencies/{frequency}/",
        **more,
    }


def pick(name: str, items: list[dict[str, Any]], inactive: list[dict[str, Any]] | None = None) -> Assignment:
    gone = [{**each, "active": False} for each in inactive or []]
    return one_assignment(
        name,
        UNIT,
        assignments_from(items, UNIT),
        lambda: assignments_from(gone, UNIT),
        lambda: FREQUENCIES,
    )


def refused(
    name: str, items: list[dict[str, Any]], inactive: list[dict[str, Any]] | None = None
) -> MappingError:
    with pytest.raises(MappingError) as caught:
        pick(name, items, inactive)
    return caught.value


def test_the_one_assignment_is_found() -> None:
    found = pick(" Daily QA ", [item(1, "Daily QA"), item(2, "Monthly QA")])
    assert (found.id, found.name, found.active, found.is_cycle) == (1, "Daily QA", True, False)
    assert found.url == "http://elsewhere/api/qc/unittestcollections/1/"
    assert found.list_url == "http://elsewhere/api/qc/testlists/1/"


def test_a_cycle_is_known_as_one() -> None:
    assert pick("C", [item(4, "C", tests_object="http://q/api/qc/testlistcycles/1/")]).is_cycle


def test_assignments_of_other_units_do_not_count() -> None:
    assert pick("Daily QA", [item(1, "Daily QA", unit=9), item(2, "Daily QA")]).id == 2


def test_one_assignment_listed_twice_counts_once() -> None:
    twice = [item(1, "Daily QA"), item(1, "Daily QA", url="https://q:8443/api/qc/unittestcollections/1/")]
    assert pick("Daily QA", twice).id == 1


def test_items_without_a_link_do_not_count() -> None:
    assert assignments_from([item(1, "x", url=""), item(1, "x", url="http://q/api/")], UNIT) == ()


def test_two_assignments_are_told_with_their_frequencies() -> None:
    error = refused("Daily QA", [item(1, "Daily QA"), item(2, "Daily QA", frequency=3)])
    assert error.title == "Test list assigned several times"
    assert error.message == (
        "Test list 'Daily QA' is assigned 2 times to unit North: Linac 1, with the frequencies Daily and Monthly. "
        "Deactivate all but one of these assignments in QATrack+."
    )
    ad_hoc = refused("Daily QA", [item(1, "Daily QA"), item(2, "Daily QA", frequency=None)])
    assert "Daily and no frequency" in ad_hoc.message


def test_no_assignment_is_told_with_what_to_do() -> None:
    error = refused("Daily QA", [item(1, "Monthly QA")])
    assert error.title == "Test list not assigned"
    assert error.subject == "Daily QA"
    assert error.message == (
        "Test list 'Daily QA' is not assigned to unit North: Linac 1. Create the test list in QATrack+ if there is "
        "none, and assign it to the unit."
    )


def test_an_inactive_assignment_is_mentioned_and_not_used() -> None:
    error = refused("Daily QA", [item(1, "Daily  qa")], [item(2, "Daily QA")])
    assert "An assignment of that list exists but is inactive; activate it if it is meant." in error.message
    marked = refused("Daily QA", [item(1, "Daily QA", active=False)])
    assert "is not assigned" in marked.message


@pytest.mark.parametrize("spelling", ["daily qa", "DailyQA", "Daily-QA:"])
def test_another_spelling_is_mentioned(spelling: str) -> None:
    error = refused("Daily QA", [item(1, spelling)])
    assert f"A list with another spelling is assigned: '{spelling}'." in error.message


def test_a_blank_name_is_a_matter_of_the_configuration() -> None:
    assert "The pump names no test list." in refused("  ", [item(1, "")]).message
