"""All files of the directories that have changed, as records, a few at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import datetime

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import SourceUnavailable
from qcpump_qt.engine.memory import Item
from qcpump_qt.engine.records import DeliveryState, Record
from qcpump_qt.pumps.uploads.found import UploadFile
from qcpump_qt.pumps.uploads.keys import is_unread
from qcpump_qt.pumps.uploads.known import Known, UploadMemory, file_name
from qcpump_qt.pumps.uploads.looking import FileTypes, files_of
from qcpump_qt.pumps.uploads.records import RecordMaker, gone_record
from qcpump_qt.pumps.uploads.sorting import Sorter
from qcpump_qt.pumps.uploads.watched import Watched
from qcpump_qt.sources.files.contents import Stamp
from qcpump_qt.sources.files.walk import FoundFile

Tell = Callable[[str], None]


class CycleFiles:
    """Finds the records of one cycle.

    Args:
        memory: what is known of files.
        types: which files are wanted.
        maker: makes records.
        now: the present moment, aware of its zone.
        forget: strikes out waiting records.
        warn: tells what somebody may want to look at.
        unreachable: tells that a directory went away.
        cancel: ends it.
    """

    def __init__(
        self,
        memory: UploadMemory,
        types: FileTypes,
        maker: RecordMaker,
        *,
        now: datetime,
        forget: Callable[[Collection[str]], None],
        warn: Tell,
        unreachable: Tell,
        cancel: CancelToken,
    ) -> None:
        self._memory = memory
        self._types = types
        self._maker = maker
        self._forget = forget
        self._warn = warn
        self._unreachable = unreachable
        self._cancel = cancel
        self._open = memory.open_items()
        self._states = {item.record: item.state for item in self._open if item.record and item.state}
        self._sorter = Sorter(memory, self._states, now, forget, cancel)
        self.restless: set[str] = set()
        """Directories that have to be looked at again in the next cycle, whatever becomes of their records."""
        self.keys: dict[str, set[str]] = {}
        """The keys of the records found, by directory."""

    def records(self, places: list[Watched]) -> Iterator[Record]:
        """The records of these directories.

        Raises:
            Cancelled: an end was asked for.
        """
        gone: list[Item] = []
        for place in places:
            troubles: list[str] = []
            self.keys.setdefault(str(place.source), set())
            try:
                found = list(files_of(place, self._types, self._cancel, troubles))
            except SourceUnavailable as error:
                self.restless.add(str(place.source))
                self._unreachable(error.message)
                continue
            yield from self._of_place(place, found)
            if not troubles:
                gone += self._gone(str(place.source), found)
        yield from self._given_up(gone)

    def _of_place(self, place: Watched, found: list[FoundFile]) -> Iterator[Record]:
        directory = str(place.source)
        keys = self.keys[directory]
        for group in self._sorter.with_keys(self._to_look_at(place, found)):
            for file in group:
                if file.vanished:
                    self._tell_vanished(file)
                    continue
                keys.add(file.key)
                if not file.content:
                    self.restless.add(directory)
                if (record := self._maker.record(file)) is not None:
                    yield record

    def _to_look_at(self, place: Watched, found: list[FoundFile]) -> list[UploadFile]:
        """Files with anything left to do; those that have been in the directory for longest come first.

        Of two files that QCPump 0.3 took for one, the one that was there first is the one that it sent.
        """
        directory = str(place.source)
        known = self._memory.files(directory, [file_name(each.inner) for each in found])
        finished = self._memory.finished(directory)
        files: list[UploadFile] = []
        for each in found:
            file = UploadFile(place, each, Stamp(each.size, each.mtime_ns))
            file.known = known.get(file.name)
            if self._is_at_rest(file, finished):
                continue
            if file.is_new():
                file.look()
            files.append(file)
        return sorted(files, key=lambda file: (file.arrived, file.name))

    def _is_at_rest(self, file: UploadFile, finished: set[str]) -> bool:
        if file.known is None:
            return False
        if self._states.get(file.known.record) is DeliveryState.SENDING and file.is_new():
            self.restless.add(file.directory)  # the server has to say first what it has
            return True
        done = file.name in finished and not file.is_new() and not file.known.gone
        return done and file.place.destination is None

    def _tell_vanished(self, file: UploadFile) -> None:
        self.restless.add(file.directory)
        self._warn(f"{file.name}: the file has vanished before it could be read.")

    def _gone(self, directory: str, found: list[FoundFile]) -> list[Item]:
        """Files that wait, and are not in the directory any more."""
        here = {file_name(each.inner) for each in found}
        return [
            item
            for item in self._open
            if item.container == directory and item.name not in here and item.state is DeliveryState.WAITING
        ]

    def _given_up(self, gone: list[Item]) -> Iterator[Record]:
        for item in gone:
            key = item.record or ""
            if is_unread(key):
                self._forget({key})
                self._warn(f"{item.name}: the file has vanished before it could be read.")
            elif key not in self._maker:
                known = Known.of(item)
                lost = Known(key, known.unit, known.stamp, known.content, gone=True)
                self._memory.remember(item.container, {item.name: lost}, {})
                yield gone_record(key, item.name)
