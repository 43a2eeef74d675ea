"""A QATrack+ server, as the rest of the program knows it: sessions are posted and found, units looked up."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import ItemError
from qcpump_qt.engine.records import Place, Stored, UnitBy, UnitRef
from qcpump_qt.qatrack import assignments, units
from qcpump_qt.qatrack.address import NetworkSettings, ServerAddress, path_of
from qcpump_qt.qatrack.answers import read_post, stored_from
from qcpump_qt.qatrack.assignments import Assignment
from qcpump_qt.qatrack.gate import RateGate, gate_for
from qcpump_qt.qatrack.listing import items
from qcpump_qt.qatrack.sessions import sessions_named, sessions_within
from qcpump_qt.qatrack.stored_values import StoredValues
from qcpump_qt.qatrack.transport import Transport
from qcpump_qt.qatrack.units import Unit

SESSIONS = "qa/testlistinstances/"


class QATrackServer:
    """One server for one pump; may be used by several threads. It implements `Destination`.

    Args:
        address: the server and the token.
        network: time-outs and name of the program.
        cancel: ends whatever is under way.
        gate: how fast the server may be asked; the one of the process where it is left out.

    Raises:
        ConfigurationError: a configured proxy cannot be used.
    """

    def __init__(
        self,
        address: ServerAddress,
        network: NetworkSettings,
        cancel: CancelToken,
        gate: RateGate | None = None,
    ) -> None:
        self.address = address
        self.transport = Transport(address, network, cancel, gate or gate_for(address, network.connections))
        self._lock = threading.RLock()
        self._stored_values = StoredValues(self.transport, self.units)
        self._units: tuple[Unit, ...] | None = None
        self._frequencies: dict[str, str] | None = None
        self._assignments: dict[tuple[int, bool], tuple[Assignment, ...]] = {}
        self._by_list: dict[str, list[dict[str, Any]]] = {}

    def __enter__(self) -> QATrackServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def name(self) -> str:
        """How people call the server: its address."""
        return self.address.api_url

    @property
    def pace(self) -> RateGate:
        """How fast it may be asked; shared by all pumps with this token."""
        return self.transport.gate

    def post(self, payload: Mapping[str, Any]) -> Stored | None:
        """Store one session; None when the server has its `user_key` already. Errors as `Destination` says.

        Besides those, the errors of `json_body` for a value or file that cannot be sent.
        """
        return read_post(self.transport.post(SESSIONS, payload), str(payload.get("user_key") or ""))

    def find(self, key: str) -> Stored | None:
        """The session with exactly this `user_key`, or None.

        The server trims keys, and would give everything for an empty one (qatrack-api, user_key).

        Raises:
            ItemError: the key is empty.
            ServerRefused, ServerUnavailable: there was no such answer.
        """
        wanted = key.strip()
        if not wanted:
            raise ItemError("A session without a key cannot be looked up on the server. Report this fault.")
        found = items(
            self.transport, SESSIONS, "a session", {"user_key": wanted}, ordering="created", page=_FEW
        )
        for _, item in zip(range(_FEW), found, strict=False):
            if item.get("user_key") == wanted and item.get("url"):
                return stored_from(item)
        return None

    def units(self) -> list[Unit]:
        """All units, also inactive ones, by number; asked for once."""
        with self._lock:
            if self._units is None:
                sites = self._names("units/sites/", "the list of sites")
                listed = items(self.transport, "units/units/", "the list of units", {}, ordering="number")
                read = (units.unit_from(item, sites) for item in listed)
                self._units = tuple(unit for unit in read if unit is not None)
            return list(self._units)

    def unit_by_serial(self, serial: str) -> Unit:
        """The one active unit with this serial number; `MappingError` for none or several."""
        return units.by_serial(self.units(), serial)

    def unit_by_label(self, label: str) -> Unit:
        """The one active unit of this name or ``site: name``; `MappingError` for none or several."""
        return units.by_label(self.units(), label)

    def unit_by_number(self, number: int) -> Unit:
        """The one active unit with this number; `MappingError` for none."""
        return units.by_number(self.units(), number)

    def unit(self, ref: UnitRef) -> Unit:
        """The one active unit that is meant; `MappingError` for none or several."""
        if ref.by is UnitBy.SERIAL:
            return self.unit_by_serial(ref.value)
        if ref.by is UnitBy.NUMBER and ref.value.isascii() and ref.value.isdigit():
            return self.unit_by_number(int(ref.value))
        return self.unit_by_label(ref.value)

    def place(self, unit: UnitRef, test_list: str) -> Place:
        """The one assignment of the test list to the unit, as `Destination` says."""
        found = self.unit(unit)
        assigned = self.assignment(test_list, found)
        return Place(url=assigned.url, unit=found.label, list_id=path_of(assigned.list_url))

    def test_list_names(self) -> list[str]:
        """The names of all test lists, sorted, each once."""
        listed = items(self.transport, "qa/testlists/", "the test lists", {}, ordering="name")
        return sorted({str(item["name"]) for item in listed if item.get("name")})

    def assignment(self, test_list_name: str, unit: Unit) -> Assignment:
        """The one active assignment of the test list (or cycle) to the unit; `MappingError` otherwise.

        One request for each test list covers all units; only to explain why there is no clear match are all
        assignments of the unit asked for.
        """
        wanted = test_list_name.strip()
        there = assignments.assignments_from(self._assigned(wanted), unit) if wanted else ()
        found = [each for each in there if each.active and each.name.strip() == wanted]
        if len(found) == 1:
            return found[0]
        return assignments.one_assignment(
            test_list_name,
            unit,
            self.assignments(unit),
            lambda: self.assignments(unit, active=False),
            self._frequency_names,
        )

    def _assigned(self, test_list_name: str) -> list[dict[str, Any]]:
        """All active assignments of one test list; asked for once."""
        with self._lock:
            if test_list_name not in self._by_list:
                params = {"name": test_list_name, "active": "true"}
                what = f"the units of {test_list_name}"
                listed = items(self.transport, "qa/unittestcollections/", what, params, ordering="name")
                self._by_list[test_list_name] = list(listed)
            return self._by_list[test_list_name]

    def assignments(self, unit: Unit, *, active: bool = True) -> tuple[Assignment, ...]:
        """All active (or all inactive) assignments of the unit, by name; one request, then remembered."""
        with self._lock:
            key = (unit.id, active)
            if key not in self._assignments:
                params = {"unit__number": unit.number, "active": str(active).lower()}
                listed = items(
                    self.transport,
                    "qa/unittestcollections/",
                    f"the test lists of {unit.label}",
                    params,
                    ordering="name",
                )
                found = assignments.assignments_from(listed, unit)
                self._assignments[key] = tuple(each for each in found if each.active is active)
            return self._assignments[key]

    def sessions(
        self, unit: Unit, test_list_name: str, since: datetime, until: datetime
    ) -> Iterator[dict[str, Any]]:
        """The sessions of a test list on a unit whose work started between the two moments (both included).

        Used to survey what an earlier program delivered. Moments without a zone are the server's local time.

        Raises:
            ServerRefused, ServerUnavailable: the server did not answer with a list.
        """
        there = (*self.assignments(unit), *self.assignments(unit, active=False))
        places = {path_of(each.url) for each in there if each.name.strip() == test_list_name.strip()}
        if not places:
            return iter(())
        return sessions_within(
            self.transport,
            SESSIONS,
            unit,
            test_list_name=test_list_name.strip(),
            places=places,
            since=since,
            until=until,
        )

    def sessions_named(
        self, test_list_name: str, since: datetime, until: datetime
    ) -> Iterator[dict[str, Any]]:
        """The sessions of a test list on any unit, by when their work started; otherwise as `sessions`."""
        return sessions_named(self.transport, SESSIONS, test_list_name.strip(), since, until)

    def values_of(self, session: Mapping[str, Any]) -> dict[str, float | None]:
        """The numbers of a session that `sessions` or `sessions_named` gave, by macro name; None for a skipped test.

        Raises:
            ServerUnavailable: the server cannot be asked now.
        """
        return self._stored_values.of(session)

    def forget(self) -> None:
        """Ask the server anew for units and assignments."""
        with self._lock:
            self._units = None
            self._frequencies = None
            self._assignments.clear()
            self._by_list.clear()

    def close(self) -> None:
        """Close all connections."""
        self.transport.close()

    def _frequency_names(self) -> Mapping[str, str]:
        with self._lock:
            if self._frequencies is None:
                self._frequencies = self._names("qa/frequencies/", "the list of frequencies")
            return self._frequencies

    def _names(self, path: str, what: str) -> dict[str, str]:
        """The names of a list's items by the path of their links."""
        listed = items(self.transport, path, what, {}, ordering="name")
        return {path_of(str(item.get("url") or "")): str(item.get("name") or "") for item in listed}


_FEW = 5
"""Sessions looked at for one key: one is expected, more mean that the server did not heed the question."""
