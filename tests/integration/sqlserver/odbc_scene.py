"""What the tests of ODBC share: the tables behind the stand-in, the drivers, and one query's rows or refusal."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import pytest

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import PumpError
from qcpump_qt.sources.databases.connection import Account, open_database

USER, PASSWORD = "physics", "gehe;m}1 ß"
ROWS = 20_000
SCHEMA = f"""
CREATE TABLE DQA3_DATA (
    DATA_KEY UNIQUEIDENTIFIER, MEASURED DATETIME2, ENTERED DATETIME, DOSE FLOAT, FACTOR DECIMAL(9, 3), EXACT EXACTTEXT,
    COMMENTS NTEXT, SIGNATURE NVARCHAR(40), NAME VARCHAR(40), OLD_NAME CYRILLICTEXT, PADDED NCHAR(20), VALID BIT,
    NUMBER INTEGER, BIG_NUMBER INTEGER);
INSERT INTO DQA3_DATA VALUES (
    '6F9619FF-8B86-D011-B42D-00C04FC964FF', '2021-03-31 01:23:34.123457', '2021-03-31 01:23:34.997', 1.25, -100.125,
    '12345678901234567890.123456789', 'Größe geprüft', 'Иванов', 'Jörg', 'Зал 1', '6X', 1, -7, 5000000000);
INSERT INTO DQA3_DATA (NUMBER) VALUES (8);
CREATE TABLE DEVICE (SERIAL NVARCHAR(20));
CREATE TABLE MANY (NUMBER INTEGER, TEXT NVARCHAR(50));
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS})
INSERT INTO MANY SELECT i, 'row ' || i FROM n;
"""


def microsofts_driver() -> str:
    """Microsoft's driver out of the package `mssql-python-odbc`, which carries it for tests; "" without it."""
    try:
        package = importlib.import_module("mssql_python_odbc")
    except ImportError:
        return ""
    libraries = Path(str(package.__file__)).parent / "libs" / "linux" / "debian_ubuntu"
    return next((str(file) for file in libraries.rglob("libmsodbcsql-*.so*")), "")


def driver_or_skip(name: str) -> str:
    """The driver for a connection text."""
    pyodbc = pytest.importorskip("pyodbc", reason="needs pyodbc and unixODBC (apt: libodbc2)")
    if name == "Microsoft":
        path = microsofts_driver()
        if not path or not sys.platform.startswith("linux"):
            pytest.skip("needs Microsoft's ODBC driver (PyPI: mssql-python-odbc, for tests only)")
        return path
    if name not in pyodbc.drivers():
        pytest.skip(f"needs the ODBC driver {name} (apt: tdsodbc, libsqliteodbc)")
    return name


def ask(account: Account, statement: str = "SELECT NUMBER FROM MANY", *values: Any) -> list[dict[str, Any]]:
    """All rows of one query."""
    with open_database(account, CancelToken()) as database:
        return list(database.rows(statement, values))


def refusal(account: Account, statement: str = "SELECT NUMBER FROM MANY") -> PumpError:
    """The error that a query ends in; it must not hold the password."""
    with pytest.raises(PumpError) as caught:
        ask(account, statement)
    assert not account.password or account.password not in str(caught.value)
    return caught.value
