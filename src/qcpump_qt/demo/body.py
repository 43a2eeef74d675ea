"""Reads the body of a request off a connection: of known length, or in chunks as streaming clients send."""

from __future__ import annotations

from collections.abc import Mapping
from io import BufferedIOBase


def read_body(stream: BufferedIOBase, headers: Mapping[str, str]) -> bytes | None:
    """The body of one request; None when it is broken off or its size is none.

    Args:
        stream: the connection, after the head.
        headers: of the request, names in lower case.
    """
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return _read_chunks(stream)
    length = _size(headers.get("content-length", "0"), 10)
    if length is None:
        return None
    body = stream.read(length)
    return body if len(body) == length else None


def _read_chunks(stream: BufferedIOBase) -> bytes | None:
    pieces: list[bytes] = []
    while True:
        size = _size(stream.readline(1024).split(b";")[0].decode("latin-1"), 16)
        if size is None:
            return None
        piece = stream.read(size)
        stream.readline(1024)
        if size == 0:
            return b"".join(pieces)
        if len(piece) < size:
            return None
        pieces.append(piece)


def _size(text: str, base: int) -> int | None:
    try:
        return max(0, int(text, base))
    except ValueError:
        # Not a size: the caller cuts the connection, as it cannot know where the next request begins.
        return None
