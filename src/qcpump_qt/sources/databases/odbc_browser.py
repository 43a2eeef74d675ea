"""Where a named instance listens: asked of the service SQL Server Browser, before a driver waits for it in vain.

Drivers ask the same question and tell neither an unknown instance nor a silent Browser from a server that is
switched off. Source of the layout: Microsoft's open specification MC-SQLR, sections 2.2.3 and 2.2.5.
"""

from __future__ import annotations

import socket

from qcpump_qt.engine.errors import ConfigurationError, SourceUnavailable

PORT = 1434
_ASK_ALL = b"\x03"
_TRIES = 3
_LONGEST = 65535
_ANSWER_HEAD = 3


def ask_browser(host: str, instance: str, database: str, seconds: float) -> int | None:
    """The TCP port of an instance; None where it is reached by other ways only.

    Args:
        host: the server's name.
        instance: the instance's name, in any case.
        database: what the error is about.
        seconds: how long to wait for an answer, in three tries.

    Raises:
        OSError: the host is unknown, or the network is down.
        SourceUnavailable: the Browser does not answer.
        ConfigurationError: it knows no such instance.
    """
    answer = _asked(host, seconds)
    if answer is None:
        raise SourceUnavailable(
            f"The service SQL Server Browser on {host} does not say where the instance {instance} is. Check that "
            "it runs there and passes the firewall (UDP port 1434), or enter the instance's own port.",
            subject=database,
        )
    instances = _instances(answer)
    found = instances.get(instance.casefold())
    if found is None:
        names = ", ".join(fields["InstanceName"] for fields in instances.values()) or "none"
        raise ConfigurationError(
            f"The server {host} has no instance {instance}. It offers: {names}. Correct the name behind the backslash.",
            subject=database,
        )
    return int(found["tcp"]) if found.get("tcp", "").isdecimal() else None


def _asked(host: str, seconds: float) -> bytes | None:
    family, kind, _protocol, _name, address = socket.getaddrinfo(host, PORT, type=socket.SOCK_DGRAM)[0]
    with socket.socket(family, kind) as line:
        line.settimeout(seconds / _TRIES)
        line.connect(address)
        for _try in range(_TRIES):
            try:
                line.send(_ASK_ALL)
                return line.recv(_LONGEST)
            except TimeoutError:  # a lost packet: nobody repeats it for us
                continue
            except ConnectionError:  # that computer is there and says that nobody listens
                return None
    return None


def _instances(answer: bytes) -> dict[str, dict[str, str]]:
    """``ServerName;X;InstanceName;Y;…;tcp;1433;;`` for each, by the instance's name in small letters."""
    found = {}
    for text in answer[_ANSWER_HEAD:].decode("latin-1").split(";;"):
        words = text.split(";")
        fields = dict(zip(words[::2], words[1::2], strict=False))
        if "InstanceName" in fields:
            found[fields["InstanceName"].casefold()] = fields
    return found
