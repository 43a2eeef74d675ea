"""A stand-in for a SQL Server, read over real ODBC drivers, and the accounts that ask it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from integration.sqlserver.odbc_scene import PASSWORD, SCHEMA, USER, driver_or_skip
from qcpump_qt.sources.databases.connection import Account
from servers.tds_process import Reader, TdsServer


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file behind the stand-in."""
    file = tmp_path_factory.mktemp("sqlserver") / "dqa3.sqlite"
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(SCHEMA)
        connection.commit()
    return file


@pytest.fixture
def serve(tables: Path, tmp_path: Path) -> Iterator[Callable[..., TdsServer]]:
    """Starts stand-ins of any kind, and ends them."""
    running: list[TdsServer] = []

    usual = {USER: Reader(PASSWORD, tables=["DQA3_DATA", "MANY"]), "sa": Reader("almighty", writes=True)}

    def start(users: Mapping[str, Reader] = usual, **kind: Any) -> TdsServer:
        server = TdsServer(tmp_path, databases={"DailyQA": tables}, users=users, **kind)
        running.append(server)
        return server

    yield start
    for server in running:
        server.__exit__(None, None, None)


@pytest.fixture
def server(serve: Callable[..., TdsServer]) -> TdsServer:
    return serve()


@pytest.fixture(params=["FreeTDS", "Microsoft"])
def driver(request: pytest.FixtureRequest) -> str:
    return driver_or_skip(str(request.param))


@pytest.fixture
def account(server: TdsServer, driver: str) -> Callable[..., Account]:
    """Makes an account of the reader, with whatever differs."""

    def make(**other: Any) -> Account:
        usual: dict[str, Any] = {
            "kind": "sqlserver",
            "driver": driver,
            "host": "127.0.0.1",
            "port": server.port,
            "database": "DailyQA",
            "user": USER,
            "password": PASSWORD,
        }
        return Account(**(usual | other))

    return make
