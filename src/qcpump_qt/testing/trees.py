"""What a folder holds, so that two moments can be compared."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

FOLDER = "folder"


def tree_digest(folder: Path) -> dict[str, str]:
    """Each file and folder below `folder` with what changes when somebody writes to it.

    Returns:
        Relative path (with slashes) to size, time of change and content of a file, or time of change of a
        folder: one that something was written into and deleted from again has another time. Empty where there
        is no such folder.
    """
    if not folder.is_dir():
        return {}
    found = {".": _of(folder)}
    for path in sorted(folder.rglob("*")):
        found[path.relative_to(folder).as_posix()] = _of(path)
    return found


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """In words, what is new, gone or changed."""
    words = []
    for path in sorted({*before, *after}):
        if path not in after:
            words.append(f"{path} is gone")
        elif path not in before:
            words.append(f"{path} is new")
        elif before[path] != after[path]:
            words.append(f"{path} was changed")
    return words


def _of(path: Path) -> str:
    seen = path.lstat()
    if path.is_symlink():
        return f"link to {path.readlink()}"
    if path.is_dir():
        return f"{FOLDER}, {seen.st_mtime_ns}"
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(1024 * 1024):
            digest.update(chunk)
    return f"{seen.st_size}, {seen.st_mtime_ns}, {digest.hexdigest()}"
