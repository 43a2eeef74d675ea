"""Which files lie in a watched folder: one look at each folder of it, links never followed."""

from __future__ import annotations

import fnmatch
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from pathlib import Path, PurePath
from typing import NamedTuple

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.sources.files.troubles import not_listed, quoted
from qcpump_qt.sources.mpc.files import long_path

PART_PREFIX = ".qcpump-part-"
"""Begins the name of a copy that is not complete yet; no walk ever finds such a file."""

Trouble = Callable[[str], None]
_Test = Callable[[str], object]
_by_name = attrgetter("name")


class FoundFile(NamedTuple):
    """One file as it stood there at the time of the walk.

    Args:
        root: the folder that was walked.
        inner: its path below that folder, with the system's separators.
        size: its bytes.
        mtime_ns: when it was last written, in nanoseconds since 1970.
    """

    root: str
    inner: str
    size: int
    mtime_ns: int

    @property
    def path(self) -> Path:
        """Where it lies."""
        return Path(self.root, self.inner)

    @property
    def relative(self) -> PurePath:
        """Its path below the folder that was walked."""
        return PurePath(self.inner)


def walk(
    source: Path,
    *,
    recursive: bool,
    pattern: str,
    ignore: str,
    cancel: CancelToken,
    trouble: Trouble,
    leave_out: Iterable[Path] = (),
) -> Iterator[FoundFile]:
    """The files in a folder, each folder's own in the order of their names, and after them those below it.

    Args:
        source: the folder.
        recursive: look into the folders below as well.
        pattern, ignore: shell patterns (``*.csv``) that a file's name must match and must not match; one with a
            slash is held against the path below `source` instead. Blank: everything, nothing. Letters differ in
            case only where the system's file names do (manual, chapter 5, *File Mover*).
        cancel: ends the walk between two folders.
        trouble: told in a sentence about everything that had to be passed over.
        leave_out: folders that are not looked into, such as a destination inside the source.

    Raises:
        SourceUnavailable: the folder itself cannot be listed; that means wait, never empty.
        Cancelled: an end was asked for.
    """
    return _Walk(source, recursive, Wanted(pattern, ignore), trouble, leave_out).files(cancel)


class Wanted:
    """Tells which files a pattern and an ignore pattern let through.

    Args:
        pattern, ignore: as `walk` takes them.
    """

    def __init__(self, pattern: str, ignore: str) -> None:
        self._take = _test(pattern.strip()) if pattern.strip() not in ("", "*") else None
        self._leave = _test(ignore.strip()) if ignore.strip() else None

    def __call__(self, inner: str) -> bool:
        """Whether the file with this path below the source is wanted."""
        if self._take is not None and not self._take(inner):
            return False
        return self._leave is None or not self._leave(inner)


def _test(pattern: str) -> _Test:
    pattern = pattern.replace("\\", "/")
    while pattern.startswith("**/"):
        pattern = pattern[3:]
    match = re.compile(fnmatch.translate(os.path.normcase(pattern))).match
    if "/" in pattern:
        return lambda inner: match(os.path.normcase(inner.replace(os.sep, "/")))
    return lambda inner: match(os.path.normcase(inner.rpartition(os.sep)[2]))


class _Walk:
    """One walk through one folder."""

    def __init__(
        self, source: Path, recursive: bool, wanted: Wanted, trouble: Trouble, leave_out: Iterable[Path]
    ) -> None:
        self._root = str(source)
        self._real = os.path.realpath(source)
        self._recursive = recursive
        self._wanted = wanted
        self._trouble = trouble
        self._left_out = {os.path.normcase(os.path.realpath(folder)) for folder in leave_out}

    def files(self, cancel: CancelToken) -> Iterator[FoundFile]:
        """All of them; see `walk`."""
        folders = [""]
        while folders:
            cancel.check()
            inner = folders.pop()
            entries = self._entries(inner)
            begin = f"{inner}{os.sep}" if inner else ""
            below: list[str] = []
            for entry in entries:
                if entry.is_symlink() or is_junction(entry):
                    self._tell_link(entry, begin)
                elif entry.is_dir(follow_symlinks=False):
                    below.append(begin + entry.name)
                else:
                    yield from self._file(entry, begin + entry.name)
            if self._recursive:
                folders += [folder for folder in reversed(below) if not self._is_left_out(folder)]

    def _entries(self, inner: str) -> list[os.DirEntry[str]]:
        folder = os.path.join(self._root, inner) if inner else self._root  # noqa: PTH118 - text is faster
        try:
            with os.scandir(long_path(folder)) as entries:
                return sorted(entries, key=_by_name)
        except OSError as error:
            if not inner:
                raise not_listed(error, Path(folder)) from error
            self._check_still_there()
            if not isinstance(error, FileNotFoundError):
                self._trouble(not_listed(error, Path(folder)).message)
            return []

    def _check_still_there(self) -> None:
        """A folder below that cannot be listed is passed over; a share that is lost is not."""
        try:
            os.scandir(long_path(self._root)).close()
        except OSError as error:
            raise not_listed(error, Path(self._root)) from error

    def _file(self, entry: os.DirEntry[str], inner: str) -> Iterator[FoundFile]:
        if entry.name.startswith(PART_PREFIX) or not self._wanted(inner):
            return
        try:
            seen = entry.stat(follow_symlinks=False)
        except FileNotFoundError:
            return  # taken away since the folder was listed: nothing is there to be told of
        except OSError as error:
            self._trouble(not_listed(error, Path(self._root, inner)).message)
            return
        if stat.S_ISREG(seen.st_mode):
            yield FoundFile(self._root, inner, seen.st_size, seen.st_mtime_ns)
        else:
            self._trouble(
                f"{quoted(Path(self._root, inner))} is no file but a pipe or a device. It is left alone."
            )

    def _is_left_out(self, inner: str) -> bool:
        return bool(self._left_out) and os.path.normcase(os.path.join(self._real, inner)) in self._left_out  # noqa: PTH118

    def _tell_link(self, entry: os.DirEntry[str], begin: str) -> None:
        """A link that stays inside is no trouble: what it leads to is looked at where it lies."""
        is_folder = entry.is_dir()
        if (is_folder and not self._recursive) or (not is_folder and not self._wanted(begin + entry.name)):
            return
        path = Path(self._root, begin + entry.name)
        target = os.path.realpath(path)
        if not os.path.lexists(target):
            self._trouble(
                f"{quoted(path)} is a link that leads nowhere. It is left alone; remove it or mend it."
            )
        elif not os.path.normcase(os.path.join(target, "")).startswith(  # noqa: PTH118 - compared as text
            os.path.normcase(os.path.join(self._real, ""))  # noqa: PTH118
        ):
            self._trouble(
                f"{quoted(path)} is a link that leads out of {quoted(Path(self._root))}. It is left alone; "
                "put the files themselves there if they are wanted."
            )


def is_junction(entry: os.DirEntry[str], os_name: str = os.name) -> bool:
    """True for a Windows junction, which Python before 3.12 takes for a plain folder.

    Args:
        entry: what a listing gave.
        os_name: the system, as `os.name` calls it.
    """
    if os_name != "nt":
        return False
    tag = getattr(entry.stat(follow_symlinks=False), "st_reparse_tag", 0)
    return bool(tag == getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", 0xA0000003))
