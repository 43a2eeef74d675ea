"""A private Firebird server with Daily QA3-like tables, and the accounts that ask it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.sources.databases.connection import Account, open_database
from servers.firebird import FirebirdServer, firebird_or_skip

DRIVERS = ("firebirdsql", "fdb")
USER, PASSWORD = "READER", "gehe!m;1"
LONG = 70_000
"""Letters of the longest comment: more than one segment of a BLOB can hold."""
HEAVY = "SELECT COUNT(*) N FROM RDB$FIELDS a, RDB$FIELDS b, RDB$FIELDS c, RDB$FIELDS d"
"""A query that no server finishes within a test."""
BEAMS = (
    """
CREATE TABLE BEAMS (
  DATA_KEY INTEGER NOT NULL, MEASURED TIMESTAMP, PADDED CHAR(12), SIGNATURE VARCHAR(40), COMMENTS BLOB SUB_TYPE TEXT,
  DOSE DECIMAL(9, 3), SHIFT DOUBLE PRECISION, PLAIN VARCHAR(40) CHARACTER SET NONE);
CREATE TABLE SECRETS (ID INTEGER);
CREATE TABLE BIG (COMMENTS BLOB SUB_TYPE TEXT);
COMMIT;
INSERT INTO BEAMS VALUES (1, '2021-03-31 01:23:34.1234', 'Зал 1', 'Иванов', 'Погода хорошая', 1.250, -0.125, 'a');
INSERT INTO BEAMS VALUES (2, '2021-03-31 01:24:00', '6X', 'Petrow ', NULL, -100.001, NULL, NULL);
INSERT INTO BIG SELECT CAST(RPAD('', 7000, 'ab') AS VARCHAR(7000)) FROM RDB$DATABASE;
UPDATE BIG SET COMMENTS = """
    + " || ".join(["COMMENTS"] * 10)
    + """;
GRANT SELECT ON BEAMS TO USER READER;
GRANT SELECT ON BIG TO USER READER;
"""
)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FirebirdServer]:
    firebird_or_skip()
    for name in DRIVERS:
        pytest.importorskip(name, reason="needs both drivers: firebirdsql, and fdb of the extra of that name")
    with FirebirdServer(tmp_path_factory.mktemp("firebird") / "server") as running:
        running.add_user(USER, PASSWORD)
        yield running


@pytest.fixture(scope="session")
def beams(server: FirebirdServer) -> str:
    """A database in Windows-1251, as the vendor's Russian installations have it."""
    return server.create("beams.fdb", "WIN1251", BEAMS)


@pytest.fixture(params=DRIVERS)
def driver(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def account(server: FirebirdServer, beams: str, driver: str) -> Callable[..., Account]:
    """Makes an account of the reader, with whatever differs."""

    def make(**other: Any) -> Account:
        values: dict[str, Any] = {
            "kind": "firebird",
            "driver": driver,
            "host": server.host,
            "port": server.port,
            "database": beams,
            "user": USER,
            "password": PASSWORD,
            **other,
        }
        return Account(**values)

    return make


def ask(account: Account, statement: str, *values: Any) -> list[dict[str, Any]]:
    """All rows of one query, on a connection of its own."""
    with open_database(account, CancelToken()) as database:
        return list(database.rows(statement, values))


class Asking:
    """A query under way on a thread of its own.

    Args:
        account: who asks.
        statement: what.
    """

    def __init__(self, account: Account, statement: str) -> None:
        self.cancel = CancelToken()
        self.errors: list[Exception] = []
        self._account = account
        self._statement = statement
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def wait(self) -> Exception:
        """The error it ended with."""
        self._thread.join(timeout=60)
        assert not self._thread.is_alive()
        return self.errors[0]

    def _run(self) -> None:
        try:
            with open_database(self._account, self.cancel) as database:
                list(database.rows(self._statement))
        except Exception as error:  # noqa: BLE001 - looked at by the test
            self.errors.append(error)


def until(reached: Callable[[], bool]) -> None:
    """Wait until something is so."""
    pause = threading.Event()
    for _ in range(600):
        if reached():
            return
        pause.wait(0.05)
    pytest.fail("It did not come to that within half a minute.")


def busy(server: FirebirdServer, database: str) -> bool:
    """Whether the database works on a query of somebody else."""
    statement = (
        "SELECT COUNT(*) FROM MON$STATEMENTS WHERE MON$STATE = 1 AND MON$ATTACHMENT_ID <> CURRENT_CONNECTION"
    )
    return server.count(database, statement) > 0
