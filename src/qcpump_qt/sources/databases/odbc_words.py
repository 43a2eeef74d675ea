"""What ODBC drivers and SQL Server complain about, in words that say what to do.

Servers speak the language they were installed in, so an error is recognised by its SQLSTATE and by SQL Server's own
number, and a table's name is found among the quoted words of the message. The numbers are those of Microsoft's
list of Database Engine errors.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from qcpump_qt.engine.errors import ConfigurationError, PumpError, SourceUnavailable
from qcpump_qt.sources.databases.adapter import Account
from qcpump_qt.sources.databases.knocking import silent
from qcpump_qt.sources.databases.odbc_text import server_of

_NUMBER = re.compile(r"\((-?\d+)\)")
_QUOTED = re.compile(r"'([^']+)'|\"([^\"]+)\"|«([^»]+)»|„([^“]+)“|“([^”]+)”")
_ORIGIN = re.compile(r"^(?:\[[^\]]*\]\s*)+|(?:\s*\(-?\d+\))+(?: \(SQL\w+\))?")
_TLS = re.compile(r"SSL|TLS|encryption", re.IGNORECASE)
_CERTIFICATE = re.compile(r"certificate|-2146893019|0x800B01", re.IGNORECASE)
_LOGIN_FAILED, _NOT_TRUSTED, _EXPIRED, _LOCKED = {18456}, {18452}, {18487, 18488}, {18470, 18486}
_NO_DATABASE, _NO_ACCESS = {4060, 4063, 911}, {916}
_BUSY = {904, 921, 922, 924, 927, 942, 952, 1205, 1222, 6005, 17142, 40197, 40501, 40613}
_GONE_STATES = {"08S01", "08S02", "08003", "08007"}
_GONE_NUMBERS = {20003, 20004, 20006, 20017, 20020, 20047, 10053, 10054}
_LATE_STATES = {"HYT00", "HYT01"}


def words_for(error: Exception, account: Account, statement: str) -> PumpError:
    """A driver's exception as an error for people.

    Args:
        error: what pyodbc raised.
        account: whose connection it was.
        statement: what was asked; "" while connecting.

    Returns:
        SourceUnavailable for what may be over by the next cycle, ConfigurationError for what needs a person.
    """
    for is_it, say in _RULES:
        if is_it(error):
            return say(error, account, statement)
    said = _said(error, account)
    if not statement:
        return SourceUnavailable(
            f"The database {account.database} on {_server(account)} cannot be opened. The driver says: {said}",
            subject=account.database,
        )
    return ConfigurationError(
        f"The database {account.database} refused a query. The driver says: {said}", subject=account.database
    )


def driver_missing(error: Exception) -> bool:
    """Whether the ODBC driver is not on this computer (or one of the libraries it needs)."""
    return _state(error) in ("IM002", "IM003") or "Can't open lib" in str(error)


def login_failed(error: Exception) -> bool:
    """Whether the server refused user and password."""
    return bool(_numbers(error) & _LOGIN_FAILED) or _state(error) == "28000"


def no_such_database(account: Account) -> ConfigurationError:
    """The error for a database that is not there, or not for this user."""
    return ConfigurationError(
        f"The server {_server(account)} accepts the user {account.user}, but has no database {account.database} for "
        "that user. Check the database's name, and that the user may open it.",
        subject=account.database,
    )


def _any_of(numbers: set[int]) -> Callable[[Exception], bool]:
    return lambda error: bool(_numbers(error) & numbers)


def _refused_login(_error: Exception, account: Account, _statement: str) -> PumpError:
    return ConfigurationError(
        f"The server {_server(account)} does not accept the user {account.user} with this password. "
        "Check both. The user must be a SQL Server login, and the server must allow SQL Server logins.",
        subject=account.database,
    )


def _windows_login(_error: Exception, account: Account, _statement: str) -> PumpError:
    return ConfigurationError(
        f"The server {_server(account)} accepts Windows logins only. Ask whoever looks after it to allow SQL Server "
        "logins as well, and for a login that may only read.",
        subject=account.database,
    )


def _expired(_error: Exception, account: Account, _statement: str) -> PumpError:
    return ConfigurationError(
        f"The password of the user {account.user} on the server {_server(account)} has expired. "
        "Have a new one set there, and enter it here.",
        subject=account.database,
    )


def _locked(_error: Exception, account: Account, _statement: str) -> PumpError:
    return ConfigurationError(
        f"The user {account.user} is disabled or locked on the server {_server(account)}. "
        "Ask whoever looks after the server to unlock it, and check the password.",
        subject=account.database,
    )


def _no_database(_error: Exception, account: Account, _statement: str) -> PumpError:
    return no_such_database(account)


def _no_table(error: Exception, account: Account, statement: str) -> PumpError:
    return ConfigurationError(
        f"The database {account.database} has no table {_named(error, statement)}. Check that this is the database of "
        "the device's software, and that the pump type suits its version.",
        subject=account.database,
    )


def _no_column(error: Exception, account: Account, statement: str) -> PumpError:
    return ConfigurationError(
        f"A table in the database {account.database} has no column {_named(error, statement)}. "
        "Check that the pump type suits the version of the device's software.",
        subject=account.database,
    )


def _no_right(error: Exception, account: Account, statement: str) -> PumpError:
    table = _named(error, statement)
    return ConfigurationError(
        f"The user {account.user} may not read the table {table} in the database {account.database}. Ask whoever "
        f"looks after the server to run there: GRANT SELECT ON {_bracketed(table)} TO {_bracketed(account.user)};",
        subject=account.database,
    )


def _certificate(_error: Exception, account: Account, _statement: str) -> PumpError:
    return ConfigurationError(
        f"The connection to {_server(account)} was given up, because nobody this computer trusts vouches for the "
        "server's certificate. Have a trusted certificate installed on the server. Where the network in between is "
        "safe, choose ODBC Driver 17 for SQL Server or FreeTDS instead, which do not check it.",
        subject=account.database,
    )


def _encryption(error: Exception, account: Account, _statement: str) -> PumpError:
    return ConfigurationError(
        f"The driver and the server {_server(account)} do not agree on encryption. Old servers need an older driver, "
        "such as ODBC Driver 17 for SQL Server or FreeTDS, or an update. "
        f"The driver says: {_said(error, account)}",
        subject=account.database,
    )


def _gone(_error: Exception, account: Account, _statement: str) -> PumpError:
    return SourceUnavailable(
        f"The server {_server(account)} ended the connection while it was asked. "
        "The next cycle tries again; if this goes on, ask whoever looks after the server.",
        subject=account.database,
    )


def _busy(error: Exception, account: Account, _statement: str) -> PumpError:
    return SourceUnavailable(
        f"The database {account.database} on {_server(account)} is busy or under maintenance. "
        f"The next cycle tries again. The driver says: {_said(error, account)}",
        subject=account.database,
    )


def _late(_error: Exception, account: Account, statement: str) -> PumpError:
    if not statement:
        return silent(account, account.server)
    return SourceUnavailable(
        f"The database server {account.server_as_subject} did not answer a query within "
        f"{account.query_timeout:g} seconds. "
        "The next cycle tries again; if this goes on, ask whoever looks after the server.",
        subject=account.database,
    )


def _unreached(error: Exception, account: Account, _statement: str) -> PumpError:
    return SourceUnavailable(
        f"The SQL Server {_server(account)} cannot be reached. Check the host, the port or the "
        f"instance, and that SQL Server runs there. The driver says: {_said(error, account)}",
        subject=account.database,
    )


_Rule = tuple[Callable[[Exception], bool], Callable[[Exception, Account, str], PumpError]]
_RULES: tuple[_Rule, ...] = (
    (_any_of(_NO_DATABASE | _NO_ACCESS), _no_database),
    (_any_of(_NOT_TRUSTED), _windows_login),
    (_any_of(_EXPIRED), _expired),
    (_any_of(_LOCKED), _locked),
    (login_failed, _refused_login),
    (_any_of({229, 230}), _no_right),
    (_any_of({208}), _no_table),
    (_any_of({207}), _no_column),
    (_any_of(_BUSY), _busy),
    (lambda error: _state(error) in _LATE_STATES, _late),
    (lambda error: _state(error)[:2] == "08" and bool(_CERTIFICATE.search(str(error))), _certificate),
    (lambda error: _state(error)[:2] == "08" and bool(_TLS.search(str(error))), _encryption),
    (lambda error: _state(error) in _GONE_STATES or bool(_numbers(error) & _GONE_NUMBERS), _gone),
    (lambda error: _state(error) == "08001", _unreached),
)


def _state(error: Exception) -> str:
    """The SQLSTATE; "" where it is no driver's error."""
    return str(error.args[0]) if len(error.args) > 1 else ""


def _numbers(error: Exception) -> set[int]:
    """SQL Server's own numbers; a message may hold several complaints."""
    return {int(number) for number in _NUMBER.findall(str(error.args[-1]) if error.args else "")}


def _named(error: Exception, statement: str) -> str:
    """The table or column that a message is about: the quoted word in it that the statement contains."""
    names = ["".join(match) for match in _QUOTED.findall(_said_by(error))]
    asked = statement.casefold()
    known = [name for name in names if name.casefold() in asked and name.upper() != "SELECT"]
    return (known or names or ["(unnamed)"])[0]


def _bracketed(name: str) -> str:
    return "[" + name.replace("]", "]]") + "]"


def _server(account: Account) -> str:
    server = server_of(account)
    name = f"{server.address}\\{server.instance}" if server.instance else server.address
    return name if server.port is None else f"{name} (port {server.port})"


def _said_by(error: Exception) -> str:
    return _ORIGIN.sub("", str(error.args[-1])).strip() if error.args else type(error).__name__


def _said(error: Exception, account: Account) -> str:
    return account.hide(_said_by(error))
