"""A stand-in for a SQL Server: TDS 7.4 over SQLite files, on the loopback, as a process of its own.

It reads one line of JSON from its input (see `tds_process`), prints its port, and then answers each further line:
``{"silent": true}``, ``{"troubles": {"word in the statement": "silent"}}``, ``{"left": seconds}``,
``{"words": "…", "seconds": …}`` or ``{"log": true}``. It ends with its input, so it never outlives the test that
started it.
"""

from __future__ import annotations

import json
import socket
import ssl
import sys
import threading
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from servers.tds_session import Session, User, World
from servers.tds_sql import Rights
from servers.tds_wire import Channel


def main() -> None:
    """Serve until the input ends."""
    world = _world(json.loads(sys.stdin.readline()))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_serve, args=(listener, world), daemon=True).start()
        _tell(listener.getsockname()[1])
        for line in sys.stdin:
            _tell(_control(world, json.loads(line)))


def _world(setup: dict[str, Any]) -> World:
    context = None
    if setup["certificate"]:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        # TLS 1.3 sends tickets after the handshake, which TDS 7.4 has no place for.
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(setup["certificate"])
    users = {
        name: User(user["password"], Rights(user["tables"], user["writes"]))
        for name, user in setup["users"].items()
    }
    databases = {name: Path(path) for name, path in setup["databases"].items()}
    return World(databases, users, context, forced=setup["forced"])


def _serve(listener: socket.socket, world: World) -> None:
    while True:
        connection, _address = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        world.count(1)
        threading.Thread(target=Session(Channel(connection), world).run, daemon=True).start()


def _control(world: World, wish: dict[str, Any]) -> Any:
    if "silent" in wish:
        world.silent = wish["silent"]
    if "troubles" in wish:
        world.troubles = wish["troubles"]
    if "left" in wish:
        return world.wait_until_left(wish["left"])
    if "words" in wish:
        return world.wait_for(wish["words"], wish["seconds"])
    return world.log if "log" in wish else True


def _tell(answer: Any) -> None:
    print(json.dumps(answer), flush=True)  # noqa: T201 - the way in which the test hears of it


if __name__ == "__main__":
    main()
