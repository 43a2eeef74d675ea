"""ODBC drivers for SQL Server: which are installed, which one an account means, and how to get a missing one."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from types import ModuleType

from qcpump_qt.engine.errors import ConfigurationError

NAMES_OF_THE_MANUAL = (
    "ODBC Driver 17 for SQL Server",
    "py-tds",
    "FreeTDS",
    "SQL Server Native Client 11.0",
)
"""What QCPump 0.3 offers (compatibility reference, section 3); configurations of old may name any of them."""
_INSTEAD_OF_PY_TDS = (
    "ODBC Driver 17 for SQL Server",
    "ODBC Driver 18 for SQL Server",
    "FreeTDS",
    "SQL Server Native Client 11.0",
)
_FOR_SQL_SERVER = re.compile(r"sql server|freetds|\btds\b", re.IGNORECASE)
_MICROSOFT = re.compile(r"(?:odbc driver |libmsodbcsql-|msodbcsql)(\d+)", re.IGNORECASE)


def load_pyodbc() -> ModuleType:
    """The package pyodbc, set up for connections that are closed when they are said to be.

    Raises:
        ConfigurationError: it is not installed, or the system's ODBC is missing.
    """
    try:
        import pyodbc  # noqa: PLC0415 - only where a SQL Server is read
    except ImportError as error:
        raise ConfigurationError(
            f"SQL Server is read through ODBC, which does not load on this computer ({error}). "
            "Install the Python package pyodbc; on Linux also unixODBC (Debian and Ubuntu: libodbc2).",
            subject="pyodbc",
        ) from error
    # A pool would keep connections to the server open between cycles, and can hang the program at its end.
    pyodbc.pooling = False
    module: ModuleType = pyodbc
    return module


def installed_drivers() -> list[str]:
    """Names for the choice of a driver: the installed ones first, then those of the manual.

    Of the installed ones, those for SQL Server come first. Where ODBC itself is missing, the names of the
    manual remain, so that a configuration can be written before the driver is there.
    """
    try:
        installed = list(load_pyodbc().drivers())
    except ConfigurationError:
        installed = []
    installed.sort(key=lambda name: not _FOR_SQL_SERVER.search(name))
    return list(dict.fromkeys([*installed, *NAMES_OF_THE_MANUAL]))


def driver_for(name: str, drivers: Callable[[], Sequence[str]]) -> str:
    """The ODBC driver that an account's ``driver`` means.

    ``py-tds`` of old configurations was a package of its own that sends the password over the network
    unprotected; the best installed ODBC driver reads the same servers and takes its place.

    Args:
        name: the driver of the configuration.
        drivers: gives the installed ones.

    Raises:
        ConfigurationError: ``py-tds`` is wanted and nothing is there to take its place.
    """
    if name.strip().casefold() not in ("py-tds", "pytds"):
        return name.strip()
    installed = drivers()
    for instead in _INSTEAD_OF_PY_TDS:
        if instead in installed:
            return instead
    raise ConfigurationError(
        "This program reads SQL Server through ODBC in place of py-tds, and no ODBC driver for it is installed. "
        + how_to_get("ODBC Driver 17 for SQL Server"),
        subject=name,
    )


def how_to_get(driver: str) -> str:
    """Where a driver comes from, as a sentence."""
    if is_freetds(driver):
        return "FreeTDS is the package tdsodbc on Debian and Ubuntu; on Windows use Microsoft's driver."
    if _MICROSOFT.search(driver):
        return f"Microsoft offers {driver} as a free download for Windows, Linux and macOS."
    return "Microsoft offers ODBC Driver 17 for SQL Server as a free download for Windows, Linux and macOS."


def not_installed(driver: str, installed: Sequence[str]) -> ConfigurationError:
    """The error for a driver that the computer does not have."""
    usable = [name for name in installed if _FOR_SQL_SERVER.search(name)]
    choice = (
        f"Installed for SQL Server: {', '.join(usable)}. Choose one of these, or install it. "
        if usable
        else ""
    )
    return ConfigurationError(
        f"The ODBC driver {driver} is not installed on this computer. {choice}{how_to_get(driver)}",
        subject=driver,
    )


def is_freetds(driver: str) -> bool:
    """Whether it is FreeTDS, which has its own words in a connection text."""
    return "freetds" in driver.casefold() or "tdsodbc" in driver.casefold()


def is_sqlite(driver: str) -> bool:
    """Whether it reads SQLite files, which have no server, user or password."""
    return "sqlite" in driver.casefold()


def checks_certificates(driver: str) -> bool:
    """Whether the driver encrypts everything by itself and wants to know whom it talks to: Microsoft's from 18 on."""
    found = _MICROSOFT.search(driver)
    return found is not None and int(found[1]) >= 18
