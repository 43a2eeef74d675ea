"""The dictionary of unit names and numbers: filled when somebody looks, and never by guessing."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

import pytest

from qcpump_qt.engine.errors import ServerUnavailable
from qcpump_qt.pumps.unit_numbers import UnitNumbers
from qcpump_qt.qatrack.units import Unit


def unit(number: int, name: str, site: str = "", *, active: bool = True) -> Unit:
    return Unit(number, f"/units/{number}/", name, number, site, "", active)


@dataclass
class Units:
    """The part of a server that is asked; fails as often as it is told."""

    units_there: list[Unit]
    failures: int = 0
    asked: int = 0
    closed: int = field(default=0)

    def units(self) -> list[Unit]:
        self.asked += 1
        if self.asked <= self.failures:
            raise ServerUnavailable("away")
        return self.units_there

    def __enter__(self) -> Units:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.closed += 1


def numbers(server: Units) -> UnitNumbers:
    def connect() -> Any:
        return server

    return UnitNumbers(connect)


@pytest.fixture
def server() -> Units:
    return Units(
        [unit(1, "Linac 1", "Main"), unit(2, "Linac 1", "North"), unit(3, "CT"), unit(4, "Old", active=False)]
    )


def test_nothing_is_asked_before_somebody_looks(server: Units) -> None:
    found = numbers(server)
    assert server.asked == 0
    assert found["Main: Linac 1"] == 1
    assert found["CT"] == 3
    assert (server.asked, server.closed) == (1, 1)


@pytest.mark.parametrize(
    ("look", "seen"),
    [
        (len, 3),
        (bool, True),
        (sorted, ["CT", "Main: Linac 1", "North: Linac 1"]),
        (lambda found: sorted(found.keys()), ["CT", "Main: Linac 1", "North: Linac 1"]),
        (lambda found: sorted(found.values()), [1, 2, 3]),
        (lambda found: ("CT", 3) in found.items(), True),
        (lambda found: found.get("CT"), 3),
        (lambda found: found.get("Old", "none"), "none"),
        (lambda found: "CT" in found, True),
        (lambda found: "Linac 1" in found, False),
        (lambda found: dict(found)["CT"], 3),
        (lambda found: {**found}["CT"], 3),
        (lambda found: found.setdefault("CT", 9), 3),
        (lambda found: found.setdefault("new", 9), 9),
    ],
)
def test_every_way_of_looking_fills_it(server: Units, look: Any, seen: object) -> None:
    assert look(numbers(server)) == seen
    assert server.asked == 1


def test_an_unknown_name_is_a_key_error(server: Units) -> None:
    with pytest.raises(KeyError, match="nobody"):
        numbers(server)["nobody"]


def test_a_label_of_two_units_is_left_out() -> None:
    found = numbers(Units([unit(1, "Linac"), unit(2, "Linac"), unit(3, "CT")]))
    assert sorted(found) == ["CT"]
    with pytest.raises(KeyError):
        found["Linac"]


def test_a_server_that_was_away_is_asked_again(server: Units) -> None:
    server.failures = 1
    found = numbers(server)
    with pytest.raises(ServerUnavailable):
        found["CT"]
    assert found["CT"] == 3


def test_what_the_pump_type_puts_in_stays(server: Units) -> None:
    found = numbers(server)
    found["CT"] = 77
    found.update({"TB1": 5}, TB2=6)
    assert found.given == {"CT": 77, "TB1": 5, "TB2": 6}
    assert server.asked == 0
    assert dict(found) == {"CT": 77, "TB1": 5, "TB2": 6, "Main: Linac 1": 1, "North: Linac 1": 2}
