"""Makes records of files: what is sent for each, what it waits for, and what follows its delivery."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from qcpump_qt.engine.errors import ItemError, SourceUnavailable
from qcpump_qt.engine.records import Ready, Record, Skips, UnitBy, UnitRef, Upload, WaitingFor, Waits
from qcpump_qt.pumps.uploads.found import UploadFile
from qcpump_qt.pumps.uploads.keys import modified_time
from qcpump_qt.pumps.uploads.moving import Mover
from qcpump_qt.pumps.uploads.times import work_times
from qcpump_qt.sources.files.contents import stamp_of, still_written

AHEAD = timedelta(hours=1)
"""Clocks differ by minutes; more than this is a wrong clock or time zone."""
GONE = "gone"
"""The fingerprint of a record whose file has vanished; should the file come back, it is another one."""


@dataclass(frozen=True)
class Wishes:
    """What the configuration says about the upload.

    Args:
        test_list: the name of the test list.
        slug: the macro name of the upload test.
        file_test: makes what is posted for that test out of a file.
        takes_empty: whether the server takes an empty file of this kind.
        file_times: True gives a session the time of its file.
    """

    test_list: str
    slug: str
    file_test: Callable[[Path], dict[str, Any]]
    takes_empty: bool
    file_times: bool


class RecordMaker:
    """Makes the records of one cycle; a file that is there twice makes one record.

    Args:
        wishes: what the configuration says.
        mover: moves what has arrived.
        now: the present moment, aware of its zone.
    """

    def __init__(self, wishes: Wishes, mover: Mover, now: datetime) -> None:
        self._wishes = wishes
        self._mover = mover
        self._now = now
        self._files: dict[str, list[UploadFile]] = {}

    def __contains__(self, key: str) -> bool:
        return key in self._files

    def record(self, file: UploadFile) -> Record | None:
        """The record of a file; None when another file of this cycle has made it already."""
        together = self._files.setdefault(file.key, [])
        together.append(file)
        if len(together) > 1:
            return None
        return Record(
            key=file.key,
            title=file.name,
            prepare=lambda: self._upload(file),
            standing=self._standing(file),
            source=(str(file.found.path),),
            fingerprint=file.content or f"{file.stamp.size}-{file.stamp.mtime_ns}",
            settled=lambda: self._settled(together),
            settle_again=True,
        )

    def _settled(self, files: list[UploadFile]) -> None:
        for file in files:
            self._mover.move(file)

    def _standing(self, file: UploadFile) -> Ready | Waits | Skips:
        if file.trouble is not None:
            return Skips(file.trouble.message)
        if file.waits is not None:
            return file.waits
        if not file.stamp.size and not self._wishes.takes_empty:
            return Skips(
                "It is empty, and QATrack+ takes no empty file of this kind. It is sent once something is written "
                "into it."
            )
        return self._in_its_time(file) if self._wishes.file_times else Ready()

    def _in_its_time(self, file: UploadFile) -> Ready | Waits:
        moment = modified_time(file.stamp)
        if moment.astimezone() <= self._now + AHEAD:
            return Ready()
        return Waits(
            f"Its time, {moment:%Y-%m-%d %H:%M}, lies in the future. It waits until then; look at the clocks (and time "
            "zones) of this computer and of the one that wrote the file.",
            WaitingFor.CLOCK,
        )

    def _upload(self, file: UploadFile) -> Upload:
        path = file.path
        try:
            changed = stamp_of(path) != file.stamp
        except ItemError as error:
            raise SourceUnavailable(
                "The file has vanished before it could be sent. The next cycle sees whether it comes back.",
                subject=str(path),
            ) from error
        if changed:
            raise still_written(path)
        times = work_times(self._moment(file))
        payload = {
            "work_started": times.started,
            "work_completed": times.completed,
            "user_key": file.key,
            "day": 0,
            "tests": {self._wishes.slug: self._wishes.file_test(path)},
        }
        unit = UnitRef(UnitBy.LABEL, file.place.unit)
        return Upload(payload=payload, unit=unit, test_list=self._wishes.test_list, notes=times.notes)

    def _moment(self, file: UploadFile) -> datetime:
        return modified_time(file.stamp) if self._wishes.file_times else self._now.replace(tzinfo=None)


def gone_record(key: str, name: str) -> Record:
    """A record whose file has vanished before it was sent."""
    return Record(
        key=key,
        title=name,
        prepare=_nothing,
        standing=Skips(
            "The file is not in its directory any more, and it was not sent before. If it comes back, it is sent."
        ),
        fingerprint=GONE,
    )


def _nothing() -> Upload:
    raise ItemError("The file has vanished.")
