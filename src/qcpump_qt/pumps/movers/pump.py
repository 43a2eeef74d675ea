"""The two file movers: a simple one, and one with patterns that looks into folders."""

from __future__ import annotations

from collections import Counter
from typing import Any, ClassVar

from qcpump_qt.engine.clock import local_now
from qcpump_qt.engine.config.marks import online
from qcpump_qt.engine.errors import ConfigurationError
from qcpump_qt.engine.files import check_writable
from qcpump_qt.pumps.base import BasePump
from qcpump_qt.pumps.movers.config import ADVANCED_SECTION, SIMPLE_SECTION
from qcpump_qt.pumps.movers.errand import Errand, Shift
from qcpump_qt.pumps.movers.pair import Pair, check_pairs, left_out
from qcpump_qt.pumps.movers.settling import Settling
from qcpump_qt.pumps.movers.telling import Telling
from qcpump_qt.sources.files.journal import FILE_NAME, Journal
from qcpump_qt.sources.files.transfer_checks import may_change
from qcpump_qt.sources.files.troubles import quoted
from qcpump_qt.sources.files.walk import walk


class _Mover(BasePump):
    """What both file movers do; they differ in the fields of their section."""

    INTERNAL = True
    SECTION: ClassVar[str] = ""

    def pump(self) -> None:
        """One cycle: every pair takes what is complete at its source.

        Copying pairs come first, so that a file that is both copied and moved is copied before it is gone.

        Raises:
            ConfigurationError: the pairs cannot stand together, or the pump's own folder cannot be written.
            Cancelled: an end was asked for.
        """
        pairs = self._pairs()
        check_pairs(pairs)
        host = self.pump_host
        settling = Settling(host.memory, local_now())
        journal = None if self.previewing else Journal(self.get_pump_path(FILE_NAME))
        shift = Shift(host, pairs, journal, settling, Telling(host))
        try:
            if journal is not None:
                journal.tidy()
            for number, pair in enumerate(sorted(pairs, key=lambda each: not each.copies)):
                self.update_progress(100.0 * number / len(pairs), f"Looking at {quoted(pair.source)}")
                Errand(pair, shift).run()
            settling.keep()
        finally:
            if journal is not None:
                journal.close()
        self.update_progress(100, "Done")

    def _pairs(self) -> list[Pair]:
        return [
            Pair.from_values(values)
            for values in self.get_config_values(self.SECTION)
            if values["source"] and values["destination"]
        ]

    @online
    def validate_pair(self, values: dict[str, Any]) -> tuple[bool, str]:
        """The source can be listed, the destination written to, and no file can come back to its source."""
        pair = Pair.from_values(values)
        check_pairs([pair])
        check_pairs(self._pairs())
        if not pair.copies and not may_change(pair.source):
            raise ConfigurationError(
                f"Files cannot be taken away from {quoted(pair.source)}: this account may not write there. Give it "
                "the right to do so, or choose the mode Copy.",
                subject=str(pair.source),
            )
        check_writable(pair.destination)
        found: Counter[str] = Counter()
        told: list[str] = []
        for _file in walk(
            pair.source,
            recursive=pair.recursive,
            pattern=pair.pattern,
            ignore=pair.ignore,
            cancel=self.pump_host.cancel,
            trouble=told.append,
            leave_out=left_out(pair, self._pairs()),
        ):
            found["files"] += 1
        noun = "file fits" if found["files"] == 1 else "files fit"
        return True, " ".join([f"{found['files']} {noun} in the source now.", *told[:1]])


class SimpleFileMover(_Mover):
    """Moves or copies all files of a folder (manual, chapter 5, *Simple File Mover*)."""

    DISPLAY_NAME = "FileMover: Simple"
    DESCRIPTION = (
        "Moves or copies all files from one folder to another, each once and never over another file."
    )
    SECTION = "SimpleFileMover"
    CONFIG: ClassVar[list[dict[str, Any]]] = [SIMPLE_SECTION]


class FileMover(_Mover):
    """Moves or copies files chosen by patterns, with the folders they are in (manual, chapter 5, *File Mover*)."""

    DISPLAY_NAME = "FileMover: Advanced"
    DESCRIPTION = (
        "Moves or copies files from one folder and the folders below it to another, each once and never over "
        "another file, with patterns that say which."
    )
    SECTION = "FileMover"
    CONFIG: ClassVar[list[dict[str, Any]]] = [ADVANCED_SECTION]
