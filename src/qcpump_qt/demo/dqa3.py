"""Generates a Daily QA3 database as two linacs fill it in a few mornings, and says what has to become of it.

The same `now` and `seed` give the same database. The mornings are those of the days before `now`, so that their
waiting time is over at any hour; the last beams were measured a few minutes ago, so that they wait.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path

from qcpump_qt.demo.arrivals import Arrival, expected
from qcpump_qt.demo.dqa3_file import Measured, write_database
from qcpump_qt.demo.dqa3_names import BEAMS, DQA3_LIST, MACHINES, QUANTITIES, Beam, Machine, Quantity
from qcpump_qt.demo.tds import SEED

ROUND = timedelta(minutes=3)
"""From one beam to the next."""

_FIRST_KEY = 41001


@dataclass(frozen=True)
class Morning:
    """Measurements of one machine that belong together and arrive as one record.

    Args:
        measured: all of them, by time.
        replaced: those of them that a later measurement of the same beam replaces.
        waits: True for those that were measured just now.
    """

    measured: tuple[Measured, ...]
    replaced: tuple[Measured, ...] = ()
    waits: bool = False

    @property
    def machine(self) -> Machine:
        """The machine."""
        return self.measured[0].machine

    @property
    def user_key(self) -> str:
        """The key it has on the server (qcpump-0.3-compatibility, section 4)."""
        keys = "/".join(str(each.data_key) for each in self.measured)
        return f"QCPump/DQA3/{self.machine.key}/{self.measured[0].moment:%Y-%m-%d-%H-%M}/{keys}"

    @property
    def arrival(self) -> Arrival:
        """How it has to arrive."""
        counting = [each for each in self.measured if each not in self.replaced]
        tests = {slug: value for each in counting for slug, value in each.tests.items()}
        return expected(self.machine.unit, DQA3_LIST, self.measured[0].moment, tests)

    @property
    def comment(self) -> str:
        """The comment of the session: all that was written beside the measurements."""
        return "\n".join(each.comment for each in self.measured if each.comment)


@dataclass(frozen=True)
class Dqa3Story:
    """Everything that was measured, and what has to become of it."""

    path: Path
    mornings: tuple[Morning, ...]

    @property
    def delivered(self) -> tuple[Morning, ...]:
        """What arrives."""
        return tuple(morning for morning in self.mornings if not morning.waits)


def write_dqa3(path: Path, now: datetime, seed: int = SEED) -> Dqa3Story:
    """Generate a Daily QA3 database.

    Args:
        path: the file, which is made.
        now: the present moment by the clock on the wall, without a zone.
        seed: of the made-up values.

    Raises:
        sqlite3.OperationalError: the file has such tables already.
    """
    teller = _Teller(now, random.Random(seed))  # noqa: S311 - made-up values, no secrets
    mornings = (
        *teller.ordinary_day(),
        *teller.day_of_troubles(),
        *teller.day_of_comments(),
        teller.just_now(),
    )
    write_database(path, (each for morning in mornings for each in morning.measured))
    return Dqa3Story(path, mornings)


@dataclass(frozen=True)
class About:
    """What is special about a measurement.

    Args:
        signature: who did it.
        comment: what was written beside it.
        fixed: result column to the value that it has, instead of a made-up one.
    """

    signature: str = "Physics"
    comment: str = ""
    fixed: Mapping[str, float | None] = field(default_factory=dict)


@dataclass
class _Teller:
    """Makes the measurements up, day by day."""

    now: datetime
    chance: random.Random
    _keys: Iterator[int] = field(default_factory=lambda: itertools.count(_FIRST_KEY), init=False)

    def ordinary_day(self) -> tuple[Morning, ...]:
        """Every beam of both machines once."""
        return tuple(Morning(self._round(machine, self._at(3, 6, 40 + machine.unit))) for machine in MACHINES)

    def day_of_troubles(self) -> tuple[Morning, ...]:
        """A beam that is off and measured again, and a column without a value."""
        one, two = MACHINES
        start = self._at(2, 6, 41)
        about = About(comment="Setup checked, repeated", fixed={"dose_diff": 3.4})
        off = self._measure(one, BEAMS[0], start, about)
        repeated = (off, *self._round(one, start + ROUND))
        empty = self._round(two, self._at(2, 6, 51), {"9 MeV": About(fixed={"xsize": None})})
        return Morning(repeated, replaced=(off,)), Morning(empty)

    def day_of_comments(self) -> tuple[Morning, ...]:
        """Comments and signatures beyond ASCII."""
        one, two = MACHINES
        german = About("Jürgen Weiß", "Gerät neu ausgerichtet, Höhe geprüft")
        cyrillic = About("Иванова", "Проверено после ремонта")
        return (
            Morning(self._round(one, self._at(1, 6, 42), {"6 MV": german, "9 MeV": About("Jürgen Weiß")})),
            Morning(self._round(two, self._at(1, 6, 49), {"10 FFF": cyrillic})),
        )

    def just_now(self) -> Morning:
        """The first beams of a round that is under way; more may follow, so they wait."""
        start = self.now.replace(microsecond=0) - timedelta(minutes=5)
        return Morning(self._round(MACHINES[0], start)[:2], waits=True)

    def _round(
        self, machine: Machine, start: datetime, about: Mapping[str, About] | None = None
    ) -> tuple[Measured, ...]:
        """Every beam once; `about` tells of some of them, by name."""
        about = about or {}
        return tuple(
            self._measure(machine, beam, start + number * ROUND, about.get(beam.name, About()))
            for number, beam in enumerate(BEAMS)
        )

    def _measure(self, machine: Machine, beam: Beam, moment: datetime, about: About) -> Measured:
        values: dict[str, float | None] = {}
        for quantity in QUANTITIES:
            values |= self._values(quantity, about.fixed.get(f"{quantity.column}_diff"))
        values |= {"energy": round(self.chance.gauss(0, 0.3), 2)}
        values |= {name: value for name, value in about.fixed.items() if value is None}
        air = (round(self.chance.uniform(21, 23), 1), round(self.chance.uniform(99, 102), 1))
        key = next(self._keys)
        return Measured(machine, beam, moment, key, about.comment, about.signature, air, values)

    def _values(self, quantity: Quantity, diff: float | None) -> dict[str, float | None]:
        """A measured value, its baseline and by how much they differ, of dose in percent."""
        if diff is None:
            diff = round(self.chance.gauss(0, quantity.tolerance / 4), 2)
        name, baseline = quantity.column, quantity.baseline
        measured = baseline * (1 + diff / 100) if name == "dose" else baseline + diff
        return {name: round(measured, 2), f"{name}_baseline": baseline, f"{name}_diff": diff}

    def _at(self, days_ago: int, hour: int, minute: int) -> datetime:
        return datetime.combine(self.now.date() - timedelta(days=days_ago), time(hour, minute, 7))
