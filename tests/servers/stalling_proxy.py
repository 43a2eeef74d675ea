"""A line that goes dead: forwards everything until told to stop, and then keeps it without a word."""

from __future__ import annotations

import selectors
import socket
import threading
from types import TracebackType


class StallingProxy:
    """Stands between a client and a server on the loopback; ended with the `with` block.

    Args:
        port: of the server.
    """

    host = "127.0.0.1"

    def __init__(self, port: int) -> None:
        self._target = port
        self._server = socket.create_server((self.host, 0))
        self.port = int(self._server.getsockname()[1])
        self._stalled = threading.Event()
        self._ending = threading.Event()
        self._lines: list[socket.socket] = []
        self._thread = threading.Thread(target=self._serve, name="stalling proxy", daemon=True)
        self._thread.start()

    def stall(self) -> None:
        """Forward nothing any more, in either direction; the connections stay."""
        self._stalled.set()

    def __enter__(self) -> StallingProxy:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ending.set()
        self._thread.join(timeout=30)
        for line in (self._server, *self._lines):
            line.close()

    def _serve(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._server, selectors.EVENT_READ)
            while not self._ending.is_set():
                # Once stalled there is nothing to look at but the end.
                if self._stalled.is_set():
                    self._ending.wait()
                    return
                for key, _ in selector.select(timeout=0.05):
                    self._attend(selector, key)

    def _attend(self, selector: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
        if key.fileobj is self._server:
            client, _ = self._server.accept()
            server = socket.create_connection((self.host, self._target))
            self._lines += [client, server]
            selector.register(client, selectors.EVENT_READ, server)
            selector.register(server, selectors.EVENT_READ, client)
            return
        source, sink = key.fileobj, key.data
        assert isinstance(source, socket.socket)
        try:
            data = source.recv(65536)
            if data:
                # In small pieces, so that a reader who has stopped cannot hold this thread for good.
                sink.settimeout(0.2)
                sink.sendall(data)
        except OSError:
            data = b""
        if not data:
            selector.unregister(source)
            source.close()
