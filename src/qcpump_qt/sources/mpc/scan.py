"""Where check folders lie: one listing for each machine, and no system call for a check folder."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path, PurePath

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.sources.mpc.files import (
    RESULTS,
    Sight,
    list_folder,
    long_path,
    look,
    read_file,
    read_optional,
    unavailable,
)
from qcpump_qt.sources.mpc.names import name_time

__all__ = [
    "MachineListing",
    "MachineTrouble",
    "Sight",
    "list_machines",
    "long_path",
    "look",
    "read_file",
    "read_optional",
]

CHECKS = "MPCChecks"
"""Varian's name of the folder that holds a machine's check folders."""


@dataclass(frozen=True)
class MachineListing:
    """Everything that stands in one folder of check folders.

    Args:
        folder: the folder.
        names: the names in it, check folders and strays alike, in the order the system gives.
        digest: changes when a name comes or goes.
        base: the folder's path relative to the TDS directory, with forward slashes.
    """

    folder: Path
    names: list[str] = field(repr=False)
    digest: bytes
    base: str = ""

    def run_id(self, name: str) -> str:
        """What tells one check folder from all others: its path relative to the TDS directory."""
        return f"{self.base}/{name}" if self.base else name


@dataclass(frozen=True)
class MachineTrouble:
    """A folder that cannot be listed now; the others go on.

    Args:
        folder: the folder.
        message: what happened and what to do, in words.
    """

    folder: Path
    message: str


def list_machines(
    tds: Path, fast_search: bool, cancel: CancelToken
) -> Iterator[MachineListing | MachineTrouble]:
    """List the check folders of every machine below a TDS directory.

    Args:
        tds: the TDS directory; one machine's own `MPCChecks` folder works as well.
        fast_search: look only in folders called `MPCChecks` (manual, *Fast Search*); otherwise in every
            folder below that holds check folders or a `Results.csv`, without following links.
        cancel: ends the search between two folders.

    Raises:
        SourceUnavailable: the TDS directory cannot be listed; that means wait, never empty.
        Cancelled: an end was asked for.
    """
    return _fast(tds, cancel) if fast_search else _everywhere(tds, cancel)


def _fast(tds: Path, cancel: CancelToken) -> Iterator[MachineListing | MachineTrouble]:
    try:
        top = list_folder(tds)
    except OSError as error:
        raise unavailable(error, tds, "TDS directory") from error
    if _is_checks_folder(tds, top):
        yield _listing(tds, tds, top)
        return
    something_missing = False
    for name in sorted(top):
        if name_time(name) is not None:
            continue
        cancel.check()
        folder = tds / name if _is_checks_name(name) else tds / name / CHECKS
        try:
            yield _listing(tds, folder, list_folder(folder))
        except (FileNotFoundError, NotADirectoryError):
            something_missing = True
        except OSError as error:
            yield MachineTrouble(folder, unavailable(error, folder, "folder").message)
    if something_missing:
        _check_still_there(tds)


def _check_still_there(tds: Path) -> None:
    """A folder without `MPCChecks` is no machine; a share lost on the way looks the same and is told."""
    try:
        os.stat(long_path(tds))  # noqa: PTH116 - Path would undo the long form
    except OSError as error:
        raise unavailable(error, tds, "TDS directory") from error


def _is_checks_name(name: str) -> bool:
    return name.casefold() == CHECKS.casefold()


def _is_checks_folder(tds: PurePath, names: list[str]) -> bool:
    """True when the TDS directory is itself one machine's folder of check folders.

    A drive letter or share made for that folder has no name of its own; there its content tells.
    """
    return _is_checks_name(tds.name) or (not tds.name and any(name_time(name) for name in names))


def _listing(tds: Path, folder: Path, names: list[str]) -> MachineListing:
    # A name need not be valid text on Linux; surrogatepass takes those as well.
    digest = blake2b("\0".join(names).encode("utf-8", "surrogatepass"), digest_size=16).digest()
    base = folder.relative_to(tds).as_posix()
    return MachineListing(folder, names, digest, "" if base == "." else base)


@dataclass
class _Visit:
    """One folder on the way down: what was found in it and what is still to be visited."""

    folder: Path
    checks: list[str]
    below: list[Path]
    has_results: bool


def _everywhere(tds: Path, cancel: CancelToken) -> Iterator[MachineListing | MachineTrouble]:
    """Walk the whole tree, the deepest folders first, without going into check folders.

    A folder with a `Results.csv` but another name is listed by its parent, so that it is reported.
    """
    try:
        way = [_visit(tds)]
    except OSError as error:
        raise unavailable(error, tds, "TDS directory") from error
    while way:
        cancel.check()
        here = way[-1]
        if here.below:
            folder = here.below.pop()
            try:
                way.append(_visit(folder))
            except OSError as error:
                yield MachineTrouble(folder, unavailable(error, folder, "folder").message)
            continue
        way.pop()
        if here.checks:
            yield _listing(tds, here.folder, here.checks)
        if here.has_results and way:
            way[-1].checks.append(here.folder.name)


def _visit(folder: Path) -> _Visit:
    here = _Visit(folder, [], [], False)
    with os.scandir(long_path(folder)) as entries:
        for entry in entries:
            if name_time(entry.name) is not None:
                here.checks.append(entry.name)
            elif entry.name == RESULTS:
                here.has_results = True
            elif entry.is_dir(follow_symlinks=False) and not _is_junction(entry):
                here.below.append(folder / entry.name)
    here.below.sort(reverse=True)
    return here


def _is_junction(entry: os.DirEntry[str], os_name: str = os.name) -> bool:
    """True for a Windows junction, which Python before 3.12 takes for a plain folder."""
    if os_name != "nt":
        return False
    tag = getattr(entry.stat(follow_symlinks=False), "st_reparse_tag", 0)
    return bool(tag == getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", 0xA0000003))
