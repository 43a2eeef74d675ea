"""One file goes to another folder: whole or not at all, wherever it is cut off."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from qcpump_qt.engine.cancel import CancelToken
from qcpump_qt.engine.errors import Cancelled, ItemError, SourceUnavailable
from qcpump_qt.sources.files import copying, transfer
from qcpump_qt.sources.files.copying import version_of
from qcpump_qt.sources.files.journal import Journal
from qcpump_qt.sources.files.transfer import Clash, TargetRefuses, copy_file, move_file
from qcpump_qt.sources.files.troubles import AlreadyThere, StillWritten, Vanished

OTHER_DISK = Path("/dev/shm")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "source" / "a.txt"
    path.parent.mkdir()
    path.write_text("content")
    return path


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Path]:
    """On another file system."""
    if not OTHER_DISK.is_dir() or OTHER_DISK.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("There is no second file system here (/dev/shm).")
    with tempfile.TemporaryDirectory(dir=OTHER_DISK, prefix="qcpump-test-") as folder:
        yield Path(folder) / "a.txt"


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    found = Journal(tmp_path / "journal")
    yield found
    found.close()


class _Killed(BaseException):
    """Nothing may catch it: what the program does after it was killed."""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_missing_folders_are_made(file: Path, tmp_path: Path) -> None:
    target = tmp_path / "target/deep/er/a.txt"
    assert move_file(file, target, cancel=CancelToken()) == target
    assert target.read_text() == "content"
    assert not file.exists()


@pytest.mark.parametrize("transferring", [move_file, copy_file])
def test_into_its_own_folder_is_refused(file: Path, tmp_path: Path, transferring: object) -> None:
    link = tmp_path / "link"
    link.symlink_to(file.parent)
    assert callable(transferring)
    for clash in Clash:
        with pytest.raises(ItemError) as caught:
            transferring(file, link / "a.txt", clash=clash, cancel=CancelToken())
        assert caught.value.message == (
            f"“{file}” would be moved or copied into the folder that it is in. Choose another destination."
        )
    assert names(file.parent) == ["a.txt"]


def test_a_file_that_vanished_is_told(file: Path, target: Path) -> None:
    file.unlink()
    with pytest.raises(Vanished) as caught:
        move_file(file, target, cancel=CancelToken())
    assert (
        caught.value.message == f"“{file}” was there a moment ago and is gone now. Nothing was done with it."
    )


def test_a_link_is_no_file(file: Path, target: Path) -> None:
    link = file.with_name("link")
    link.symlink_to(file)
    with pytest.raises(ItemError) as caught:
        move_file(link, target, cancel=CancelToken())
    assert caught.value.message == f"“{link}” is no file but a link, a folder or a device. It is left alone."
    assert link.is_symlink()


def test_a_file_that_is_not_as_it_was_seen_stays(file: Path, target: Path) -> None:
    seen = file.stat()
    file.write_text("longer content")
    with pytest.raises(StillWritten) as caught:
        move_file(file, target, cancel=CancelToken(), seen=(seen.st_size, seen.st_mtime_ns))
    assert caught.value.message == (
        f"“{file}” was changed just now. It is taken in the next cycle, when it is complete."
    )
    assert file.read_text() == "longer content"


def test_a_name_that_is_too_long_is_told(file: Path, target: Path) -> None:
    long = target.with_name("x" * 256)
    with pytest.raises(ItemError) as caught:
        move_file(file, long, cancel=CancelToken())
    assert caught.value.message == (
        f"“{long}” could not be written: that name is not possible there, or it is too long. Rename the file."
    )
    assert names(target.parent) == []


@pytest.mark.parametrize("transferring", [move_file, copy_file])
def test_a_file_written_to_while_it_is_copied_is_not_taken(
    file: Path, target: Path, journal: Journal, monkeypatch: pytest.MonkeyPatch, transferring: object
) -> None:
    write_all = copying._write_all

    def meanwhile(stream: object, data: memoryview) -> None:
        write_all(stream, data)  # type: ignore[arg-type]
        file.write_text("somebody writes")

    monkeypatch.setattr(copying, "_write_all", meanwhile)
    assert callable(transferring)
    with pytest.raises(StillWritten):
        transferring(file, target, cancel=CancelToken(), journal=journal)
    assert names(target.parent) == []
    assert journal.left(file, target.parent) is None


def test_what_is_written_to_after_it_was_copied_stays_as_a_new_version(
    file: Path, target: Path, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "_sync_folder", lambda _folder: file.write_text("newer"))
    assert move_file(file, target, cancel=CancelToken(), journal=journal) == target
    assert (file.read_text(), target.read_text()) == ("newer", "content")
    monkeypatch.undo()
    assert move_file(file, target, cancel=CancelToken(), journal=journal) == target.with_name("a (2).txt")
    assert names(target.parent) == ["a (2).txt", "a.txt"]


def test_a_disk_that_gives_back_something_else(
    file: Path, target: Path, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_all = copying._write_all
    monkeypatch.setattr(
        copying, "_write_all", lambda stream, data: write_all(stream, memoryview(b"x" * len(data)))
    )
    with pytest.raises(TargetRefuses) as caught:
        move_file(file, target, cancel=CancelToken(), journal=journal)
    assert caught.value.message == (
        f"“{target.parent}” gave back something else than was written to it, so “{file}” stays where it is. Have that "
        "disk or share looked at."
    )
    assert file.read_text() == "content"
    assert names(target.parent) == []


def test_a_disk_that_takes_less_than_it_is_given(
    file: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow:
        def __init__(self) -> None:
            self.data = b""

        def write(self, data: memoryview) -> int:
            self.data += bytes(data[:3])
            return min(3, len(data))

    slow = Slow()
    copying._write_all(slow, memoryview(b"0123456789"))  # type: ignore[arg-type]
    assert slow.data == b"0123456789"


def test_a_source_that_cannot_be_taken_away_is_not_left_at_both_places(
    file: Path, target: Path, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    remove = copying.remove

    def locked(path: Path) -> None:
        if path == file:
            raise PermissionError(errno.EACCES, "locked")
        remove(path)

    monkeypatch.setattr(transfer, "remove", locked)
    with pytest.raises(SourceUnavailable) as caught:
        move_file(file, target, cancel=CancelToken(), journal=journal)
    assert caught.value.message.startswith(
        f"“{file}” is locked by another program, or this account may not read"
    )
    assert file.read_text() == "content"
    assert names(target.parent) == []
    assert journal.left(file, target.parent) is None


def test_a_source_that_somebody_else_took_meanwhile_is_not_lost(
    file: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "_sync_folder", lambda _folder: file.unlink())
    assert move_file(file, target, cancel=CancelToken()) == target
    assert target.read_text() == "content"


def test_a_long_copy_can_be_stopped(file: Path, target: Path, journal: Journal) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        move_file(file, target, cancel=cancel, journal=journal)
    assert file.read_text() == "content"
    assert names(target.parent) == []


def test_skip_does_not_copy_for_nothing(file: Path, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target.write_text("old")
    monkeypatch.delattr(transfer, "copy_part")
    for transferring in (move_file, copy_file):
        with pytest.raises(AlreadyThere):
            transferring(file, target, clash=Clash.SKIP, cancel=CancelToken())


@pytest.mark.parametrize("clash", list(Clash))
@pytest.mark.parametrize("step", ["copy_part", "place", "_sync_folder", "_take_away"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_move_killed_at_each_step_is_finished_by_the_next(
    file: Path,
    target: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    clash: Clash,
    step: str,
    after: bool,
) -> None:
    """And the file that had the name before is still there, unless it was to be replaced."""
    if clash is not Clash.SKIP:
        target.write_text("old")
    _kill(monkeypatch, step, after)
    journal = Journal(tmp_path / "journal")
    with pytest.raises(_Killed):
        move_file(file, target, clash=clash, cancel=CancelToken(), journal=journal)
    monkeypatch.undo()
    journal.close()
    again = Journal(tmp_path / "journal")
    again.tidy()
    if file.exists():
        move_file(file, target, clash=clash, cancel=CancelToken(), journal=again)
    again.close()
    assert not file.exists()
    found = {path.name: path.read_text() for path in target.parent.iterdir()}
    assert (
        found
        == {
            Clash.NUMBER: {"a.txt": "old", "a (2).txt": "content"},
            Clash.SKIP: {"a.txt": "content"},
            Clash.REPLACE: {"a.txt": "content"},
        }[clash]
    )


@pytest.mark.parametrize("step", ["copy_part", "place", "_sync_folder"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_copy_killed_at_each_step_is_made_once(
    file: Path, target: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, after: bool
) -> None:
    _kill(monkeypatch, step, after)
    journal = Journal(tmp_path / "journal")
    with pytest.raises(_Killed):
        copy_file(file, target, cancel=CancelToken(), journal=journal)
    monkeypatch.undo()
    journal.close()
    again = Journal(tmp_path / "journal")
    again.tidy()
    assert copy_file(file, target, cancel=CancelToken(), journal=again) == target
    again.close()
    assert names(target.parent) == ["a.txt"]


def _kill(monkeypatch: pytest.MonkeyPatch, step: str, after: bool) -> None:
    """The program dies at a step of the second half, with all that it would have put right left undone."""
    real = getattr(transfer, step)

    def dies(*args: object, **options: object) -> object:
        if step == "place" and "before" not in options:
            return real(*args, **options)  # the first try, within one file system
        if after:
            real(*args, **options)
        raise _Killed

    monkeypatch.setattr(transfer, step, dies)
    monkeypatch.setattr(transfer, "_give_up", lambda *_: None)


def test_a_file_with_two_paths_on_two_mounts_is_never_lost(file: Path, tmp_path: Path) -> None:
    """Replaced through another path, the source is another file than before, and stays."""
    version = version_of(file.stat())
    other = tmp_path / "other"
    other.write_text("content")
    os.utime(other, ns=(version.mtime_ns, version.mtime_ns))
    other.replace(file)
    transfer._take_away(file, version)
    assert file.read_text() == "content"
