"""How the window ended last time: a mark that stands while it runs, and what the interpreter wrote when it died."""

from __future__ import annotations

import faulthandler
import json
import os
from datetime import datetime
from typing import TextIO

from qcpump_qt.engine import files
from qcpump_qt.engine.autostart.removing import remove_file
from qcpump_qt.engine.clock import local_now
from qcpump_qt.engine.errors import ConfigurationError
from qcpump_qt.engine.oserror_words import in_words
from qcpump_qt.engine.paths import Places
from qcpump_qt.version import VERSION

MARK = "window-running.json"
TRACE = "qcpump-qt-crash.log"
FORMER_TRACE = "qcpump-qt-former-crash.log"


class CrashMark:
    """The mark of one home. Only the process that has the window uses it, so a mark found is that of a former one.

    Args:
        places: the home.
    """

    def __init__(self, places: Places) -> None:
        self.mark = places.state / MARK
        self.trace = places.logs / TRACE
        self.former_trace = places.logs / FORMER_TRACE
        self._stream: TextIO | None = None

    def begin(self) -> str:
        """Look how the former window ended, and set the mark for this one.

        Returns:
            what was wrong with the former end, in words; empty when it ended well.

        Raises:
            ConfigurationError: the disk refuses.
        """
        words = self._former_end()
        mark = {"pid": os.getpid(), "started": local_now().isoformat(timespec="seconds"), "version": VERSION}
        files.write_atomically(self.mark, json.dumps(mark))
        try:
            self._stream = self.trace.open("w", encoding="utf-8")
        except OSError as error:
            raise ConfigurationError(
                in_words(error, "written", self.trace), subject=str(self.trace)
            ) from error
        faulthandler.enable(self._stream)
        return words

    def end(self) -> None:
        """Take the mark away: the window ended well.

        Raises:
            ConfigurationError: the disk refuses.
        """
        if self._stream is not None:
            faulthandler.disable()
            self._stream.close()
            self._stream = None
        remove_file(self.mark)

    def _former_end(self) -> str:
        try:
            left = files.read_json(self.mark)
        except files.FileMissing:
            return ""
        except ConfigurationError:
            left = None
        began, version = _of(left)
        what = f"QCPump-Qt{version} did not end properly last time{began}."
        if not self._has_trace() or not files.try_rename(self.trace, self.former_trace):
            return f"{what} It crashed, was ended by force, or the computer was switched off."
        return f"{what} It crashed; where, stands in {self.former_trace}."

    def _has_trace(self) -> bool:
        try:
            return bool(files.read_bytes(self.trace).strip())
        except ConfigurationError:
            return False


def _of(left: object) -> tuple[str, str]:
    """When the former window was started, and its version, as parts of a sentence."""
    if not isinstance(left, dict):
        return "", ""
    version = f" {left['version']}" if isinstance(left.get("version"), str) else ""
    try:
        started = datetime.fromisoformat(str(left.get("started")))
    except ValueError:
        return "", version
    return f" (it was started on {started:%Y-%m-%d at %H:%M})", version
