"""The border to the disk: every file that the program keeps is read and written through here.

Writing is by temporary file, fsync and replace, so that a failed save leaves the old file as it was
(faults-of-the-incumbent: "a failed save leaves an empty file and looks saved"). `OSError` is turned into
words here and caught nowhere else.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, BinaryIO

from filelock import FileLock, Timeout

from qcpump_qt.engine import jsontext
from qcpump_qt.engine.errors import BusyError, ConfigurationError
from qcpump_qt.engine.oserror_words import in_words

WINDOWS_PATIENCE = 1.0
"""Seconds during which a file that another program holds open on Windows is tried again."""

Replace = Callable[[str, Path], None]
TryRename = Callable[[Path, Path], bool]


class FileMissing(ConfigurationError):  # noqa: N818 - reads as the state of the file
    """The file is not there."""

    title = "File is missing"


class FileBroken(ConfigurationError):  # noqa: N818 - reads as the state of the file
    """The file is there and its content cannot be understood."""

    title = "File is broken"


@contextlib.contextmanager
def _told(doing: str, path: Path) -> Iterator[None]:
    """Turn the disk's complaints inside the block into a `ConfigurationError` in words."""
    try:
        yield
    except FileNotFoundError as error:
        raise FileMissing(in_words(error, doing, path), subject=str(path)) from error
    except OSError as error:
        raise ConfigurationError(
            in_words(error, doing, path), title="Disk refuses", subject=str(path)
        ) from error


def write_atomically(
    path: Path, data: bytes | str, *, platform: str = sys.platform, replace: Replace = os.replace
) -> None:
    """Put `data` into `path` so that at any moment either the old or the new content stands there.

    Args:
        path: the file; its folder must exist.
        data: bytes, or text that is written as UTF-8.
        platform: as `sys.platform`; Windows has no fsync of folders and keeps open files from being replaced.
        replace: renames over an existing file.

    Raises:
        ConfigurationError: the disk refuses; the old file is as it was and nothing is left beside it.
    """
    content = data.encode("utf-8") if isinstance(data, str) else data
    with replacing(path, platform=platform, replace=replace) as file:
        file.write(content)


@contextlib.contextmanager
def replacing(
    path: Path, *, platform: str = sys.platform, replace: Replace = os.replace
) -> Iterator[BinaryIO]:
    """A stream for what is to stand in `path` once the block has ended well; as `write_atomically` otherwise.

    Raises:
        ConfigurationError: the disk refuses.
    """
    with _told("written", path):
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            _replace_patiently(temporary, path, platform, replace)
        except BaseException:
            with contextlib.suppress(OSError):  # the first error is the one to tell
                Path(temporary).unlink(missing_ok=True)
            raise
        if platform != "win32":
            _sync_folder(path.parent)


def read_end(path: Path, most: int) -> bytes:
    """The last bytes of a file, `most` at most; raises as `read_bytes`."""
    with _told("read", path), path.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - most))
        return file.read(most)


def _replace_patiently(temporary: str, path: Path, platform: str, replace: Replace) -> None:
    """Replace; on Windows wait a moment for virus scanners and other readers to let go."""
    until = time.monotonic() + (WINDOWS_PATIENCE if platform == "win32" else 0.0)
    pause = 0.01
    while True:
        try:
            replace(temporary, path)
        except PermissionError:
            if time.monotonic() >= until:
                raise
            time.sleep(pause)
            pause = min(pause * 2, 0.2)
        else:
            return


def _sync_folder(folder: Path) -> None:
    """Make the new name itself durable; some network file systems cannot, and then have done what they can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def read_bytes(path: Path) -> bytes:
    """The file's content.

    Raises:
        FileMissing: it is not there.
        ConfigurationError: it cannot be read.
    """
    with _told("read", path):
        if not stat.S_ISREG(path.stat().st_mode) and not path.is_dir():
            raise OSError(errno.EINVAL, "it is no file but a pipe or a device")
        return path.read_bytes()


def read_json(path: Path) -> Any:
    """What a JSON file (UTF-8, with or without byte order mark) holds.

    Raises:
        FileMissing: it is not there.
        FileBroken: it is not JSON; the message names file, line and what is expected.
        ConfigurationError: it cannot be read.
    """
    try:
        return jsontext.parse(jsontext.decode_utf8(read_bytes(path)))
    except jsontext.NotJson as error:
        raise FileBroken(f"{path}, {error}", subject=str(path)) from error


def set_aside(path: Path) -> Path:
    """Rename a broken file to ``name.broken-<time>`` beside it, over nothing; returns the new path.

    Raises:
        FileMissing: it is not there.
        ConfigurationError: the disk refuses.
    """
    stamp = datetime.now(tz=timezone.utc).astimezone().strftime("%Y%m%d-%H%M%S")
    number = 0
    with _told("set aside", path):
        while True:
            aside = path.with_name(f"{path.name}.broken-{stamp}" + (f"-{number}" if number else ""))
            try:
                # Claims the name first: a rename would silently replace an existing file on POSIX.
                aside.touch(exist_ok=False)
            except FileExistsError:
                number += 1
                continue
            try:
                path.replace(aside)
            except OSError:
                aside.unlink()
                raise
            return aside


def make_folder(folder: Path, *, private: bool = True, platform: str = sys.platform) -> None:
    """Make the folder (and those above it), for its owner only where the system is POSIX.

    On Windows the rights are inherited: Python 3.12.4 and later read mode 0o700 there as "only this
    user", which would lock the other users out of the shared folder.

    Raises:
        ConfigurationError: it cannot be made, or a file of that name is in the way.
    """
    with _told("made", folder):
        if private and platform != "win32":
            folder.parent.mkdir(parents=True, exist_ok=True)
            folder.mkdir(mode=0o700, exist_ok=True)
        else:
            folder.mkdir(parents=True, exist_ok=True)


def check_writable(folder: Path) -> None:
    """See whether files can be made in a folder.

    Raises:
        ConfigurationError: they cannot (read-only, disk full, no right).
    """
    with _told("written to", folder), tempfile.TemporaryFile(dir=folder) as file:
        file.write(b"x")


def absolute(named: str | Path, beside: Path | None = None) -> Path:
    """A path as people type it (``~`` is their own folder), made absolute.

    Args:
        named: what they typed.
        beside: the folder that a relative path counts from; the working folder where left out.

    Raises:
        ConfigurationError: it begins with a ``~user`` that this computer does not know.
    """
    try:
        path = Path(named).expanduser()
    except RuntimeError as error:
        raise ConfigurationError(
            f"The folder {named} names a user that this computer does not know. Write the folder in full.",
            subject=str(named),
        ) from error
    return (beside / path if beside else path).absolute()


def exists(path: Path) -> bool:
    """Whether the path is there.

    Raises:
        ConfigurationError: that cannot be told, as when the share is away or the right is missing.
    """
    with _told("read", path):
        try:
            path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        return True


def is_folder(path: Path) -> bool:
    """Whether the path is a folder; raises `ConfigurationError` where that cannot be told."""
    return exists(path) and path.is_dir()


def names_in(folder: Path) -> list[str]:
    """The names of everything in a folder, sorted.

    Raises:
        FileMissing: the folder is not there.
        ConfigurationError: it cannot be read.
    """
    with _told("read", folder):
        return sorted(entry.name for entry in folder.iterdir())


def remove_folder(folder: Path) -> None:
    """Remove a folder and everything in it; one that is not there is fine.

    Raises:
        ConfigurationError: something in it cannot be removed.
    """
    with _told("removed", folder):
        try:
            shutil.rmtree(folder)
        except FileNotFoundError:
            return


def try_rename(source: Path, target: Path) -> bool:
    """Rename over `target`; False where that is not possible now (held open, gone, no right)."""
    try:
        source.replace(target)
    except OSError:
        return False
    return True


@contextlib.contextmanager
def held(lock_file: Path, *, doing: str, seconds: float = 10.0) -> Iterator[None]:
    """Keep other processes and threads out while the block runs.

    Args:
        lock_file: stands for what is protected; its folder must exist.
        doing: what the others do meanwhile, for the message.
        seconds: how long to wait for them.

    Raises:
        BusyError: the others did not finish in that time.
        ConfigurationError: the lock file cannot be made.
    """
    lock = FileLock(lock_file, timeout=seconds, thread_local=False)
    with _told("made", lock_file):
        try:
            lock.acquire()
        except Timeout as error:
            raise BusyError(
                f"Another QCPump-Qt is {doing} and did not finish within {seconds:g} seconds. "
                "Close the other window or wait for it, then try again."
            ) from error
    try:
        yield
    finally:
        lock.release()


def size_and_sameness(path: Path, stream: Any) -> tuple[int, bool]:
    """A file's size (0 when it is not there), and whether an open stream still is the file of that name."""
    try:
        now = path.stat()
    except OSError:
        return 0, False
    if stream is None:
        return now.st_size, True
    mine = os.fstat(stream.fileno())
    return now.st_size, (mine.st_dev, mine.st_ino) == (now.st_dev, now.st_ino)
