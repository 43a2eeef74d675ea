"""Folders that the account may not read, write or change: told in words, and what may be done is done."""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from integration.movers.mover_scene import MoverScene, contents, write
from qcpump_qt.engine.report import CycleOutcome

NOBODY = 65534

only_as_root = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0, reason="Only root can lay down its rights."
)


@contextmanager
def without_rights() -> Iterator[None]:
    """Root may do everything; for a while this process is somebody who may not."""
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def scene() -> Iterator[MoverScene]:
    """In a folder that other users can get to, which pytest's own are not."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        found = MoverScene(Path(folder))
        yield found
        found.close()


def hand_over(scene: MoverScene) -> None:
    """The home, source and destination of a scene now belong to the user who has no rights."""
    for path in (
        scene.home,
        *scene.home.rglob("*"),
        scene.source,
        scene.destination,
        *scene.source.rglob("*"),
    ):
        os.chown(path, NOBODY, NOBODY)


@only_as_root
def test_a_source_that_may_not_be_changed(scene: MoverScene) -> None:
    write(scene.source / "a.txt", "A")
    hand_over(scene)
    os.chown(scene.source, 0, 0)
    with without_rights():
        report = scene.cycle()
    assert report.outcome is CycleOutcome.UNREACHABLE
    assert scene.told(logging.WARNING) == [
        f"“{scene.source}/a.txt” is locked by another program, or this account may not read or remove it. It is tried "
        "again in the next cycle; if this stays so, give the account the right to change files in that folder."
    ]
    assert contents(scene.source) == {"a.txt": "A"}
    assert contents(scene.destination) == {}


@only_as_root
def test_a_destination_without_the_right_to_write(scene: MoverScene) -> None:
    write(scene.source / "a.txt", "A")
    hand_over(scene)
    os.chown(scene.destination, 0, 0)
    with without_rights():
        report = scene.cycle()
    assert report.outcome is CycleOutcome.ATTENTION
    assert scene.told(logging.WARNING) == [
        f"“{scene.destination}/a.txt” could not be written: this account may not write there. Give it the right to "
        "write to the destination."
    ]
    assert contents(scene.source) == {"a.txt": "A"}


@only_as_root
def test_an_unreadable_folder_and_file_do_not_stop_the_others(scene: MoverScene, elsewhere: Path) -> None:
    for name in ("closed/a.txt", "open/b.txt", "c.txt"):
        write(scene.source / name, name)
    hand_over(scene)
    os.chown(elsewhere, NOBODY, NOBODY)
    os.chown(scene.source / "c.txt", 0, 0)
    (scene.source / "c.txt").chmod(0o600)
    (scene.source / "closed").chmod(0)
    scene.pair(destination=elsewhere, recursive=True)
    with without_rights():
        scene.cycle()
    (scene.source / "closed").chmod(0o700)
    assert contents(elsewhere) == {"open/b.txt": "open/b.txt"}
    assert scene.told(logging.WARNING) == [
        f"“{scene.source}/c.txt” is locked by another program, or this account may not read or remove it. It is tried "
        "again in the next cycle; if this stays so, give the account the right to change files in that folder.",
        f"“{scene.source}/closed” may not be read by this account. Give the account the right to read it. What is in "
        "it waits until then.",
    ]


@only_as_root
def test_validation_of_a_source_that_may_not_be_changed(scene: MoverScene) -> None:
    scene.pair()
    scene.pair(mode="Copy", destination=scene.folder("copies"))
    hand_over(scene)
    os.chown(scene.base / "copies", NOBODY, NOBODY)
    os.chown(scene.source, 0, 0)
    with without_rights():
        verdicts = scene.verdicts()
    assert verdicts == [
        (
            False,
            f"Files cannot be taken away from “{scene.source}”: this account may not write there. Give it the right to "
            "do so, or choose the mode Copy.",
        ),
        (True, "0 files fit in the source now."),
    ]
