"""The assignment of a test list to a unit, which is what results are posted to: exactly one, or an error."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qcpump_qt.engine.errors import MappingError
from qcpump_qt.qatrack.address import number_of, path_of
from qcpump_qt.qatrack.units import Unit


@dataclass(frozen=True)
class Assignment:
    """A test list (or a cycle of lists) assigned to a unit.

    Args:
        url: its link, which a session names as ``unit_test_collection``.
        id: its database number.
        list_url: the link of the test list or cycle.
        name: the name of the test list or cycle.
        active: inactive assignments get no results.
        is_cycle: True for a test list cycle.
        frequency_url: the link of the frequency it is done with; blank for none.
    """

    url: str
    id: int
    list_url: str
    name: str
    active: bool
    is_cycle: bool
    frequency_url: str = ""


def assignments_from(items: Iterable[Mapping[str, Any]], unit: Unit) -> tuple[Assignment, ...]:
    """The unit's assignments among the items; whatever belongs to another unit is left out.

    One assignment that is listed twice counts once (QATrack+ 3.1.0 did so); links are compared by path.
    """
    found: dict[str, Assignment] = {}
    for item in items:
        url = str(item.get("url") or "")
        identity = number_of(url)
        if identity is None or path_of(str(item.get("unit") or "")) != path_of(unit.url):
            continue
        list_url = str(item.get("tests_object") or "")
        found[path_of(url)] = Assignment(
            url=url,
            id=identity,
            list_url=list_url,
            name=str(item.get("name") or ""),
            active=item.get("active") is True,
            is_cycle="/testlistcycles/" in path_of(list_url),
            frequency_url=str(item.get("frequency") or ""),
        )
    return tuple(found.values())


def one_assignment(
    name: str,
    unit: Unit,
    active: Sequence[Assignment],
    inactive: Callable[[], Sequence[Assignment]],
    frequencies: Callable[[], Mapping[str, str]],
) -> Assignment:
    """The active assignment of the list called `name` to `unit`.

    Args:
        name: of the test list or cycle.
        unit: the unit.
        active: its active assignments.
        inactive: gives its inactive ones; called only to explain why there is no match.
        frequencies: gives names of frequencies by path; called only to explain two matches.

    Raises:
        MappingError: none or several.
    """
    wanted = name.strip()
    if not wanted:
        raise MappingError("The pump names no test list. Choose one in its configuration.")
    found = [each for each in active if each.active and each.name.strip() == wanted]
    if len(found) == 1:
        return found[0]
    if found:
        raise _several(wanted, unit, found, frequencies())
    raise _none(wanted, unit, active, inactive())


def _several(
    name: str, unit: Unit, found: Sequence[Assignment], frequencies: Mapping[str, str]
) -> MappingError:
    ways = sorted(frequencies.get(path_of(each.frequency_url), "no frequency") for each in found)
    return MappingError(
        f"Test list '{name}' is assigned {len(found)} times to unit {unit.label}, with the frequencies "
        f"{' and '.join(ways)}. Deactivate all but one of these assignments in QATrack+.",
        title="Test list assigned several times",
        subject=name,
    )


def _none(
    name: str, unit: Unit, active: Sequence[Assignment], inactive: Sequence[Assignment]
) -> MappingError:
    hint = ""
    alike = [each.name for each in active if _alike(each.name, name)]
    if any(each.name.strip() == name for each in inactive):
        hint = " An assignment of that list exists but is inactive; activate it if it is meant."
    elif alike:
        hint = f" A list with another spelling is assigned: '{alike[0]}'."
    return MappingError(
        f"Test list '{name}' is not assigned to unit {unit.label}.{hint} Create the test list in QATrack+ if "
        "there is none, and assign it to the unit.",
        title="Test list not assigned",
        subject=name,
    )


def _alike(one: str, other: str) -> bool:
    def plain(text: str) -> str:
        return "".join(char for char in text.casefold() if char.isalnum())

    return plain(one) == plain(other)
