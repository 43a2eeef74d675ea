"""What is read in bulk over the driver's line is what the driver reads, in every version of the protocol."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from typing import Any

import pytest

from integration.firebird.conftest import PASSWORD, USER, ask
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import ConfigurationError
from qcpump_qt.sources.databases import firebird_pure
from qcpump_qt.sources.databases.connection import Account, open_database
from servers.firebird import FirebirdServer

MakeAccount = Callable[..., Account]
ROWS = 1000
EVERYTHING = f"""
CREATE TABLE EVERYTHING (
  ID INTEGER NOT NULL, S SMALLINT, L BIGINT, TINY NUMERIC(4, 1), N NUMERIC(9, 3), BIG NUMERIC(18, 4), F FLOAT,
  D DOUBLE PRECISION, WHOLE_DAY DATE, CLOCK TIME, MOMENT TIMESTAMP, YES BOOLEAN, P CHAR(7), V VARCHAR(30),
  O CHAR(5) CHARACTER SET OCTETS, T BLOB SUB_TYPE TEXT, B BLOB SUB_TYPE BINARY);
COMMIT;
INSERT INTO EVERYTHING VALUES (1, -32768, -9223372036854775808, -0.1, 1.250, 99999999999999.9999, 0.1, 1e300,
  '0001-01-01', '23:59:59.9999', '9999-12-31 23:59:59.9999', TRUE, 'Зал', ' a b ', x'0001410020', 'Погода', x'00FF');
INSERT INTO EVERYTHING VALUES (2, 32767, 9223372036854775807, 0, -1.001, 0, -0.0, -1e-300,
  '2021-03-28', '00:00', '0001-01-01', FALSE, '', '', x'2020202020', '', x'');
INSERT INTO EVERYTHING (ID) VALUES (3);
COMMIT;
SET TERM ^;
EXECUTE BLOCK AS DECLARE I INTEGER = 4; BEGIN
  WHILE (I <= {ROWS}) DO BEGIN
    INSERT INTO EVERYTHING (ID, S, D, P, V, MOMENT) VALUES (:I, NULLIF(MOD(:I, 7), 3), NULLIF(:I / 8.0, 50), 'p' || :I,
      RPAD('v', MOD(:I, 30), 'x'), DATEADD(:I HOUR TO TIMESTAMP '1999-12-31 12:00'));
    I = I + 1;
  END
END^
SET TERM ;^
GRANT SELECT ON EVERYTHING TO USER {USER};
"""
STATEMENT = "SELECT * FROM EVERYTHING ORDER BY ID"


@pytest.fixture(scope="module")
def everything(server: FirebirdServer) -> str:
    return server.create("everything.fdb", "UTF8", EVERYTHING)


@contextmanager
def only_up_to(version: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the driver know no newer protocol than this one."""
    wire = pytest.importorskip("firebirdsql.wireprotocol")
    whole = wire.hex_to_bytes

    def older(text: str) -> Any:
        for number in range(version + 1, 20):
            text = text.replace(f"ffff80{number:02x}00000001", f"ffff80{version:02x}00000001")
        return whole(text)

    with monkeypatch.context() as patch:
        patch.setattr(wire, "hex_to_bytes", older)
        yield


def as_the_driver_reads(account: Account, statement: str) -> list[list[Any]]:
    """All rows, by the driver alone."""
    firebirdsql = pytest.importorskip("firebirdsql")
    connection = firebirdsql.connect(
        host=account.host,
        port=account.port,
        database=account.database,
        user=account.user,
        password=account.password,
        charset="UTF8",
    )
    with closing(connection):
        cursor = connection.cursor()
        cursor.execute(statement)
        return [list(row) for row in cursor.fetchall()]


def test_every_type_as_the_driver_reads_it(account: MakeAccount, everything: str, driver: str) -> None:
    if driver != "firebirdsql":
        pytest.skip("compares firebirdsql with itself")
    asked = account(database=everything)
    expected = as_the_driver_reads(asked, STATEMENT)
    found = [list(row.values()) for row in ask(asked, STATEMENT)]
    assert len(found) == ROWS
    assert found == expected
    assert [[type(value) for value in row] for row in found] == [
        [type(each) for each in row] for row in expected
    ]


def test_both_drivers_give_the_same(account: MakeAccount, everything: str) -> None:
    columns = "ID, S, L, TINY, N, BIG, F, D, WHOLE_DAY, CLOCK, MOMENT, YES, P, V, T"
    statement = f"SELECT {columns} FROM EVERYTHING ORDER BY ID"
    one, other = (
        ask(account(database=everything, driver=name), statement) for name in ("firebirdsql", "fdb")
    )
    assert one == other


@pytest.mark.parametrize("version", [11, 12])
def test_the_protocol_of_firebird_2(
    tmp_path_factory: pytest.TempPathFactory,
    server: FirebirdServer,
    account: MakeAccount,
    driver: str,
    version: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if driver != "firebirdsql":
        pytest.skip("fdb speaks through the vendor's own library")
    folder = tmp_path_factory.mktemp("protocol") / "server"
    with FirebirdServer(folder, plugins="Legacy_Auth", wire_crypt="Disabled") as old:
        old.add_user(USER, PASSWORD[:8], legacy=True)
        path = old.create("old.fdb", "UTF8", EVERYTHING)
        asked = account(port=old.port, database=path, password=PASSWORD[:8])
        expected = ask(asked, STATEMENT)
        with only_up_to(version, monkeypatch):
            raw = firebird_pure.open_connection(asked)
            with closing(raw):
                assert raw._connection.accept_version == version
            assert ask(asked, STATEMENT) == expected
            numbers = list(range(1, 401))
            marks = ", ".join("?" * len(numbers))
            assert len(ask(asked, f"SELECT ID FROM EVERYTHING WHERE ID IN ({marks})", *numbers)) == 400
        assert len(expected) == ROWS


@pytest.mark.parametrize("many", [1, 15, 20, 30, 400, 1400])
@pytest.mark.parametrize("columns", ["ID", "*"])
def test_any_number_of_placeholders(account: MakeAccount, everything: str, many: int, columns: str) -> None:
    statement = f"SELECT {columns} FROM EVERYTHING WHERE ID IN ({', '.join('?' * many)}) ORDER BY ID"
    rows = ask(account(database=everything), statement, *range(2, many + 2))
    assert [row["id"] for row in rows] == list(range(2, min(many + 1, ROWS) + 1))


def test_an_error_after_hundreds_of_rows(account: MakeAccount, everything: str) -> None:
    with open_database(account(database=everything), CancelToken()) as database:
        rows = database.rows("SELECT ID, 1 / (ID - 900) AS Q FROM EVERYTHING ORDER BY ID")
        with pytest.raises(ConfigurationError, match="Integer divide by zero"):
            list(rows)
        assert list(database.rows("SELECT COUNT(*) N FROM EVERYTHING")) == [{"n": ROWS}]


def test_statements_interleaved(account: MakeAccount, everything: str) -> None:
    with open_database(account(database=everything), CancelToken()) as database:
        first = database.rows("SELECT ID FROM EVERYTHING ORDER BY ID")
        second = database.rows("SELECT V, ID FROM EVERYTHING ORDER BY ID DESC")
        pairs = [(one["id"], other["id"]) for one, other in zip(first, second, strict=True)]
    assert pairs == [(number, ROWS + 1 - number) for number in range(1, ROWS + 1)]


@pytest.mark.parametrize("wire_crypt", ["Enabled", "Required"])
def test_the_line_is_encrypted_where_the_server_offers_it(
    tmp_path_factory: pytest.TempPathFactory, server: FirebirdServer, account: MakeAccount, wire_crypt: str
) -> None:
    folder = tmp_path_factory.mktemp("encrypted") / "server"
    with FirebirdServer(folder, wire_crypt=wire_crypt) as own:
        own.add_user(USER, PASSWORD)
        asked = account(port=own.port, database=own.create("own.fdb"))
        statement = "SELECT RDB$GET_CONTEXT('SYSTEM', 'WIRE_ENCRYPTED') E FROM RDB$DATABASE"
        assert ask(asked, statement) == [{"e": "TRUE"}]


def test_a_moment_of_each_hour(account: MakeAccount, everything: str) -> None:
    rows = ask(account(database=everything), "SELECT MOMENT FROM EVERYTHING WHERE ID IN (4, 13) ORDER BY ID")
    assert [row["moment"] for row in rows] == [
        datetime.fromisoformat("1999-12-31 16:00"),
        datetime.fromisoformat("2000-01-01 01:00"),
    ]
