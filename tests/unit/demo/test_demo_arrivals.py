"""A session as it should be equals the session that arrived, and any difference that counts is one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from qcpump_qt.demo.arrivals import Arrival, arrived, expected, file_value

STARTED = datetime.fromisoformat("2026-11-17 07:02:49")
WANTED = expected(
    1, "List", STARTED, {"b": 2.5, "a": "text", "none": None, "f": file_value("x.txt", "abc"), "zero": 0.0}
)


def session(**changed: Any) -> dict[str, Any]:
    tests: dict[str, Any] = {
        "none": {"value": None, "skipped": True, "comment": None},
        "a": {"value": "text", "skipped": False, "comment": "why"},
        "zero": {"value": 0.0, "skipped": False, "comment": None},
        "b": {"value": 2.5, "skipped": False, "comment": None},
        "f": {"value": None, "skipped": False, "comment": None, "filename": "x.txt", "sha256": "abc"},
    }
    tests |= changed.pop("tests", {})
    about = {"unit": 1, "test_list": "List", "work_started": "2026-11-17 07:02:49", "comment": "anything"}
    return {**about, **changed, "tests": tests}


def test_what_should_arrive_is_plain_data_by_macro_name() -> None:
    values = (("a", "text"), ("b", 2.5), ("f", "x.txt, SHA-256 abc"), ("zero", 0.0))
    assert Arrival(1, "List", "2026-11-17 07:02:49", values) == WANTED


def test_the_session_that_arrived_is_the_same() -> None:
    assert arrived(session()) == WANTED
    assert len({arrived(session()), WANTED}) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"unit": 2},
        {"test_list": "Another"},
        {"work_started": "2026-11-17 07:02:48"},
        {"tests": {"b": {"value": 2.6, "skipped": False}}},
        {"tests": {"b": {"value": 2.5, "skipped": True}}},
        {"tests": {"none": {"value": 1.0, "skipped": False}}},
        {"tests": {"zero": {"value": None, "skipped": True}}},
        {"tests": {"more": {"value": 0.0, "skipped": False}}},
        {"tests": {"f": {"value": None, "skipped": False, "filename": "y.txt", "sha256": "abc"}}},
        {"tests": {"f": {"value": None, "skipped": False, "filename": "x.txt", "sha256": "abd"}}},
    ],
)
def test_every_difference_counts(changed: dict[str, Any]) -> None:
    assert arrived(session(**changed)) != WANTED
