"""What a walk finds in a watched folder, and what it passes over."""

from __future__ import annotations

import os
import sys
from pathlib import Path, PurePath

import pytest

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import Cancelled, SourceUnavailable
from qcpump_qt.sources.files.walk import PART_PREFIX, FoundFile, Wanted, is_junction, walk


def make(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)


def names(
    source: Path, told: list[str] | None = None, *, leave_out: tuple[Path, ...] = (), **options: object
) -> list[str]:
    wishes = {"recursive": True, "pattern": "*", "ignore": "", **options}
    found = walk(
        source,
        recursive=bool(wishes["recursive"]),
        pattern=str(wishes["pattern"]),
        ignore=str(wishes["ignore"]),
        cancel=CancelToken(),
        trouble=([] if told is None else told).append,
        leave_out=leave_out,
    )
    return [each.relative.as_posix() for each in found]


def test_files_come_folder_by_folder_in_the_order_of_their_names(tmp_path: Path) -> None:
    make(tmp_path, "b.txt", "a.txt", "m/z.txt", "m/k/1.txt", "c/2.txt", ".hidden")
    assert names(tmp_path) == [".hidden", "a.txt", "b.txt", "c/2.txt", "m/z.txt", "m/k/1.txt"]
    assert names(tmp_path, recursive=False) == [".hidden", "a.txt", "b.txt"]


def test_a_found_file_tells_path_size_and_time(tmp_path: Path) -> None:
    make(tmp_path, "below/a.txt")
    os.utime(tmp_path / "below/a.txt", ns=(1, 1_600_000_000_123_456_700))
    (found,) = walk(tmp_path, recursive=True, pattern="", ignore="", cancel=CancelToken(), trouble=print)
    assert found == FoundFile(str(tmp_path), str(PurePath("below/a.txt")), 11, found.mtime_ns)
    assert found.mtime_ns == (tmp_path / "below/a.txt").stat().st_mtime_ns
    assert found.path == tmp_path / "below" / "a.txt"
    assert found.relative == PurePath("below/a.txt")


@pytest.mark.parametrize(
    ("pattern", "ignore", "expected"),
    [
        ("*.dcm", "", {"a.dcm", "foo-a.dcm", "in/b.dcm"}),
        ("*.dcm", "foo-*", {"a.dcm", "in/b.dcm"}),
        ("", " ", {"a.dcm", "foo-a.dcm", "in/b.dcm", "in/c.txt"}),
        ("**/*.dcm", "", {"a.dcm", "foo-a.dcm", "in/b.dcm"}),
        ("in/*", "", {"in/b.dcm", "in/c.txt"}),
        ("in\\*", "", {"in/b.dcm", "in/c.txt"}),
        ("[ab].*", "", {"a.dcm", "in/b.dcm"}),
        ("*", "in/*", {"a.dcm", "foo-a.dcm"}),
        ("?.txt", "*", set()),
    ],
)
def test_patterns(tmp_path: Path, pattern: str, ignore: str, expected: set[str]) -> None:
    make(tmp_path, "a.dcm", "foo-a.dcm", "in/b.dcm", "in/c.txt")
    assert set(names(tmp_path, pattern=pattern, ignore=ignore)) == expected


@pytest.mark.skipif(sys.platform == "win32", reason="On Windows capital letters do not matter.")
def test_capital_letters_matter_where_they_do_for_files() -> None:
    wanted = Wanted("*.DCM", "")
    assert wanted("a.DCM")
    assert not wanted("a.dcm")


def test_incomplete_copies_and_left_out_folders_are_never_found(tmp_path: Path) -> None:
    make(tmp_path, f"{PART_PREFIX}0123", f"in/{PART_PREFIX}4567", "in/done/a.txt", "in/b.txt")
    assert names(tmp_path, leave_out=(tmp_path / "in" / "done", tmp_path)) == ["in/b.txt"]


def test_a_left_out_folder_is_recognised_through_a_link(tmp_path: Path) -> None:
    source = tmp_path / "source"
    make(source, "in/a.txt", "b.txt")
    (tmp_path / "link").symlink_to(source)
    assert names(tmp_path / "link", leave_out=(source / "in",)) == ["b.txt"]
    assert names(source, leave_out=(tmp_path / "link" / "in",)) == ["b.txt"]


def test_links_that_the_patterns_do_not_want_are_not_told(tmp_path: Path) -> None:
    source = tmp_path / "source"
    make(source, "a.txt")
    make(tmp_path, "outside/b.txt")
    (source / "link.txt").symlink_to(tmp_path / "outside/b.txt")
    (source / "folder").symlink_to(tmp_path / "outside")
    told: list[str] = []
    assert names(source, told, pattern="a*", recursive=False) == ["a.txt"]
    assert told == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipes among files.")
def test_a_pipe_is_told_and_left_alone(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    told: list[str] = []
    assert names(tmp_path, told) == []
    assert told == [f"“{tmp_path}/pipe” is no file but a pipe or a device. It is left alone."]


def test_a_source_that_is_not_there_means_wait(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailable) as caught:
        names(tmp_path / "gone")
    assert caught.value.message == (
        f"“{tmp_path / 'gone'}” does not exist or its share is not connected. Check the path and the network share. "
        "What is in it waits until then."
    )


def test_a_source_that_is_a_file(tmp_path: Path) -> None:
    make(tmp_path, "a.txt")
    with pytest.raises(SourceUnavailable) as caught:
        names(tmp_path / "a.txt")
    assert caught.value.message == (
        f"“{tmp_path / 'a.txt'}” is a file, not a folder. Choose the folder that holds the files. "
        "What is in it waits until then."
    )


def test_a_share_that_is_lost_on_the_way_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    source = tmp_path / "source"
    make(source, "a.txt", "in/b.txt")
    found = walk(source, recursive=True, pattern="", ignore="", cancel=CancelToken(), trouble=print)
    assert next(found).inner == "a.txt"
    source.rename(tmp_path / "away")
    with pytest.raises(SourceUnavailable):
        next(found)


def test_a_folder_that_vanishes_on_the_way_is_no_trouble(tmp_path: Path) -> None:
    make(tmp_path, "a.txt", "in/b.txt", "later/c.txt")
    told: list[str] = []
    found = walk(tmp_path, recursive=True, pattern="", ignore="", cancel=CancelToken(), trouble=told.append)
    assert next(found).inner == "a.txt"
    (tmp_path / "in").rename(tmp_path / "later" / "in")
    assert [each.relative.as_posix() for each in found] == ["later/c.txt", "later/in/b.txt"]
    assert told == []


def test_a_walk_can_be_stopped(tmp_path: Path) -> None:
    make(tmp_path, "a.txt", "in/b.txt")
    cancel = CancelToken()
    found = walk(tmp_path, recursive=True, pattern="", ignore="", cancel=cancel, trouble=print)
    next(found)
    cancel.cancel()
    with pytest.raises(Cancelled):
        next(found)


class _Entry:
    """What Windows tells of a folder."""

    def __init__(self, tag: int) -> None:
        self._tag = tag

    def stat(self, *, follow_symlinks: bool) -> _Entry:
        assert not follow_symlinks
        return self

    @property
    def st_reparse_tag(self) -> int:
        return self._tag


@pytest.mark.parametrize(
    ("tag", "os_name", "expected"), [(0xA0000003, "nt", True), (0, "nt", False), (0xA0000003, "posix", False)]
)
def test_a_junction_counts_as_a_link_on_windows(tag: int, os_name: str, expected: bool) -> None:
    assert is_junction(_Entry(tag), os_name) is expected  # type: ignore[arg-type]
