"""Folders with a few files, for the types that upload or move them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from qcpump_qt.testing import Clinic, World

LONG_AGO = 1_700_000_000
NAMES = ("b.txt", "c.txt", "deeper/b.txt")


class Files:
    """A folder with files that nobody writes to any more."""

    def make_source(self, clinic: Clinic) -> None:
        destination(clinic).mkdir()
        for number, name in enumerate(NAMES):
            put(clinic, name, f"profile {number} °", LONG_AGO + number)

    def add_more(self, clinic: Clinic) -> None:
        put(clinic, "a.txt", "the first of all", LONG_AGO - 60)


def destination(clinic: Clinic) -> Path:
    return clinic.source.with_name("destination")


def put(clinic: Clinic, name: str, text: str, moment: int) -> None:
    path = clinic.source / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    os.utime(path, (moment, moment))


class Uploads(Files):
    """Files that go to an upload test and stay where they are."""

    def set_up_server(self, world: World) -> None:
        world.add_site("Main Campus")
        world.add_unit("Linac 1", 1, "Main Campus")
        world.add_test_list("Profiles", {"profile": "upload"})
        world.assign("Profiles", 1)

    def values(self, clinic: Clinic) -> Mapping[str, Any]:
        return {
            "QATrack+ API": clinic.api,
            "Test List": {"name": "Profiles", "slug": "profile"},
            "File Types": {"recursive": True, "use file modified time": True},
            "Directories": [
                {"unit name": "Main Campus: Linac 1", "source": str(clinic.source), **self.more(clinic)}
            ],
        }

    def more(self, clinic: Clinic) -> Mapping[str, Any]:
        return {}


class MovedUploads(Uploads):
    """Files that go to an upload test and are moved afterwards."""

    reads_only = False

    def more(self, clinic: Clinic) -> Mapping[str, Any]:
        return {"destination": str(destination(clinic))}


class Copies(Files):
    """Files that are copied to another folder."""

    section: ClassVar[str]
    mode = "Copy"

    def values(self, clinic: Clinic) -> Mapping[str, Any]:
        row = {"source": str(clinic.source), "destination": str(destination(clinic)), "mode": self.mode}
        return {self.section: [row]}


class Moves(Copies):
    """Files that are moved to another folder."""

    mode = "Move"
    reads_only = False
