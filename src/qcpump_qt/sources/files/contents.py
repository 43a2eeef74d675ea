"""What a file holds: which version of it this is, and how a text is written; read in pieces, never held whole."""

from __future__ import annotations

import codecs
import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import ItemError, PumpError, SourceUnavailable

CHUNK = 1024 * 1024
"""Bytes read at once."""

_SHARING_VIOLATION = (32, 33)
"""Windows: another program holds the file, or a part of it."""
_UNDEFINED_IN_1252 = frozenset(b"\x81\x8d\x8f\x90\x9d")
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_LEAST_SHARE = 4
"""A text in UTF-16 without its mark has at least one NUL in so many bytes, as long as it is mostly Latin."""


class StillWritten(SourceUnavailable):
    """Somebody writes the file; it is complete later."""

    title = "File is still being written"


@dataclass(frozen=True)
class Stamp:
    """By what a change of a file is noticed without reading it: bytes, and nanoseconds since 1970."""

    size: int
    mtime_ns: int

    @classmethod
    def of(cls, seen: os.stat_result) -> Stamp:
        """The stamp in what the system tells of a file."""
        return cls(seen.st_size, seen.st_mtime_ns)


def stamp_of(path: Path) -> Stamp:
    """The stamp of a file as it is now, not as a listing of its folder may have it.

    Raises:
        ItemError: it has vanished.
        SourceUnavailable: it cannot be looked at now.
    """
    try:
        return Stamp.of(path.stat())
    except OSError as error:
        raise unreadable(error, path) from error


def content_digest(path: Path, stamp: Stamp, cancel: CancelToken) -> str:
    """A digest of the whole content, 32 characters.

    Args:
        path: the file.
        stamp: how it looked before; it must look so at the start and at the end of the reading.
        cancel: ends the reading between two pieces.

    Raises:
        ItemError: the file has vanished.
        SourceUnavailable: it is locked or cannot be read now; `StillWritten` where somebody writes it.
    """
    digest = blake2b(digest_size=16)
    try:
        with path.open("rb") as file:
            before = Stamp.of(os.fstat(file.fileno()))
            while chunk := file.read(CHUNK):
                cancel.check()
                digest.update(chunk)
            after = Stamp.of(os.fstat(file.fileno()))
    except OSError as error:
        raise unreadable(error, path) from error
    if not before == after == stamp:
        raise still_written(path)
    return digest.hexdigest()


def still_written(path: Path) -> StillWritten:
    """The file was written to since it was looked at, in words."""
    return StillWritten(
        f"“{path.name}” is being written to just now; it goes when it is complete.", subject=str(path)
    )


def text_charset(path: Path) -> str:
    """How a text file is written: UTF-8, UTF-16 with or without its mark, or else the Windows code page 1252.

    Raises:
        ItemError: the file has vanished, or is not text in any of these.
        SourceUnavailable: it cannot be read now.
    """
    try:
        with path.open("rb") as file:
            return _charset(file, path)
    except OSError as error:
        raise unreadable(error, path) from error


def unreadable(error: OSError, path: Path) -> PumpError:
    """Why a file cannot be read, in words.

    Args:
        error: what the system said.
        path: the file.
    """
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return ItemError("The file has vanished before it could be read.", subject=str(path))
    if getattr(error, "winerror", None) in _SHARING_VIOLATION:
        why = "another program holds it open"
    elif isinstance(error, PermissionError):
        why = "it is locked, or this account has no right to read it"
    else:
        why = error.strerror or type(error).__name__
    return SourceUnavailable(f"The file cannot be read now ({why}); it waits.", subject=str(path))


class _NulCount:
    """Where NULs stand: in a text in UTF-16, mostly Latin, all on one side of the pairs of bytes."""

    def __init__(self) -> None:
        self._at = [0, 0]
        self._length = 0

    def add(self, chunk: bytes) -> None:
        """Count those of one more piece."""
        start = self._length % 2
        for side in (0, 1):
            self._at[side] += chunk[(side - start) % 2 :: 2].count(0)
        self._length += len(chunk)

    def charset(self) -> str | None:
        """``utf-16-le`` or ``utf-16-be`` where that is what it is; None otherwise."""
        enough = self._length % 2 == 0 and sum(self._at) * _LEAST_SHARE >= self._length
        if not enough or all(self._at):
            return None
        return "utf-16-le" if self._at[1] else "utf-16-be"

    def __bool__(self) -> bool:
        return any(self._at)


def _charset(file: BinaryIO, path: Path) -> str:
    mark = file.read(3)
    file.seek(0)
    if mark.startswith(_UTF16_MARKS):
        return _proven(file, "utf-16", path)
    nuls = _NulCount()
    for chunk in _pieces(file):
        nuls.add(chunk)
    if nuls:
        return _proven(file, nuls.charset() or "", path)
    if _decodes(file, "utf-8"):
        return "utf-8-sig" if mark == codecs.BOM_UTF8 else "utf-8"
    if any(not _UNDEFINED_IN_1252.isdisjoint(chunk) for chunk in _pieces(file)):
        raise _no_text(path)
    return "cp1252"


def _proven(file: BinaryIO, charset: str, path: Path) -> str:
    if not charset or not _decodes(file, charset):
        raise _no_text(path)
    return charset


def _decodes(file: BinaryIO, charset: str) -> bool:
    decoder = codecs.getincrementaldecoder(charset)()
    try:
        for chunk in _pieces(file):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    """The whole file, from its start."""
    file.seek(0)
    while chunk := file.read(CHUNK):
        yield chunk


def _no_text(path: Path) -> ItemError:
    return ItemError(
        f"“{path.name}” is not a text in UTF-8, UTF-16 or Windows-1252. Save it as UTF-8, or send files of this kind "
        "with the pump type for binary files.",
        title="Not a text file",
        subject=str(path),
    )
