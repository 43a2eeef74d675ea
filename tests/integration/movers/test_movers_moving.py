"""Moving: every file arrives once, with its folders, and never over another one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from integration.movers.mover_scene import MoverScene, contents, write
from qcpump_qt.engine.report import CycleOutcome
from qcpump_qt.pumps.movers.pump import SimpleFileMover


def test_a_simple_mover_takes_the_files_of_its_folder_and_nothing_below(tmp_path: Path) -> None:
    scene = MoverScene(tmp_path, SimpleFileMover)
    write(scene.source / "a.txt", "A")
    write(scene.source / "below/b.txt", "B")
    report = scene.cycle()
    scene.close()
    assert report.outcome is CycleOutcome.OK
    assert contents(scene.destination) == {"a.txt": "A"}
    assert contents(scene.source) == {"below/b.txt": "B"}
    assert [message.text for message in report.messages] == [
        f"Moved “{scene.source}/a.txt” to “{scene.destination}/a.txt”.",
        f"1 file was moved from “{scene.source}” to “{scene.destination}”.",
    ]


def test_folders_are_kept_and_four_files_of_one_name_all_survive(scene: MoverScene) -> None:
    """faults-of-the-incumbent: a recursive move flattens folders, and one of four report.pdf survives."""
    names = ["report.pdf", "a/report.pdf", "b/report.pdf", "b/c/report.pdf"]
    for name in names:
        write(scene.source / name, name)
    scene.pair(recursive=True)
    scene.cycle()
    assert contents(scene.destination) == {name: name for name in names}
    assert contents(scene.source) == {}
    assert scene.told()[-1] == f"4 files were moved from “{scene.source}” to “{scene.destination}”."


def test_flattened_files_of_one_name_are_numbered_even_when_they_are_alike(scene: MoverScene) -> None:
    for name in ("report.pdf", "a/report.pdf", "b/report.pdf"):
        os.utime(write(scene.source / name, "same"), (1_600_000_000, 1_600_000_000))
    scene.pair(recursive=True, keep_folders=False)
    scene.cycle()
    assert contents(scene.destination) == dict.fromkeys(
        ("report.pdf", "report (2).pdf", "report (3).pdf"), "same"
    )


def test_an_existing_file_is_never_overwritten(scene: MoverScene) -> None:
    write(scene.destination / "a.tar.gz", "old")
    write(scene.destination / "a.tar (2).gz", "older")
    write(scene.source / "a.tar.gz", "new")
    scene.cycle()
    assert contents(scene.destination) == {"a.tar.gz": "old", "a.tar (2).gz": "older", "a.tar (3).gz": "new"}


def test_skip_leaves_the_new_file_at_the_source(scene: MoverScene) -> None:
    write(scene.destination / "a.txt", "old")
    write(scene.source / "a.txt", "new")
    scene.pair(existing_files="Skip")
    report = scene.cycle()
    assert report.outcome is CycleOutcome.OK
    assert contents(scene.destination) == {"a.txt": "old"}
    assert contents(scene.source) == {"a.txt": "new"}
    assert scene.told() == [
        f"1 file left in “{scene.source}”, because files of the same names are in “{scene.destination}”."
    ]


def test_replace_replaces(scene: MoverScene) -> None:
    write(scene.destination / "a.txt", "old")
    write(scene.source / "a.txt", "new")
    scene.pair(existing_files="Replace")
    scene.cycle()
    assert contents(scene.destination) == {"a.txt": "new"}
    assert contents(scene.source) == {}


@pytest.mark.parametrize("clash", ["Number", "Skip", "Replace"])
def test_the_choice_holds_on_another_file_system_too(scene: MoverScene, elsewhere: Path, clash: str) -> None:
    write(elsewhere / "a.txt", "old")
    write(scene.source / "a.txt", "new")
    scene.pair(destination=elsewhere, existing_files=clash)
    scene.cycle()
    assert (
        contents(elsewhere)
        == {
            "Number": {"a.txt": "old", "a (2).txt": "new"},
            "Skip": {"a.txt": "old"},
            "Replace": {"a.txt": "new"},
        }[clash]
    )
    assert contents(scene.source) == ({"a.txt": "new"} if clash == "Skip" else {})


def test_another_file_system_gets_content_and_time(scene: MoverScene, elsewhere: Path) -> None:
    """faults-of-the-incumbent: moves to another file system never work."""
    file = write(scene.source / "deep/folder/a.bin", os.urandom(3_000_000))
    data, moment = file.read_bytes(), file.stat().st_mtime_ns
    scene.pair(destination=elsewhere, recursive=True)
    assert scene.cycle().outcome is CycleOutcome.OK
    moved = elsewhere / "deep/folder/a.bin"
    assert moved.read_bytes() == data
    assert moved.stat().st_mtime_ns == moment
    assert contents(scene.source) == {}
    assert [path.name for path in elsewhere.rglob("*")] == ["deep", "folder", "a.bin"]


def test_pattern_and_ignore_pattern(scene: MoverScene) -> None:
    """Manual, chapter 5: all .dcm files except for those that start with foo-."""
    for name in ("a.dcm", "foo-a.dcm", "a.txt", "below/b.dcm"):
        write(scene.source / name, name)
    scene.pair(pattern="*.dcm", ignore_pattern="foo-*", recursive=True)
    scene.cycle()
    assert set(contents(scene.destination)) == {"a.dcm", "below/b.dcm"}


def test_several_pairs_and_a_chain_in_one_cycle(scene: MoverScene) -> None:
    last = scene.folder("last")
    write(scene.source / "a.txt", "A")
    write(scene.source / "b.csv", "B")
    scene.pair(pattern="*.txt")
    scene.pair(pattern="*.csv", destination=last)
    scene.pair(source=scene.destination, destination=last)
    scene.cycle()
    assert contents(last) == {"a.txt": "A", "b.csv": "B"}
    assert contents(scene.destination) == {}


def test_what_was_put_into_a_destination_inside_the_source_is_not_taken_again(scene: MoverScene) -> None:
    inside = scene.source / "done"
    inside.mkdir()
    other = scene.folder("other")
    write(scene.source / "a.txt", "A")
    scene.pair(destination=inside, recursive=True, pattern="*.txt")
    scene.pair(destination=other, recursive=True)
    for _ in range(3):
        scene.cycle()
    assert contents(scene.source) == {"done/a.txt": "A"}
    assert contents(other) == {}


def test_a_file_still_being_written_waits(scene: MoverScene) -> None:
    write(scene.source / "a.txt", "half", age=2)
    write(scene.source / "b.txt", "whole")
    report = scene.cycle()
    assert report.outcome is CycleOutcome.OK
    assert contents(scene.destination) == {"b.txt": "whole"}
    assert f"1 file in “{scene.source}” may still be written to: left for a later cycle." in scene.told()
    write(scene.source / "a.txt", "whole")
    scene.cycle()
    assert contents(scene.destination) == {"a.txt": "whole", "b.txt": "whole"}


def test_a_cycle_with_nothing_new_says_nothing(scene: MoverScene) -> None:
    report = scene.cycle()
    assert (report.outcome, report.messages) == (CycleOutcome.OK, ())
    assert scene.told(0) == [f"Nothing to be moved from “{scene.source}” to “{scene.destination}”."]


def test_a_file_that_is_both_copied_and_moved_is_copied_first(scene: MoverScene) -> None:
    moved = scene.folder("moved")
    write(scene.source / "a.txt", "A")
    scene.pair(destination=moved)
    scene.pair(mode="Copy", destination=scene.base / "away")
    report = scene.cycle()
    assert report.outcome is CycleOutcome.UNREACHABLE
    assert contents(scene.source) == {"a.txt": "A"}
    assert scene.told() == [
        f"The destination “{scene.base}/away” does not exist or its share is not connected. Check the path and the "
        "network share. What is to go there waits until then.",
        f"1 file left in “{scene.source}”, until the other pair that takes the same files has copied them.",
    ]
    scene.folder("away")
    assert scene.cycle().outcome is CycleOutcome.OK
    assert contents(scene.base / "away") == contents(moved) == {"a.txt": "A"}
    assert contents(scene.source) == {}


def test_more_than_five_hundred_files_leave_room_for_troubles_in_the_report(scene: MoverScene) -> None:
    for number in range(510):
        write(scene.source / f"{number:03}.txt", "x")
    report = scene.cycle()
    assert len(report.messages) == 502
    assert "More than 500 files in this cycle: the others are in the log at level debug." in scene.told()
    assert scene.told()[-1] == f"510 files were moved from “{scene.source}” to “{scene.destination}”."
    assert sum(text.startswith("Moved ") for text in scene.told(0)) == 510


def test_a_preview_touches_nothing_and_says_what_would_be_done(scene: MoverScene) -> None:
    write(scene.source / "a.txt", "A")
    scene.pair()
    scene.pair(mode="Copy", destination=scene.folder("copies"))
    preview = scene.preview()
    assert [message.text for message in preview.tally.messages] == scene.told()
    assert contents(scene.source) == {"a.txt": "A"}
    assert contents(scene.destination) == contents(scene.base / "copies") == {}
    assert scene.told() == [
        f"Would copy “{scene.source}/a.txt” to “{scene.base}/copies/a.txt”.",
        f"1 file would be copied from “{scene.source}” to “{scene.base}/copies”.",
        f"Would move “{scene.source}/a.txt” to “{scene.destination}/a.txt”.",
        f"1 file would be moved from “{scene.source}” to “{scene.destination}”.",
    ]
    assert not scene.own_folder.exists()
    scene.cycle()
    assert contents(scene.destination) == contents(scene.base / "copies") == {"a.txt": "A"}


def test_a_stopped_cycle_goes_on_where_it_was(scene: MoverScene) -> None:
    write(scene.source / "a.txt", "A")
    scene.cancel.cancel()
    assert scene.cycle().outcome is CycleOutcome.STOPPED
    assert contents(scene.source) == {"a.txt": "A"}
