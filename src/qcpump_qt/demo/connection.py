"""The HTTP side of the stand-in: threads, keep-alive connections, and carrying out faults.

One thread a connection; a head and its body leave in one piece without Nagle's delay, so that hundreds
of requests a second are possible.
"""

from __future__ import annotations

import logging
import socket
import sys
import threading
from collections.abc import Callable
from email.utils import formatdate
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from qcpump_qt.demo.body import read_body
from qcpump_qt.demo.counts import Counts
from qcpump_qt.demo.fault_answers import BEFORE, answer_of
from qcpump_qt.demo.faults import Fault, FaultKind, Faults
from qcpump_qt.demo.wire import Request, Response, error_page

CONTROL = "/_standin/"
"""Paths below this are for tests: neither counted nor troubled by faults."""

_PIECES = 20
_LOG = logging.getLogger(__name__)


def shares_port(platform: str) -> bool:
    """Whether a port may be taken while old connections to it fade away.

    Everywhere but on Windows that is what SO_REUSEADDR means; there it would let two servers share a port.
    """
    return platform != "win32"


class Server(ThreadingHTTPServer):
    """A server on the loopback interface that answers with `answer`."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(
        self, port: int, answer: Callable[[Request], Response], faults: Faults, counts: Counts
    ) -> None:
        self.answer = answer
        self.faults = faults
        self.counts = counts
        self.ending = threading.Event()
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__(("127.0.0.1", port), Handler)

    def server_bind(self) -> None:
        """Bind without looking up the host's name, which can take seconds where there is no name service."""
        if shares_port(sys.platform):
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def joined(self, connection: socket.socket) -> None:
        """A connection is being served."""
        with self._lock:
            self._connections.add(connection)
        self.counts.opened()
        if self.ending.is_set():
            _cut(connection)

    def left(self, connection: socket.socket) -> None:
        """A connection has ended."""
        with self._lock:
            self._connections.discard(connection)
        self.counts.closed()

    def end(self) -> None:
        """Stop listening and cut all connections."""
        self.ending.set()
        self.shutdown()
        self.server_close()
        with self._lock:
            connections = list(self._connections)
        for connection in connections:
            _cut(connection)


class Handler(BaseHTTPRequestHandler):
    """Serves one connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def setup(self) -> None:
        """Count the connection."""
        super().setup()
        self.server.joined(self.connection)

    def finish(self) -> None:
        """Count the end of the connection."""
        try:
            super().finish()
        finally:
            self.server.left(self.connection)

    def handle(self) -> None:
        """Serve requests until the connection ends; a client that goes away is no trouble here."""
        try:
            super().handle()
        except OSError:
            # The client cut the connection (which tests do on purpose): nobody is left to be told.
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - named by the base class
        """Say nothing: what was asked is in the counts."""

    def _serve(self) -> None:
        request = self._read()
        if request is None:
            self._drop()
            return
        if request.path.startswith(CONTROL):
            self._send(self._answer(request))
            return
        self.server.counts.began(request.method, request.path)
        fault, answer = None, None
        try:
            if not self._wait(self.server.faults.latency_ms / 1000):
                fault = self.server.faults.strike(request.method, request.path)
                answer = self._outcome(request, fault)
        finally:
            # Before the answer leaves, so that whoever has it finds it counted.
            self.server.counts.ended(None if answer is None else answer.status)
        if answer is None:
            self._drop()
        elif fault is not None and fault.kind is FaultKind.SLOW_BODY:
            self._send_slowly(answer, fault.seconds)
        else:
            self._send(answer)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _serve  # noqa: N815 - named by the base class

    def _outcome(self, request: Request, fault: Fault | None) -> Response | None:
        if fault is None:
            return self._answer(request)
        if fault.kind in BEFORE:
            return answer_of(fault, self.path)
        if fault.kind is FaultKind.HANG and self._wait(fault.seconds):
            return None
        answer = self._answer(request)
        if fault.kind is FaultKind.HANG_AFTER and self._wait(fault.seconds):
            return None
        if fault.kind is FaultKind.ERROR_AFTER:
            return error_page(500)
        return None if fault.kind is FaultKind.DROP_AFTER else answer

    def _wait(self, seconds: float) -> bool:
        """Wait; True when the stand-in ends meanwhile, so that nothing more may be done."""
        return seconds > 0 and self.server.ending.wait(seconds)

    def _answer(self, request: Request) -> Response:
        try:
            return self.server.answer(request)
        except Exception:  # noqa: BLE001 - a server does not end because one request is odd
            _LOG.exception("The stand-in failed at %s %s", request.method, request.path)
            return error_page(500)

    def _read(self) -> Request | None:
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = read_body(self.rfile, headers)
        if body is None:
            return None
        query = tuple(parse_qsl(parts.query, keep_blank_values=True))
        return Request(self.command, unquote(parts.path), query, headers, body)

    def _send(self, answer: Response) -> None:
        self.wfile.write(self._head(answer) + (b"" if self.command == "HEAD" else answer.body))

    def _send_slowly(self, answer: Response, seconds: float) -> None:
        self.wfile.write(self._head(answer))
        size = max(1, -(-len(answer.body) // _PIECES))
        for start in range(0, len(answer.body), size):
            self._wait(seconds / _PIECES)
            self.wfile.write(answer.body[start : start + size])

    def _drop(self) -> None:
        self.close_connection = True
        _cut(self.connection)

    def _head(self, answer: Response) -> bytes:
        lines = [
            f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}",
            f"Content-Length: {len(answer.body)}",
            f"Date: {formatdate(usegmt=True)}",
            "Server: standin",
            *(f"{name}: {value}" for name, value in answer.headers.items()),
        ]
        if self.close_connection:
            lines.append("Connection: close")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _cut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        # The other side was faster; the connection is gone, which is what was wanted.
        return
