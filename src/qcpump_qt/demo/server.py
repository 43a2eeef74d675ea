"""A stand-in for a QATrack+ server, for the demonstration and for tests.

As an object::

    with StandIn(world) as standin:
        client = Client(standin.url, token)        # http://127.0.0.1:PORT/api
        ...
        assert [s["user_key"] for s in standin.sessions()] == [...]

As a process of its own (the first line of its output is its url)::

    python -m qcpump_qt.demo.server --port 0 --world world.json --store sessions.jsonl --control
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Any

from qcpump_qt.demo.api import Api
from qcpump_qt.demo.clock import ServerClock
from qcpump_qt.demo.connection import CONTROL, Server
from qcpump_qt.demo.control import Control, plain_session
from qcpump_qt.demo.counts import Counts
from qcpump_qt.demo.faults import Faults
from qcpump_qt.demo.page import Pages
from qcpump_qt.demo.sessions import SessionStore
from qcpump_qt.demo.throttle import Throttle
from qcpump_qt.demo.wire import Request, Response, error_page, moved, to_login
from qcpump_qt.demo.world import World
from qcpump_qt.demo.world_file import read_world


class StandIn:
    """A running stand-in; serves from the moment it is made until `stop`.

    Args:
        world: what is set up on it; may be changed while it runs.
        store: a file in which the sessions outlive the process; None to keep them in memory only.
        control: whether ``/_standin/faults``, ``/_standin/counts`` and ``/_standin/sessions`` answer.
        zone: the server's time zone as an IANA name; None for the zone of this computer.
        port: the port on 127.0.0.1; 0 for any free one.
        throttle: requests a minute and user on sessions (the real server: 500); None for no limit.
    """

    def __init__(
        self,
        world: World,
        *,
        store: Path | None = None,
        control: bool = False,
        zone: str | None = None,
        port: int = 0,
        throttle: int | None = None,
    ) -> None:
        self.world = world
        self.faults = Faults()
        self.counts = Counts()
        self.throttle = Throttle(throttle)
        self._store = SessionStore(store)
        self._api = Api(world, self._store, ServerClock(zone), self.throttle)
        self._pages = Pages(world, self._store)
        self._control = Control(self.faults, self.counts, self.sessions) if control else None
        self._server = Server(port, self._answer, self.faults, self.counts)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="QATrack+ stand-in", daemon=True
        )
        self._thread.start()

    @property
    def page_url(self) -> str:
        """The address of its overview page, without a slash at the end."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def url(self) -> str:
        """The address of its API, as a pump is given it."""
        return self.page_url + "/api"

    def sessions(self) -> list[dict[str, Any]]:
        """What was delivered, oldest first, as plain data.

        Each has: id, user_key, unit (its number), test_list (its name), work_started and work_completed
        (``YYYY-MM-DD HH:MM:SS``, the server's local time), day, comment, in_progress, created_by, and
        tests: slug to {value, skipped, comment}, for files also {filename, size, sha256}.
        """
        return [plain_session(self.world, session) for session in self._store.all()]

    def stop(self) -> None:
        """End it; open connections are cut. May be called more than once."""
        if self._thread.is_alive():
            self._server.end()
            self._thread.join()
        self._store.close()

    def __enter__(self) -> StandIn:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _answer(self, request: Request) -> Response:
        path = request.path
        if path.startswith(CONTROL):
            return self._control.answer(request) if self._control else error_page(404)
        if path.startswith("/api/") or path == "/api":
            return self._api.answer(request) if path.endswith("/") else moved(301, path + "/")
        return self._pages.answer(path) or to_login(request)


def main(arguments: list[str] | None = None) -> int:
    """Run a stand-in until the process is asked to end."""
    parser = argparse.ArgumentParser(
        prog="qcpump_qt.demo.server", description="A stand-in for a QATrack+ server."
    )
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 for any free one")
    parser.add_argument("--world", type=Path, required=True, help="JSON file: units, test lists, users ...")
    parser.add_argument("--store", type=Path, help="file that keeps the sessions")
    parser.add_argument("--control", action="store_true", help="answer the control paths")
    parser.add_argument("--zone", help="the server's time zone; that of this computer where left out")
    parser.add_argument("--throttle", type=int, help="requests a minute and user; no limit where left out")
    chosen = parser.parse_args(arguments)
    ended = threading.Event()
    for name in ("SIGTERM", "SIGINT", "SIGBREAK"):
        # SIGBREAK is what Windows sends to end a process group; other systems have no such signal.
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: ended.set())
    world = read_world(chosen.world)
    options = {
        "control": chosen.control,
        "zone": chosen.zone,
        "port": chosen.port,
        "throttle": chosen.throttle,
    }
    with StandIn(world, store=chosen.store, **options) as standin:
        sys.stdout.write(standin.url + "\n")
        sys.stdout.flush()
        # Waits in steps, because Windows delivers signals only between two of them.
        while not ended.wait(0.2):
            pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
