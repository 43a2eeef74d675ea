"""Gives each file of a directory the key of its record: that of before, or a new one that no other file has."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.records import DeliveryState
from qcpump_qt.pumps.uploads.found import UploadFile
from qcpump_qt.pumps.uploads.known import UploadMemory

AT_ONCE = 100
"""New files that are read before their keys are written down together."""


class Sorter:
    """Sorts the files of one cycle into records.

    Args:
        memory: what is known of files.
        states: how the records stand that are open or rejected, by key.
        now: the present moment, aware of its zone.
        forget: strikes out waiting records whose file has another content, or another key, now.
        cancel: ends it between two files.
    """

    def __init__(
        self,
        memory: UploadMemory,
        states: Mapping[str, DeliveryState],
        now: datetime,
        forget: Callable[[Collection[str]], None],
        cancel: CancelToken,
    ) -> None:
        self._memory = memory
        self._states = states
        self._now = now
        self._forget = forget
        self._cancel = cancel

    def with_keys(self, files: Iterable[UploadFile]) -> Iterator[list[UploadFile]]:
        """The files a few at a time; what was decided is written down before they are given out."""
        known = iter(files)
        while group := list(islice(known, AT_ONCE)):
            self._cancel.check()
            for file in group:
                if file.is_new():
                    file.read(self._now, self._cancel)
                elif file.known is not None:
                    file.content = file.known.content
            there = [file for file in group if not file.vanished]
            self._decide(there)
            yield group

    def _decide(self, group: list[UploadFile]) -> None:
        unsure = [file for file in group if not self._keeps_key(file)]
        for file in unsure:
            if not file.content:
                file.key = file.unread_key
        wanted = [file for file in unsure if file.content]
        marks = self._memory.marks_of(key for file in wanted for key in _possible(file))
        taken: dict[str, str] = {}
        for file in wanted:
            file.key = _free_key(file, {**marks, **taken})
            taken[file.key] = file.version.mark
        # First of all: should this be cut off, no old record must be left to be sent with a new content.
        if replaced := {key for file in group if (key := self._replaced_by(file))}:
            self._forget(replaced)
        self._remember(group, taken)

    def _keeps_key(self, file: UploadFile) -> bool:
        """A file that is still waited for, or stays where it is, keeps its record when only its time has changed."""
        known = file.known
        if known is None or not file.content:
            return False
        record, content = known.last_read
        if content != file.content:
            return False
        is_open = record in self._states
        if is_open and known.unit != file.place.unit:
            return False
        if known.stamp != file.stamp and known.moved:
            return False
        file.key = record
        return True

    def _replaced_by(self, file: UploadFile) -> str:
        """The key of the record that the file had before, where that was not sent and is another one."""
        before = file.known.record if file.known else ""
        if before == file.key or self._states.get(before) not in (
            DeliveryState.WAITING,
            DeliveryState.REJECTED,
        ):
            return ""
        return before

    def _remember(self, group: Iterable[UploadFile], taken: Mapping[str, str]) -> None:
        changed: dict[str, dict[str, UploadFile]] = {}
        for file in group:
            if file.known is None or file.remembered(self._now) != file.known:
                changed.setdefault(file.directory, {})[file.name] = file
        for directory, files in changed.items():
            facts = {name: file.remembered(self._now) for name, file in files.items()}
            self._memory.remember(directory, facts, taken)


def _possible(file: UploadFile) -> tuple[str, str]:
    return file.version.plain_key, file.version.own_key


def _free_key(file: UploadFile, marks: Mapping[str, str]) -> str:
    """QCPump's key, unless another file has it."""
    version = file.version
    holder = marks.get(version.plain_key)
    return version.plain_key if holder in (None, version.mark) else version.own_key
