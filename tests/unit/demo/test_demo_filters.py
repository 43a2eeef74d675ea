"""Filters with the real server's traps."""

from __future__ import annotations

import pytest

from qcpump_qt.demo.clinic import demo_world
from qcpump_qt.demo.clock import ServerClock
from qcpump_qt.demo.filters import BadFilter, FilterCrash, chosen
from qcpump_qt.demo.resources import session_resource, world_resources
from qcpump_qt.demo.sessions import Session, SessionStore

WORLD = demo_world()
CLOCK = ServerClock("America/Toronto")


def _find(kind: str, *query: tuple[str, str]) -> list[int]:
    resource = world_resources(WORLD)[kind]
    return [item.id for item in chosen(resource.items(), query, resource.filters)]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ([("number", "2")], [2]),
        ([("number", " 2 ")], [2]),
        ([("number__in", "1,3")], [1, 3]),
        ([("name", "Linac 1")], [1]),
        ([("name", "linac 1")], []),
        ([("name__icontains", "linac")], [1, 2]),
        ([("name__contains", "linac")], []),
        ([("serial_number__in", "2101, 2102")], [1, 2]),
        ([("site__name", "North Campus")], [2]),
        ([("active", "true")], [1, 2, 3]),
        ([("active", "False")], []),
        ([("active", "perhaps")], [1, 2, 3]),
        ([("name!", "CT")], [1, 2]),
        ([("number", "1"), ("number", "2")], [2]),
        ([("number", "")], [1, 2, 3]),
        ([("nosuch", "1")], [1, 2, 3]),
        ([("name__iexact", "linac 1")], [1, 2, 3]),
        ([("site__nosuch", "x")], [1, 2, 3]),
    ],
)
def test_units(query: list[tuple[str, str]], ids: list[int]) -> None:
    assert _find("units/units", *query) == ids


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ([("name", "MPC: Enhanced MLC Checks"), ("unit__number", "1")], 1),
        ([("test_list__name", "MPC: Enhanced MLC Checks")], 2),
        ([("unit__site__name", "North Campus")], 5),
        ([("unit", "1")], 6),
        ([("frequency__slug", "daily")], 10),
        ([("frequency__slug", "monthly")], 1),
        ([("frequency__slug", "weekly")], 0),
        ([("unit__serial_number", "2102"), ("active", "true")], 5),
    ],
)
def test_assignments(query: list[tuple[str, str]], count: int) -> None:
    assert len(_find("qc/unittestcollections", *query)) == count


@pytest.mark.parametrize(
    ("kind", "name", "key"),
    [
        ("units/units", "number", "number"),
        ("units/units", "number__in", "number__in"),
        ("qc/unittestcollections", "unit__number", "unit__number"),
    ],
)
@pytest.mark.parametrize("value", ["abc", "None"])
def test_a_badly_typed_number_is_an_error(kind: str, name: str, key: str, value: str) -> None:
    with pytest.raises(BadFilter) as caught:
        _find(kind, (name, value))
    assert caught.value.errors == {key: ["Enter a number."]}


def _sessions(*query: tuple[str, str]) -> list[str | None]:
    store = SessionStore()
    for day in (1, 2, 3):
        start = CLOCK.read(f"2026-11-0{day} 08:00")
        store.add(
            Session(
                assignment_id=day,
                test_list_id=1,
                user_id=1,
                work_started=CLOCK.show(start),
                work_completed=CLOCK.show(start),
                created=CLOCK.show(start),
                modified=CLOCK.show(start),
                user_key=f"k{day}",
                results=[],
                in_progress=day == 2,
            )
        )
    resource = session_resource(WORLD, store, CLOCK)
    return [session.user_key for session in chosen(resource.items(), query, resource.filters)]


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ([("work_started_min", "2026-11-02")], ["k2", "k3"]),
        ([("work_started_max", "2026-11-02T08:00:00")], ["k1", "k2"]),
        (
            [("work_started_min", "2026-11-02T08:00:00-05:00"), ("work_started_max", "2026-11-02 08:00:00")],
            ["k2"],
        ),
        ([("work_started", "2026-11-02T13:00:00Z")], ["k2"]),
        ([("work_completed__in", "2026-11-01 08:00:00,2026-11-03 08:00:00")], ["k1", "k3"]),
        ([("in_progress", "true")], ["k2"]),
        ([("user_key__in", "k1,k2")], ["k1", "k2", "k3"]),
        ([("user_key!", "k1")], ["k2", "k3"]),
        ([("user_key", "")], ["k1", "k2", "k3"]),
        ([("unit_test_collection__unit__number", "2")], ["k2"]),
        ([("created_by__username", "pump"), ("unit_test_collection", "3")], ["k3"]),
    ],
)
def test_sessions(query: list[tuple[str, str]], keys: list[str]) -> None:
    assert _sessions(*query) == keys


def test_a_session_filter_through_two_relations_names_the_outer_one_twice() -> None:
    with pytest.raises(BadFilter) as caught:
        _sessions(("unit_test_collection__unit__number", "x"))
    assert list(caught.value.errors) == ["unit_test_collection__unit_test_collection__unit__number"]


def test_a_bad_date_is_an_error_and_a_bad_bound_a_crash() -> None:
    with pytest.raises(BadFilter) as caught:
        _sessions(("work_started", "soon"))
    assert caught.value.errors == {"work_started": ["Enter a valid date/time."]}
    with pytest.raises(FilterCrash):
        _sessions(("work_started_min", "soon"))
