"""A look at one watched directory: what lies there, and whether anything has changed since the last cycle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.pumps.uploads.watched import Watched
from qcpump_qt.sources.files.walk import FoundFile, walk

GATHERED = 1000
"""Files whose facts go into the digest at once."""


@dataclass(frozen=True)
class FileTypes:
    """What the section *File Types* says."""

    recursive: bool
    pattern: str
    ignore: str


@dataclass
class Look:
    """What one look at a directory gave.

    Args:
        digest: changes when a file comes, goes, or is written to, and with the destination.
        count: how many files there are.
        troubles: what could not be looked at, in words.
    """

    digest: str = ""
    count: int = 0
    troubles: list[str] = field(default_factory=list)


def glance(place: Watched, types: FileTypes, cancel: CancelToken) -> Look:
    """Look at a directory without keeping what lies there.

    Raises:
        SourceUnavailable: the directory cannot be listed; that means wait, never empty.
        Cancelled: an end was asked for.
    """
    look = Look()
    digest = blake2b(str(place.destination).encode("utf-8", "surrogatepass"), digest_size=16)
    facts: list[str] = []
    for _root, inner, size, mtime_ns in files_of(place, types, cancel, look.troubles):
        facts.append(f"{inner}\0{size}\0{mtime_ns}")
        look.count += 1
        if len(facts) == GATHERED:
            digest.update("\n".join(facts).encode("utf-8", "surrogatepass"))
            facts.clear()
    digest.update("\n".join([*facts, "", *look.troubles]).encode("utf-8", "surrogatepass"))
    look.digest = digest.hexdigest()
    return look


def files_of(
    place: Watched, types: FileTypes, cancel: CancelToken, troubles: list[str]
) -> Iterator[FoundFile]:
    """The files of a directory; as `walk`."""
    return walk(
        place.source,
        recursive=types.recursive,
        pattern=types.pattern,
        ignore=types.ignore,
        cancel=cancel,
        trouble=troubles.append,
        leave_out=place.left_out,
    )
