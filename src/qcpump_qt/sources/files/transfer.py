"""A file is moved or copied to another folder: whole or not at all, never over another, wherever that folder is.

Within one file system a move is a change of name. To another one, and onto a share, the file is copied under a
temporary name, read back, given its name, and only then taken away at its source. Give a `Journal` where that
may happen: without one, a move that is cut off between the last two steps is begun anew by the next cycle, and
the file is at the destination twice, the second one numbered.
"""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from pathlib import Path

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import PumpError
from qcpump_qt.sources.files.copying import (
    Seen,
    Version,
    copy_part,
    part_name,
    remove,
    same_content,
    version_of,
)
from qcpump_qt.sources.files.journal import Journal
from qcpump_qt.sources.files.placing import Clash, place
from qcpump_qt.sources.files.transfer_checks import check, check_free, check_removable, either_side
from qcpump_qt.sources.files.troubles import AlreadyThere, TargetRefuses, telling_source, telling_target
from qcpump_qt.sources.mpc.files import long_path

__all__ = ["AlreadyThere", "Clash", "Journal", "Seen", "TargetRefuses", "copy_file", "move_file"]


def move_file(
    file: Path,
    target: Path,
    *,
    clash: Clash = Clash.NUMBER,
    cancel: CancelToken,
    journal: Journal | None = None,
    seen: Seen | None = None,
) -> Path:
    """Move one file; gives its new path.

    A file that is written to while it is being copied to another file system stays at its source; so does the
    newer version of one that is written to just after that, and goes with the next call.

    Args:
        file: the file.
        target: its new path. Folders that are missing are made: that the destination itself is there, and not
            merely the place where a share that is away should be, is for the caller to see.
        clash: what to do when there is a file of that name.
        cancel: ends a long copy.
        journal: remembers what was cut off; see the module.
        seen: size and time of last change that the file must still have.

    Raises:
        AlreadyThere: there is a file of that name and `clash` says to skip.
        TargetRefuses: nothing can be written there now (disk full, read-only, no right, share away).
        SourceUnavailable: the file is locked, cannot be taken away, or is still being written (`StillWritten`).
        ItemError: the file vanished (`Vanished`), is no file, is in that folder already, or its name is not possible
            there.
        ConfigurationError: the journal cannot be written.
        Cancelled: an end was asked for.
    """
    check(file, target, seen)
    if journal is not None and (before := _placed_before(file, target, journal, cancel)) is not None:
        version, final = before
        _take_away(file, version)
        _done(journal, file, final)
        return final
    try:
        return place(file, target, clash)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise either_side(error, file, target) from error
    check_removable(file)
    return _move_by_copy(file, target, clash, cancel, journal, seen)


def copy_file(
    file: Path,
    target: Path,
    *,
    clash: Clash = Clash.NUMBER,
    cancel: CancelToken,
    journal: Journal | None = None,
    seen: Seen | None = None,
) -> Path:
    """Copy one file; gives the path of the copy.

    The note in the journal stays until the caller has remembered the copy and says so
    (``journal.done(file, target.parent)``); called again before that, it gives the copy that is there.

    Args:
        file, target, clash, cancel, journal, seen: as `move_file`.

    Raises:
        PumpError: as `move_file`.
    """
    check(file, target, seen)
    if journal is not None and (before := _placed_before(file, target, journal, cancel)) is not None:
        return before[1]
    _version, final = _copy(file, target, clash, cancel, journal, seen)
    return final


def _move_by_copy(
    file: Path, target: Path, clash: Clash, cancel: CancelToken, journal: Journal | None, seen: Seen | None
) -> Path:
    version, final = _copy(file, target, clash, cancel, journal, seen)
    try:
        _take_away(file, version)
    except PumpError:
        # What was replaced cannot be brought back; there the next cycle goes on from here.
        if clash is not Clash.REPLACE:
            with telling_target(final):
                remove(final)
            _done(journal, file, final)
        raise
    _done(journal, file, final)
    return final


def _copy(
    file: Path, target: Path, clash: Clash, cancel: CancelToken, journal: Journal | None, seen: Seen | None
) -> tuple[Version, Path]:
    """The file under its final name at the destination, durable; the source is as it was."""
    if clash is Clash.SKIP:
        check_free(file, target)
    part = part_name(target.parent)
    if journal is not None:
        journal.started(file, part)
    try:
        with telling_target(target):
            version = copy_part(file, part, cancel, seen)

        def before(name: Path) -> None:
            if journal is not None:
                journal.placing(file, version, name)

        with telling_target(target):
            final = place(part, target, clash, before=before)
    except BaseException:
        _give_up(file, part, journal)
        raise
    _sync_folder(final.parent)
    return version, final


def _give_up(file: Path, part: Path, journal: Journal | None) -> None:
    """The first error is the one to tell; what cannot be put right now is tidied up by the next cycle."""
    with suppress(OSError, PumpError):
        with suppress(FileNotFoundError):
            remove(part)
        _done(journal, file, part)


def _done(journal: Journal | None, file: Path, at_target: Path) -> None:
    if journal is not None:
        journal.done(file, at_target.parent)


def _placed_before(
    file: Path, target: Path, journal: Journal, cancel: CancelToken
) -> tuple[Version, Path] | None:
    """This version of the file and the name that it was given already, when all that is left is to say so."""
    note = journal.left(file, target.parent)
    if note is None or not note.final:
        return None
    with telling_source(file):
        now = version_of(os.lstat(long_path(file)))
    final = Path(note.final)
    if (now.size, now.mtime_ns) != (note.size, note.mtime_ns):
        return None
    with telling_target(final):
        there = os.path.lexists(long_path(final)) and same_content(file, final, cancel)
    return (now, final) if there else None


def _take_away(file: Path, version: Version) -> None:
    """Remove the file at its source, unless it is no longer the version that was copied, or gone already."""
    with telling_source(file), suppress(FileNotFoundError):
        if version_of(os.lstat(long_path(file))) == version:
            remove(file)


def _sync_folder(folder: Path, platform: str = sys.platform) -> None:
    """Make the new name durable before the old file is taken away; Windows and some shares do that by themselves."""
    if platform == "win32":
        return
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
