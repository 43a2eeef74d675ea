"""The open connections of one transport, so that cancelling can end whatever hangs in them.

A thread that waits in a socket looks at no token. So every connection that urllib3 opens is made here, in
a way that can be given up, and a second handle of its socket is kept: shutting that down wakes the thread.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from requests import PreparedRequest
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.exceptions import ConnectTimeoutError
from urllib3.poolmanager import PoolManager

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.qatrack.waiting import run_bounded

DIALS = 4
"""A name can stand for several machines; dialling all of them may take this many connect time-outs."""


class OpenLines:
    """Handles of all open sockets.

    Args:
        cancel: when set, no new connection is opened.
        send_timeout: seconds that the server may take to accept a piece of the body.
    """

    def __init__(self, cancel: CancelToken, send_timeout: float) -> None:
        self._cancel = cancel
        self.send_timeout = send_timeout
        self._lock = threading.Lock()
        self._handles: dict[int, socket.socket] = {}
        self._busy: dict[int, list[socket.socket]] = {}

    @contextlib.contextmanager
    def request(self) -> Iterator[None]:
        """Around a request: what it opens can be shut until its answer is read, even once urllib3 let go."""
        me = threading.get_ident()
        with self._lock:
            self._busy[me] = []
        try:
            with self._cancel.closing(self.shut):
                yield
        finally:
            with self._lock:
                leftovers = self._busy.pop(me)
            for handle in leftovers:
                handle.close()

    def dial(self, connect: Callable[[], socket.socket], timeout: float) -> socket.socket:
        """Open a connection, giving up when cancelled.

        Raises:
            Cancelled: an end was asked for.
            TimeoutError: several times the connect time-out is over (a name look-up knows none).
        """
        sock = run_bounded(connect, DIALS * timeout, self._cancel, socket.socket.close)
        if self._cancel.cancelled:
            sock.close()
            self._cancel.check()
        return sock

    def keep(self, line: object, sock: socket.socket) -> None:
        """Remember the socket of a connection."""
        handle = socket.fromfd(sock.fileno(), sock.family, sock.type, sock.proto)
        self.drop(line)
        with self._lock:
            self._handles[id(line)] = handle
        if self._cancel.cancelled:
            self.shut()

    def drop(self, line: object) -> None:
        """The connection was closed; its answer may still be being read by the request under way."""
        with self._lock:
            handle = self._handles.pop(id(line), None)
            leftovers = self._busy.get(threading.get_ident())
            if handle is not None and leftovers is not None:
                leftovers.append(handle)
                return
        if handle is not None:
            handle.close()

    def shut(self) -> None:
        """End all that is under way; threads that wait in a socket wake up with an error."""
        with self._lock:
            handles = [*self._handles.values(), *(each for some in self._busy.values() for each in some)]
            for handle in handles:
                with contextlib.suppress(OSError):  # it is no longer connected, which is what is wanted
                    handle.shutdown(socket.SHUT_RDWR)

    def tie(self, manager: PoolManager) -> None:
        """Make all pools of the manager use connections that are tied to these lines."""
        classes = manager.pool_classes_by_scheme
        manager.pool_classes_by_scheme = {scheme: _tied(pool, self) for scheme, pool in classes.items()}


class _Line(HTTPConnection):
    """Mixed into urllib3's connections (plain, TLS, through SOCKS)."""

    lines: ClassVar[OpenLines]

    def _new_conn(self) -> socket.socket:
        timeout = self.timeout if isinstance(self.timeout, (int, float)) else self.lines.send_timeout
        try:
            sock = self.lines.dial(super()._new_conn, timeout)
        except TimeoutError as error:
            raise ConnectTimeoutError(self, "no connection in time") from error
        self.lines.keep(self, sock)
        return sock

    def connect(self) -> None:
        super().connect()
        if self.sock is not None:
            self.sock.settimeout(self.lines.send_timeout)

    def request(self, method: str, url: str, *args: Any, **options: Any) -> None:
        if self.sock is not None:
            self.timeout = self.lines.send_timeout
        super().request(method, url, *args, **options)

    def close(self) -> None:
        super().close()
        self.lines.drop(self)


class _Pool(HTTPConnectionPool):
    """Mixed into urllib3's pools."""

    def _validate_conn(self, conn: Any) -> None:
        """Connect early as urllib3 does; its warning about unchecked certificates is told by us, in words."""
        if self.scheme == "https" and conn.is_closed:
            conn.connect()


def _tied(pool: type[HTTPConnectionPool], lines: OpenLines) -> type[HTTPConnectionPool]:
    line = type("Line", (_Line, pool.ConnectionCls), {"lines": lines})
    return type("Pool", (_Pool, pool), {"ConnectionCls": line})


class LineAdapter(HTTPAdapter):
    """Gives requests our connections and our trust; a few connections, kept alive.

    Args:
        lines: what the connections are tied to.
        tls: which certificates to trust.
        connections: how many at most.
    """

    def __init__(self, lines: OpenLines, tls: ssl.SSLContext, connections: int) -> None:
        self._lines = lines
        self._tls = tls
        self._managers = threading.Lock()
        super().__init__(pool_connections=connections, pool_maxsize=connections, pool_block=True)

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: Any
    ) -> None:
        """As in requests, with our connections."""
        super().init_poolmanager(connections, maxsize, block, **pool_kwargs)
        self._lines.tie(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> Any:
        """As in requests, with our connections, and one manager only when several threads ask."""
        with self._managers:
            known = proxy in self.proxy_manager
            manager = super().proxy_manager_for(proxy, **proxy_kwargs)
            if not known:
                self._lines.tie(manager)
            return manager

    def build_connection_pool_key_attributes(
        self, request: PreparedRequest, verify: bool | str, cert: Any = None
    ) -> tuple[Any, Any]:
        """As in requests, with our trust in place of a certificate file."""
        host, _ = super().build_connection_pool_key_attributes(request, verify, cert)
        return host, {"ssl_context": self._tls, "cert_reqs": self._tls.verify_mode}

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Nothing: which certificates are trusted is said by the TLS context alone."""
