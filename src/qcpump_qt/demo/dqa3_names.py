"""The names around generated Daily QA3 results: machines, beams, result columns, and the tests that take them.

Columns are those of version 01.04 (dqa3-databases), macro names those that QCPump 0.3 gave them
(qcpump-0.3-compatibility, section 6).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

DQA3_LIST = "Daily QA3 Results"
"""The test list that takes all beams of a morning."""


@dataclass(frozen=True)
class Machine:
    """A machine as Daily QA3 knows it, and the number of the unit that it is."""

    key: int
    room: str
    name: str
    unit: int

    @property
    def label(self) -> str:
        """How it is chosen in section *Unit*."""
        return f"{self.room}/{self.name}"


@dataclass(frozen=True)
class Beam:
    """A beam; `slug` is what its name becomes in macro names."""

    name: str
    slug: str
    type: str
    energy: int


@dataclass(frozen=True)
class Quantity:
    """What Daily QA3 measures of each beam: its column, its usual value, and how far it may be off."""

    column: str
    baseline: float
    tolerance: float


MACHINES = (Machine(3, "Bunker 1", "TrueBeam 1", 1), Machine(5, "Bunker 2", "TrueBeam 2", 2))
BEAMS = (
    Beam("6 MV", "6_mv", "Photon", 6),
    Beam("10 FFF", "10_fff", "FFF", 10),
    Beam("9 MeV", "9_mev", "Electron", 9),
)
QUANTITIES = (
    Quantity("dose", 100.0, 3.0),
    Quantity("axsym", 0.3, 2.0),
    Quantity("trsym", -0.4, 2.0),
    Quantity("qaflat", 2.1, 2.0),
    Quantity("xsize", 20.1, 0.2),
    Quantity("ysize", 19.9, 0.2),
    Quantity("xshift", 0.0, 0.2),
    Quantity("yshift", 0.1, 0.2),
)
TEXTS = ("data_key", "signature", "device")
ENERGY = ("energy", "energy_baseline", "energy_diff")


def dqa3_tests() -> dict[str, str]:
    """The tests of the test list: macro name to test type."""
    numbers = ("temperature", "pressure", *_measured(), *ENERGY)
    return {
        f"{column}_{beam.slug}": "string" if column in TEXTS else "simple"
        for beam in BEAMS
        for column in (*TEXTS, *numbers)
    }


def _measured() -> Iterator[str]:
    for quantity in QUANTITIES:
        yield from (f"{quantity.column}{part}" for part in ("", "_baseline", "_diff"))
