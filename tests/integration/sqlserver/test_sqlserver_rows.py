"""What a SQL Server holds arrives exactly, over every driver, and nothing is left open or changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from integration.sqlserver.odbc_scene import PASSWORD, ROWS, USER, ask
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.sources.databases.connection import Account, open_database
from servers.tds_process import Reader, TdsServer

KEY = "6F9619FF-8B86-D011-B42D-00C04FC964FF"
MEASURED = dt.datetime(2021, 3, 31, 1, 23, 34, 123457)  # noqa: DTZ001 - the database's times have no zone
FULL = {
    "data_key": KEY,
    "measured": MEASURED,
    "entered": dt.datetime(2021, 3, 31, 1, 23, 34, 997000),  # noqa: DTZ001
    "dose": 1.25,
    "factor": Decimal("-100.125"),
    "exact": Decimal("12345678901234567890.123456789"),
    "comments": "Größe geprüft",
    "signature": "Иванов",
    "name": "Jörg",
    "old_name": "Зал 1",
    "padded": "6X",
    "valid": True,
    "number": -7,
    "big_number": 5_000_000_000,
}


def test_every_type_arrives_exactly(account: Callable[..., Account]) -> None:
    full, empty = ask(account(), "SELECT * FROM [dbo].[DQA3_DATA] ORDER BY NUMBER")
    assert full == FULL
    assert list(full) == list(FULL)
    assert empty == dict.fromkeys(FULL) | {"number": 8}
    assert {name: type(value) for name, value in full.items()} == {
        name: type(value) for name, value in FULL.items()
    }


@pytest.mark.parametrize(
    ("condition", "values"),
    [
        ("DATA_KEY = ?", [KEY]),
        ("MEASURED = ?", [MEASURED]),
        ("MEASURED > ?", [MEASURED - dt.timedelta(microseconds=1)]),
        ("DOSE = ? AND NUMBER = ?", [1.25, -7]),
        ("BIG_NUMBER = ?", [5_000_000_000]),
        ("FACTOR = ?", [Decimal("-100.125")]),
        ("COMMENTS = ? AND SIGNATURE = ?", ["Größe geprüft", "Иванов"]),
        ("VALID = ? AND NAME IN (?, ?)", [True, "nobody", "Jörg"]),
    ],
)
def test_a_value_finds_its_row(account: Callable[..., Account], condition: str, values: list[object]) -> None:
    statement = f"SELECT TOP 5 NUMBER FROM DQA3_DATA WHERE {condition}"
    assert ask(account(), statement, *values) == [{"number": -7}]


def test_a_value_that_is_missing_is_no_value(account: Callable[..., Account]) -> None:
    assert ask(account(), "SELECT NUMBER FROM DQA3_DATA WHERE NUMBER = ?", None) == []


def test_a_text_that_looks_like_a_statement_stays_a_text(account: Callable[..., Account]) -> None:
    assert ask(account(), "SELECT NUMBER FROM DQA3_DATA WHERE NAME = ?", "'; DROP TABLE MANY; --") == []
    assert len(ask(account())) == ROWS


def test_many_rows_come_one_after_the_other(account: Callable[..., Account]) -> None:
    assert [row["number"] for row in ask(account())] == list(range(1, ROWS + 1))


def test_rows_that_nobody_wants_any_more_do_not_disturb_the_next_query(
    account: Callable[..., Account],
) -> None:
    with open_database(account(), CancelToken()) as database:
        rows = database.rows("SELECT NUMBER FROM MANY WHERE NUMBER > ?", [10])
        assert next(rows) == {"number": 11}
        rows.close()  # type: ignore[attr-defined]
        assert list(database.rows("SELECT NUMBER FROM DQA3_DATA WHERE NUMBER = ?", [8])) == [{"number": 8}]


def test_one_connection_serves_several_queries_and_is_closed_after_them(
    account: Callable[..., Account], server: TdsServer
) -> None:
    with open_database(account(), CancelToken()) as database:
        for number in (-7, 8, -7):
            rows = list(database.rows("SELECT NUMBER FROM DQA3_DATA WHERE NUMBER = ?", [number]))
            assert rows == [{"number": number}]
    assert server.everybody_left()
    log = server.log()
    assert log.count(f"login {USER} DailyQA read-only") == 1
    assert sum(line.startswith("statement ") for line in log) == 3


def test_a_query_without_rows_says_so(account: Callable[..., Account]) -> None:
    with open_database(account(), CancelToken()) as database:
        assert list(database.rows("SELECT NUMBER FROM MANY WHERE NUMBER = ?", [0])) == []


def test_who_may_write_is_found(account: Callable[..., Account]) -> None:
    mine = account()
    with open_database(mine, CancelToken()) as database:
        assert database.writable(["DQA3_DATA", "MANY"]) == []
    with open_database(replace(mine, user="sa", password="almighty"), CancelToken()) as database:
        assert database.writable(["DQA3_DATA", "MANY"]) == ["DQA3_DATA", "MANY"]


@pytest.mark.parametrize("forced", [False, True])
def test_the_password_never_travels_in_plain(
    serve: Callable[..., TdsServer], account: Callable[..., Account], forced: bool
) -> None:
    server = serve(forced=forced)
    assert len(ask(account(port=server.port))) == ROWS
    assert PASSWORD not in "".join(server.log())


@pytest.mark.parametrize(
    "password",
    ["a}b", "a{b", "{ab}", "a;b", "a;}b", "a=b", " a ", "a,b[1]", "a'b\"c", "пароль", "%p$1 §", "}"],
)
def test_any_password_gets_through(
    serve: Callable[..., TdsServer], account: Callable[..., Account], password: str
) -> None:
    server = serve(users={"doctor": Reader(password)})
    mine = account(port=server.port, user="doctor", password=password)
    assert ask(mine, "SELECT TOP 1 NUMBER FROM MANY") == [{"number": 1}]
