"""Generates a folder with exports of a profiler, and says what has to become of each file."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from qcpump_qt.demo.arrivals import Arrival, expected, file_value

PROFILES_LIST = "Beam Profiles"
"""The test list that takes the files."""

PROFILES_TEST = "profile_file"
"""The macro name of its upload test."""

PROFILES_UNIT = 1
"""The number of the unit that the files belong to."""

_PICTURE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
_UTF_8 = "Profile;6 MV\nOperator;Åsa Öberg\nPosition (mm);Dose (%)\n-50;50.2\n0;100.0\n50;49.9\n"
_SAME_STEM = "Linac 1 6 MV, 10 × 10 cm²\nFlatness 2.1 %\nSymmetry 0.4 %\n"
_WINDOWS = "Feldgröße;10 × 10 cm²\r\nPrüfer;Jürgen Weiß\r\nTiefe;10 cm\r\n-50;50,3\r\n0;100,0\r\n50;49,8\r\n"


@dataclass(frozen=True)
class StoryFile:
    """One file.

    Args:
        path: below the folder, with slashes.
        modified: when it was last changed, local.
        content: its bytes.
        text: what has to arrive, None for what is no text and is skipped.
    """

    path: str
    modified: datetime
    content: bytes
    text: str | None

    @property
    def arrival(self) -> Arrival:
        """How it has to arrive.

        Raises:
            ValueError: it is one that has not to.
        """
        if self.text is None:
            raise ValueError(f"{self.path} is no text and does not arrive.")
        checksum = hashlib.sha256(self.text.encode("utf-8")).hexdigest()
        tests = {PROFILES_TEST: file_value(self.path.rpartition("/")[2], checksum)}
        return expected(PROFILES_UNIT, PROFILES_LIST, self.modified, tests)


@dataclass(frozen=True)
class ProfilesStory:
    """The folder that is watched, the one that files are moved to, and what has to become of each file."""

    source: Path
    destination: Path
    files: tuple[StoryFile, ...]

    @property
    def delivered(self) -> tuple[StoryFile, ...]:
        """What arrives and is moved."""
        return tuple(file for file in self.files if file.text is not None)

    @property
    def left(self) -> tuple[StoryFile, ...]:
        """What stays where it is."""
        return tuple(file for file in self.files if file.text is None)


def write_profiles(root: Path, today: date) -> ProfilesStory:
    """Generate the files, all of the days before `today`, so that they are complete.

    Args:
        root: the folder for both folders, which are made.
        today: the day after the last file.

    Raises:
        FileExistsError: `root` has such folders already.
    """
    story = ProfilesStory(root / "Profiler" / "exports", root / "Profiler" / "in QATrack+", _files(today))
    story.destination.mkdir(parents=True)
    story.source.mkdir()
    for file in story.files:
        path = story.source / file.path
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(file.content)
        moment = file.modified.timestamp()
        os.utime(path, (moment, moment))
    return story


def _files(today: date) -> tuple[StoryFile, ...]:
    first, last = (datetime.combine(today - timedelta(days=days), time(16, 20, 30)) for days in (2, 1))
    return (
        StoryFile("6 MV.csv", first, _UTF_8.encode("utf-8"), _UTF_8),
        StoryFile("6 MV.txt", first, _SAME_STEM.encode("utf-16"), _SAME_STEM),
        StoryFile(f"{last:%Y-%m-%d}/Profil 6 MV.txt", last, _WINDOWS.encode("cp1252"), _WINDOWS),
        StoryFile(f"{last:%Y-%m-%d}/Screenshot.png", last, _PICTURE, None),
    )
