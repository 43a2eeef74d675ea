"""A file gets its final name: at once, and over nothing."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from qcpump_qt.sources.files import placing
from qcpump_qt.sources.files.placing import Clash, place, rename_by_link, rename_for, rename_on_windows
from qcpump_qt.sources.files.troubles import AlreadyThere


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "source" / "a.txt"
    path.parent.mkdir()
    (tmp_path / "target").mkdir()
    path.write_text("new")
    return path


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "target" / "a.txt"


def test_each_system_has_its_own_way() -> None:
    assert rename_for("win32") is rename_on_windows
    assert rename_for("linux") is rename_for("darwin") is rename_by_link


@pytest.mark.parametrize("rename", [rename_by_link])
def test_a_rename_never_overwrites(file: Path, target: Path, rename: placing.Rename) -> None:
    target.write_text("old")
    with pytest.raises(FileExistsError):
        rename(file, target)
    assert (file.read_text(), target.read_text()) == ("new", "old")
    target.unlink()
    rename(file, target)
    assert target.read_text() == "new"
    assert not file.exists()


@pytest.mark.parametrize("number", [errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK])
def test_a_file_system_without_links(
    file: Path, target: Path, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as a USB stick: no link is to be had, and still nothing is overwritten."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "link", refuse)
    target.write_text("old")
    with pytest.raises(FileExistsError):
        rename_by_link(file, target)
    assert place(file, target, Clash.NUMBER) == target.with_name("a (2).txt")
    assert target.read_text() == "old"
    assert target.with_name("a (2).txt").read_text() == "new"
    assert not file.exists()


def test_a_source_that_cannot_be_taken_away_leaves_no_second_name(
    file: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlink = Path.unlink

    def refuse(path: Path, missing_ok: bool = False) -> None:
        if path == file:
            raise PermissionError(errno.EACCES, "no")
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(PermissionError):
        rename_by_link(file, target)
    assert file.read_text() == "new"
    assert not target.exists()


def test_a_name_that_is_taken_in_between_is_passed_over(file: Path, target: Path) -> None:
    def somebody_else(final: Path) -> None:
        if final == target:
            target.write_text("somebody else's")

    assert place(file, target, Clash.NUMBER, before=somebody_else) == target.with_name("a (2).txt")
    assert target.read_text() == "somebody else's"


def test_skip_says_so(file: Path, target: Path) -> None:
    target.write_text("old")
    with pytest.raises(AlreadyThere) as caught:
        place(file, target, Clash.SKIP)
    assert caught.value.message == (
        f"“{file}” stays where it is: a file of that name is in “{target.parent}” already."
    )
    assert file.read_text() == "new"


@pytest.mark.parametrize("clash", list(Clash))
@pytest.mark.parametrize("name", ["a.txt", "a (2).txt"])
def test_a_move_cut_off_between_its_two_steps_is_finished(
    file: Path, target: Path, clash: Clash, name: str
) -> None:
    """Whatever was chosen, and also when the name that was taken then is free now."""
    placed = target.with_name(name)
    os.link(file, placed)
    assert place(file, target, clash) == placed
    assert not file.exists()
    assert [path.name for path in target.parent.iterdir()] == [name]


def test_another_file_linked_by_somebody_else_is_no_second_name(file: Path, target: Path) -> None:
    """A tool that saves room may have tied files of the same content together."""
    os.link(file, target.with_name("b.txt"))
    assert place(file, target, Clash.NUMBER) == target
    assert {path.name for path in target.parent.iterdir()} == {"a.txt", "b.txt"}


def test_a_link_in_the_same_folder_is_never_taken_away(file: Path) -> None:
    os.link(file, file.with_name("a (2).txt"))
    assert place(file, file, Clash.NUMBER) == file.with_name("a (3).txt")
    assert {path.name for path in file.parent.iterdir()} == {"a (2).txt", "a (3).txt"}
