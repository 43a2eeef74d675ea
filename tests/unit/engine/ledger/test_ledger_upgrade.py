"""A ledger of the first version, as that program made it, comes up to date with all that is in it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime, timezone
from pathlib import Path

from qcpump_qt.engine.ledger.ledger import Ledger
from qcpump_qt.engine.ledger.shown import VERSION
from qcpump_qt.engine.records import DeliveryState

VERSION_1 = """
CREATE TABLE about (name VARCHAR(40) NOT NULL, value TEXT NOT NULL, PRIMARY KEY (name));
CREATE TABLE records (
    id INTEGER NOT NULL, pump VARCHAR(120) NOT NULL, "key" TEXT NOT NULL, title TEXT NOT NULL,
    state VARCHAR(20) NOT NULL, waiting_for VARCHAR(20) NOT NULL, reason TEXT NOT NULL, unit TEXT NOT NULL,
    test_list TEXT NOT NULL, fingerprint TEXT NOT NULL, source TEXT NOT NULL, address TEXT, payload TEXT,
    answer TEXT, url TEXT NOT NULL, attempts INTEGER NOT NULL, first_seen VARCHAR(32) NOT NULL,
    updated VARCHAR(32) NOT NULL,
    PRIMARY KEY (id), CONSTRAINT one_state_for_every_record UNIQUE (pump, "key")
);
CREATE INDEX records_by_state ON records (pump, state);
CREATE TABLE cycles (
    id INTEGER NOT NULL, pump VARCHAR(120) NOT NULL, number INTEGER NOT NULL, "trigger" VARCHAR(20) NOT NULL,
    started VARCHAR(32) NOT NULL, ended VARCHAR(32), outcome VARCHAR(20) NOT NULL, reason TEXT NOT NULL,
    found INTEGER DEFAULT '0' NOT NULL, delivered INTEGER DEFAULT '0' NOT NULL,
    already_there INTEGER DEFAULT '0' NOT NULL, waiting INTEGER DEFAULT '0' NOT NULL,
    skipped INTEGER DEFAULT '0' NOT NULL, rejected INTEGER DEFAULT '0' NOT NULL,
    PRIMARY KEY (id), CONSTRAINT cycles_are_numbered UNIQUE (pump, number)
);
CREATE TABLE items (
    pump VARCHAR(120) NOT NULL, container TEXT NOT NULL, name TEXT NOT NULL, record TEXT, facts TEXT NOT NULL,
    PRIMARY KEY (pump, container, name)
);
CREATE INDEX items_by_record ON items (pump, record);
CREATE TABLE marks (
    pump VARCHAR(120) NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (pump, name)
);
INSERT INTO about VALUES ('version', '1');
INSERT INTO records VALUES (
    1, 'p', 'QCPump/MPC/2101/a', 'Beam check', 'delivered', 'time', '', 'Site: TB1', 'MPC: Beam', 'f', '["run"]',
    '["serial number", "2101", "MPC: Beam"]', '{"user_key": "a", "tests": {"output": {"value": 0.5}}}',
    '{"url": "/1/"}', 'http://page/1', 1, '2026-01-05T06:00:00+00:00', '2026-01-05T06:00:01+00:00'
);
INSERT INTO records VALUES (
    2, 'p', 'QCPump/MPC/2101/b', 'Geometry', 'rejected', 'time', 'No such test.', '', '', 'f', '[]', NULL, NULL, NULL,
    '', 2, '2026-01-06T06:00:00+00:00', '2026-01-06T06:00:01.5+00:00'
);
INSERT INTO cycles VALUES (
    1, 'p', 1, 'command line', '2026-01-05T06:00:00+00:00', '2026-01-05T06:00:02+00:00', 'ok', '', 1, 1, 0, 0, 0, 0
);
INSERT INTO items VALUES ('p', 'folder', 'run', 'QCPump/MPC/2101/a', '{}');
INSERT INTO marks VALUES ('p', 'seen', '7');
"""


def first_version(file: Path) -> Path:
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(VERSION_1)
    return file


def shape(file: Path) -> set[tuple[str, str, str]]:
    """Every table with its columns, and every index with what it is over."""
    with closing(sqlite3.connect(file)) as connection:
        names = connection.execute(
            "select type, name from sqlite_master where name not like 'sqlite_%'"
        ).fetchall()
        found = set()
        for kind, name in names:
            pragma = "table_info" if kind == "table" else "index_info"
            rows = connection.execute(f"pragma {pragma}({name})").fetchall()
            found |= {(kind, name, str(row[1:] if kind == "table" else row[2])) for row in rows}
        return found


def test_everything_in_it_is_there_as_before(tmp_path: Path) -> None:
    ledger = Ledger.at(first_version(tmp_path / "ledger.sqlite3"))
    try:
        rejected, delivered = ledger.browse.page("p")
        assert (delivered.key, delivered.state, delivered.unit) == (
            "QCPump/MPC/2101/a",
            DeliveryState.DELIVERED,
            "Site: TB1",
        )
        assert (rejected.state, rejected.reason, rejected.attempts) == (
            DeliveryState.REJECTED,
            "No such test.",
            2,
        )
        full = ledger.browse.detail(1)
        assert full is not None
        assert full.payload == {"user_key": "a", "tests": {"output": {"value": 0.5}}}
        assert ledger.browse.summary()["p"].last_success == datetime(2026, 1, 5, 6, 0, 2, tzinfo=timezone.utc)
        assert [cycle.number for cycle in ledger.cycles.latest("p")] == [1]
        assert ledger.memory("p").mark("seen") == 7
        assert ledger.memory("p").final_names("folder") == {"run"}
    finally:
        ledger.close()


def test_it_is_then_shaped_like_a_new_one(tmp_path: Path) -> None:
    old = first_version(tmp_path / "old.sqlite3")
    for file in (old, tmp_path / "new.sqlite3"):
        Ledger.at(file).close()
    assert shape(old) == shape(tmp_path / "new.sqlite3")
    with closing(sqlite3.connect(old)) as connection:
        assert connection.execute("select value from about").fetchall() == [(str(VERSION),)]


def test_it_can_be_written_to_and_opened_again(tmp_path: Path) -> None:
    file = first_version(tmp_path / "ledger.sqlite3")
    ledger = Ledger.at(file)
    assert ledger.deliveries.retry_rejected("p") == 1
    ledger.close()
    again = Ledger.at(file)
    assert again.deliveries.counts("p") == {DeliveryState.DELIVERED: 1, DeliveryState.WAITING: 1}
    again.close()


def test_an_index_that_is_there_already_is_no_hindrance(tmp_path: Path) -> None:
    """As when somebody put a copy of the file together by hand."""
    file = first_version(tmp_path / "ledger.sqlite3")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE INDEX records_by_time ON records (pump, updated)")
        connection.execute("DROP INDEX records_by_state")
        connection.commit()
    Ledger.at(file).close()
    Ledger.at(tmp_path / "new.sqlite3").close()
    assert shape(file) == shape(tmp_path / "new.sqlite3")
