"""Which ODBC drivers there are, what an old configuration's name means now, and how to get a missing one."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest

from qcpump_qt.engine.errors import ConfigurationError
from qcpump_qt.sources.databases import odbc
from qcpump_qt.sources.databases.odbc_drivers import (
    NAMES_OF_THE_MANUAL,
    checks_certificates,
    driver_for,
    installed_drivers,
    load_pyodbc,
    not_installed,
)


def install(monkeypatch: pytest.MonkeyPatch, *drivers: str) -> SimpleNamespace:
    """Another computer, with these drivers."""
    package = SimpleNamespace(pooling=True, drivers=lambda: list(drivers))
    monkeypatch.setitem(sys.modules, "pyodbc", package)
    return package


def test_installed_drivers_come_first_and_those_for_sql_server_before_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    install(
        monkeypatch,
        "Microsoft Access Driver (*.mdb)",
        "SQL Server",
        "ODBC Driver 18 for SQL Server",
        "FreeTDS",
    )
    assert installed_drivers() == [
        "SQL Server",
        "ODBC Driver 18 for SQL Server",
        "FreeTDS",
        "Microsoft Access Driver (*.mdb)",
        "ODBC Driver 17 for SQL Server",
        "py-tds",
        "SQL Server Native Client 11.0",
    ]


def test_without_odbc_the_names_of_the_manual_remain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyodbc", None)
    assert installed_drivers() == list(NAMES_OF_THE_MANUAL)
    assert odbc.installed_drivers is installed_drivers


def test_what_is_installed_here_is_listed_once() -> None:
    pyodbc = pytest.importorskip("pyodbc", reason="needs pyodbc and unixODBC (apt: libodbc2)")
    names = installed_drivers()
    assert len(names) == len(set(names))
    assert set(pyodbc.drivers()) | set(NAMES_OF_THE_MANUAL) == set(names)


def test_odbc_that_is_missing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyodbc", None)
    with pytest.raises(ConfigurationError) as caught:
        load_pyodbc()
    assert caught.value.message == (
        "SQL Server is read through ODBC, which does not load on this computer "
        "(import of pyodbc halted; None in sys.modules). "
        "Install the Python package pyodbc; on Linux also unixODBC (Debian and Ubuntu: libodbc2)."
    )


def test_connections_are_not_kept_in_a_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    package = install(monkeypatch)
    load_pyodbc()
    assert package.pooling is False


@pytest.mark.parametrize(
    ("installed", "expected"),
    [
        (
            ["FreeTDS", "ODBC Driver 18 for SQL Server", "ODBC Driver 17 for SQL Server"],
            "ODBC Driver 17 for SQL Server",
        ),
        (["FreeTDS", "ODBC Driver 18 for SQL Server"], "ODBC Driver 18 for SQL Server"),
        (["SQLite3", "FreeTDS"], "FreeTDS"),
        (["SQL Server", "SQL Server Native Client 11.0"], "SQL Server Native Client 11.0"),
    ],
)
def test_py_tds_is_what_reads_the_same_servers(installed: list[str], expected: str) -> None:
    assert driver_for("py-tds", lambda: installed) == expected
    assert driver_for("pytds", lambda: installed) == expected


def test_py_tds_without_anything_in_its_place() -> None:
    with pytest.raises(ConfigurationError) as caught:
        driver_for("py-tds", lambda: ["SQLite3"])
    assert caught.value.message == (
        "This program reads SQL Server through ODBC in place of py-tds, and no ODBC driver for it is installed. "
        "Microsoft offers ODBC Driver 17 for SQL Server as a free download for Windows, Linux and macOS."
    )


@pytest.mark.parametrize("name", ["ODBC Driver 17 for SQL Server", "FreeTDS", "Something else"])
def test_any_other_driver_is_meant_as_it_is_written(name: str) -> None:
    assert driver_for(f" {name} ", list) == name


@pytest.mark.parametrize(
    ("driver", "installed", "expected"),
    [
        (
            "ODBC Driver 17 for SQL Server",
            ["SQLite3", "ODBC Driver 18 for SQL Server", "FreeTDS"],
            "The ODBC driver ODBC Driver 17 for SQL Server is not installed on this computer. Installed for SQL "
            "Server: ODBC Driver 18 for SQL Server, FreeTDS. Choose one of these, or install it. "
            "Microsoft offers ODBC Driver 17 for SQL Server as a free download for Windows, Linux and macOS.",
        ),
        (
            "FreeTDS",
            [],
            "The ODBC driver FreeTDS is not installed on this computer. "
            "FreeTDS is the package tdsodbc on Debian and Ubuntu; on Windows use Microsoft's driver.",
        ),
        (
            "SQL Server Native Client 11.0",
            [],
            "The ODBC driver SQL Server Native Client 11.0 is not installed on this computer. "
            "Microsoft offers ODBC Driver 17 for SQL Server as a free download for Windows, Linux and macOS.",
        ),
    ],
)
def test_a_missing_driver_is_told_with_what_is_there(
    driver: str, installed: list[str], expected: str
) -> None:
    assert not_installed(driver, installed).message == expected


@pytest.mark.parametrize(
    ("driver", "checks"),
    [
        ("ODBC Driver 18 for SQL Server", True),
        ("/opt/microsoft/msodbcsql18/lib64/libmsodbcsql-18.3.so.2.1", True),
        ("ODBC Driver 17 for SQL Server", False),
        ("ODBC Driver 13.1 for SQL Server", False),
        ("SQL Server Native Client 11.0", False),
        ("FreeTDS", False),
    ],
)
def test_who_checks_certificates(driver: str, checks: bool) -> None:
    assert checks_certificates(driver) is checks
