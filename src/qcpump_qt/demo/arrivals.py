"""One session as the made-up results say it should arrive, or as it did: the two are compared whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Value = float | str


@dataclass(frozen=True)
class Arrival:
    """What counts about a session.

    Args:
        unit: the number of the unit.
        test_list: the name of the test list.
        started: when the work was started, ``YYYY-MM-DD HH:MM:SS`` by the clock on the wall.
        values: (macro name, value) of each test that is not skipped, by macro name; a file counts by its name
            and checksum.
    """

    unit: int
    test_list: str
    started: str
    values: tuple[tuple[str, Value], ...]


def expected(unit: int, test_list: str, started: datetime, tests: Mapping[str, Value | None]) -> Arrival:
    """The session that results should become; None among the tests is one without a value, which is skipped."""
    return Arrival(unit, test_list, f"{started:%Y-%m-%d %H:%M:%S}", _given(tests.items()))


def arrived(session: Mapping[str, Any]) -> Arrival:
    """A session as `StandIn.sessions` tells it."""
    tests = session["tests"].items()
    return Arrival(
        session["unit"],
        session["test_list"],
        session["work_started"],
        _given((slug, _value(test)) for slug, test in tests),
    )


def file_value(name: str, checksum: str) -> str:
    """A file as it counts among values.

    Args:
        name: with its extension.
        checksum: SHA-256 of its content, in hexadecimal.
    """
    return f"{name}, SHA-256 {checksum}"


def _value(test: Mapping[str, Any]) -> Value | None:
    if test["skipped"]:
        return None
    value: Value = file_value(test["filename"], test["sha256"]) if "filename" in test else test["value"]
    return value


def _given(tests: Iterable[tuple[str, Value | None]]) -> tuple[tuple[str, Value], ...]:
    return tuple(sorted((slug, value) for slug, value in tests if value is not None))
