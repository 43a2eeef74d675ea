"""The numbers of a stored session by macro name: its results carry links, and the names are two links away.

A result links to its ``unittestinfo``, which links to its test, which has the slug (qatrack-api, *POST*; the
recordings of sessions show the first link).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from qcpump_qt.engine.errors import ServerRefused
from qcpump_qt.qatrack.address import number_of, path_of
from qcpump_qt.qatrack.answers import read_json
from qcpump_qt.qatrack.listing import items
from qcpump_qt.qatrack.transport import Transport
from qcpump_qt.qatrack.units import Unit

INFOS = "qa/unittestinfos/"
TESTS = "qa/tests/"


class StoredValues:
    """Reads the values of sessions; remembers which link stands for which test.

    Args:
        transport: the way to the server.
        units: gives the server's units.
    """

    def __init__(self, transport: Transport, units: Callable[[], Sequence[Unit]]) -> None:
        self._transport = transport
        self._units = units
        self._lock = threading.Lock()
        self._tests: dict[str, str] = {}
        self._slugs: dict[str, str] | None = None

    def of(self, session: Mapping[str, Any]) -> dict[str, float | None]:
        """Macro name to value, None for a skipped test; tests whose name the server does not tell are left out.

        Args:
            session: an item of the list of sessions.

        Raises:
            ServerUnavailable: the server cannot be asked now.
        """
        found: dict[str, float | None] = {}
        for result in session.get("test_instances") or ():
            slug = self._slug(path_of(str(result.get("unit_test_info") or "")))
            value = result.get("value")
            if slug:
                found[slug] = float(value) if isinstance(value, (int, float)) else None
        return found

    def _slug(self, info: str) -> str:
        with self._lock:
            if info not in self._tests:
                self._learn(info)
            if self._slugs is None:
                self._slugs = {
                    _link(test, "url"): str(test.get("slug") or "") for test in self._list(TESTS, {})
                }
            return self._slugs.get(self._tests[info], "")

    def _learn(self, info: str) -> None:
        """Ask about one link, and then about all of the same unit at once."""
        self._tests[info] = ""
        number = number_of(info)
        if number is None:
            return
        try:
            detail = read_json(self._transport.get(f"{INFOS}{number}/"), "a test of a unit")
        except ServerRefused:
            return  # its values are left out then
        if not isinstance(detail, Mapping):
            return
        self._tests[info] = _link(detail, "test")
        unit = next((unit for unit in self._units() if path_of(unit.url) == _link(detail, "unit")), None)
        if unit is not None:
            for item in self._list(INFOS, {"unit__number": unit.number}):
                self._tests[_link(item, "url")] = _link(item, "test")

    def _list(self, path: str, params: Mapping[str, Any]) -> list[dict[str, Any]]:
        """A list that only saves requests or names; a server that does not give it is not in trouble."""
        try:
            return list(items(self._transport, path, "the tests", params, ordering="test,name"))
        except ServerRefused:
            return []


def _link(item: Mapping[str, Any], name: str) -> str:
    return path_of(str(item.get(name) or ""))
