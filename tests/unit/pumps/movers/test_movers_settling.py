"""Files that may still be written to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from qcpump_qt.engine.ledger.ledger import Ledger
from qcpump_qt.engine.memory import SourceMemory
from qcpump_qt.pumps.movers.settling import MARK, Settling
from qcpump_qt.sources.files.walk import FoundFile

NOW = datetime(2024, 5, 6, 7, 8, 9, tzinfo=timezone.utc)


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[SourceMemory]:
    ledger = Ledger.at(tmp_path / "ledger.sqlite3")
    yield ledger.memory("mover")
    ledger.close()


def found(seconds_ago: float, size: int = 5, name: str = "a.txt") -> FoundFile:
    return FoundFile("/in", name, size, int((NOW.timestamp() - seconds_ago) * 1e9))


def test_a_file_left_alone_for_ten_seconds_is_complete(memory: SourceMemory) -> None:
    settling = Settling(memory, NOW)
    assert settling.complete(found(10))
    assert not settling.complete(found(9))
    assert not settling.complete(found(599, size=0))
    assert settling.complete(found(600, size=0))


def test_a_clock_that_is_ahead_does_not_keep_a_file_for_ever(memory: SourceMemory) -> None:
    ahead = found(-3600)
    for seconds, complete in ((0, False), (9, False), (10, True)):
        settling = Settling(memory, NOW + timedelta(seconds=seconds))
        assert settling.complete(ahead) is complete
        settling.keep()


def test_each_change_begins_the_wait_anew(memory: SourceMemory) -> None:
    for seconds in (0, 8, 16):
        settling = Settling(memory, NOW + timedelta(seconds=seconds))
        assert not settling.complete(found(-3600, size=seconds + 1))
        settling.keep()


def test_what_is_complete_is_forgotten_and_odd_names_are_kept(memory: SourceMemory) -> None:
    settling = Settling(memory, NOW)
    settling.complete(found(1, name="Pr\udcfcfung.txt"))
    settling.keep()
    assert len(memory.mark(MARK)) == 1
    settling = Settling(memory, NOW + timedelta(minutes=1))
    assert settling.complete(found(1, name="Pr\udcfcfung.txt"))
    settling.keep()
    assert memory.mark(MARK) == {}
