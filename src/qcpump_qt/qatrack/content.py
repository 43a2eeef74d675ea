"""One file's content as the inside of a JSON text: base64, or text with escapes, in small pieces.

The length has to be known before the first byte is sent, so a text is read twice. A file that changes in
between ends the request with an error; it never goes up as half a file.
"""

from __future__ import annotations

import base64
import codecs
import json
import os
from collections.abc import Iterator
from typing import BinaryIO

from qcpump_qt.engine.errors import ConfigurationError, ItemError, SourceUnavailable
from qcpump_qt.engine.oserror_words import in_words
from qcpump_qt.engine.records import FileContent

CHUNK = 3 * 16 * 1024
"""Bytes read at once; a multiple of three, so that pieces of base64 fit together."""

_Stamp = tuple[int, int]


class FilePiece:
    """A file's content, ready to be sent; iterating reads the file.

    Args:
        content: which file, and how it is put into the JSON text.

    Raises:
        SourceUnavailable: the file cannot be read.
        ItemError: the file is not text in its charset.
        ConfigurationError: there is no such charset.
    """

    def __init__(self, content: FileContent) -> None:
        self._content = content
        self._stamp: _Stamp = (-1, -1)
        self._length = self._measured()

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[bytes]:
        """The content; `SourceUnavailable` when the file is not what it was when it was measured."""
        sent = 0
        for piece in self._pieces(first=False):
            sent += len(piece)
            if sent > self._length:
                raise self._changed()
            yield piece
        if sent != self._length:
            raise self._changed()

    def _measured(self) -> int:
        if self._content.encoding == "base64":
            for _ in self._pieces(first=True):
                break
            return 4 * ((self._stamp[0] + 2) // 3)
        return sum(len(piece) for piece in self._pieces(first=True))

    def _pieces(self, *, first: bool) -> Iterator[bytes]:
        """The encoded content; the file must be the same at the end as at the start and when it was measured."""
        try:
            with self._content.path.open("rb") as file:
                before = _stamp(file)
                if first:
                    self._stamp = before
                yield from self._encoded(file)
                if _stamp(file) != before or before != self._stamp:
                    raise self._changed()
        except OSError as error:
            raise SourceUnavailable(
                in_words(error, "read", self._content.path), subject=str(self._content.path)
            ) from error

    def _encoded(self, file: BinaryIO) -> Iterator[bytes]:
        if self._content.encoding == "base64":
            while chunk := file.read(CHUNK):
                yield base64.b64encode(chunk)
        else:
            yield from self._escaped(file)

    def _escaped(self, file: BinaryIO) -> Iterator[bytes]:
        path, charset = self._content.path, self._content.charset
        try:
            decoder = codecs.getincrementaldecoder(charset)("strict")
        except LookupError as error:
            raise ConfigurationError(
                f"There is no charset '{charset}'. Use utf-8, utf-16, cp1252 or another that Python knows."
            ) from error
        try:
            while chunk := file.read(CHUNK):
                yield _escape(decoder.decode(chunk))
            yield _escape(decoder.decode(b"", final=True))
        except UnicodeError as error:
            raise ItemError(
                f"{path} is not text in {charset}. Save it as {charset}, or send it as a binary file.",
                title="Not a text file",
                subject=str(path),
            ) from error

    def _changed(self) -> SourceUnavailable:
        path = self._content.path
        return SourceUnavailable(
            f"{path} changed while it was being sent; nothing was stored. It goes in a later cycle, "
            "when nobody writes it any more.",
            title="File is still being written",
            subject=str(path),
        )


def _escape(text: str) -> bytes:
    return json.dumps(text).encode("ascii")[1:-1]


def _stamp(file: BinaryIO) -> _Stamp:
    state = os.fstat(file.fileno())
    return state.st_size, state.st_mtime_ns
