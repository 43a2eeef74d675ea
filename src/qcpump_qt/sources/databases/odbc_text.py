"""The text with which ODBC opens a connection: one dialect per family of drivers, each value quoted."""

from __future__ import annotations

from dataclasses import dataclass

from qcpump_qt.engine.errors import ConfigurationError
from qcpump_qt.sources.databases.adapter import Account
from qcpump_qt.sources.databases.odbc_drivers import checks_certificates, is_freetds, is_sqlite

DEFAULT_PORT = 1433
_THIS_COMPUTER = ("", ".", "(local)", "localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Server:
    """Where a SQL Server is: the parts of ``host``, ``host\\instance`` or ``host,port``."""

    host: str
    instance: str
    port: int | None

    @property
    def local(self) -> bool:
        """Whether it runs on this computer."""
        return self.host.casefold() in _THIS_COMPUTER

    @property
    def address(self) -> str:
        """The host's name as every driver understands it."""
        return "localhost" if self.host in ("", ".", "(local)") else self.host


def server_of(account: Account) -> Server:
    """The account's server.

    A named instance is found by its name: the default port is that of the default instance, so it is left
    out then. Any other port was meant, and leads to the instance by itself.

    Raises:
        ConfigurationError: what stands behind the comma is no port.
    """
    name, comma, behind = account.host.strip().removeprefix("tcp:").partition(",")
    host, _, instance = (part.strip() for part in name.partition("\\"))
    port = account.port
    if comma:
        if not behind.strip().isdecimal():
            raise ConfigurationError(
                f"In the host {account.host} no port number stands behind the comma. "
                "Write the host's name alone, and the port in its own field.",
                subject=account.host,
            )
        port = int(behind)
    if instance and port == DEFAULT_PORT:
        port = None
    return Server(host, instance, port)


def connection_text(account: Account, driver: str, *, database: bool = True) -> str:
    """What `pyodbc.connect` takes; contains the password, so it must never be shown.

    Microsoft's drivers from 18 on encrypt everything and check the server's certificate; that is left as it is,
    except on this computer, where nobody can be in between. Older ones and FreeTDS encrypt the login only, and check
    nothing.

    Args:
        account: where to, and who.
        driver: the ODBC driver's name or path.
        database: False to log in without naming the database.

    Raises:
        ConfigurationError: the server, or a value, cannot be written down for this driver.
    """
    head = f"DRIVER={{{driver.strip('{}')}}}"
    if is_sqlite(driver):
        return f"{head};Database={account.database};NoCreat=1"
    parts = _server_parts(server_of(account), driver)
    if database:
        parts["DATABASE"] = account.database
    parts |= {"UID": account.user, "PWD": account.password}
    parts |= {"APP": "QCPump-Qt", "ApplicationIntent": "ReadOnly"}
    quote = _quoted_for_freetds if is_freetds(driver) else _quoted
    return ";".join([head, *(f"{name}={quote(name, value)}" for name, value in parts.items()), ""])


def _server_parts(server: Server, driver: str) -> dict[str, str]:
    by_name = server.instance and server.port is None
    name = f"{server.address}\\{server.instance}" if by_name else server.address
    if is_freetds(driver):
        port = {} if by_name else {"PORT": str(server.port or DEFAULT_PORT)}
        return {"SERVER": name, **port, "TDS_Version": "7.4"}
    parts = {"SERVER": name if server.port is None else f"{name},{server.port}"}
    if checks_certificates(driver):
        parts |= {"Encrypt": "yes", "TrustServerCertificate": "yes" if server.local else "no"}
    return parts


def _quoted(_name: str, value: str) -> str:
    """In braces wherever a letter in it could mean something (ODBC reference, SQLDriverConnect)."""
    if value and value == value.strip() and not any(letter in value for letter in "[]{}(),;?*=!@"):
        return value
    return "{" + value.replace("}", "}}") + "}"


def _quoted_for_freetds(name: str, value: str) -> str:
    """In braces where it must be: FreeTDS takes all up to ``};`` as the value, and doubled braces as two."""
    if value and value == value.strip() and ";" not in value and value[0] != "{":
        return value
    if "};" in value:
        raise ConfigurationError(
            f"FreeTDS cannot take a {_FIELDS.get(name, name)} with the letters '}}' and ';' in a row. "
            "Choose another driver, or have it changed on the server.",
            subject="FreeTDS",
        )
    return "{" + value + "}"


_FIELDS = {"PWD": "password", "UID": "user", "DATABASE": "database", "SERVER": "host"}
