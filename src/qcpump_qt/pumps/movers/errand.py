"""One pair's turn in a cycle: what is found at its source goes to its destination, file by file."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from qcpump_qt.engine.errors import ItemError, SourceUnavailable
from qcpump_qt.engine.host import PumpHost
from qcpump_qt.pumps.movers.copied import Copied
from qcpump_qt.pumps.movers.pair import Pair, left_out
from qcpump_qt.pumps.movers.settling import Settling
from qcpump_qt.pumps.movers.telling import Telling
from qcpump_qt.sources.files.transfer import Journal, copy_file, move_file
from qcpump_qt.sources.files.troubles import (
    AlreadyThere,
    StillWritten,
    TargetRefuses,
    destination_away,
    quoted,
)
from qcpump_qt.sources.files.walk import FoundFile, walk

REFUSALS = 3
"""So many files in a row that the destination does not take: the others of the pair wait for the next cycle."""
BATCH = 100
"""Copies that are remembered at once; until then the journal has them."""


@dataclass
class Shift:
    """What the pairs of one cycle share.

    Args:
        host: the cycle.
        pairs: all of them.
        journal: what is under way; None in a preview, in which nothing is touched.
        settling: which files are complete.
        telling: what is said.
        copied: files that copying pairs are done with, by their path in their file system; filled as they go.
    """

    host: PumpHost
    pairs: list[Pair]
    journal: Journal | None
    settling: Settling
    telling: Telling
    copied: dict[Pair, set[str]] = field(default_factory=dict)

    def free(self, path: str) -> bool:
        """Whether no copying pair has yet to take this file."""
        return not any(pair.takes(path) and path not in done for pair, done in self.copied.items())


class Errand:
    """Moves or copies the files of one pair.

    Args:
        pair: the pair.
        shift: what it shares with the other pairs of the cycle.
    """

    def __init__(self, pair: Pair, shift: Shift) -> None:
        self._pair = pair
        self._shift = shift
        self._counts: Counter[str] = Counter()
        self._refusals = 0

    def run(self) -> None:
        """Take all files that can be taken now; a trouble of one does not keep the others.

        Raises:
            ConfigurationError: the pump's own folder cannot be written.
            Cancelled: an end was asked for.
        """
        if self._pair.copies:
            self._shift.copied[self._pair] = set()
        try:
            _check_destination(self._pair.destination)
            if self._pair.copies:
                self._copy(self._found())
            else:
                self._move(self._found())
        except SourceUnavailable as error:
            self._shift.telling.trouble(error)
        self._shift.telling.sums(self._pair, self._counts, rehearsal=self._shift.journal is None)

    def _found(self) -> Iterator[FoundFile]:
        pair = self._pair
        return walk(
            pair.source,
            recursive=pair.recursive,
            pattern=pair.pattern,
            ignore=pair.ignore,
            cancel=self._shift.host.cancel,
            trouble=self._shift.telling.passed_over,
            leave_out=left_out(pair, self._shift.pairs),
        )

    # --- moving --------------------------------------------------------------------------------

    def _move(self, found: Iterable[FoundFile]) -> None:
        for file in found:
            if self._ready(file) and self._is_free(file):
                self._take(file)

    def _is_free(self, file: FoundFile) -> bool:
        free = not self._shift.copied or self._shift.free(self._real(file))
        self._counts["copy first"] += not free
        return free

    # --- copying -------------------------------------------------------------------------------

    def _copy(self, found: Iterable[FoundFile]) -> None:
        copied = Copied(self._shift.host.memory, self._pair)
        done = self._shift.copied[self._pair]
        try:
            for folder, group in groupby(found, key=_folder):
                files = list(group)
                if copied.unchanged(folder, files):
                    done.update(map(self._real, files))
                else:
                    self._copy_folder(folder, files, copied, done)
        finally:
            copied.keep()

    def _copy_folder(self, folder: str, files: list[FoundFile], copied: Copied, done: set[str]) -> None:
        versions = copied.versions(folder)
        batch: list[tuple[FoundFile, Path]] = []
        left = False
        try:
            for file in files:
                if versions.get(copied.name(file)) != (file.size, file.mtime_ns):
                    copy = self._take(file) if self._ready(file) else None
                    if copy is None:
                        left = True
                        continue
                    copied.add(folder, file, str(copy))
                    batch.append((file, copy))
                    if len(batch) >= BATCH:
                        self._remember(copied, batch)
                done.add(self._real(file))
        finally:
            self._remember(copied, batch)
        if not left:
            copied.complete(folder, files)

    def _remember(self, copied: Copied, batch: list[tuple[FoundFile, Path]]) -> None:
        copied.write()
        for file, copy in batch:
            if self._shift.journal is not None:
                self._shift.journal.done(file.path, copy.parent)
        batch.clear()

    # --- one file ------------------------------------------------------------------------------

    def _ready(self, file: FoundFile) -> bool:
        """Whether the file may be taken: nobody writes to it, and the destination has not refused too often."""
        self._shift.host.cancel.check()
        if not self._shift.settling.complete(file):
            self._counts["written"] += 1
            return False
        if self._refusals >= REFUSALS:
            self._counts["put off"] += 1
            return False
        return True

    def _take(self, file: FoundFile) -> Path | None:
        """Move or copy one file; None when it has to wait, which is told."""
        target = self._pair.target(file)
        try:
            final = self._transfer(file, target)
        except (StillWritten, AlreadyThere) as error:
            self._counts["written" if isinstance(error, StillWritten) else "there"] += 1
            self._shift.telling.trouble(error)
        except (SourceUnavailable, ItemError) as error:
            self._refusals = self._refusals + 1 if isinstance(error, TargetRefuses) else 0
            self._shift.telling.trouble(error)
        else:
            self._refusals = 0
            self._counts["done"] += 1
            self._tell(file, final)
            return final
        return None

    def _transfer(self, file: FoundFile, target: Path) -> Path:
        journal = self._shift.journal
        if journal is None:
            return target
        transfer = copy_file if self._pair.copies else move_file
        return transfer(
            file.path,
            target,
            clash=self._pair.clash,
            cancel=self._shift.host.cancel,
            journal=journal,
            seen=(file.size, file.mtime_ns),
        )

    def _tell(self, file: FoundFile, final: Path) -> None:
        verb = "copy" if self._pair.copies else "move"
        done = f"Would {verb}" if self._shift.journal is None else {"copy": "Copied", "move": "Moved"}[verb]
        self._shift.telling.file(f"{done} {quoted(file.path)} to {quoted(final)}.")

    def _real(self, file: FoundFile) -> str:
        return os.path.join(self._pair.real_source, file.inner)  # noqa: PTH118 - compared as text


def _folder(file: FoundFile) -> str:
    return file.inner.rpartition(os.sep)[0]


def _check_destination(folder: Path) -> None:
    """A destination that is not there is not made: it may be a share that is away."""
    try:
        os.scandir(folder).close()
    except PermissionError:
        return  # folders that may be written to and not read are in use where results are handed in
    except OSError as error:
        raise destination_away(error, folder) from error
