"""What can be wrong with the uploaders' sections, in words."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.oserror_words import meaning
from qcpump_qt.pumps.uploads.looking import FileTypes, glance
from qcpump_qt.pumps.uploads.watched import Watched, resolved

_SLUG = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
Verdict = tuple[bool, str]


def check_test_list(name: str, slug: str, names: Callable[[], list[str]]) -> Verdict:
    """The test list is on the server, and the macro name can be one.

    Args:
        name: of the test list.
        slug: the macro name of the upload test.
        names: gives the names of all test lists on the server.
    """
    if not _SLUG.fullmatch(slug.strip()):
        return False, (
            f"“{slug}” cannot be a macro name: it has letters, digits and underscores, and no digit at its start. Copy "
            "it from the upload test in QATrack+."
        )
    if name not in names():
        return False, f"QATrack+ has no test list called “{name}”. Choose one of its test lists."
    return True, f"QATrack+ has the test list “{name}”. A preview tells whether it is assigned to the units."


def check_patterns(pattern: str, ignore: str) -> Verdict:
    """The ignore pattern leaves anything over."""
    if ignore.strip() and ignore.strip() in ("*", pattern.strip()):
        return False, "The ignore pattern leaves out every file that the pattern takes. Choose another one."
    return True, ""


def check_unit(label: str, labels: Callable[[], list[str]]) -> Verdict:
    """The unit is on the server.

    Args:
        label: as configured, ``site: unit``.
        labels: gives the labels of all active units.
    """
    if label not in labels():
        return False, f"QATrack+ has no active unit called “{label}”. Choose one of its units."
    return True, ""


def check_directory(
    mine: Watched, every: Iterable[Watched], types: FileTypes, cancel: CancelToken
) -> Verdict:
    """The source can be listed; the destination can be written to and is another folder.

    Args:
        mine: the sub-section.
        every: all sub-sections, this one among them.
        types: which files are wanted.
        cancel: ends the look.

    Raises:
        SourceUnavailable: the source cannot be listed now.
    """
    source = resolved(mine.source)
    if mine.destination is not None:
        if resolved(mine.destination) == source:
            return (
                False,
                "Source and destination are the same folder. Choose another destination, or leave it blank.",
            )
        if trouble := _cannot_move(mine.source, mine.destination):
            return False, trouble
    count = glance(mine, types, cancel).count
    noun = "file" if count == 1 else "files"
    found = f"Found {count} {noun} that the pattern takes."
    units = sorted(
        {each.unit for each in every if resolved(each.source) == source and each.unit != mine.unit}
    )
    if not units:
        return True, found
    return True, (
        f"{found} Several sub-sections watch this folder, for {mine.unit} and {', '.join(units)}: each file is sent "
        "for the first of them only. Give every unit a folder of its own."
    )


def _cannot_move(source: Path, destination: Path) -> str:
    """Why files cannot be moved from one to the other; empty when they can."""
    if not os.access(source, os.W_OK):
        return (
            f"This account may not remove files from {source}. Give it the right to change files there, or leave the "
            "destination blank."
        )
    try:
        with tempfile.TemporaryFile(dir=destination):
            return ""
    except OSError as error:
        return f"Nothing can be written to {destination}: {meaning(error)}"
