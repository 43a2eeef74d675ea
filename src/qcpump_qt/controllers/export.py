"""Writes the chosen records into a CSV file that Excel opens as it is."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from qcpump_qt.controllers.records import RecordChoice
from qcpump_qt.controllers.tasks import Tasks
from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import PumpError
from qcpump_qt.engine.files import write_atomically
from qcpump_qt.models.plain_text import guarded
from qcpump_qt.models.record_words import records_counted

if TYPE_CHECKING:
    from qcpump_qt.controllers.program import HomeProgram
    from qcpump_qt.engine.ledger.browse import Browse, RecordLine

PAGE = 2000
"""Records read at once."""

HEADINGS = (
    *("Number", "Record", "Key", "State", "Reason", "Unit", "Test list"),
    *("First seen", "Updated", "Attempts", "Page in QATrack+"),
)
_BYTE_ORDER_MARK = "\ufeff"


class Export(QObject):
    """Writes one file at a time; a newer wish takes the place of an older one.

    Args:
        program: the home.
        tasks: where the work is done.
        parent: as for every Qt object.
    """

    busy = Signal(bool)
    """True when a file is being written, False when that has ended."""
    told = Signal(str, str)
    """What was done: a title and a text."""
    failed = Signal(str, str)
    """What went wrong: a title and a text."""

    def __init__(self, program: HomeProgram, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._program = program
        self._tasks = tasks
        self._under_way: CancelToken | None = None

    def export(self, choice: RecordChoice, path: str) -> None:
        """Write all records of the choice, the first seen first, whether they are loaded or not.

        Args:
            choice: which records; its order is not used.
            path: the file, which is replaced when the new one is complete.
        """
        pump, file = choice.pump, Path(path)
        if pump is None:
            return
        if self._under_way is not None:
            self._under_way.cancel()
        self.busy.emit(True)
        self._under_way = self._tasks.start(
            lambda token: self._write(pump, choice, file, token),
            lambda count: self._done(count, file),
            self._not_done,
        )

    def cancel(self) -> None:
        """End what is under way; the file stays as it was."""
        if self._under_way is not None:
            self._under_way.cancel()
            self._end()
            self.told.emit("Export", "The export was cancelled.")

    def _write(self, pump: str, choice: RecordChoice, file: Path, token: CancelToken) -> int:
        text = io.StringIO(newline="")
        text.write(_BYTE_ORDER_MARK)
        writer = csv.writer(text)
        writer.writerow(HEADINGS)
        count = 0
        for line in _lines(self._program.ledger.browse, pump, choice, token):
            writer.writerow(_cells(line))
            count += 1
        token.check()
        write_atomically(file, text.getvalue())
        return count

    def _done(self, count: int, file: Path) -> None:
        self._end()
        verb = "was" if count == 1 else "were"
        self.told.emit("Export", f"{records_counted(count)} {verb} written to {file}.")

    def _not_done(self, error: PumpError) -> None:
        self._end()
        self.failed.emit(error.title, error.message)

    def _end(self) -> None:
        self._under_way = None
        self.busy.emit(False)


def _lines(browse: Browse, pump: str, choice: RecordChoice, token: CancelToken) -> Iterator[RecordLine]:
    """Each record of the choice once, page by page, also while a cycle moves records in and out of it."""
    last, offset = 0, 0
    while True:
        token.check()
        page = browse.page(
            pump,
            state=choice.state,
            text=choice.text,
            order="first_seen",
            descending=False,
            offset=offset,
            limit=PAGE,
        )
        if offset and (not page or page[0].number > last):
            offset = max(0, offset - PAGE)  # some have left the choice; others may have slipped past
            continue
        yield from (line for line in page if line.number > last)
        if len(page) < PAGE:
            return
        last = max(last, page[-1].number)
        offset += PAGE - 1  # the last one once more shows that nothing lies between


def _cells(line: RecordLine) -> list[str | int]:
    texts = (line.title, line.key, line.state.value, line.reason, line.unit, line.test_list)
    return [
        line.number,
        *(guarded(text) for text in texts),
        _moment(line.first_seen),
        _moment(line.updated),
        line.attempts,
        guarded(line.url),
    ]


def _moment(when: datetime) -> str:
    """Local time with its offset, to the second: ``2026-11-20T07:05:09+01:00``."""
    return when.astimezone().isoformat(timespec="seconds")
