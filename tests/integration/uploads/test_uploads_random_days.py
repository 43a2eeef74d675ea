"""Random days: files come, change and go while servers and test lists do; every content arrives once at most, and
every file that is left has arrived."""

from __future__ import annotations

import os
import random
from collections import Counter
from pathlib import Path

import pytest

from integration.uploads.department import LINAC_1, LIST, OLD, SLUG, Department, sha, write

STEPS = 40
NAMES = ("a.csv", "a.pdf", "below/a.csv", "below/b.csv")
FAULTS = ("503", "drop-after", "drop-before", "500-after", "html")


class Days:
    """What may happen to the files of one department.

    Args:
        department: with one source.
        chance: decides what happens.
    """

    def __init__(self, department: Department, chance: random.Random) -> None:
        self.department = department
        self.chance = chance
        self.contents: set[str] = set()
        self.clock = OLD

    def step(self) -> None:
        """One thing happens, and perhaps a cycle runs."""
        self.chance.choice(
            (self.put, self.put, self.touch, self.take_away, self.outage, self.no_list, self.moves)
        )()
        if self.chance.random() < 0.7:
            self.department.run()

    def path(self) -> Path:
        return self.department.source / self.chance.choice(NAMES)

    def put(self) -> None:
        """A new content, now and then with a time that another file has; its length always tells it apart."""
        self.clock += self.chance.choice((0, 60))
        content = f"{len(self.contents)}".ljust(len(self.contents) + 3)
        self.contents.add(sha(content))
        write(self.path(), content, self.clock)

    def touch(self) -> None:
        path = self.path()
        if path.exists():
            self.clock += 60
            os.utime(path, (self.clock, self.clock))

    def take_away(self) -> None:
        self.path().unlink(missing_ok=True)

    def outage(self) -> None:
        self.department.standin.faults.add(self.chance.choice(FAULTS), times=self.chance.choice((1, 4)))

    def no_list(self) -> None:
        self.department.hold_back()

    def moves(self) -> None:
        end = self.chance.choice(("", self.department.destination))
        self.department.configure("Directories", self.department.row(destination=end))

    def end(self) -> None:
        """The troubles are over; two more cycles clear up what they left."""
        self.department.standin.faults.clear()
        self.department.configure("Test List", {"name": LIST, "slug": SLUG})
        for _ in range(2):
            self.department.run()


@pytest.mark.parametrize("seed", range(6))
def test_random_days(department: Department, seed: int) -> None:
    days = Days(department, random.Random(seed))
    for _ in range(STEPS):
        days.step()
        stored = Counter(checksum for _unit, _name, checksum in department.on_server().elements())
        assert [each for each, number in stored.items() if number > 1] == []
    days.end()
    stored = Counter(checksum for _unit, _name, checksum in department.on_server().elements())
    assert set(stored.values()) == {1}
    assert set(stored) <= days.contents
    left = {
        sha(content)
        for folder in (department.source, department.destination)
        for content in department.lying_in(folder).values()
    }
    assert left <= set(stored)
    assert set(department.states()) <= {"delivered", "already there", "skipped"}
    arrived = {key for key, each in department.records().items() if each.state.arrived}
    assert arrived == department.keys_on_server()
    assert {unit for unit, _name, _checksum in department.on_server()} == {LINAC_1}
