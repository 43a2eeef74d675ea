"""A file as one cycle found it: read, or with the reason why it cannot be read yet."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import ItemError, PumpError, SourceUnavailable
from qcpump_qt.engine.records import WaitingFor, Waits
from qcpump_qt.pumps.uploads.keys import Version, modified_time, unread_key
from qcpump_qt.pumps.uploads.known import Known, file_name
from qcpump_qt.pumps.uploads.watched import Watched
from qcpump_qt.sources.files.contents import Stamp, StillWritten, content_digest, unreadable
from qcpump_qt.sources.files.settled import is_settled
from qcpump_qt.sources.files.walk import FoundFile
from qcpump_qt.sources.mpc.files import long_path


@dataclass(slots=True)
class UploadFile:
    """One file of one directory.

    Args:
        place: the directory.
        found: where it lies in there.
        stamp: how it looked when its content was read, or just now where it was not.
        known: what was remembered of it.
        content: digest of what it holds; empty as long as it was not read.
        waits: why it was not read.
        trouble: why it cannot be sent as it is.
        vanished: True when it went away while this cycle looked at it.
        arrived: when it came to this folder, as far as the file system tells; only for ordering.
    """

    place: Watched
    found: FoundFile
    stamp: Stamp
    known: Known | None = None
    content: str = ""
    waits: Waits | None = None
    trouble: ItemError | None = None
    vanished: bool = False
    arrived: int = 0
    key: str = field(default="", init=False)
    """The key of its record, once that was decided."""

    @property
    def name(self) -> str:
        """How it is remembered, and how people find it: its path below the directory."""
        return file_name(self.found.inner)

    @property
    def path(self) -> Path:
        """Where it lies, as Windows takes it however long it is."""
        return Path(long_path(self.found.path))

    @property
    def directory(self) -> str:
        """How its directory is remembered."""
        return str(self.place.source)

    @property
    def unread_key(self) -> str:
        """The key of its record as long as it was not read."""
        return unread_key(self.place.unit, str(self.found.path))

    @property
    def version(self) -> Version:
        """Which version this is.

        Raises:
            ItemError: its time of change is none.
        """
        return Version(self.place.unit, self.found.path.name, modified_time(self.stamp), self.content)

    def remembered(self, now: datetime) -> Known:
        """What is to be remembered of it."""
        before = self.known
        if self.content:
            same = before is not None and before.last_read[0] == self.key
            gone, moved = (before.gone, before.moved) if before is not None and same else (False, False)
            return Known(self.key, self.place.unit, self.stamp, self.content, gone=gone, moved=moved)
        if before is None:
            return Known(self.key, self.place.unit, self.stamp, since=now)
        since = before.since if before.stamp == self.stamp and before.since is not None else now
        return replace(
            before,
            record=self.key,
            unit=self.place.unit,
            stamp=self.stamp,
            content="",
            since=since,
            earlier=before.last_read,
        )

    def is_new(self) -> bool:
        """False when it looks as it did when it was read last, and cannot be another file of that look.

        What was moved away and is there again was put there anew: a device without a clock gives each of its files
        the same time, and often the same size.
        """
        known = self.known
        return known is None or known.moved or not known.content or known.stamp != self.stamp

    def look(self) -> None:
        """See how it looks now, which its folder's listing need not know."""
        try:
            seen = self.path.stat()
        except OSError as error:
            self._cannot_be_read(unreadable(error, self.path))
        else:
            self.stamp = Stamp.of(seen)
            self.arrived = seen.st_ctime_ns

    def read(self, now: datetime, cancel: CancelToken) -> None:
        """Read it as a whole, if it is complete.

        Raises:
            Cancelled: an end was asked for.
        """
        if self.waits is not None or self.vanished:
            return
        since = self.remembered(now).since
        if not is_settled(self.stamp, since, now):
            self.waits = Waits(_not_settled(self.stamp))
            return
        try:
            modified_time(self.stamp)
        except ItemError as error:
            self.trouble = error
            return
        try:
            self.content = content_digest(self.path, self.stamp, cancel)
        except (ItemError, SourceUnavailable) as error:
            self._cannot_be_read(error)

    def _cannot_be_read(self, error: PumpError) -> None:
        if isinstance(error, ItemError):
            self.vanished = True
        else:
            kind = WaitingFor.TIME if isinstance(error, StillWritten) else WaitingFor.SOURCE
            self.waits = Waits(error.message, kind)


def _not_settled(stamp: Stamp) -> str:
    if not stamp.size:
        return "It is empty; it waits ten minutes for somebody to write something into it."
    return "It was written to just now; it goes in the next cycle if it is complete then."
