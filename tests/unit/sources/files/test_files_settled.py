"""When a file counts as complete."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from qcpump_qt.sources.files.contents import Stamp
from qcpump_qt.sources.files.settled import is_settled

NOW = datetime(2026, 3, 10, 12, tzinfo=timezone.utc)


def stamp(age: float, size: int = 1) -> Stamp:
    return Stamp(size, int((NOW.timestamp() - age) * 1e9))


@pytest.mark.parametrize(
    ("age", "seen", "size", "settled"),
    [
        (0, None, 1, False),
        (9, None, 1, False),
        (11, None, 1, True),
        (-3600, None, 1, False),
        (-3600, 9, 1, False),
        (-3600, 10, 1, True),
        (2, 10, 1, True),
        (60, None, 0, False),
        (60, 300, 0, False),
        (601, None, 0, True),
        (-3600, 600, 0, True),
    ],
)
def test_a_file_is_settled(age: float, seen: float | None, size: int, settled: bool) -> None:
    since = None if seen is None else NOW - timedelta(seconds=seen)
    assert is_settled(stamp(age, size), since, NOW) is settled
