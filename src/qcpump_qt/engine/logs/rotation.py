"""A log file that is renamed when it is large, also where two processes write to it.

On POSIX the other process may have renamed it, which is noticed and followed; on Windows an open file cannot
be renamed, and then it simply grows until it can. In neither case is a line lost or an exception raised.
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path

from qcpump_qt.engine import files
from qcpump_qt.engine.errors import PumpError

MAX_BYTES = 1_000_000
KEPT = 3
RETRY_BYTES = 50_000
"""How much more is written before a rename that failed is tried again."""


class RotatingLog(logging.FileHandler):
    """Appends to a UTF-8 file; older ones are called ``x.log.1`` (the newest) and so on.

    Args:
        path: the file; its folder must exist when the first line comes.
        max_bytes: the size from which it is renamed.
        kept: how many older ones stay.
        rename: tries to rename one file over another and tells whether it could.
    """

    def __init__(
        self,
        path: Path,
        *,
        max_bytes: int = MAX_BYTES,
        kept: int = KEPT,
        rename: files.TryRename = files.try_rename,
    ) -> None:
        super().__init__(path, encoding="utf-8", errors="backslashreplace", delay=True)
        self._path = path
        self._max_bytes = max_bytes
        self._kept = kept
        self._rename = rename
        self._limit = max_bytes
        self._rotating = False
        self._told = False

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line, after a rename where one is due; troubles are told once."""
        write = super().emit
        for step in (lambda _: self._follow(), write):
            try:
                step(record)
            except Exception:  # noqa: BLE001 - as every handler of logging: a log must not end a cycle
                self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802, ARG002 - as logging calls it
        """Tell in one line and once that the file cannot be written; logging itself prints a page for each line."""
        if not self._told and sys.stderr is not None:
            sys.stderr.write(f"The log {self._path} cannot be written: {sys.exc_info()[1]}\n")
        self._told = True

    def _follow(self) -> None:
        """Open the file anew where another process renamed it, and rename it where it is large."""
        size, same = files.size_and_sameness(self._path, self.stream)
        if not same:
            self._reopen()
        # A line that is logged by what a rename needs must not begin another one.
        if size >= self._limit and not self._rotating:
            self._rotating = True
            try:
                self._rotate()
            finally:
                self._rotating = False

    def _rotate(self) -> None:
        """Rename all files by one, if nobody else does so now and the system allows it."""
        try:
            with files.held(
                self._path.with_name(f".{self._path.name}.lock"), doing="renaming its logs", seconds=0.5
            ):
                done = self._rotate_alone()
        except PumpError:
            # A log that cannot be renamed now is still a log; it grows and is tried again later.
            done = False
        size, _ = files.size_and_sameness(self._path, None)
        self._limit = self._max_bytes if done else max(self._max_bytes, size + RETRY_BYTES)

    def _rotate_alone(self) -> bool:
        size, _ = files.size_and_sameness(self._path, None)
        if size < self._max_bytes:
            self._reopen()  # another process was quicker
            return True
        self._reopen()  # Windows renames nothing that this process itself has open
        # The current file goes first: were it held open by another process, no older one may be lost for it.
        return self._shift() and self._rename(self._path, self._older(0)) and self._shift()

    def _shift(self) -> bool:
        """Rename ``x.log.0`` (just left, or left by a rename that was cut off) to ``.1``, ``.1`` to ``.2`` …

        Stops where one cannot be renamed, since the next would replace it.
        """
        if not files.exists(self._older(0)):
            return True
        return all(
            self._rename(self._older(number - 1), self._older(number))
            for number in range(self._kept, 0, -1)
            if files.exists(self._older(number - 1))
        )

    def _older(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}")

    def _reopen(self) -> None:
        """Close the file; the next line opens it by its name."""
        stream, self.stream = self.stream, None
        if stream is not None:
            stream.close()
