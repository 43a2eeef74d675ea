"""What disks, shares and other people do to a file mover: told in words, and the other files go on."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from integration.movers.mover_scene import MoverScene, contents, write
from qcpump_qt.engine.report import CycleOutcome

NOBODY = 65534

only_as_root = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0,
    reason="Only root can mount file systems and lay down its rights.",
)


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    folder = tmp_path / "small disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("File systems cannot be mounted here.")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@only_as_root
def test_a_full_disk_keeps_the_big_file_and_takes_the_small_one(scene: MoverScene, mounted: Path) -> None:
    write(scene.source / "big.bin", b"x" * 3_000_000)
    write(scene.source / "small.bin", "small")
    scene.pair(destination=mounted)
    report = scene.cycle()
    assert report.outcome is CycleOutcome.ATTENTION
    assert contents(mounted) == {"small.bin": "small"}
    assert set(contents(scene.source)) == {"big.bin"}
    (told,) = scene.told(logging.WARNING)
    assert (
        told == f"“{mounted}/big.bin” could not be written: the disk is full. Make room on it and try again."
    )


@only_as_root
def test_a_disk_that_stays_full_is_not_asked_for_every_file(scene: MoverScene, mounted: Path) -> None:
    for number in range(6):
        write(scene.source / f"{number}.bin", b"x" * 2_000_000)
    scene.pair(destination=mounted)
    scene.cycle()
    assert len(scene.told(logging.WARNING)) == 3
    assert f"3 files left in “{scene.source}”, because “{mounted}” cannot be written to." in scene.told()
    assert len(contents(scene.source)) == 6
    assert list(mounted.iterdir()) == []


@only_as_root
def test_a_read_only_destination(scene: MoverScene, mounted: Path) -> None:
    write(scene.source / "a.txt", "A")
    subprocess.run(["mount", "-o", "remount,ro", str(mounted)], check=True)
    scene.pair(destination=mounted)
    assert scene.cycle().outcome is CycleOutcome.ATTENTION
    (told,) = scene.told(logging.WARNING)
    assert told == (
        f"“{mounted}/a.txt” could not be written: the disk is read-only. Make it writable, or choose another "
        "destination."
    )
    assert contents(scene.source) == {"a.txt": "A"}


@only_as_root
def test_a_read_only_source_is_not_copied_over_and_over(scene: MoverScene, mounted: Path) -> None:
    write(mounted / "a.txt", "A")
    subprocess.run(["mount", "-o", "remount,ro", str(mounted)], check=True)
    scene.pair(source=mounted)
    assert scene.cycle().outcome is CycleOutcome.UNREACHABLE
    assert scene.told(logging.WARNING) == [
        f"“{mounted}/a.txt” is locked by another program, or this account may not read or remove it. It is tried "
        "again in the next cycle; if this stays so, give the account the right to change files in that folder."
    ]
    assert contents(scene.destination) == {}


def test_a_missing_source_and_a_missing_destination_wait(scene: MoverScene) -> None:
    write(scene.source / "a.txt", "A")
    scene.pair(source=scene.base / "gone")
    scene.pair(destination=scene.base / "away")
    assert scene.cycle().outcome is CycleOutcome.UNREACHABLE
    assert scene.told() == [
        f"“{scene.base}/gone” does not exist or its share is not connected. Check the path and the network share. "
        "What is in it waits until then.",
        f"The destination “{scene.base}/away” does not exist or its share is not connected. Check the path and the "
        "network share. What is to go there waits until then.",
    ]
    assert contents(scene.source) == {"a.txt": "A"}
    assert not (scene.base / "away").exists()


def test_a_file_in_the_way_of_a_folder(scene: MoverScene) -> None:
    write(scene.source / "a/b.txt", "B")
    write(scene.source / "c.txt", "C")
    write(scene.destination / "a", "in the way")
    scene.pair(recursive=True)
    assert scene.cycle().outcome is CycleOutcome.ATTENTION
    assert contents(scene.destination) == {"a": "in the way", "c.txt": "C"}
    assert scene.told(logging.WARNING) == [
        f"“{scene.destination}/a” could not be written: a file of that name is in the way. Move that file away."
    ]


def test_a_folder_of_the_destination_that_is_a_folder_of_the_source(scene: MoverScene) -> None:
    write(scene.source / "in/a.txt", "A")
    write(scene.source / "z/b.txt", "B")
    (scene.destination / "in").symlink_to(scene.source / "in")
    scene.pair(recursive=True, existing_files="Replace")
    assert scene.cycle().outcome is CycleOutcome.ATTENTION
    assert scene.told(logging.WARNING) == [
        f"“{scene.source}/in/a.txt” would be moved or copied into the folder that it is in. Choose another destination."
    ]
    assert contents(scene.source) == {"in/a.txt": "A"}
    assert (scene.destination / "z/b.txt").read_text() == "B"


def test_links_are_never_followed(scene: MoverScene) -> None:
    outside = write(scene.folder("outside") / "secret.txt", "secret")
    write(scene.source / "real/a.txt", "A")
    (scene.source / "file").symlink_to(outside)
    (scene.source / "folder").symlink_to(outside.parent)
    (scene.source / "inside").symlink_to(scene.source / "real")
    (scene.source / "broken").symlink_to("nowhere")
    (scene.source / "round").symlink_to(scene.source)
    scene.pair(recursive=True)
    report = scene.cycle()
    assert report.outcome is CycleOutcome.OK
    assert contents(scene.destination) == {"real/a.txt": "A"}
    assert outside.read_text() == "secret"
    out = (
        f"is a link that leads out of “{scene.source}”. It is left alone; put the files themselves there if they are "
        "wanted."
    )
    assert scene.told(logging.WARNING) == [
        f"“{scene.source}/broken” is a link that leads nowhere. It is left alone; remove it or mend it.",
        f"“{scene.source}/file” {out}",
        f"“{scene.source}/folder” {out}",
    ]


def test_a_destination_that_is_a_link_to_the_source_is_refused(scene: MoverScene) -> None:
    write(scene.source / "a.txt", "A")
    same = scene.base / "same"
    same.symlink_to(scene.source)
    scene.pair(destination=same)
    report = scene.cycle()
    assert report.outcome is CycleOutcome.INVALID
    assert contents(scene.source) == {"a.txt": "A"}
    assert report.reason == (
        f"Configuration not usable: Source and destination are the same folder, “{scene.source}”. "
        "Choose another destination."
    )


def test_a_circle_of_pairs_is_refused(scene: MoverScene) -> None:
    third = scene.folder("third")
    scene.pair()
    scene.pair(source=scene.destination, destination=third)
    scene.pair(source=third, destination=scene.source, mode="Copy")
    write(scene.source / "a.txt", "A")
    assert scene.cycle().outcome is CycleOutcome.INVALID
    assert contents(scene.source) == {"a.txt": "A"}
    circle = (
        f"Files would go round in a circle for ever: from “{scene.source}” to “{scene.destination}” to “{third}” to "
        f"“{scene.source}”. Take one of these pairs away."
    )
    assert scene.verdicts() == [(False, circle)] * 3


def test_validation_says_what_fits(scene: MoverScene) -> None:
    write(scene.source / "a.txt", "A")
    write(scene.source / "b/b.txt", "B")
    scene.pair(recursive=True)
    scene.pair(pattern="*.txt", destination=scene.folder("other"))
    assert scene.verdicts() == [
        (True, "2 files fit in the source now."),
        (True, "1 file fits in the source now."),
    ]
    assert contents(scene.source) == {"a.txt": "A", "b/b.txt": "B"}


def test_validation_refuses_source_as_destination_and_folders_that_are_not_there(scene: MoverScene) -> None:
    scene.pair(destination=scene.source)
    scene.pair(source=scene.base / "gone")
    assert scene.verdicts() == [
        (False, f"Source and destination are the same folder, “{scene.source}”. Choose another destination."),
        (False, f"Source: the folder {scene.base}/gone does not exist."),
    ]


def test_before_a_cycle_no_folder_is_asked(scene: MoverScene) -> None:
    scene.pair(source=scene.base / "gone")
    assert scene.validate(online=False).valid
