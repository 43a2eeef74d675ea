"""What is remembered of files, in a real ledger."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest

from qcpump_qt.engine.ledger.deliveries import Entry
from qcpump_qt.engine.ledger.ledger import Ledger
from qcpump_qt.engine.records import DeliveryState, Record, Upload
from qcpump_qt.pumps.uploads.known import FEW, Known, UploadMemory, file_name
from qcpump_qt.sources.files.contents import Stamp

PUMP, FOLDER = "uploads", "/in"
NOW = datetime(2026, 3, 10, 12, tzinfo=timezone.utc)
READ = Known("key a", "Linac 1", Stamp(1, 2), "digest")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    found = Ledger.at(tmp_path / "ledger.sqlite3")
    yield found
    found.close()


def memory_of(ledger: Ledger) -> UploadMemory:
    return UploadMemory(ledger.memory(PUMP))


@pytest.mark.parametrize(
    "known",
    [
        READ,
        Known("unread", "Linac 1", Stamp(1, 2), since=NOW, earlier=("key a", "digest")),
        Known("key a", "Linac 1", Stamp(1, 2), "digest", gone=True, moved=True),
    ],
)
def test_a_file_is_remembered_as_it_is(ledger: Ledger, known: Known) -> None:
    memory_of(ledger).remember(FOLDER, {"a.csv": known}, {})
    assert memory_of(ledger).files(FOLDER, ["a.csv", "b.csv"]) == {"a.csv": known}
    assert memory_of(ledger).files("/elsewhere", ["a.csv"]) == {}


def test_what_was_read_last_outlives_a_new_writing() -> None:
    assert READ.last_read == ("key a", "digest")
    assert Known("unread", "U", Stamp(1, 2), earlier=READ.last_read).last_read == READ.last_read
    assert Known("unread", "U", Stamp(1, 2)).last_read == ("", "")


@pytest.mark.parametrize("number", [3, FEW + 1])
def test_few_and_many_files_and_keys(ledger: Ledger, number: int) -> None:
    names = [f"{each}.csv" for each in range(number)]
    keys = {f"key {name}": f"mark {name}" for name in names}
    memory_of(ledger).remember(FOLDER, dict.fromkeys(names, READ), keys)
    memory = memory_of(ledger)
    assert memory.files(FOLDER, names) == dict.fromkeys(names, READ)
    assert memory.marks_of([*keys, "key that is free"]) == keys
    assert memory.marks_of([]) == {}


def test_taken_keys_are_no_files(ledger: Ledger) -> None:
    memory_of(ledger).remember(FOLDER, {"a.csv": READ}, {"key a": "mark"})
    ledger.deliveries.meet(PUMP, [Record(key="key a", title="a", prepare=_nothing)])
    memory = memory_of(ledger)
    assert [item.name for item in memory.open_items()] == ["a.csv"]
    assert memory.open_keys() == {"key a"}
    assert memory.waiting_directories() == {FOLDER}


@pytest.mark.parametrize("state", [DeliveryState.REJECTED, DeliveryState.DELIVERED])
def test_a_directory_without_anything_to_wait_for(ledger: Ledger, state: DeliveryState) -> None:
    memory_of(ledger).remember(FOLDER, {"a.csv": READ}, {})
    ledger.deliveries.meet(PUMP, [Record(key="key a", title="a", prepare=_nothing)])
    ledger.deliveries.write(PUMP, [Entry(key="key a", state=state)])
    assert memory_of(ledger).waiting_directories() == set()
    assert memory_of(ledger).finished(FOLDER) == ({"a.csv"} if state.arrived else set())


def test_a_moved_file_is_noted(ledger: Ledger) -> None:
    memory = memory_of(ledger)
    memory.remember(FOLDER, {"a.csv": READ}, {})
    memory.note_moved([(FOLDER, "a.csv", READ)])
    assert memory.files(FOLDER, ["a.csv"])["a.csv"].moved


def test_digests_are_kept_and_forgotten(ledger: Ledger) -> None:
    memory_of(ledger).keep_digests({"/in": "1", "/other": "2"})
    memory_of(ledger).keep_digests({"/in": "3"})
    assert memory_of(ledger).digests == {"/in": "3", "/other": "2"}
    memory_of(ledger).forget_digests({"/in", "/unknown"})
    assert memory_of(ledger).digests == {"/other": "2"}


def test_names_are_the_same_on_every_system() -> None:
    assert file_name("below\\a.csv", "\\") == file_name("below/a.csv", "/") == "below/a.csv"
    assert file_name("f\udcfflm", "/") == "f\\udcfflm"


def _nothing() -> Upload:
    raise AssertionError("never prepared")
