"""What both Firebird drivers give: the same rows, exact, in any script and charset, and nothing left open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from decimal import Decimal

import pytest

from integration.firebird.conftest import LONG, USER, ask
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import ConfigurationError, SourceUnavailable
from qcpump_qt.sources.databases.connection import Account, open_database
from servers.firebird import FirebirdServer

MakeAccount = Callable[..., Account]

ROWS = [
    {
        "data_key": 1,
        "measured": datetime.fromisoformat("2021-03-31 01:23:34.123400"),
        "padded": "Зал 1",
        "signature": "Иванов",
        "comments": "Погода хорошая",
        "dose": Decimal("1.250"),
        "shift": -0.125,
        "plain": "a",
    },
    {
        "data_key": 2,
        "measured": datetime.fromisoformat("2021-03-31 01:24:00"),
        "padded": "6X",
        "signature": "Petrow ",
        "comments": None,
        "dose": Decimal("-100.001"),
        "shift": None,
        "plain": None,
    },
]


@pytest.mark.parametrize("charset", ["UTF-8", "WIN1251", "utf-8"])
def test_rows_arrive_exactly(account: MakeAccount, charset: str) -> None:
    rows = ask(account(charset=charset), "SELECT * FROM BEAMS ORDER BY DATA_KEY")
    assert rows == ROWS
    assert isinstance(rows[0]["dose"], Decimal)
    assert rows[0]["measured"].tzinfo is None


def test_values_go_in_as_parameters(account: MakeAccount) -> None:
    statement = (
        "SELECT DATA_KEY FROM BEAMS WHERE MEASURED >= ? AND SIGNATURE = ? AND DOSE = ? AND DATA_KEY < ?"
    )
    start = datetime.fromisoformat("2021-03-31 01:23:34.123400")
    assert ask(account(), statement, start, "Иванов", Decimal("1.25"), 5) == [{"data_key": 1}]
    assert ask(account(), statement, start.replace(second=35), "Иванов", Decimal("1.25"), 5) == []
    assert ask(account(), statement, start, "x' OR 1=1 --", Decimal("1.25"), 5) == []


def test_a_long_comment_arrives_whole(account: MakeAccount) -> None:
    rows = ask(account(), "SELECT COMMENTS FROM BIG")
    assert rows == [{"comments": "ab" * (LONG // 2)}]


def test_german_in_utf_8(server: FirebirdServer, account: MakeAccount, driver: str) -> None:
    script = f"""CREATE TABLE NOTES (C VARCHAR(40), P CHAR(10)); COMMIT;
    INSERT INTO NOTES VALUES ('Größe geprüft, ±1 °C', 'Grün'); GRANT SELECT ON NOTES TO USER {USER};"""
    path = server.create(f"german-{driver}.fdb", "UTF8", script)
    rows = ask(account(database=path), "SELECT C, P FROM NOTES")
    assert rows == [{"c": "Größe geprüft, ±1 °C", "p": "Grün"}]


def test_german_with_the_russian_charset_is_told(
    server: FirebirdServer, account: MakeAccount, driver: str
) -> None:
    script = f"""CREATE TABLE NOTES (C VARCHAR(40)); COMMIT; INSERT INTO NOTES VALUES ('Größe');
    GRANT SELECT ON NOTES TO USER {USER};"""
    path = server.create(f"other-{driver}.fdb", "UTF8", script)
    with pytest.raises(ConfigurationError) as caught:
        ask(account(database=path, charset="WIN1251"), "SELECT C FROM NOTES")
    assert caught.value.message == (
        f"Some texts in the database {path} cannot be read with the charset WIN1251. "
        "Choose the charset UTF-8 for this database."
    )


def test_columns_without_a_charset(server: FirebirdServer, account: MakeAccount, driver: str) -> None:
    script = f"""CREATE TABLE NOTES (ID INTEGER, C VARCHAR(40), P CHAR(8), O CHAR(8) CHARACTER SET OCTETS); COMMIT;
    INSERT INTO NOTES VALUES (1, x'CFF0E8E2E5F2', x'CFF0E8', x'CFF0E82020202020');
    INSERT INTO NOTES VALUES (2, 'plain', 'p', 'o'); GRANT SELECT ON NOTES TO USER {USER};"""
    path = server.create(f"none-{driver}.fdb", "NONE", script)
    russian = account(database=path, charset="WIN1251")
    assert ask(russian, "SELECT C, P FROM NOTES ORDER BY ID") == [
        {"c": "Привет", "p": "При"},
        {"c": "plain", "p": "p"},
    ]
    assert ask(russian, "SELECT O FROM NOTES WHERE ID = 1") == [{"o": "При"}]
    statement = "SELECT ID, C FROM NOTES ORDER BY ID"
    with open_database(account(database=path), CancelToken()) as database:
        with pytest.raises(ConfigurationError) as caught:
            list(database.rows(statement))
        # The connection is in step all the same: what can be read is read on it.
        assert list(database.rows("SELECT C FROM NOTES WHERE ID = ?", (2,))) == [{"c": "plain"}]
    assert caught.value.message == (
        f"The texts of the column C in the database {path} cannot be read with the charset UTF-8. "
        "Choose the charset WIN1251 for this database."
    )
    assert server.attachments(path) == 0


def test_several_queries_on_one_connection_that_leaves_nothing_open(
    server: FirebirdServer, beams: str, account: MakeAccount
) -> None:
    with open_database(account(), CancelToken()) as database:
        assert next(database.rows("SELECT DATA_KEY FROM BEAMS ORDER BY 1")) == {"data_key": 1}
        unfinished = database.rows("SELECT * FROM BEAMS")
        next(unfinished)
        assert [row["data_key"] for row in database.rows("SELECT DATA_KEY FROM BEAMS ORDER BY 1")] == [1, 2]
        assert server.attachments(beams) == 1
    assert server.attachments(beams) == 0
    with pytest.raises(SourceUnavailable, match="is closed"):
        list(unfinished)
    database.close()


def test_a_connection_neither_writes_nor_waits_for_those_who_do(
    server: FirebirdServer, beams: str, account: MakeAccount
) -> None:
    admin = account(user="SYSDBA", password="masterkey")
    with open_database(admin, CancelToken()) as database:
        with pytest.raises(ConfigurationError, match="read-only transaction"):
            list(database.rows("INSERT INTO SECRETS VALUES (1) RETURNING ID"))
        state = """SELECT MON$READ_ONLY R, MON$ISOLATION_MODE I FROM MON$TRANSACTIONS
                   WHERE MON$TRANSACTION_ID = CURRENT_TRANSACTION"""
        # 2: read committed, and the last committed version of a row that is being changed.
        assert list(database.rows(state)) == [{"r": 1, "i": 2}]
    assert server.count(beams, "SELECT COUNT(*) FROM SECRETS") == 0


def test_a_statement_without_rows(account: MakeAccount, beams: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        ask(account(), "EXECUTE BLOCK AS DECLARE I INTEGER; BEGIN I = 1; END")
    assert caught.value.message == (
        "The statement gives no rows. The program only reads; nothing was changed in the database."
    )
    assert caught.value.subject == beams


def test_a_time_with_a_zone_is_refused_before_it_breaks_the_connection(
    account: MakeAccount, beams: str
) -> None:
    moment = datetime(2021, 3, 31, 1, 0, tzinfo=timezone.utc)
    with open_database(account(), CancelToken()) as database:
        with pytest.raises(ConfigurationError) as caught:
            list(database.rows("SELECT * FROM BEAMS WHERE MEASURED > ?", (moment,)))
        assert len(list(database.rows("SELECT * FROM BEAMS"))) == 2
    assert caught.value.message == (
        "The time 2021-03-31 01:00:00+00:00 has a time zone, but this database keeps local times without one."
    )


def test_who_may_write_is_found(
    server: FirebirdServer, beams: str, account: MakeAccount, driver: str
) -> None:
    tables = ("beams", "SECRETS", "no_such")
    with open_database(account(), CancelToken()) as database:
        assert database.writable(tables) == []
    with open_database(account(user="SYSDBA", password="masterkey"), CancelToken()) as database:
        assert database.writable(tables) == ["beams", "SECRETS"]
    writer = f"WRITER_{driver}".upper()
    server.add_user(writer, "w")
    server.grant(beams, writer, "BEAMS")
    server.grant(beams, writer, "SECRETS", right="UPDATE")
    with open_database(account(user=writer.lower(), password="w"), CancelToken()) as database:
        assert database.writable(tables) == ["SECRETS"]
