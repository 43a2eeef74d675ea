"""What a pump remembers of its source, and a memory that remembers nothing for previews."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qcpump_qt.engine.ledger.deliveries import Entry
from qcpump_qt.engine.ledger.ledger import Ledger
from qcpump_qt.engine.memory import ForgetfulMemory, Item, SourceMemory
from qcpump_qt.engine.records import DeliveryState
from unit.engine.delivery.memory_server import record, upload


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """Records a to f, one in each state, each with one folder of that name in the machine M1."""
    made = Ledger.at(tmp_path / "ledger.sqlite3")
    keys = "abcdef"
    made.deliveries.meet("p", [record(key) for key in keys])
    made.deliveries.write(
        "p", [Entry(key=key, state=state) for key, state in zip(keys, DeliveryState, strict=True)]
    )
    made.deliveries.write("p", [Entry(key="a", state=DeliveryState.WAITING, upload=upload("a"))])
    made.memory("p").remember([Item("M1", f"folder-{key}", key, {"n": key}) for key in keys])
    yield made
    made.close()


def test_marks(ledger: Ledger) -> None:
    memory = ledger.memory("p")
    assert memory.mark("since") is None
    memory.set_mark("since", {"day": "2026-11-20", "n": [1, None]})
    memory.set_mark("since", {"day": "2026-11-21"})
    assert memory.mark("since") == {"day": "2026-11-21"}
    assert ledger.memory("another").mark("since") is None


def test_items_with_a_final_record_need_no_look_except_rejected_ones(ledger: Ledger) -> None:
    memory = ledger.memory("p")
    assert memory.final_names("M1") == {"folder-c", "folder-d", "folder-e"}
    assert memory.final_names("M2") == set()
    assert ledger.memory("another").final_names("M1") == set()


def test_open_items_say_how_they_stand(ledger: Ledger) -> None:
    found = ledger.memory("p").open_items()
    assert {item.record: item.state for item in found} == {
        "a": DeliveryState.WAITING,
        "b": DeliveryState.SENDING,
        "f": DeliveryState.REJECTED,
    }
    assert {item.record: item.drafted for item in found} == {"a": True, "b": False, "f": False}
    assert found[0].facts == {"n": "a"}
    assert [item.final for item in found] == [False, False, True]
    assert not Item("M1", "new").final


def test_an_item_is_remembered_once_with_what_was_told_last(ledger: Ledger) -> None:
    memory = ledger.memory("p")
    memory.remember([Item("M1", "folder-a", "c", {"new": True}), Item("M1", "half \udce9", "a")])
    assert "folder-a" in memory.final_names("M1")
    memory.remember([Item("M1", "half \udce9", "b")])
    memory.remember([])
    names = [item.name for item in memory.open_items()]
    assert sorted(names) == ["folder-b", "folder-f", "half \\udce9"]


def test_items_by_name(ledger: Ledger) -> None:
    memory = ledger.memory("p")
    assert [item.name for item in memory.items_named("M1", "folder-b", "folder-d")] == [
        "folder-b",
        "folder-c",
        "folder-d",
    ]
    assert memory.items_named("M2", "a", "z") == []


def test_records_that_are_open_and_records_by_key(ledger: Ledger) -> None:
    memory = ledger.memory("p")
    assert memory.open_records() == {"a": DeliveryState.WAITING, "b": DeliveryState.SENDING}
    assert memory.records_between("b", "d") == {
        "b": DeliveryState.SENDING,
        "c": DeliveryState.DELIVERED,
        "d": DeliveryState.ALREADY_THERE,
    }
    assert ledger.memory("another").open_records() == {}


def test_a_forgetful_memory_reads_and_writes_nothing(ledger: Ledger) -> None:
    behind = ledger.memory("p")
    behind.set_mark("since", 1)
    memory: SourceMemory = ForgetfulMemory(behind)
    memory.set_mark("since", 2)
    memory.remember([Item("M1", "new", "c")])
    assert memory.mark("since") == 1
    assert behind.mark("since") == 1
    assert memory.final_names("M1") == behind.final_names("M1")
    assert "new" not in memory.final_names("M1")
    assert memory.open_items() == behind.open_items()
    assert memory.open_records() == behind.open_records()
    assert memory.records_between("a", "z") == behind.records_between("a", "z")
    assert memory.items_named("M1", "a", "z") == behind.items_named("M1", "a", "z")
