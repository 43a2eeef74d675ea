"""What a clinic sets up in QATrack+, as plain data: sites, units, tests, test lists, assignments, users."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Calculation = Callable[[Mapping[str, Any]], Any]
"""Computes a composite test from the other tests' values; a `KeyError` stands for a value that is not there."""

NUMBER_TYPES = frozenset({"simple", "wraparound", "boolean", "constant", "composite"})
TEXT_TYPES = frozenset({"string", "multchoice", "scomposite"})
CALCULATED_TYPES = frozenset({"composite", "scomposite"})
TEST_TYPES = NUMBER_TYPES | TEXT_TYPES | {"date", "datetime", "upload"}
"""The test types that a QATrack+ test pack knows (qatrack-api, Test packs)."""


@dataclass
class Site:
    """A hospital site."""

    id: int
    name: str

    @property
    def slug(self) -> str:
        """The name as it stands in addresses."""
        return slug_of(self.name)


@dataclass
class Unit:
    """A treatment machine; `number` is what people know it by, `id` is what urls carry."""

    id: int
    name: str
    number: int
    site: Site | None
    serial_number: str | None
    active: bool = True
    location: str = ""
    date_acceptance: str | None = None


@dataclass(frozen=True)
class Test:
    """One test of a test list; `slug` is its macro name."""

    id: int
    name: str
    slug: str
    type: str
    constant: float | None = None
    calculation: Calculation | None = None


@dataclass
class TestList:
    """A named list of tests, with those of its sublists after its own."""

    id: int
    name: str
    slug: str
    own_tests: tuple[Test, ...]
    sublists: tuple[TestList, ...] = ()

    @property
    def tests(self) -> tuple[Test, ...]:
        """All tests in the order in which they are performed."""
        return self.own_tests + tuple(test for child in self.sublists for test in child.tests)


@dataclass
class Cycle:
    """A test list cycle: another list every day."""

    id: int
    name: str
    test_lists: tuple[TestList, ...]


@dataclass(frozen=True)
class Frequency:
    """How often something is due."""

    id: int
    name: str
    slug: str
    days: int


@dataclass
class Assignment:
    """A test list (or cycle) assigned to a unit: the `unittestcollection` of the API."""

    id: int
    tests_object: TestList | Cycle
    unit: Unit
    frequency: Frequency | None
    active: bool = True
    first_info_id: int = 1

    @property
    def name(self) -> str:
        """The name of what is assigned."""
        return self.tests_object.name

    @property
    def days(self) -> tuple[TestList, ...]:
        """The test list of each day; one only where there is no cycle."""
        chosen = self.tests_object
        return chosen.test_lists if isinstance(chosen, Cycle) else (chosen,)


@dataclass
class User:
    """Somebody (or something) with a token."""

    id: int
    name: str
    token: str
    may_add: bool = True
    may_change: bool = False
    superuser: bool = False
    active: bool = True
    password: str | None = None
    email: str = ""

    @property
    def permissions(self) -> list[str]:
        """The rights as the users page of the API names them."""
        rights = {"qa.add_testlistinstance": self.may_add, "qa.change_testlistinstance": self.may_change}
        return [right for right, given in rights.items() if given]


FREQUENCIES = tuple(
    Frequency(number, name, slug_of_name, days)
    for number, (name, slug_of_name, days) in enumerate(
        [
            ("Daily", "daily", 1),
            ("Weekly", "weekly", 7),
            ("Monthly", "monthly", 28),
            ("Quarterly", "quarterly", 84),
            ("Semi-Annual", "semi-annual", 168),
            ("Annual", "annual", 300),
            ("Biennial", "biennial", 600),
        ],
        start=1,
    )
)


def slug_of(name: str) -> str:
    """A name as lower-case words with hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
