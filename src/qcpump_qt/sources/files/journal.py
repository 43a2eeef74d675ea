"""What was under way when a cycle was cut off: which copy is not complete, and which file has its new name already.

Within one file system a file changes its name at once and nothing needs to be noted. From one file system to
another it stands at both places for a moment; the journal tells the next cycle that it is the same file, which
its name and content alone would not.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO

from qcpump_qt.engine.errors import ConfigurationError
from qcpump_qt.engine.files import write_atomically
from qcpump_qt.engine.oserror_words import in_words
from qcpump_qt.sources.files.copying import Version, remove

FILE_NAME = "under-way.jsonl"

MOST_BYTES = 256 * 1024
"""Emptying a file that must be on the disk is slow, so it is not done after each note."""

_Key = tuple[str, str]


@dataclass(frozen=True)
class Note:
    """One file that is under way to one folder.

    Args:
        file: where it came from.
        part: the copy under its temporary name.
        final: the name that the copy was about to get; empty before that.
        size, mtime_ns: the version that was copied.
    """

    file: str
    part: str
    final: str = ""
    size: int = 0
    mtime_ns: int = 0

    @property
    def key(self) -> _Key:
        """What tells it from others: the file, and the folder that it goes to."""
        return self.file, str(Path(self.part).parent)


class Journal:
    """The notes of one pump, in its own folder: a line is added before each step, and none is ever changed.

    Args:
        path: the file; its folder must exist. It is made when it is first needed.

    Raises:
        ConfigurationError: it cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stream: IO[bytes] | None = None
        self._notes = {note.key: note for note in _read(path)}

    def tidy(self) -> None:
        """Begin a cycle: take away copies that were not completed, and keep only notes that still matter.

        What cannot be looked at now, as when a share is away, is kept for the next time.

        Raises:
            ConfigurationError: the journal cannot be written.
        """
        self.close()
        if not self._notes:
            return
        for key, note in list(self._notes.items()):
            if _removed(note.part) and (not note.final or _is_gone(note.file)):
                del self._notes[key]
        write_atomically(self._path, "".join(_line(asdict(note)) for note in self._notes.values()))

    def left(self, file: Path, folder: Path) -> Note | None:
        """What was noted of a file on its way to a folder and never finished; None when nothing was."""
        return self._notes.get((str(file), str(folder)))

    def started(self, file: Path, part: Path) -> None:
        """A copy of the file begins under a temporary name."""
        self._note(Note(str(file), str(part)), durable=False)

    def placing(self, file: Path, version: Version, final: Path) -> None:
        """The complete copy is about to get this name; on the disk before it gets it."""
        note = self._notes[str(file), str(final.parent)]
        named = replace(note, final=str(final), size=version.size, mtime_ns=version.mtime_ns)
        self._note(named, durable=True)

    def done(self, file: Path, folder: Path) -> None:
        """Nothing is left to be done for the file on its way to this folder."""
        key = (str(file), str(folder))
        if self._notes.pop(key, None) is not None:
            self._add({"done": key}, durable=False)

    def close(self) -> None:
        """Close the file; the next note opens it again."""
        if self._stream is not None:
            with suppress(OSError):  # lines that say "done" do no harm
                if not self._notes:
                    self._stream.truncate(0)
            self._stream.close()
            self._stream = None

    def _note(self, note: Note, *, durable: bool) -> None:
        self._notes[note.key] = note
        self._add(asdict(note), durable=durable)

    def _add(self, line: dict[str, object], *, durable: bool) -> None:
        """Write one line; where nothing is under way and there are many lines, these are dropped instead."""
        try:
            if self._stream is None:
                self._stream = self._path.open("ab", buffering=0)
            if self._notes or self._stream.tell() < MOST_BYTES:
                self._stream.write(_line(line).encode("ascii"))
            else:
                self._stream.truncate(0)
            if durable:
                os.fsync(self._stream.fileno())
        except OSError as error:
            raise _refused(error, "written", self._path) from error


def _line(content: dict[str, object]) -> str:
    """One line of plain ASCII; it begins anew so that a line that was cut off spoils no other."""
    return f"\n{json.dumps(content)}\n"


def _read(path: Path) -> list[Note]:
    notes: dict[_Key, Note] = {}
    try:
        text = path.read_text("ascii", "replace")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _refused(error, "read", path) from error
    for line in filter(None, text.splitlines()):
        with suppress(
            ValueError, TypeError
        ):  # a line that was cut off in the writing: its step was never taken
            content = json.loads(line)
            if "done" in content:
                notes.pop(tuple(content["done"]), None)
            else:
                note = Note(**content)
                notes[note.key] = note
    return list(notes.values())


def _refused(error: OSError, doing: str, path: Path) -> ConfigurationError:
    return ConfigurationError(in_words(error, doing, path), title="Disk refuses", subject=str(path))


def _removed(part: str) -> bool:
    """Whether the incomplete copy is gone; where its folder is not there now, that is not known."""
    path = Path(part)
    try:
        remove(path)
    except FileNotFoundError:
        return path.parent.is_dir()
    except OSError:
        return False
    return True


def _is_gone(file: str) -> bool:
    """Whether the file is known to be gone; where its folder is not there now, that is not known."""
    path = Path(file)
    try:
        path.lstat()
    except FileNotFoundError:
        return path.parent.is_dir()
    except OSError:
        return False
    return False
