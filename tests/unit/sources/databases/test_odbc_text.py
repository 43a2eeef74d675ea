"""The connection text: what each family of drivers gets to read, and how values are quoted in it."""

from __future__ import annotations

from typing import Any

import pytest

from qcpump_qt.engine.errors import ConfigurationError
from qcpump_qt.sources.databases.connection import Account
from qcpump_qt.sources.databases.odbc_text import Server, connection_text, server_of

MICROSOFT_17 = "ODBC Driver 17 for SQL Server"
MICROSOFT_18 = "ODBC Driver 18 for SQL Server"
NATIVE_CLIENT = "SQL Server Native Client 11.0"
TAIL = "DATABASE=DailyQA;UID=physics;PWD=secret;APP=QCPump-Qt;ApplicationIntent=ReadOnly;"


def account(**other: Any) -> Account:
    usual: dict[str, Any] = {
        "kind": "sqlserver",
        "driver": MICROSOFT_17,
        "host": "db.clinic",
        "port": 1433,
        "database": "DailyQA",
        "user": "physics",
        "password": "secret",
    }
    return Account(**(usual | other))


@pytest.mark.parametrize(
    ("host", "port", "expected"),
    [
        ("db.clinic", 1433, Server("db.clinic", "", 1433)),
        ("db.clinic", None, Server("db.clinic", "", None)),
        (" db.clinic ", 1434, Server("db.clinic", "", 1434)),
        ("db.clinic,1500", 1433, Server("db.clinic", "", 1500)),
        ("tcp:db.clinic,1500", None, Server("db.clinic", "", 1500)),
        ("localhost\\DailyQA", 1433, Server("localhost", "DailyQA", None)),
        ("localhost\\DailyQA", None, Server("localhost", "DailyQA", None)),
        ("localhost\\DailyQA", 49172, Server("localhost", "DailyQA", 49172)),
        (".\\DailyQA", 1433, Server(".", "DailyQA", None)),
        ("", 1433, Server("", "", 1433)),
    ],
)
def test_the_parts_of_a_host(host: str, port: int | None, expected: Server) -> None:
    assert server_of(account(host=host, port=port)) == expected


def test_a_port_that_is_none() -> None:
    with pytest.raises(ConfigurationError) as caught:
        server_of(account(host="db.clinic,DailyQA"))
    assert caught.value.message == (
        "In the host db.clinic,DailyQA no port number stands behind the comma. "
        "Write the host's name alone, and the port in its own field."
    )


@pytest.mark.parametrize(
    "host", ["", ".", "(local)", "localhost", "LOCALHOST", "127.0.0.1", "::1", ".\\DailyQA"]
)
def test_this_computer(host: str) -> None:
    assert server_of(account(host=host)).local


@pytest.mark.parametrize("host", ["db.clinic", "10.0.0.1", "localhost.clinic", "local"])
def test_another_computer(host: str) -> None:
    assert not server_of(account(host=host)).local


@pytest.mark.parametrize(
    ("driver", "host", "port", "expected"),
    [
        (MICROSOFT_17, "db.clinic", 1433, "SERVER=db.clinic,1433"),
        (MICROSOFT_17, "db.clinic", None, "SERVER=db.clinic"),
        (MICROSOFT_17, "db.clinic\\DailyQA", 1433, "SERVER=db.clinic\\DailyQA"),
        (MICROSOFT_17, "db.clinic\\DailyQA", 49172, "SERVER=db.clinic,49172"),
        (NATIVE_CLIENT, ".\\DailyQA", 1433, "SERVER=localhost\\DailyQA"),
        (MICROSOFT_18, "db.clinic", 1433, "SERVER=db.clinic,1433;Encrypt=yes;TrustServerCertificate=no"),
        (
            MICROSOFT_18,
            "localhost\\DailyQA",
            1433,
            "SERVER=localhost\\DailyQA;Encrypt=yes;TrustServerCertificate=yes",
        ),
        ("ODBC Driver 19 for SQL Server", "x", 1433, "SERVER=x,1433;Encrypt=yes;TrustServerCertificate=no"),
        ("FreeTDS", "db.clinic", 1433, "SERVER=db.clinic;PORT=1433;TDS_Version=7.4"),
        ("FreeTDS", "db.clinic", None, "SERVER=db.clinic;PORT=1433;TDS_Version=7.4"),
        ("FreeTDS", "(local)", 1433, "SERVER=localhost;PORT=1433;TDS_Version=7.4"),
        ("FreeTDS", "db.clinic\\DailyQA", 1433, "SERVER=db.clinic\\DailyQA;TDS_Version=7.4"),
        ("FreeTDS", "db.clinic\\DailyQA", 49172, "SERVER=db.clinic;PORT=49172;TDS_Version=7.4"),
    ],
)
def test_the_server_in_the_words_of_its_driver(
    driver: str, host: str, port: int | None, expected: str
) -> None:
    text = (
        connection_text(account(host=host, port=port), driver)
        .replace("SERVER={", "SERVER=")
        .replace("};", ";")
    )
    if "," in expected.split(";", maxsplit=1)[0]:
        assert "SERVER={" in connection_text(account(host=host, port=port), driver)
    assert text == f"DRIVER={{{driver};{expected};{TAIL}"


@pytest.mark.parametrize(
    ("password", "microsoft", "freetds"),
    [
        ("secret", "secret", "secret"),
        ("", "{}", "{}"),
        ("a;b", "{a;b}", "{a;b}"),
        ("a}b", "{a}}b}", "a}b"),
        ("a}b;", "{a}}b;}", "{a}b;}"),
        ("{a", "{{a}", "{{a}"),
        (" a", "{ a}", "{ a}"),
        ("a=b", "{a=b}", "a=b"),
        ("a;UID=sa", "{a;UID=sa}", "{a;UID=sa}"),
    ],
)
def test_a_password_cannot_say_anything_else(password: str, microsoft: str, freetds: str) -> None:
    mine = account(password=password)
    assert f";PWD={microsoft};APP=" in connection_text(mine, MICROSOFT_17)
    assert f";PWD={freetds};APP=" in connection_text(mine, "FreeTDS")


@pytest.mark.parametrize(
    ("field", "word"),
    [("password", "password"), ("user", "user"), ("database", "database"), ("host", "host")],
)
def test_what_freetds_cannot_be_told(field: str, word: str) -> None:
    mine = account(**{field: "secret};UID=sa"})
    with pytest.raises(ConfigurationError) as caught:
        connection_text(mine, "FreeTDS")
    assert caught.value.message == (
        f"FreeTDS cannot take a {word} with the letters '}}' and ';' in a row. "
        "Choose another driver, or have it changed on the server."
    )
    assert "secret" not in str(caught.value)


def test_a_login_without_the_database() -> None:
    assert "DATABASE" not in connection_text(account(), "FreeTDS", database=False)


def test_a_sqlite_file_needs_neither_server_nor_login() -> None:
    text = connection_text(account(database="/tmp/dqa3.sqlite"), "SQLite3")
    assert text == "DRIVER={SQLite3};Database=/tmp/dqa3.sqlite;NoCreat=1"
