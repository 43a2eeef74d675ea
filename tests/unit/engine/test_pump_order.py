"""The order in which people want to see their pumps."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qcpump_qt.engine.errors import ConfigurationError
from qcpump_qt.engine.paths import Places
from qcpump_qt.engine.pump_order import load_order, ordered, save_order
from qcpump_qt.engine.store import StoredPump


@pytest.fixture
def places(tmp_path: Path) -> Places:
    found = Places(tmp_path / "home")
    found.ensure()
    return found


def pump(pump_id: str, name: str) -> StoredPump:
    return StoredPump(pump_id, "Type", name, {})


def test_what_was_kept_is_found_again(places: Places) -> None:
    assert load_order(places) == []
    save_order(places, ["b", "a", "c"])
    assert load_order(places) == ["b", "a", "c"]
    assert json.loads((places.state / "pump_order.json").read_text("utf-8")) == ["b", "a", "c"]
    save_order(places, iter(["c", "c", "a"]))
    assert load_order(places) == ["c", "a"]


@pytest.mark.parametrize("content", [b"", b"{", b'{"a": 1}', b"null", b"7", b"\xff\xfe\x00", b'"abc"'])
def test_a_file_that_makes_no_sense_is_no_order(places: Places, content: bytes) -> None:
    (places.state / "pump_order.json").write_bytes(content)
    assert load_order(places) == []
    save_order(places, ["a"])
    assert load_order(places) == ["a"]


def test_what_makes_no_sense_in_it_is_left_out(places: Places) -> None:
    (places.state / "pump_order.json").write_text('["a", 5, null, ["b"], "a", "c"]', encoding="utf-8")
    assert load_order(places) == ["a", "c"]


def test_a_folder_in_its_place_is_no_order_and_told_when_saving(places: Places) -> None:
    (places.state / "pump_order.json").mkdir()
    assert load_order(places) == []
    with pytest.raises(ConfigurationError, match=r"pump_order\.json could not be written"):
        save_order(places, ["a"])


def test_those_that_the_order_does_not_know_come_last_by_name() -> None:
    a, b, c, d = pump("1", "Alpha"), pump("2", "beta"), pump("3", "Gamma"), pump("4", "beta")
    assert ordered([a, d, b, c], ["3", "gone", "1"]) == [c, a, b, d]
    assert ordered([c, b, a, d], []) == [a, b, d, c]
    assert ordered([], ["1"]) == []
