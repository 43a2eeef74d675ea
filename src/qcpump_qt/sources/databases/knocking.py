"""Whether anybody is at the door: tells apart an unknown host, a closed port and a silent server.

Drivers report all three in the same words or not at all (`fdb` has no connect time-out), so the plain TCP
connection is tried first.
"""

from __future__ import annotations

import socket

from qcpump_qt.engine.errors import SourceUnavailable
from qcpump_qt.sources.databases.adapter import Account


def knock(account: Account, port: int) -> None:
    """Connect to the server and hang up again.

    Args:
        account: whose host is tried, for at most its connect time-out.
        port: the port of the account, or the driver's own one.

    Raises:
        SourceUnavailable: nobody answers there, in words that say why.
    """
    host = account.host or "localhost"
    try:
        socket.create_connection((host, port), timeout=account.connect_timeout).close()
    except (OSError, UnicodeError) as error:
        raise unreachable(error, account, port) from error


def is_bad_host(error: UnicodeError) -> bool:
    """Whether a text is no host's name at all, in any spelling."""
    return getattr(error, "encoding", "idna") == "idna"


def unreachable(error: OSError | UnicodeError, account: Account, port: int) -> SourceUnavailable:
    """What kept the connection from being made, in words."""
    host = account.host or "localhost"
    if isinstance(error, TimeoutError):
        return silent(account, f"{host}, port {port}")
    return SourceUnavailable(_why(error, host, port), subject=account.database)


def silent(account: Account, server: str) -> SourceUnavailable:
    """Nobody answered in time; `server` is how it is named: a host, perhaps with a port."""
    who = f"{server}," if ", port " in server else server
    return SourceUnavailable(
        f"The database server {who} did not answer within {account.connect_timeout:g} seconds. "
        "Check the host and the port, whether that computer is switched on, and the firewall.",
        subject=account.database,
    )


def _why(error: OSError | UnicodeError, host: str, port: int) -> str:
    if isinstance(error, (socket.gaierror, UnicodeError)):
        return (
            f"The database server {host} is not known in the network. "
            "Check the host's spelling, and that this computer is in the hospital's network."
        )
    if isinstance(error, ConnectionRefusedError):
        return (
            f"The computer {host} is there, but nothing answers at its port {port}. "
            "Check the port, whether the database service is running there, and the firewall."
        )
    return (
        f"The database server {host}, port {port}, cannot be reached ({getattr(error, 'strerror', None) or error}). "
        "Check the host, the port and the network."
    )
