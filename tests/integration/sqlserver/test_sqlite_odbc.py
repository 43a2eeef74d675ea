"""The same adapter over SQLite's ODBC driver: a database that is no SQL Server and has no server at all."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from integration.sqlserver.odbc_scene import ask, driver_or_skip, refusal
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import Cancelled, ConfigurationError
from qcpump_qt.sources.databases.connection import Account, open_database

ENDLESS = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT SUM(i) AS total FROM n"


@pytest.fixture
def sqlite_account(tmp_path: Path) -> Callable[..., Account]:
    file = tmp_path / "Daily QA (1).sqlite"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(
            "CREATE TABLE DEVICE (DEVICE_KEY INTEGER, SERIAL CHAR(20), WHEN_MADE TIMESTAMP, DOSE DOUBLE, NOTE TEXT);"
            "INSERT INTO DEVICE VALUES (1, '100200   ', '2021-03-31 01:23:34.123', 1.25, 'Größe Иванов');"
            "INSERT INTO DEVICE (DEVICE_KEY) VALUES (2);"
        )
        connection.commit()

    def make(name: str = str(file)) -> Account:
        driver = driver_or_skip("SQLite3")
        return Account(
            kind="sqlserver",
            driver=driver,
            host="",
            port=None,
            database=name,
            user="",
            password="",
            query_timeout=600,
        )

    return make


def test_rows(sqlite_account: Callable[..., Account]) -> None:
    assert ask(sqlite_account(), "SELECT * FROM [DEVICE] WHERE DOSE = ? OR DOSE IS NULL", 1.25) == [
        {
            "device_key": 1,
            "serial": "100200",
            "when_made": dt.datetime(2021, 3, 31, 1, 23, 34, 123000),  # noqa: DTZ001 - times have no zone there
            "dose": 1.25,
            "note": "Größe Иванов",
        },
        {"device_key": 2, "serial": None, "when_made": None, "dose": None, "note": None},
    ]


def test_a_table_that_is_not_there(sqlite_account: Callable[..., Account]) -> None:
    mine = sqlite_account()
    error = refusal(mine, "SELECT * FROM DQA3_TREND")
    assert isinstance(error, ConfigurationError)
    assert error.message == (
        f"The database {mine.database} refused a query. The driver says: no such table: DQA3_TREND"
    )


def test_rights_cannot_be_told(sqlite_account: Callable[..., Account]) -> None:
    with open_database(sqlite_account(), CancelToken()) as database:
        assert database.writable(["DEVICE"]) == []


def test_a_stop_ends_an_endless_query(sqlite_account: Callable[..., Account]) -> None:
    cancel = CancelToken()
    with open_database(sqlite_account(), cancel) as database:
        rows = database.rows("SELECT DEVICE_KEY FROM DEVICE ORDER BY DEVICE_KEY")
        assert next(rows) == {"device_key": 1}
        cancel.cancel()
        with pytest.raises(Cancelled):
            list(database.rows(ENDLESS))
