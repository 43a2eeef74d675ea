"""A copy under a temporary name: complete, on the disk, and read back before anybody trusts it."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO, NamedTuple
from zlib import crc32

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.sources.files.troubles import (
    StillWritten,
    TargetRefuses,
    quoted,
    telling_source,
)
from qcpump_qt.sources.files.walk import PART_PREFIX
from qcpump_qt.sources.mpc.files import long_path
from qcpump_qt.sources.mpc.names import shown

CHUNK = 1024 * 1024
"""Bytes read and written at once: large enough for shares, small enough for many pumps side by side."""


Seen = tuple[int, int]
"""Size in bytes and time of the last change in nanoseconds, as a walk saw them."""


class Version(NamedTuple):
    """What tells one state of a file from the next.

    Args:
        inode: the number of the file itself; another one when it was replaced.
        size: its bytes.
        mtime_ns: when it was last written, in nanoseconds since 1970.
    """

    inode: int
    size: int
    mtime_ns: int


def version_of(seen: os.stat_result) -> Version:
    """The version that a look at a file shows."""
    return Version(seen.st_ino, seen.st_size, seen.st_mtime_ns)


def part_name(folder: Path) -> Path:
    """A name in a folder for a copy that is not complete yet."""
    return folder / f"{PART_PREFIX}{token_hex(8)}"


def copy_part(file: Path, part: Path, cancel: CancelToken, seen: Seen | None = None) -> Version:
    """Copy a file to a temporary name, with the time of its last change; gives the version that was copied.

    Args:
        file: the file.
        part: the temporary name, in a folder that exists.
        cancel: ends it in between.
        seen: size and time of last change that the file must still have.

    Raises:
        SourceUnavailable: the file is locked, or was changed meanwhile.
        TargetRefuses: what was read back differs from what was written.
        OSError: as the system gives it, about the copy (disk full, no right).
        ItemError: the file vanished.
        Cancelled: an end was asked for.
    """
    with telling_source(file):
        source = open(long_path(file), "rb", buffering=0)  # noqa: PTH123, SIM115 - long form; closed below
    with source:
        before = os.fstat(source.fileno())
        if seen is not None and seen != (before.st_size, before.st_mtime_ns):
            raise changed(file)
        written = _write(file, source, part, before, cancel)
        after = os.fstat(source.fileno())
    if version_of(before) != version_of(after):
        raise changed(file)
    if _read_sum(part, cancel) != written:
        raise TargetRefuses(
            f"{quoted(part.parent)} gave back something else than was written to it, so {quoted(file)} stays where it "
            "is. Have that disk or share looked at.",
            subject=shown(str(file)),
        )
    _keep_facts(part, before)
    return version_of(before)


def changed(file: Path) -> StillWritten:
    """The file was written to since it was looked at, in words."""
    return StillWritten(
        f"{quoted(file)} was changed just now. It is taken in the next cycle, when it is complete.",
        subject=shown(str(file)),
    )


def same_content(one: Path, other: Path, cancel: CancelToken) -> bool:
    """Whether two files hold the same bytes; raises what the system says."""
    with (
        open(long_path(one), "rb") as first,  # noqa: PTH123 - long form
        open(long_path(other), "rb") as second,  # noqa: PTH123 - long form
    ):
        while True:
            cancel.check()
            piece = first.read(CHUNK)
            if piece != second.read(CHUNK):
                return False
            if not piece:
                return True


def remove(path: Path) -> None:
    """Take a file away, on Windows also a read-only one; raises what the system says."""
    try:
        os.unlink(long_path(path))  # noqa: PTH108 - long form
    except PermissionError:
        if os.name != "nt":
            raise
        os.chmod(long_path(path), stat.S_IWRITE)  # noqa: PTH101 - long form
        os.unlink(long_path(path))  # noqa: PTH108 - long form


def _write(file: Path, source: BinaryIO, part: Path, seen: os.stat_result, cancel: CancelToken) -> int:
    """Gives the sum of what was written, which guards against accidents on the way, and is fast."""
    found = 0
    buffer = memoryview(bytearray(min(CHUNK, seen.st_size + 1)))
    with open(long_path(part), "xb", buffering=0) as target:  # noqa: PTH123 - long form
        while True:
            cancel.check()
            with telling_source(file):
                count = source.readinto(buffer)  # type: ignore[attr-defined]
            if not count:
                break
            found = crc32(buffer[:count], found)
            _write_all(target, buffer[:count])
        os.fsync(target.fileno())
    return found


def _write_all(target: BinaryIO, data: memoryview) -> None:
    """An unbuffered file may take less than it is given, as on a disk that fills up."""
    while data:
        data = data[target.write(data) :]


def _read_sum(path: Path, cancel: CancelToken) -> int:
    found = 0
    with open(long_path(path), "rb", buffering=0) as file:  # noqa: PTH123 - long form
        buffer = memoryview(bytearray(min(CHUNK, os.fstat(file.fileno()).st_size + 1)))
        while count := file.readinto(buffer):
            cancel.check()
            found = crc32(buffer[:count], found)
    return found


def _keep_facts(part: Path, seen: os.stat_result) -> None:
    """Time and rights of the original; a share that keeps neither of its own still has the content."""
    with suppress(OSError):
        os.utime(long_path(part), ns=(seen.st_atime_ns, seen.st_mtime_ns))
    with suppress(OSError):
        os.chmod(long_path(part), stat.S_IMODE(seen.st_mode))  # noqa: PTH101 - long form
