"""One open database over an adapter of the test: rows, words, and an end whatever happens."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import Cancelled, ConfigurationError, PumpError, SourceUnavailable
from qcpump_qt.sources.databases.connection import Account
from qcpump_qt.sources.databases.session import AT_ONCE, GuardedDatabase

ACCOUNT = Account(
    kind="firebird", driver="d", host="server", port=3050, database="dqa3", user="u", password="very secret"
)


class Memory:
    """A connection to a SQLite database in memory."""

    def __init__(self) -> None:
        self.connection = sqlite3.connect(":memory:")
        self.interrupted = threading.Event()
        self.closed = 0

    def cursor(self) -> Any:
        return self.connection.cursor()

    def interrupt(self) -> None:
        self.interrupted.set()
        self.connection.interrupt()

    def close(self) -> None:
        self.closed += 1
        self.connection.close()


@dataclass
class Adapter:
    """Opens such connections; `before` runs first, on the connection's thread."""

    before: Callable[[], object] = lambda: None
    opened: list[Memory] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def connect(self, account: Account) -> Memory:
        self.before()
        self.opened.append(Memory())
        return self.opened[-1]

    def in_words(self, error: Exception, account: Account, statement: str) -> PumpError:
        self.asked.append(statement)
        return ConfigurationError(f"In words: {error}", subject=account.database)

    def writable(self, raw: Any, account: Account, tables: Sequence[str]) -> list[str]:
        return [str(row[0]) for row in raw.cursor().execute(f"SELECT '{tables[0]}'")]


NUMBERS = "WITH RECURSIVE n(I) AS (SELECT 1 UNION ALL SELECT I + 1 FROM n) SELECT I AS Number FROM n LIMIT ?"


@pytest.fixture
def adapter() -> Adapter:
    return Adapter()


def test_rows_as_dicts_however_many(adapter: Adapter) -> None:
    database = GuardedDatabase(adapter, ACCOUNT, CancelToken())
    count = 2 * AT_ONCE + 1
    assert list(database.rows(NUMBERS, (count,))) == [{"number": i} for i in range(1, count + 1)]
    assert list(database.rows("SELECT 1 AS A WHERE 0")) == []
    assert database.writable(["t"]) == ["t"]
    database.close()
    database.close()
    assert adapter.opened[0].closed == 1


def test_an_error_in_words_with_its_statement_and_the_connection_goes_on(adapter: Adapter) -> None:
    database = GuardedDatabase(adapter, ACCOUNT, CancelToken())
    with pytest.raises(ConfigurationError, match="In words: no such table: Nowhere"):
        list(database.rows("SELECT * FROM Nowhere"))
    assert adapter.asked == ["SELECT * FROM Nowhere"]
    assert list(database.rows("SELECT 1 AS A")) == [{"a": 1}]
    assert database.writable(["it's"]) == []
    database.close()


def test_a_statement_that_gives_no_rows_is_told(adapter: Adapter) -> None:
    database = GuardedDatabase(adapter, ACCOUNT, CancelToken())
    with pytest.raises(ConfigurationError) as caught:
        list(database.rows("CREATE TABLE T (I)"))
    database.close()
    assert caught.value.message == (
        "The statement gives no rows. The program only reads; nothing was changed in the database."
    )
    assert caught.value.subject == "dqa3"


def test_a_failure_to_connect_leaves_no_thread(adapter: Adapter) -> None:
    adapter.before = lambda: 1 / 0
    before = threading.active_count()
    with pytest.raises(ConfigurationError, match="In words: division by zero"):
        GuardedDatabase(adapter, ACCOUNT, CancelToken())
    assert adapter.asked == [""]
    assert threading.active_count() == before


def test_a_connection_that_is_made_after_all_is_closed_again(adapter: Adapter) -> None:
    wake = threading.Event()
    adapter.before = lambda: wake.wait(60)
    account = replace(ACCOUNT, connect_timeout=-0.9)
    with pytest.raises(SourceUnavailable) as caught:
        GuardedDatabase(adapter, account, CancelToken())
    assert caught.value.message == (
        "The database server server, port 3050, did not answer within -0.9 seconds. "
        "Check the host and the port, whether that computer is switched on, and the firewall."
    )
    left = next(each for each in threading.enumerate() if each.name == "database dqa3")
    wake.set()
    left.join(60)
    assert [raw.closed for raw in adapter.opened] == [1]


def test_a_query_without_an_end_is_interrupted_in_its_time(adapter: Adapter) -> None:
    database = GuardedDatabase(adapter, replace(ACCOUNT, query_timeout=0.05), CancelToken())
    endless = "WITH RECURSIVE n(I) AS (SELECT 1 UNION ALL SELECT I + 1 FROM n) SELECT COUNT(*) FROM n"
    with pytest.raises(SourceUnavailable) as caught:
        list(database.rows(endless))
    database.close()
    assert caught.value.message == (
        "The database server server, port 3050, did not answer a query within 0.05 seconds. "
        "The next cycle tries again; if this goes on, ask whoever looks after the server."
    )
    assert adapter.opened[0].interrupted.is_set()
    assert adapter.opened[0].closed == 1


def test_a_stop_between_two_rows(adapter: Adapter) -> None:
    cancel = CancelToken()
    database = GuardedDatabase(adapter, ACCOUNT, cancel)
    rows = database.rows(NUMBERS, (10 * AT_ONCE,))
    next(rows)
    cancel.cancel()
    with pytest.raises(Cancelled):
        list(rows)
    database.close()
    assert adapter.opened[0].closed == 1


def test_nothing_is_read_after_the_end(adapter: Adapter) -> None:
    database = GuardedDatabase(adapter, ACCOUNT, CancelToken())
    database.close()
    with pytest.raises(SourceUnavailable, match="The database is closed already"):
        list(database.rows("SELECT 1"))


def test_a_stop_leaves_nobody_waiting_for_a_close_that_hangs(adapter: Adapter) -> None:
    database = GuardedDatabase(adapter, ACCOUNT, CancelToken())
    adapter.opened[0].close = lambda: 1 / 0  # type: ignore[method-assign, assignment]
    database.close()


def test_the_password_is_in_no_text() -> None:
    assert "very secret" not in repr(ACCOUNT)
    assert ACCOUNT.hide("login with very secret failed") == "login with *** failed"
    assert ACCOUNT.server == "server, port 3050"
    assert ACCOUNT.server_as_subject == "server, port 3050,"
    assert replace(ACCOUNT, host="", port=None).server == "localhost"
    assert replace(ACCOUNT, host="", port=None).server_as_subject == "localhost"
