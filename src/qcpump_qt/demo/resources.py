"""The lists that the API offers: what is in them, how they filter, order and page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from qcpump_qt.demo.clock import ServerClock
from qcpump_qt.demo.filters import Field, FilterSet, boolean, moment_fields, number, text_field
from qcpump_qt.demo.session_shapes import SessionShapes
from qcpump_qt.demo.sessions import Session, SessionStore
from qcpump_qt.demo.shapes import STATUSES, Shapes
from qcpump_qt.demo.things import TestList
from qcpump_qt.demo.world import World

READ_ONLY = "GET, HEAD, OPTIONS"
_MOMENTS = ("work_started", "work_completed", "created", "modified")


@dataclass(frozen=True)
class Resource:
    """One list of the API.

    Args:
        items: everything in it, in the server's own order.
        shape: an item as JSON in the list.
        filters: what can be asked for.
        ordering: what it can be ordered by.
        limit: the page size where the request names none.
        detail: an item as JSON by itself; like in the list where left out.
        narrow: takes a short cut for a query (an index), or gives None.
    """

    items: Callable[[], Sequence[Any]]
    shape: Callable[[Shapes, Any], dict[str, Any]]
    filters: FilterSet = field(default_factory=FilterSet)
    ordering: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    limit: int = 100
    detail: Callable[[Shapes, Any], dict[str, Any]] | None = None
    narrow: Callable[[Mapping[str, str]], Sequence[Any] | None] | None = None


_NAME = text_field(lambda item: item.name)
_SLUG = text_field(lambda item: item.slug)
_BY_NAME = {"name": lambda item: item.name}
_SITE = FilterSet({"name": _NAME, "slug": _SLUG})
_NAMED = FilterSet({"name": _NAME, "slug": _SLUG})
_TESTS = FilterSet(
    {"name": _NAME, "slug": Field(lambda test: test.slug), "type": Field(lambda test: test.type)}
)
_USERS = FilterSet({"username": text_field(lambda user: user.name)})
_UNITS = FilterSet(
    {
        "number": Field(lambda unit: unit.number, number),
        "name": _NAME,
        "serial_number": text_field(lambda unit: unit.serial_number),
        "location": text_field(lambda unit: unit.location),
        "active": Field(lambda unit: unit.active, boolean, ("exact",)),
    },
    {"site": (lambda unit: unit.site, _SITE)},
)
_ASSIGNMENTS = FilterSet(
    {
        "name": _NAME,
        "active": Field(lambda assignment: assignment.active, boolean, ("exact",)),
        "unit": Field(lambda assignment: assignment.unit.id, number, ("exact",)),
    },
    {
        "unit": (lambda assignment: assignment.unit, _UNITS),
        "frequency": (lambda assignment: assignment.frequency, _NAMED),
        "test_list": (
            lambda assignment: (
                assignment.tests_object if isinstance(assignment.tests_object, TestList) else None
            ),
            _NAMED,
        ),
    },
)


def world_resources(world: World) -> dict[str, Resource]:
    """The lists of what is set up, by their path below /api/ (with ``qc`` for both spellings)."""
    return {
        "units/units": Resource(
            lambda: sorted(world.units, key=lambda unit: unit.number),
            Shapes.unit,
            _UNITS,
            {
                "number": lambda unit: unit.number,
                "serial_number": lambda unit: unit.serial_number,
                **_BY_NAME,
            },
            detail=Shapes.unit_detail,
        ),
        "units/sites": Resource(
            lambda: sorted(world.sites, key=lambda site: site.name), Shapes.site, _SITE, _BY_NAME
        ),
        "auth/users": Resource(lambda: list(world.users), Shapes.user, _USERS, detail=Shapes.user_detail),
        "qc/frequencies": Resource(lambda: world.frequencies, Shapes.frequency, _NAMED, _BY_NAME),
        "qc/unittestcollections": Resource(
            lambda: list(world.assignments),
            Shapes.assignment,
            _ASSIGNMENTS,
            {"active": lambda assignment: assignment.active, **_BY_NAME},
            limit=10,
        ),
        "qc/testlists": Resource(lambda: list(world.test_lists), Shapes.test_list, _NAMED, _BY_NAME),
        "qc/unittestinfos": Resource(
            lambda: [
                (assignment, number, test)
                for assignment in world.assignments
                for number, test in enumerate(
                    (test for day in assignment.days for test in day.tests), assignment.first_info_id
                )
            ],
            Shapes.test_info,
            FilterSet(related={"unit": (lambda info: info[0].unit, _UNITS)}),
        ),
        "qc/testinstancestatus": Resource(lambda: range(1, len(STATUSES) + 1), Shapes.status),
        **_test_resources(world),
    }


def _test_resources(world: World) -> dict[str, Resource]:
    return {
        "qc/tests": Resource(
            lambda: [test for test_list in world.test_lists for test in test_list.own_tests],
            Shapes.test,
            _TESTS,
            _BY_NAME,
        ),
        "qc/testlistmemberships": Resource(
            lambda: [
                (test_list, order)
                for test_list in world.test_lists
                for order in range(len(test_list.own_tests))
            ],
            Shapes.membership,
            FilterSet(related={"test_list": (lambda pair: pair[0], _NAMED)}),
        ),
        "qc/sublists": Resource(
            lambda: _sublists(world),
            Shapes.sublist,
            FilterSet(related={"parent": (lambda entry: entry[1], _NAMED)}),
        ),
    }


def _sublists(world: World) -> list[tuple[int, TestList, int]]:
    pairs = [(parent, order) for parent in world.test_lists for order in range(len(parent.sublists))]
    return [(number, parent, order) for number, (parent, order) in enumerate(pairs, start=1)]


def _moment(name: str) -> Callable[[Session], datetime]:
    return lambda session: session.at(name)


def session_resource(world: World, store: SessionStore, clock: ServerClock) -> Resource:
    """The list of delivered sessions."""

    def assignment_of(session: Session) -> Any:
        return world.assignments[session.assignment_id - 1]

    moments: dict[str, Field] = {}
    for name in _MOMENTS:
        moments |= moment_fields(name, _moment(name), clock)
    flags = {
        "in_progress": lambda session: session.in_progress,
        "include_for_scheduling": lambda session: session.include_for_scheduling,
        "all_reviewed": lambda session: not STATUSES[session.status_id - 1][1],
    }
    filters = FilterSet(
        {
            "user_key": Field(lambda session: session.user_key, lookups=("exact",)),
            "day": Field(lambda session: session.day, number),
            "unit_test_collection": Field(lambda session: session.assignment_id, number, ("exact",)),
            **{name: Field(get, boolean, ("exact",)) for name, get in flags.items()},
            **moments,
        },
        {
            "unit_test_collection": (assignment_of, _ASSIGNMENTS),
            "test_list": (lambda session: world.test_lists[session.test_list_id - 1], _NAMED),
            "created_by": (lambda session: world.users[session.user_id - 1], _USERS),
        },
    )

    def with_key(query: Mapping[str, str]) -> Sequence[Session] | None:
        key = query.get("user_key", "").strip()
        found = store.with_key(key)
        return None if not key else [found] if found is not None else []

    return Resource(
        store.all,
        lambda shapes, session: SessionShapes(shapes).session(session),
        filters,
        {
            "user_key": lambda session: session.user_key,
            "day": lambda session: session.day,
            **{name: _moment(name) for name in _MOMENTS},
        },
        limit=10,
        narrow=with_key,
    )
