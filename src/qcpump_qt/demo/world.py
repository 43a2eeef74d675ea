"""What a clinic has set up on the QATrack+ stand-in: sites, units, test lists, assignments, users.

Plain data with a small builder; numbers given to things (`id`) count from 1 in the order of adding, as
a database would. A `World` may be changed while the stand-in runs::

    world = World()
    world.add_site("Main Campus")
    world.add_unit("Linac 1", number=1, site="Main Campus", serial_number="2101")
    world.add_test_list("MPC: Enhanced Couch Checks", {"couch_lat": "simple", "note": "string"})
    world.assign("MPC: Enhanced Couch Checks", unit_number=1)
    world.add_user("qcpump", token="0123456789abcdef0123456789abcdef01234567")
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from qcpump_qt.demo.things import (
    CALCULATED_TYPES,
    FREQUENCIES,
    TEST_TYPES,
    Assignment,
    Calculation,
    Cycle,
    Frequency,
    Site,
    Test,
    TestList,
    Unit,
    User,
    slug_of,
)


@dataclass
class World:
    """Everything that is set up on one stand-in."""

    sites: list[Site] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    test_lists: list[TestList] = field(default_factory=list)
    cycles: list[Cycle] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    users: list[User] = field(default_factory=list)
    frequencies: tuple[Frequency, ...] = FREQUENCIES

    def add_site(self, name: str) -> Site:
        """Add a site."""
        self.sites.append(Site(len(self.sites) + 1, name))
        return self.sites[-1]

    def add_unit(
        self,
        name: str,
        number: int,
        site: str | None = None,
        serial_number: str | None = None,
        active: bool = True,
        *,
        location: str = "",
        date_acceptance: str | None = None,
    ) -> Unit:
        """Add a unit.

        Args:
            name: need not be unique.
            number: unique; what clients name in `unit__number`.
            site: the name of a site added before, or None.
            serial_number: need not be unique.
            active: False for a unit that was retired.
            location: where it stands.
            date_acceptance: ``YYYY-MM-DD``.

        Raises:
            ValueError: the number is taken, or the site is not known.
        """
        if any(unit.number == number for unit in self.units):
            raise ValueError(f"Unit number {number} is taken.")
        where = None if site is None else _named(self.sites, site, "site")
        unit = Unit(
            len(self.units) + 1, name, number, where, serial_number, active, location, date_acceptance
        )
        self.units.append(unit)
        return unit

    def add_test_list(
        self,
        name: str,
        tests: Mapping[str, str],
        *,
        slug: str | None = None,
        constants: Mapping[str, float] | None = None,
        calculations: Mapping[str, Calculation] | None = None,
        sublists: Iterable[str] = (),
    ) -> TestList:
        """Add a test list.

        Args:
            name: need not be unique.
            tests: slug to type (one of `TEST_TYPES`), in the order of the list.
            slug: the list's own slug; made from the name where left out.
            constants: the values of ``constant`` tests.
            calculations: how ``composite`` and ``scomposite`` tests are computed.
            sublists: names of lists added before, whose tests come after the list's own.

        Raises:
            ValueError: a type is not known, or a constant or calculation is missing.
        """
        first = 1 + sum(len(known.own_tests) for known in self.test_lists)
        own = tuple(
            _checked(
                Test(
                    number,
                    f"{name}: {each}",
                    each,
                    type_,
                    (constants or {}).get(each),
                    (calculations or {}).get(each),
                )
            )
            for number, (each, type_) in enumerate(tests.items(), start=first)
        )
        children = tuple(_named(self.test_lists, child, "test list") for child in sublists)
        self.test_lists.append(TestList(len(self.test_lists) + 1, name, slug or slug_of(name), own, children))
        return self.test_lists[-1]

    def add_cycle(self, name: str, test_lists: Iterable[str]) -> Cycle:
        """Add a test list cycle over lists added before, day 0 first."""
        days = tuple(_named(self.test_lists, each, "test list") for each in test_lists)
        self.cycles.append(Cycle(len(self.cycles) + 1, name, days))
        return self.cycles[-1]

    def assign(
        self, test_list: str, unit_number: int, frequency: str | None = "Daily", active: bool = True
    ) -> Assignment:
        """Assign a test list or cycle to a unit.

        Args:
            test_list: the name of a test list or cycle; the one added last where several share it.
            unit_number: the unit's number.
            frequency: a name of `FREQUENCIES`, or None for ad hoc.
            active: False for an assignment that was retired (it still accepts sessions).

        Raises:
            ValueError: one of the three is not known.
        """
        chosen: TestList | Cycle = _named([*self.test_lists, *self.cycles], test_list, "test list")
        unit = next((unit for unit in self.units if unit.number == unit_number), None)
        if unit is None:
            raise ValueError(f"There is no unit number {unit_number}.")
        often = None if frequency is None else _named(self.frequencies, frequency, "frequency")
        first_info = 1
        if self.assignments:
            last = self.assignments[-1]
            first_info = last.first_info_id + sum(len(day.tests) for day in last.days)
        assignment = Assignment(len(self.assignments) + 1, chosen, unit, often, active, first_info)
        self.assignments.append(assignment)
        return assignment

    def add_user(
        self,
        name: str,
        token: str,
        may_add: bool = True,
        active: bool = True,
        *,
        may_change: bool = False,
        superuser: bool = False,
        password: str | None = None,
        email: str = "",
    ) -> User:
        """Add a user with a token; `may_add` is the right to upload sessions."""
        user = User(len(self.users) + 1, name, token, may_add, may_change, superuser, active, password, email)
        self.users.append(user)
        return user


def _checked(test: Test) -> Test:
    if test.type not in TEST_TYPES:
        raise ValueError(f"Test {test.slug} has the unknown type {test.type}.")
    if test.type == "constant" and test.constant is None:
        raise ValueError(f"Constant test {test.slug} needs a value.")
    if test.type in CALCULATED_TYPES and test.calculation is None:
        raise ValueError(f"Calculated test {test.slug} needs a calculation.")
    return test


def _named(items: Iterable[Any], name: str, kind: str) -> Any:
    found = [item for item in items if item.name == name]
    if not found:
        raise ValueError(f"There is no {kind} named {name!r}.")
    return found[-1]
