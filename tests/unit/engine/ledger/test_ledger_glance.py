"""A glance at the ledger's file: what it leaves to the ledger itself, and that it loads nothing and changes nothing."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from qcpump_qt.app import Program
from qcpump_qt.engine.errors import LedgerError
from qcpump_qt.engine.ledger import glance as room
from qcpump_qt.engine.ledger.glance import glance
from qcpump_qt.engine.ledger.ledger import Ledger
from qcpump_qt.engine.paths import Places
from qcpump_qt.engine.records import DeliveryState
from qcpump_qt.engine.secrets import MemorySecrets
from unit.engine.ledger.ledger_writing import add_cycle, add_record


def written(file: Path) -> Path:
    """A ledger with one record and one cycle, closed."""
    ledger = Ledger.at(file)
    add_record(ledger, "r", state="rejected")
    add_cycle(ledger, 1, "ok")
    ledger.close()
    return file


def change(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(statement)


def test_without_a_file_no_pump_has_run_and_none_is_made(tmp_path: Path) -> None:
    assert glance(tmp_path / "ledger.sqlite3") == {}
    assert list(tmp_path.iterdir()) == []


def test_what_was_committed_is_seen_while_the_ledger_is_open_and_after(tmp_path: Path) -> None:
    file = tmp_path / "Übersicht 100% #1" / "ledger.sqlite3"
    ledger = Ledger.at(file)
    add_record(ledger, "r", state="rejected")
    found = glance(file)
    assert found is not None
    assert found["p"].counts == {DeliveryState.REJECTED: 1}
    ledger.close()
    assert glance(file) == found


@pytest.mark.parametrize("version", ["1", "3", "not a number"])
def test_another_version_is_left_to_the_ledger(tmp_path: Path, version: str) -> None:
    file = written(tmp_path / "ledger.sqlite3")
    change(file, f"UPDATE about SET value = '{version}'")
    assert glance(file) is None


@pytest.mark.parametrize("content", [b"", b"no database at all" * 100])
def test_something_else_than_a_ledger_is_left_to_the_ledger(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "ledger.sqlite3"
    file.write_bytes(content)
    assert glance(file) is None


def test_a_word_of_a_later_program_is_left_to_the_ledger(tmp_path: Path) -> None:
    file = written(tmp_path / "ledger.sqlite3")
    change(file, "UPDATE records SET state = 'teleported'")
    assert glance(file) is None


def test_a_file_that_is_locked_is_left_to_the_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written(tmp_path / "ledger.sqlite3")
    monkeypatch.setattr(room, "PATIENCE", 0.0)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode=DELETE")
        other.execute("BEGIN EXCLUSIVE")
        assert glance(file) is None
    assert glance(file) is not None


def test_the_program_opens_the_ledger_where_a_glance_is_not_enough(tmp_path: Path) -> None:
    with Program(Places(tmp_path), MemorySecrets()) as program:
        file = program.places.ledger_file
        change(written(file), "UPDATE about SET value = '1'")
        assert program.standing()["p"].counts == {DeliveryState.REJECTED: 1}
        assert glance(file) == program.standing(), "the ledger was led up to this version"
    file.write_bytes(b"no database at all" * 100)
    with Program(Places(tmp_path), MemorySecrets()) as program, pytest.raises(LedgerError, match="damaged"):
        program.standing()


def test_a_glance_loads_no_database_library(tmp_path: Path) -> None:
    file = written(tmp_path / "ledger.sqlite3")
    script = (
        "import sys; from pathlib import Path; from qcpump_qt.engine.ledger.glance import glance; "
        "print(sorted(glance(Path(sys.argv[1]))), 'sqlalchemy' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(file)], capture_output=True, text=True, check=True
    )
    assert done.stdout.split("\n")[0] == "['p'] False"
