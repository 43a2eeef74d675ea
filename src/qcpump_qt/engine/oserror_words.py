"""What the disk's error numbers mean, in words, and what to do about each."""

from __future__ import annotations

import errno
from pathlib import Path

_MEANING = {
    errno.ENOSPC: "the disk is full. Make room on it and try again.",
    errno.EFBIG: "the file would become larger than is allowed here. Make room or lift the limit and try again.",
    errno.EROFS: "the disk is read-only. Choose another folder with --home, or make the disk writable.",
    errno.EACCES: "you do not have the right to do so. Ask for the right to that folder, "
    "or close the program that holds the file open.",
    errno.EPERM: "the system does not allow it. Ask for the right to that folder.",
    errno.EEXIST: "a file of that name is in the way. Move that file away.",
    errno.ENOTDIR: "a file is in the way where a folder should be. Move that file away.",
    errno.EISDIR: "a folder is in the way where a file should be. Move that folder away.",
    errno.ENAMETOOLONG: "the name is too long. Choose a folder with a shorter path.",
    errno.ELOOP: "its links lead in a circle. Mend the links.",
    errno.EIO: "the disk reports a fault. Have the disk looked at.",
    errno.ENOENT: "it is not there, or the folder above it is not there.",
    errno.ENOTEMPTY: "the folder is still in use. Close the program that uses it and try again.",
    errno.EBUSY: "it is in use. Close the program that uses it and try again.",
    errno.EMFILE: "this program has too many files open. Start it again.",
    errno.ENFILE: "this computer has too many files open. Close some programs and try again.",
}
_QUOTA = getattr(errno, "EDQUOT", None)
_NETWORK = {
    getattr(errno, name)
    for name in ("ENETDOWN", "ENETUNREACH", "EHOSTDOWN", "EHOSTUNREACH", "ETIMEDOUT", "ESTALE", "ENOTCONN")
    if hasattr(errno, name)
}


def meaning(error: OSError) -> str:
    """The reason in words and what to do, as the rest of a sentence that ends with a full stop."""
    number = error.errno
    if number in _MEANING:
        return _MEANING[number]
    if number is not None and number == _QUOTA:
        return "your share of the disk (quota) is used up. Make room and try again."
    if number in _NETWORK:
        return "the network share does not answer. See whether the share can be reached and try again."
    return f"the system says: {error.strerror or type(error).__name__}."


def in_words(error: OSError, doing: str, path: Path) -> str:
    """A whole sentence: which path could not be `doing` (a participle such as "written"), and why."""
    return f"{path} could not be {doing}: {meaning(error)}"
