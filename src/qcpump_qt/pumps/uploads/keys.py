"""The keys of uploaded files: QCPump's where it tells files apart, with the content's mark where it does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from pathlib import PurePath

from qcpump_qt.engine.errors import ItemError
from qcpump_qt.engine.records import KEY_LIMIT
from qcpump_qt.sources.files.contents import Stamp

PREFIX = "QCPump/GenericTextFileUploader"
"""QCPump 0.3 uses this word for text and for binary files (compatibility reference, section 4)."""


@dataclass(frozen=True)
class Version:
    """One state of a file for one unit; the same name, time and content is the same version, wherever it lies.

    Args:
        unit: the unit's name as configured.
        name: the file's name with its extension.
        modified: when it was last changed, local time.
        content: digest of what it holds.
    """

    unit: str
    name: str
    modified: datetime
    content: str

    @property
    def mark(self) -> str:
        """16 characters that tell it from any other file of this unit and time."""
        return _digest(f"{self.name}\0{self.content}")

    @property
    def plain_key(self) -> str:
        """The key that QCPump 0.3 gives it; two files with one stem and time have the same.

        One that is too long for a server, which never took it from QCPump either, ends in the mark.
        """
        key = self._qcpump_key
        return key if len(key) <= KEY_LIMIT else self._with(_digest(f"{key}\0{self.mark}"))

    @property
    def own_key(self) -> str:
        """The key where another file has the plain one."""
        return self._with(self.mark)

    @property
    def _qcpump_key(self) -> str:
        return clean(f"{PREFIX}/{self.unit}/{self.modified.isoformat()}/{PurePath(self.name).stem}").strip()

    def _with(self, mark: str) -> str:
        return f"{self._qcpump_key[: KEY_LIMIT - 1 - len(mark)]}/{mark}"


def clean(text: str) -> str:
    """A name as servers and databases take it: one on Linux need not be valid text."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


def unread_key(unit: str, path: str) -> str:
    """The key of a file that could not be read as a whole yet; nothing is ever sent under it.

    Args:
        unit: the unit's name.
        path: the file's path as text.
    """
    return f"{PREFIX}/{clean(unit)[:180]}/unread/{_digest(path)}"


def is_unread(key: str) -> bool:
    """True for what `unread_key` gives."""
    return key.rpartition("/")[0].endswith("/unread")


def modified_time(stamp: Stamp) -> datetime:
    """When a file was last changed, by the clock on the wall; as `os.path.getmtime` has it, to the microsecond.

    Raises:
        ItemError: the file system has a time that is none.
    """
    seconds, nanoseconds = divmod(stamp.mtime_ns, 1_000_000_000)
    try:
        return datetime.fromtimestamp(seconds + 1e-9 * nanoseconds)  # noqa: DTZ006 - keys and sessions carry local time
    except (OverflowError, OSError, ValueError) as error:
        raise ItemError(
            "Its time of change lies outside of what a calendar knows. Save the file anew and it is sent."
        ) from error


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
