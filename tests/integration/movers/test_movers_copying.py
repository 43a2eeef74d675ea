"""Copying: each version of each file once, whatever happens to the copies afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from integration.movers.mover_scene import MoverScene, contents, write
from qcpump_qt.engine.report import CycleOutcome


@pytest.fixture(params=["same file system", "other file system"])
def target(request: pytest.FixtureRequest, scene: MoverScene) -> Path:
    if request.param == "same file system":
        return scene.destination
    folder: Path = request.getfixturevalue("elsewhere")
    return folder


def test_each_version_is_copied_once(scene: MoverScene, target: Path) -> None:
    write(scene.source / "a.txt", "one")
    write(scene.source / "below/b.txt", "B")
    scene.pair(mode="Copy", recursive=True, destination=target)
    scene.cycle()
    assert contents(target) == contents(scene.source) == {"a.txt": "one", "below/b.txt": "B"}
    scene.cycle()
    assert scene.told() == []
    assert contents(target) == contents(scene.source)

    write(scene.source / "a.txt", "two", age=1800)
    scene.cycle()
    assert contents(target) == {"a.txt": "one", "a (2).txt": "two", "below/b.txt": "B"}
    scene.cycle()
    assert scene.told() == []
    assert contents(scene.source) == {"a.txt": "two", "below/b.txt": "B"}


def test_a_copy_that_was_taken_away_is_not_made_again(scene: MoverScene, target: Path) -> None:
    write(scene.source / "a.txt", "A")
    scene.pair(mode="Copy", destination=target)
    scene.cycle()
    (target / "a.txt").unlink()
    write(scene.source / "b.txt", "B")
    scene.cycle()
    assert contents(target) == {"b.txt": "B"}


def test_a_copied_file_keeps_its_time(scene: MoverScene, target: Path) -> None:
    file = write(scene.source / "a.txt", "A")
    scene.pair(mode="Copy", destination=target)
    scene.cycle()
    assert (target / "a.txt").stat().st_mtime_ns == file.stat().st_mtime_ns


def test_replace_puts_the_new_version_in_the_place_of_the_old(scene: MoverScene, target: Path) -> None:
    scene.pair(mode="Copy", existing_files="Replace", destination=target)
    for version in ("one", "two"):
        write(scene.source / "a.txt", version)
        scene.cycle()
    assert contents(target) == {"a.txt": "two"}


def test_what_was_skipped_is_copied_once_its_place_is_free(scene: MoverScene, target: Path) -> None:
    write(target / "a.txt", "old")
    write(scene.source / "a.txt", "new")
    scene.pair(mode="Copy", existing_files="Skip", destination=target)
    assert scene.cycle().outcome is CycleOutcome.OK
    assert contents(target) == {"a.txt": "old"}
    (target / "a.txt").unlink()
    scene.cycle()
    assert contents(target) == {"a.txt": "new"}


def test_two_destinations_get_a_copy_each(scene: MoverScene, target: Path) -> None:
    second = scene.folder("second")
    write(scene.source / "a.txt", "A")
    scene.pair(mode="Copy", destination=target)
    scene.pair(mode="Copy", destination=second)
    scene.cycle()
    scene.cycle()
    assert contents(target) == contents(second) == {"a.txt": "A"}


def test_a_file_that_waits_keeps_its_folder_from_counting_as_done(scene: MoverScene, target: Path) -> None:
    write(scene.source / "a.txt", "A")
    late = write(scene.source / "b.txt", "B", age=1)
    scene.pair(mode="Copy", destination=target)
    scene.cycle()
    assert contents(target) == {"a.txt": "A"}
    write(late, "B whole")
    scene.cycle()
    assert contents(target) == {"a.txt": "A", "b.txt": "B whole"}


def test_a_name_that_is_no_text_is_copied_once_too(scene: MoverScene, target: Path) -> None:
    """On Linux a name can be any bytes; a share that was written to by an old program has such ones."""
    name = b"Pr\xfcfung.txt".decode("utf-8", "surrogateescape")
    write(scene.source / name, "A")
    scene.pair(mode="Copy", destination=target)
    scene.cycle()
    scene.cycle()
    assert [path.name for path in target.iterdir()] == [name]
    assert scene.told() == []
