"""The wire of TDS 7.4, seen from the server: packets, messages, and TLS that begins inside them.

Source of the layout: Microsoft's open specification MS-TDS, sections 2.2.3 (packets) and 2.2.6.5 (PRELOGIN).
"""

from __future__ import annotations

import socket
import ssl
import struct

BATCH, RPC, ANSWER, ATTENTION, LOGIN, PRELOGIN = 1, 3, 4, 6, 16, 18
_HEADER = struct.Struct(">BBHHBB")
_LAST = 1
_PACKET = 4096


class Gone(Exception):  # noqa: N818 - reads as what the client did
    """The client closed the connection."""


class Channel:
    """One client's connection, on which whole messages are read and written."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._tls: ssl.SSLObject | None = None
        self._from_client = ssl.MemoryBIO()
        self._to_client = ssl.MemoryBIO()

    def read(self) -> tuple[int, bytes]:
        """The next message: its type and its content.

        Raises:
            Gone: the client closed the connection.
        """
        content = bytearray()
        while True:
            kind, status, length, *_ = _HEADER.unpack(self._receive(_HEADER.size))
            content += self._receive(length - _HEADER.size)
            if status & _LAST:
                return kind, bytes(content)

    def write(self, content: bytes, kind: int = ANSWER, *, whole: bool = True) -> None:
        """Send one message in packets; with `whole` False the client goes on waiting for the rest."""
        step = _PACKET - _HEADER.size
        starts = range(0, max(len(content), 1), step)
        for number, start in enumerate(starts, 1):
            part = content[start : start + step]
            last = _LAST if whole and start == starts[-1] else 0
            self._send(_HEADER.pack(kind, last, len(part) + _HEADER.size, 0, number % 256, 0) + part)

    def start_tls(self, context: ssl.SSLContext) -> None:
        """Shake hands; TDS 7.4 carries the handshake inside PRELOGIN packets.

        Raises:
            ssl.SSLError: the client does not like the certificate.
            Gone: the client closed the connection.
        """
        tls = context.wrap_bio(self._from_client, self._to_client, server_side=True)
        while True:
            try:
                tls.do_handshake()
            except ssl.SSLWantReadError:
                self._pass_on_handshake()
                self._from_client.write(self.read()[1])
            else:
                self._pass_on_handshake()
                self._tls = tls
                return

    def stop_tls(self) -> None:
        """Go on in plain: after the login, where both sides encrypt the login only."""
        self._tls = None

    def close(self) -> None:
        """End the connection."""
        self._socket.close()

    def _pass_on_handshake(self) -> None:
        if self._to_client.pending:
            self.write(self._to_client.read(), PRELOGIN)

    def _send(self, data: bytes) -> None:
        if self._tls is not None:
            self._tls.write(data)
            data = self._to_client.read()
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise Gone from error

    def _receive(self, size: int) -> bytes:
        data = bytearray()
        while len(data) < size:
            data += self._some(size - len(data))
        return bytes(data)

    def _some(self, size: int) -> bytes:
        if self._tls is None:
            return self._from_socket(size)
        try:
            data = self._tls.read(size)
        except ssl.SSLWantReadError:
            self._from_client.write(self._from_socket(65536))
            return b""
        if not data:
            raise Gone
        return data

    def _from_socket(self, size: int) -> bytes:
        try:
            data = self._socket.recv(size)
        except OSError as error:
            raise Gone from error
        if not data:
            raise Gone
        return data
