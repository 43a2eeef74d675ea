"""What follows a delivery: the file goes to the destination, if it is still what was sent."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import Cancelled, ItemError, SourceUnavailable
from qcpump_qt.pumps.uploads.found import UploadFile
from qcpump_qt.sources.files.contents import stamp_of
from qcpump_qt.sources.files.transfer import Journal, TargetRefuses, move_file


class Mover:
    """Moves files that are on the server.

    Args:
        journal: the file that remembers what was cut off.
        cancel: ends a long copy; the next cycle goes on.
        tell: writes a line to the pump's log.
    """

    def __init__(self, journal: Callable[[], Path], cancel: CancelToken, tell: Callable[[str], None]) -> None:
        self._journal_file = journal
        self._cancel = cancel
        self._tell = tell
        self._journal: Journal | None = None
        self._left: set[tuple[str, str]] = set()
        self.moved: list[UploadFile] = []
        """Files that are where they belong."""

    @property
    def left(self) -> set[str]:
        """Directories with a file that is still to be moved."""
        return {directory for directory, _name in self._left}

    def move(self, file: UploadFile) -> None:
        """Move one file to the same place below the destination; left for the next cycle when this one ends.

        Raises:
            PumpError: it cannot be moved now.
        """
        destination = file.place.destination
        if destination is None:
            return
        self._left.add((file.directory, file.name))
        try:
            self._cancel.check()
            moved = self._move(file, destination)
        except Cancelled:
            return
        if moved:
            self.moved.append(file)
            self._left.discard((file.directory, file.name))

    def close(self) -> None:
        """Close the journal."""
        if self._journal is not None:
            self._journal.close()

    def _move(self, file: UploadFile, destination: Path) -> bool:
        try:
            stamp = stamp_of(file.path)
        except ItemError:
            return True  # somebody else took it away; what was sent of it is on the server
        if stamp != file.stamp:
            self._tell(f"{file.name} was changed after it was sent. It stays and is sent anew.")
            return False
        _check_destination(destination)
        target = move_file(
            file.found.path,
            destination / file.found.relative,
            cancel=self._cancel,
            journal=self._ready_journal(),
            seen=(stamp.size, stamp.mtime_ns),
        )
        self._tell(f"{file.name} was moved to {target}.")
        return True

    def _ready_journal(self) -> Journal:
        if self._journal is None:
            self._journal = Journal(self._journal_file())
            self._journal.tidy()
        return self._journal


def _check_destination(destination: Path) -> None:
    """The destination itself is never made: where a share is away, its folder would be made beside it."""
    try:
        there = destination.is_dir()
    except OSError as error:
        raise SourceUnavailable(f"{destination} cannot be reached: {error.strerror}.") from error
    if not there:
        raise TargetRefuses(
            f"The destination {destination} is not there. See whether its share is connected; the file stays where it "
            "is until then.",
            subject=str(destination),
        )
