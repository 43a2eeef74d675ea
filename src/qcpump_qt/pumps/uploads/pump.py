"""The two uploaders: look at the watched directories, have what is new delivered, move what has arrived."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from qcpump_qt.engine.clock import local_now
from qcpump_qt.engine.config.marks import online
from qcpump_qt.engine.errors import SourceUnavailable
from qcpump_qt.pumps.base import BasePump
from qcpump_qt.pumps.post_files import binary_file_test, text_file_test
from qcpump_qt.pumps.qatrack_api import QATRACK_API_CONFIG, QATrackAPIMixin
from qcpump_qt.pumps.uploads.checks import check_directory, check_patterns, check_test_list, check_unit
from qcpump_qt.pumps.uploads.config import (
    DIRECTORIES,
    DIRECTORIES_SECTION,
    FILE_TYPES,
    FILE_TYPES_SECTION,
    TEST_LIST,
    TEST_LIST_SECTION,
)
from qcpump_qt.pumps.uploads.cycle_files import CycleFiles
from qcpump_qt.pumps.uploads.known import UploadMemory
from qcpump_qt.pumps.uploads.looking import FileTypes, Look, glance
from qcpump_qt.pumps.uploads.moving import Mover
from qcpump_qt.pumps.uploads.records import RecordMaker, Wishes
from qcpump_qt.pumps.uploads.watched import Watched, all_watched

JOURNAL = "under-way.jsonl"
"""In the pump's folder: what was being moved when a cycle was cut off."""


class FileUploader(QATrackAPIMixin, BasePump):
    """What both uploaders do."""

    INTERNAL = True
    CONFIG: ClassVar[list[dict[str, Any]]] = [
        QATRACK_API_CONFIG,
        TEST_LIST_SECTION,
        FILE_TYPES_SECTION,
        DIRECTORIES_SECTION,
    ]
    TAKES_EMPTY: ClassVar[bool]
    """Whether QATrack+ takes an empty file of this kind."""

    def file_test(self, path: Path) -> dict[str, Any]:
        """What is posted for the upload test with a file."""
        raise NotImplementedError

    def pump(self) -> None:
        """One cycle: each version of each file once."""
        memory = UploadMemory(self.pump_host.memory)
        places = all_watched(self.get_config_values(DIRECTORIES))
        self.update_progress(5, "Looking at the directories")
        looks = self._look(places, memory)
        waiting = memory.waiting_directories()
        changed = [
            place
            for place in places
            if (name := str(place.source)) in looks
            and (name in waiting or memory.digests.get(name) != looks[name].digest)
        ]
        if changed or memory.open_keys():
            self._deliver(changed, memory, looks)
        else:
            self.log_debug("Nothing new in the directories, nothing open in the ledger.")
        self.update_progress(100, "Done")

    def _look(self, places: list[Watched], memory: UploadMemory) -> dict[str, Look]:
        """How each directory that can be reached looks now."""
        looks: dict[str, Look] = {}
        for place in places:
            name = str(place.source)
            try:
                looks[name] = glance(place, self._types(), self.pump_host.cancel)
            except SourceUnavailable as error:
                self.pump_host.unreachable(error.message)
                continue
            for trouble in looks[name].troubles:
                self.log_warning(trouble)
            if not looks[name].count and self._held_files(place, memory, looks[name]):
                self.pump_host.unreachable(
                    f"“{name}” is empty, although files were left there before. Is its share connected? If the files "
                    "were removed on purpose, nothing has to be done; this is told once."
                )
        return looks

    @staticmethod
    def _held_files(place: Watched, memory: UploadMemory, look: Look) -> bool:
        """Whether a directory from which nothing is moved away has just become empty."""
        name = str(place.source)
        changed = memory.digests.get(name) != look.digest
        return place.destination is None and changed and bool(memory.finished(name))

    def _deliver(self, changed: list[Watched], memory: UploadMemory, looks: dict[str, Look]) -> None:
        """Have the files of the changed directories delivered, and remember which are at rest then."""
        host = self.pump_host
        names = {str(place.source) for place in changed}
        with self.qatrack_server() as server:
            hold = host.settle_doubts(server)
            memory.forget_digests(names)
            now = local_now()
            mover = Mover(lambda: self.get_pump_path(JOURNAL), host.cancel, self.log_info)
            files = CycleFiles(
                memory,
                self._types(),
                RecordMaker(self._wishes(), mover, now),
                now=now,
                forget=host.forget,
                warn=self.log_warning,
                unreachable=host.unreachable,
                cancel=host.cancel,
            )
            self.update_progress(30, "Delivering files")
            try:
                host.deliver(files.records(changed), server, throttle=self.throttle, hold=hold)
            finally:
                mover.close()
                memory.note_moved((each.directory, each.name, each.remembered(now)) for each in mover.moved)
        # From where a file was moved, it may come back, and must not look as if it had never been gone.
        restless = files.restless | mover.left | {file.directory for file in mover.moved}
        still_open = memory.open_keys()
        rest = {name for name in names - restless if files.keys[name].isdisjoint(still_open)}
        memory.keep_digests({name: looks[name].digest for name in rest})

    # --- configuration -----------------------------------------------------------------------

    @online
    def validate_test_list(self, values: Mapping[str, Any]) -> tuple[bool, str]:
        """The test list is there, and the macro name can be one."""
        return check_test_list(str(values["name"]), str(values["slug"]), self.get_test_list_choices)

    def validate_file_types(self, values: Mapping[str, Any]) -> tuple[bool, str]:
        """The patterns can match something."""
        return check_patterns(str(values["pattern"]), str(values["ignore pattern"] or ""))

    @online
    def validate_directories(self, values: Mapping[str, Any]) -> tuple[bool, str]:
        """The unit is there, the source can be listed, the destination can be written to and is another one."""
        mine = Watched.of(values)
        valid, message = check_unit(mine.unit, self.get_qatrack_unit_choices)
        if not valid:
            return False, message
        others = self.get_config_values(DIRECTORIES)
        return check_directory(
            mine, [Watched.of(row) for row in others], self._types(), self.pump_host.cancel
        )

    def _types(self) -> FileTypes:
        return FileTypes(
            bool(self.get_config_value(FILE_TYPES, "recursive")),
            str(self.get_config_value(FILE_TYPES, "pattern") or "*"),
            str(self.get_config_value(FILE_TYPES, "ignore pattern") or ""),
        )

    def _wishes(self) -> Wishes:
        return Wishes(
            test_list=str(self.get_config_value(TEST_LIST, "name")),
            slug=str(self.get_config_value(TEST_LIST, "slug")).strip(),
            file_test=self.file_test,
            takes_empty=self.TAKES_EMPTY,
            file_times=bool(self.get_config_value(FILE_TYPES, "use file modified time")),
        )


class QATrackGenericTextFileUploader(FileUploader):
    """Uploads text files (manual, *QATrack+ File Upload: Generic Text File*)."""

    DISPLAY_NAME = "QATrack+ File Upload: Generic Text File"
    DESCRIPTION = (
        "Watches directories for text files, such as csv files or exports of a profiler, and sends each to an upload "
        "test in QATrack+ once."
    )
    TAKES_EMPTY = True

    def file_test(self, path: Path) -> dict[str, Any]:
        """The text of the file."""
        return text_file_test(path)


class QATrackGenericBinaryFileUploader(FileUploader):
    """Uploads files of any kind (manual, *QATrack+ File Upload: Generic Binary File*)."""

    DISPLAY_NAME = "QATrack+ File Upload: Generic Binary File"
    DESCRIPTION = (
        "Watches directories for files of any kind, such as images or PDF reports, and sends each to an upload test in "
        "QATrack+ once."
    )
    TAKES_EMPTY = False

    def file_test(self, path: Path) -> dict[str, Any]:
        """The bytes of the file."""
        return binary_file_test(path)
