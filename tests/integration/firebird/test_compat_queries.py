"""``qcpump.core.db`` with the real drivers against a real server, as users' pump types call it."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from integration.firebird.conftest import PASSWORD, USER
from qcpump_qt.compat.bridge import use_settings
from qcpump_qt.compat.qcpump.core.db import fdb_query, firebirdsql_query
from qcpump_qt.engine.errors import ItemError, SourceUnavailable
from servers.firebird import FirebirdServer

Query = Callable[..., Any]


@pytest.fixture(autouse=True)
def _quick() -> Iterator[None]:
    use_settings({"DB_CONNECT_TIMEOUT": 1})
    yield
    use_settings(None)


@pytest.fixture
def query(driver: str) -> Query:
    return fdb_query if driver == "fdb" else firebirdsql_query


@pytest.fixture
def options(server: FirebirdServer, beams: str) -> dict[str, Any]:
    return {
        "host": server.host,
        "port": server.port,
        "database": beams,
        "user": USER,
        "password": PASSWORD,
        "charset": "UTF8",
    }


def test_rows_and_nothing_left_open(
    server: FirebirdServer, beams: str, query: Query, options: dict[str, Any]
) -> None:
    statement = "SELECT DATA_KEY, SIGNATURE FROM BEAMS WHERE DATA_KEY < ? ORDER BY DATA_KEY"
    assert query(options, statement, (2,), "fetchallmap") == [{"data_key": 1, "signature": "Иванов"}]
    assert query(options, statement, (9,)) == [(1, "Иванов"), (2, "Petrow ")]
    assert query(options, statement, (9,), fetch_method="fetchone") == (1, "Иванов")
    assert server.attachments(beams) == 0


def test_a_statement_that_is_refused(query: Query, options: dict[str, Any], server: FirebirdServer) -> None:
    with pytest.raises(ItemError, match="refused the statement: ") as caught:
        query(options, "SELECT * FROM NOWHERE")
    assert "Table unknown" in caught.value.message
    assert server.attachments(options["database"]) == 0


def test_a_wrong_password_is_not_shown(query: Query, options: dict[str, Any]) -> None:
    with pytest.raises(SourceUnavailable, match="cannot be opened") as caught:
        query({**options, "password": "wrong-one"}, "SELECT 1 FROM RDB$DATABASE")
    assert "wrong-one" not in str(caught.value)


def test_a_silent_host_ends_in_time(query: Query, options: dict[str, Any]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(SourceUnavailable):
        query({**options, "port": silent.getsockname()[1]}, "SELECT 1 FROM RDB$DATABASE")
