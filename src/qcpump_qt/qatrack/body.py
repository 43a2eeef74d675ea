"""The body of a request as JSON, in which files are read while they are sent and never held whole."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from qcpump_qt.engine.records import FileContent
from qcpump_qt.qatrack.checks import check_payload
from qcpump_qt.qatrack.content import FilePiece

Piece = bytes | FilePiece


class SizedStream:
    """Bytes that are produced while they are sent, of a length that is known before.

    Each iteration starts anew, so that a request can be repeated.

    Args:
        pieces: fixed bytes and files, in order.
    """

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = tuple(pieces)
        self._length = sum(len(piece) for piece in self._pieces)

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            if isinstance(piece, bytes):
                yield piece
            else:
                yield from piece


def json_body(payload: Mapping[str, Any]) -> bytes | SizedStream:
    """The payload as a JSON text (ASCII, all else escaped).

    Args:
        payload: values may be `FileContent`, which is put into a JSON text in its place.

    Returns:
        the bytes, or a stream of known length when there are files in it.

    Raises:
        Unsendable: a value that the server cannot take, such as a NaN; the message names the test.
        SourceUnavailable: a file cannot be read now.
        ItemError: a file is not text in its charset.
        ConfigurationError: there is no such charset.
    """
    check_payload(payload)
    files: list[FileContent] = []
    mark = f"file-{secrets.token_hex(16)}"

    def stand_in(value: Any) -> Any:
        if isinstance(value, Mapping):
            return dict(value)
        files.append(value)
        return mark

    text = json.dumps(payload, allow_nan=False, default=stand_in).encode("ascii")
    if not files:
        return text
    fixed = text.split(mark.encode("ascii"))
    pieces: list[Piece] = [fixed[0]]
    for file, after in zip(files, fixed[1:], strict=True):
        pieces += [FilePiece(file), after]
    return SizedStream(pieces)
