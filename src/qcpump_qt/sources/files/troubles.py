"""What disks and shares refuse while files are looked at, moved and copied, in words."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qcpump_qt.engine.errors import ItemError, PumpError, SourceUnavailable
from qcpump_qt.engine.oserror_words import meaning
from qcpump_qt.sources.mpc.names import shown

_SHARING_VIOLATION = (32, 33)
"""Windows: another program holds the file, or a part of it."""

_BAD_NAME = {errno.EINVAL, errno.ENAMETOOLONG, errno.EILSEQ}
_BAD_NAME_WINDOWS = (123, 161, 206)
"""Windows: the name is not possible, the path is not possible, the path is too long."""


class TargetRefuses(SourceUnavailable):
    """Nothing can be written at the destination now; what was to go there stays where it is."""

    title = "Destination cannot be written to"


class StillWritten(SourceUnavailable):
    """The file was written to since it was looked at."""

    title = "File is still being written"


class Vanished(ItemError):  # noqa: N818 - as above
    """The file was taken away by somebody else since it was found."""

    title = "File is gone"


class AlreadyThere(ItemError):  # noqa: N818 - as above
    """A file of that name is at the destination, and it was chosen to leave such files alone."""

    title = "File is there already"


def quoted(path: Path) -> str:
    """A path as it stands in a sentence."""
    return f"“{shown(str(path))}”"


def not_listed(error: OSError, path: Path) -> SourceUnavailable:
    """A folder or file that cannot be looked at, in words.

    Args:
        error: what the system said.
        path: the folder or file.
    """
    if isinstance(error, FileNotFoundError):
        why = "does not exist or its share is not connected. Check the path and the network share."
    elif isinstance(error, NotADirectoryError):
        why = "is a file, not a folder. Choose the folder that holds the files."
    elif isinstance(error, PermissionError):
        why = "may not be read by this account. Give the account the right to read it."
    else:
        why = f"cannot be read now: {meaning(error)}"
    return SourceUnavailable(
        f"{quoted(path)} {why} What is in it waits until then.", subject=shown(str(path))
    )


def destination_away(error: OSError, folder: Path) -> SourceUnavailable:
    """A destination that cannot be looked at, in words.

    Args:
        error: what the system said.
        folder: the destination.
    """
    if isinstance(error, FileNotFoundError):
        why = "does not exist or its share is not connected. Check the path and the network share."
    elif isinstance(error, NotADirectoryError):
        why = "is a file, not a folder. Choose a folder."
    else:
        why = f"cannot be reached now: {meaning(error)}"
    return SourceUnavailable(
        f"The destination {quoted(folder)} {why} What is to go there waits until then.",
        title="Destination cannot be reached",
        subject=shown(str(folder)),
    )


def of_source(error: OSError, file: Path) -> PumpError:
    """The file that is to be moved or copied cannot be used, in words.

    Args:
        error: what the system said.
        file: the file.
    """
    name, subject = quoted(file), shown(str(file))
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return Vanished(
            f"{name} was there a moment ago and is gone now. Nothing was done with it.", subject=subject
        )
    if getattr(error, "winerror", None) in _SHARING_VIOLATION:
        return SourceUnavailable(
            f"{name} is locked by another program. It is tried again in the next cycle.", subject=subject
        )
    if isinstance(error, PermissionError):
        return SourceUnavailable(
            f"{name} is locked by another program, or this account may not read or remove it. It is tried again in "
            "the next cycle; if this stays so, give the account the right to change files in that folder.",
            subject=subject,
        )
    if error.errno == errno.EROFS:
        return SourceUnavailable(
            f"{name} lies on a disk that is read-only, so it cannot be taken away from there. Make the disk writable, "
            "or choose the mode Copy.",
            subject=subject,
        )
    return SourceUnavailable(f"{name} could not be used: {meaning(error)}", subject=subject)


def of_target(error: OSError, target: Path) -> PumpError:
    """A file or folder at the destination cannot be written, in words.

    Args:
        error: what the system said.
        target: what was to be written.
    """
    name, subject = quoted(target), shown(str(target))
    if error.errno in _BAD_NAME or getattr(error, "winerror", None) in _BAD_NAME_WINDOWS:
        return ItemError(
            f"{name} could not be written: that name is not possible there, or it is too long. Rename the file.",
            subject=subject,
        )
    if error.errno == errno.EROFS:
        why = "the disk is read-only. Make it writable, or choose another destination."
    elif isinstance(error, PermissionError):
        why = "this account may not write there. Give it the right to write to the destination."
    else:
        why = meaning(error)
    return TargetRefuses(f"{name} could not be written: {why}", subject=subject)


@contextmanager
def telling_source(file: Path) -> Iterator[None]:
    """Turn the disk's complaints inside the block into words about the file that is to be moved or copied."""
    try:
        yield
    except OSError as error:
        raise of_source(error, file) from error


@contextmanager
def telling_target(target: Path) -> Iterator[None]:
    """Turn the disk's complaints inside the block into words about what is to be written."""
    try:
        yield
    except OSError as error:
        raise of_target(error, target) from error
