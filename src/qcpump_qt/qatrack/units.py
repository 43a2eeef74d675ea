"""The units of a server, and which one is meant: exactly one, or an error that names the candidates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qcpump_qt.engine.errors import MappingError
from qcpump_qt.qatrack.address import number_of, path_of


@dataclass(frozen=True)
class Unit:
    """A treatment machine as QATrack+ has it.

    Args:
        id: the database number, as in its url; not the number that people see.
        url: its link.
        name: not unique on a server.
        number: unique on a server.
        site: name of the site, blank without one.
        serial_number: blank without one; not unique on a server.
        active: inactive units get no results.
    """

    id: int
    url: str
    name: str
    number: int
    site: str
    serial_number: str
    active: bool

    @property
    def label(self) -> str:
        """``site: unit``, or ``unit`` without a site (compatibility, section 3)."""
        return f"{self.site}: {self.name}" if self.site else self.name

    @property
    def described(self) -> str:
        """The label with the number, which tells units of one name apart."""
        return f"{self.label}, number {self.number}"


def unit_from(item: Mapping[str, Any], sites: Mapping[str, str]) -> Unit | None:
    """The unit of a list's item; None when it lacks its link or number.

    Args:
        item: as the server describes it.
        sites: names of the sites by the path of their links.
    """
    url, number = str(item.get("url") or ""), item.get("number")
    identity = number_of(url)
    if identity is None or not isinstance(number, int):
        return None
    return Unit(
        id=identity,
        url=url,
        name=str(item.get("name") or "").strip(),
        number=number,
        site=sites.get(path_of(str(item.get("site") or "")), "").strip(),
        serial_number=str(item.get("serial_number") or "").strip(),
        active=item.get("active") is True,
    )


def by_serial(units: Sequence[Unit], serial: str) -> Unit:
    """The one active unit with this serial number, compared as written and then without regard to case.

    Raises:
        MappingError: none or several; names them.
    """
    wanted = serial.strip()
    if not wanted:
        raise MappingError(
            "The results name no serial number, so the unit cannot be told. Look at the source."
        )
    exact = [unit for unit in units if unit.serial_number == wanted]
    found = exact or [unit for unit in units if unit.serial_number.casefold() == wanted.casefold()]
    return _one(
        found,
        f"with the serial number '{wanted}'",
        "Enter the serial number at the unit in QATrack+.",
        "Correct the serial numbers in QATrack+, so that each belongs to one unit.",
    )


def by_label(units: Sequence[Unit], label: str) -> Unit:
    """The one active unit that is called `label`: ``site: unit``, or just its name where that is enough.

    Raises:
        MappingError: none or several; names them.
    """
    wanted = label.strip()
    found = [unit for unit in units if unit.label == wanted] or [
        unit for unit in units if unit.name == wanted
    ]
    return _one(
        found,
        f"called '{wanted}'",
        "Choose the unit again in the pump's configuration.",
        "Write it as 'site: unit' in the pump's configuration, or give the units different names in QATrack+.",
    )


def by_number(units: Sequence[Unit], number: int) -> Unit:
    """The one active unit with this number.

    Raises:
        MappingError: there is none.
    """
    return _one(
        [unit for unit in units if unit.number == number],
        f"with the number {number}",
        "Choose the unit again in the pump's configuration.",
        "Correct the numbers in QATrack+.",
    )


def _one(found: Iterable[Unit], which: str, when_none: str, when_several: str) -> Unit:
    found = list(found)
    active = [unit for unit in found if unit.active]
    if len(active) == 1:
        return active[0]
    if active:
        raise MappingError(
            f"There are {len(active)} units {which} in QATrack+: {_named(active)}. {when_several}",
            title="Several units match",
        )
    inactive = (
        f" There is an inactive one ({_named(found)}); activate it in QATrack+ if it is meant."
        if found
        else ""
    )
    raise MappingError(
        f"There is no active unit {which} in QATrack+.{inactive} {when_none}", title="Unit not found"
    )


def _named(units: Iterable[Unit]) -> str:
    return "; ".join(unit.described for unit in sorted(units, key=lambda unit: unit.number))
